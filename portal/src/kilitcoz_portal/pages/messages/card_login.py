"""What a login by card can tell. A code that an unlock has too is told in its own words here: nothing of the
card was to be changed, and what helps is another login.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_AGAIN = _("Girişi yeniden başlatın. Sürerse “Şifreli Giriş” ile girin.")
_CALL = _("Çağrı merkezini arayın: %(call_centre)s.")
_READ_AGAIN = _("Kartı çıkarıp yeniden takın ve girişi yeniden başlatın.")

# Codes that only a login has; rows of docs/errors.md.
OWN: dict[str, Message] = {
    "login-failed": Message(_("Giriş yapılmadı"), _("Kartla giriş tamamlanmadan sona erdi."), _AGAIN),
    "login-pin-blocked": Message(
        _("Kartınız kilitli"),
        _("Kartınızın PIN deneme hakkı bitmiş; bu yüzden kartla giriş yapılamıyor. Kartınız bozulmadı."),
        _("“Şifreli Giriş” ile girin ve “Kilit Çözme (Akıllı Kart Servisi)” ile yeni PIN belirleyin."),
        again=False,
    ),
    "login-certificate-missing": Message(
        _("Kartta giriş sertifikası yok"),
        _("Takılan kartta giriş için kullanılacak sertifika bulunamadı."),
        _("Sertifikası kullanıma açık kartınızla yeniden başlatın ya da “Şifreli Giriş” ile girin."),
    ),
    "login-door-changed": Message(
        _("Giriş güvenlik nedeniyle durduruldu"),
        _("Bu giriş, bağlantıyla açıldığı hâlde bir eşleştirme koduyla da açılmış."),
        _("Yeniden başlatın. Bağlantıyı size başkası gönderdiyse hemen arayın: %(call_centre)s."),
    ),
    "confirmation-wrong": Message(
        _("Onay numarası yanlış"),
        _("Yazdığınız, kart servisinin gösterdiği numara değil."),
        _("Kart servisinin ekranındaki altı rakamı yazın. Üç yanlıştan sonra giriş iptal edilir."),
    ),
    "confirmation-used-up": Message(
        _("Giriş iptal edildi"),
        _("Onay numarası üç kez yanlış yazıldı. Kimsenin girişi yapılmadı."),
        _("Girişi yeniden başlatın. Numarayı size başkası sorduysa hemen arayın: %(call_centre)s."),
    ),
    "too-many-attempts": Message(
        _("Çok fazla giriş başlatıldı"),
        _("Bulunduğunuz ağdan son bir saatte çok fazla giriş başlatıldı."),
        _("Bir saat sonra yeniden deneyin ya da “Şifreli Giriş” ile girin."),
        again=False,
    ),
}

# Codes that others have too.
IN_A_LOGIN: dict[str, Message] = {
    "operation-expired": Message(
        _("Girişin süresi doldu"), _("Bir giriş on dakika açık kalır. Süre doldu; giriş yapılmadı."), _AGAIN
    ),
    "operation-cancelled": Message(
        _("Giriş iptal edildi"), _("Girişi iptal ettiniz."), _("Dilediğinizde yeniden başlatabilirsiniz.")
    ),
    "cancelled-by-holder": Message(
        _("Girişten vazgeçtiniz"),
        _("Kart servisinde vazgeçtiniz. Giriş yapılmadı."),
        _("Dilediğinizde yeniden başlatabilirsiniz."),
    ),
    "operation-not-found": Message(
        _("Giriş bu tarayıcıda bulunamadı"),
        _("Bu giriş başka bir tarayıcıda başlatılmış ya da sona ermiş. Burada kimsenin girişi yapılmadı."),
        _(
            "Girişi siz başlattıysanız başlattığınız tarayıcıya dönün. Bağlantıyı başkası gönderdiyse "
            "hemen arayın: %(call_centre)s."
        ),
    ),
    "operation-state": Message(
        _("Giriş bu adımda değil"), _("Giriş bu arada ilerledi ya da sona erdi."), _AGAIN
    ),
    "operation-claimed-elsewhere": Message(
        _("Giriş başka bir bilgisayarda açıldı"),
        _("Bu girişe başka bir kart servisi bağlandı."),
        _("Bunu siz yapmadıysanız girişi iptal edip yeniden başlatın."),
    ),
    "session-refused": Message(
        _("Kart servisiyle bağlantı kapandı"), _("Kart servisi bu girişi artık sürdüremiyor."), _AGAIN
    ),
    "wrong-card": Message(
        _("Kart değişti"), _("Okuyucudaki kart, giriş sırasında değişti. Giriş yapılmadı."), _READ_AGAIN
    ),
    "card-lost": Message(
        _("Kartla bağlantı kesildi"),
        _("Kart, giriş bitmeden çıkarıldı ya da okuyucuyla bağlantı koptu. Giriş yapılmadı."),
        _READ_AGAIN,
    ),
    "card-unknown": Message(
        _("Kart tanınmadı"), _("Takılan kart, tanıdığımız bir e-imza kartı değil."), _READ_AGAIN
    ),
    "card-refused": Message(
        _("Kart imzalamadı"), _("Kart beklenmeyen bir yanıt verdi. Giriş yapılmadı."), _READ_AGAIN
    ),
    "card-malformed": Message(
        _("Kartın yanıtı anlaşılamadı"), _("Kart beklenmeyen bir yanıt verdi. Giriş yapılmadı."), _READ_AGAIN
    ),
    "command-forbidden": Message(
        _("Giriş güvenlik nedeniyle durduruldu"),
        _("Karta izin verilmeyen bir komut gönderilmek istendi; kart servisi bunu engelledi."),
        _CALL,
        again=False,
    ),
}
