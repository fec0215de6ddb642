"""What an operation with a card can tell: refusals on the portal, and why one ended without success.
`%(deed)s` stands for the name of its button, "Kilit Çözme" or another.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_AGAIN = _("“%(deed)s” işlemini yeniden başlatın. Sürerse çağrı merkezini arayın: %(call_centre)s.")
_CALL = _("Çağrı merkezini arayın: %(call_centre)s.")
_TRIES_SAFE = _("Kart, kilit açma kodunu kabul etmedi. Kalan haklarınız korundu, işlem durduruldu.")

OPERATION: dict[str, Message] = {
    "no-card-enrolled": Message(
        _("Kayıtlı kartınız yok"),
        _("Adınıza kayıtlı, kilidi buradan çözülebilecek bir kart bulunmuyor."),
        _CALL,
        again=False,
    ),
    "operation-open": Message(
        _("Bu kartla başka bir işlem sürüyor"),
        _("Bu kart için başka bir tarayıcıda ya da önceki oturumunuzda açılmış bir işlem var."),
        _(
            "O işlemi siz açtıysanız orada bitirin ya da iptal edip burada başlayın. Siz açmadıysanız "
            "burada başlayın ve çağrı merkezini arayın: %(call_centre)s."
        ),
    ),
    "operation-state": Message(
        _("İşlem bu adımda değil"),
        _("İşlem bu arada ilerledi ya da sona erdi; istediğiniz artık yapılamıyor."),
        _("İşlemi bu tarayıcıda “%(deed)s” sayfasından izleyin ya da yeniden başlatın."),
    ),
    "operation-not-found": Message(
        _("İşlem bu tarayıcıda bulunamadı"),
        _("Bu işlem başka bir tarayıcıda başlatılmış ya da oturumunuz kapanmış."),
        _(
            "İşlemi başlattığınız tarayıcıya dönün ya da yeniden giriş yapıp “PIN / PUK Bilgisi”ne bakın. "
            "Bağlantıyı size başkası gönderdiyse hemen arayın: %(call_centre)s."
        ),
    ),
    "operation-expired": Message(
        _("İşlemin süresi doldu"),
        _("Bir işlem on dakika açık kalır. Süre, PIN değişmeden doldu; kartınıza bir şey yapılmadı."),
        _("“%(deed)s” işlemini yeniden başlatın."),
    ),
    "operation-cancelled": Message(
        _("İşlem iptal edildi"),
        _("Kartınızda hiçbir şey değişmedi."),
        _("Dilediğinizde “%(deed)s” işlemini yeniden başlatabilirsiniz."),
    ),
    "operation-in-doubt": Message(
        _("Sonuç henüz belli değil"),
        _("Kartla bağlantı, yeni PIN karta yazılırken kesildi. Kartınızın kilit açma kodu kaybolmadı."),
        _("Kartı takın ve “%(deed)s” işlemini yeniden başlatın: kart okununca işlem güvenle tamamlanır."),
    ),
    "operation-failed": Message(_("PIN değiştirilemedi"), _("İşlem tamamlanmadan sona erdi."), _AGAIN),
    "receipt-refused": Message(
        _("Onayın süresi doldu"),
        _("Onayınız bu işlem için artık geçerli değil. Kartınıza bir şey yapılmadı."),
        _AGAIN,
    ),
    "capability-refused": Message(
        _("İşlem bağlantısı kabul edilmedi"),
        _("Kart servisinin kullandığı bağlantı eski ya da bu işleme ait değil. Kartınıza bir şey yapılmadı."),
        _AGAIN,
    ),
    "release-not-identified": Message(
        _("Kart yeniden tanıtılmalı"),
        _("Kart, PIN değişmeden önce okuyucudan çıkarıldı. Karta bir şey yapılmadı."),
        _("Kartı takın ve “%(deed)s” işlemini yeniden başlatın."),
    ),
    "session-refused": Message(
        _("Kart servisiyle bağlantı kapandı"),
        _("Kart servisi bu işlemi artık sürdüremiyor."),
        _AGAIN,
    ),
    "operation-claimed-elsewhere": Message(
        _("İşlem başka bir bilgisayarda açıldı"),
        _("Bu işleme başka bir kart servisi bağlandı."),
        _("Bunu siz yapmadıysanız işlemi iptal edin ve çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "number-mismatch": Message(
        _("Sayılar birbirini tutmadı"),
        _("Açılan ekrandaki sayının bu sayfadakinden farklı olduğunu söylediniz. Kartınız değişmedi."),
        _("İşlemi bu sayfadan yeniden başlatın. Yine tutmazsa çağrı merkezini arayın: %(call_centre)s."),
    ),
    "wrong-card": Message(
        _("Takılan kart bu işlemin kartı değil"),
        _("Okuyucudaki kart, seçtiğiniz kart değildi. Karta bir şey yapılmadı."),
        _("Doğru kartı takıp “%(deed)s” işlemini yeniden başlatın."),
    ),
    "card-lost": Message(
        _("Kartla bağlantı kesildi"),
        _("Kart, işlem bitmeden çıkarıldı ya da okuyucuyla bağlantı koptu. Kilit açma kodu kaybolmadı."),
        _("Kartı takın ve “%(deed)s” işlemini yeniden başlatın; kaldığı yerden tamamlanır."),
    ),
    "card-unknown": Message(
        _("Kart tanınmadı"),
        _("Takılan kart, tanıdığımız bir e-imza kartı değil."),
        _("E-imza kartınızı takıp işlemi yeniden başlatın."),
    ),
    "card-refused": Message(_("Kart işlemi kabul etmedi"), _("Kart beklenmeyen bir yanıt verdi."), _AGAIN),
    "card-malformed": Message(
        _("Kartın yanıtı anlaşılamadı"), _("Kart beklenmeyen bir yanıt verdi."), _AGAIN
    ),
    "card-mute": Message(
        _("Kart yanıt vermedi"),
        _("Takılan kart okunamadı."),
        _("Kartın çipini yumuşak bir bezle silin, doğru yönde takın ve işlemi yeniden başlatın."),
    ),
    "command-forbidden": Message(
        _("İşlem güvenlik nedeniyle durduruldu"),
        _("Karta izin verilmeyen bir komut gönderilmek istendi; kart servisi bunu engelledi."),
        _CALL,
        again=False,
    ),
    "secret-refused": Message(_("Kartın kilidi çözülemedi"), _TRIES_SAFE, _CALL, again=False),
    "secret-unknown": Message(
        _("Bu kartın kilidi çevrim içi çözülemiyor"),
        _("Bu kartın kilit açma kodu sistemimizde kayıtlı değil. Kartınıza bir şey yapılmadı."),
        _CALL,
        again=False,
    ),
    "pin-refused": Message(
        _("Kart yeni PIN’i kabul etmedi"),
        _("Yazdığınız yeni PIN, kartın kurallarına uymadı. PIN’iniz değişmedi."),
        _("İşlemi yeniden başlatın ve başka bir PIN seçin."),
    ),
    "puk-exhausted": Message(
        _("Bu kartın kilidi artık açılamaz"),
        _("Kartınızın kilit açma hakkı tükenmiş."),
        _("Yeni kart için çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "vault-manual": Message(
        _("Bu kartın kilidi çevrim içi çözülemiyor"),
        _("Kalan son haklarınızı korumak için bu kart uzman incelemesine alındı."),
        _CALL,
        again=False,
    ),
    "vault-busy": Message(
        _("Bu kartla başka bir işlem sürüyor"),
        _("Aynı kart için az önce başlayan bir kilit açma henüz bitmedi."),
        _("Birkaç dakika bekleyip işlemi yeniden başlatın."),
    ),
    "vault-card-budget": Message(
        _("Bu kart için bugünkü sınır doldu"),
        _("Bir kartın kilidi bir günde ancak belli sayıda denenebilir. Kalan haklarınız korundu."),
        _("Yarın yeniden deneyin ya da çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "vault-global-budget": Message(
        _("Hizmet şu anda çok yoğun"),
        _("Bu saatteki kilit açma sınırına ulaşıldı. Kartınıza bir şey yapılmadı."),
        _("Bir saat sonra yeniden deneyin."),
        again=False,
    ),
    "vault-integrity": Message(
        _("İşlem güvenlik nedeniyle durduruldu"),
        _("Kartınızın kaydı güvenlik denetiminden geçmedi. Kartınıza bir şey yapılmadı."),
        _CALL,
        again=False,
    ),
    "fence-stale": Message(
        _("Yerini daha yeni bir işlem aldı"),
        _("Aynı kart için daha yeni bir işlem başlatıldı; bu işlem sona erdi."),
        _("Yeni işlemi tamamlayın."),
    ),
    "message-malformed": Message(
        _("Kart servisi ile portal anlaşamadı"),
        _("Kart servisinin gönderdiği ileti anlaşılamadı. Kart servisi eski bir sürüm olabilir."),
        _("Kart servisini güncelleyip yeniden başlatın. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "holder-declined": Message(
        _("İşlemden vazgeçtiniz"),
        _("Kart servisinde vazgeçtiniz. Kartınızda hiçbir şey değişmedi."),
        _("Dilediğinizde “%(deed)s” işlemini yeniden başlatabilirsiniz."),
    ),
    "service-unavailable": Message(
        _("Hizmet şu anda yanıt vermiyor"),
        _("İçeride beklenmeyen bir sorun çıktı; kaydedildi."),
        _("Birkaç dakika sonra yeniden deneyin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
}
