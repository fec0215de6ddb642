"""What E-Onay can tell: why there is none to give, and why a signature was not taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_AGAIN = _("“E-Onay” sayfasından yeniden başlatın. Sürerse çağrı merkezini arayın: %(call_centre)s.")
_CALL = _("Çağrı merkezini arayın: %(call_centre)s.")
_SEE = _("“Sertifika Listele” sayfasında sertifikanızın durumuna bakın. Sorularınız için: %(call_centre)s.")
_ANOTHER = _("İmza sertifikanızın bulunduğu kartla yeniden deneyin ya da arayın: %(call_centre)s.")

SIGN: dict[str, Message] = {
    "consent-not-offered": Message(
        _("E-Onay şimdilik verilemiyor"),
        _("Bu kurumda E-Onay henüz internetten verilemiyor."),
        _("Başvurularınızı her zamanki gibi imzalayarak yapabilirsiniz. Bilgi için: %(call_centre)s."),
        again=False,
    ),
    "consent-given-already": Message(
        _("E-Onayınız zaten var"),
        _("Daha önce verdiğiniz E-Onay geçerli; yeniden vermeniz gerekmez."),
        _("Belgenizi “E-Onay” sayfasından görebilir, indirebilir ya da geri alabilirsiniz."),
        again=False,
    ),
    "consent-not-found": Message(
        _("E-Onay bulunamadı"), _("Böyle bir E-Onayınız yok."), _("“E-Onay” sayfasına bakın."), again=False
    ),
    "sign-certificate-missing": Message(
        _("İmza sertifikanız yok"),
        _("Kayıtlı kartlarınızda imza için bir sertifika bulunmuyor."),
        _CALL,
        again=False,
    ),
    "certificate-not-open": Message(
        _("Sertifikanız henüz kullanıma açılmamış"),
        _("İmza atabilmek için önce sertifikanızı kullanıma açmanız gerekir."),
        _("Menüden “Kullanıma Aç” ile açın, sonra E-Onay verin."),
        again=False,
    ),
    "sign-pin-blocked": Message(
        _("Kartınız kilitli"),
        _("Kartınızın PIN deneme hakkı bitmiş; bu yüzden imza atılamadı. Kartınız bozulmadı."),
        _("“Kilit Çözme (Akıllı Kart Servisi)” ile yeni PIN belirleyin, sonra E-Onay verin."),
        again=False,
    ),
    "sign-attributes-refused": Message(
        _("İmzalama güvenlik nedeniyle durduruldu"),
        _("Kart servisi, imzalanması istenen verinin gösterilen belgeye ait olmadığını gördü."),
        _CALL,
        again=False,
    ),
    "sign-signature-wrong": Message(
        _("İmza doğrulanamadı"), _("Kart servisinden gelen imza bu belgeye uymuyor."), _AGAIN
    ),
    "sign-withdrawn": Message(
        _("Bu belge artık imza beklemiyor"),
        _("İmzalanacak belge bu arada imzalanmış ya da silinmiş."),
        _("“E-Onay” sayfasına bakın; gerekirse yeniden başlatın."),
    ),
}

# Codes that others have too.
IN_A_SIGNATURE: dict[str, Message] = {
    "no-card-enrolled": Message(_("Kayıtlı kartınız yok"), _("Adınıza kayıtlı kart bulunmuyor."), _CALL),
    "operation-failed": Message(_("Belge imzalanmadı"), _("İşlem tamamlanmadan sona erdi."), _AGAIN),
    "operation-expired": Message(
        _("İmzalamanın süresi doldu"),
        _("Bir imzalama on dakika açık kalır. Süre doldu; belge imzalanmadı."),
        _("“E-Onay” sayfasından yeniden başlatın."),
    ),
    "operation-cancelled": Message(
        _("İmzalama iptal edildi"),
        _("Belge imzalanmadı."),
        _("Dilediğinizde “E-Onay” sayfasından yeniden başlatabilirsiniz."),
    ),
    "cancelled-by-holder": Message(
        _("İmzalamaktan vazgeçtiniz"),
        _("Kart servisinde vazgeçtiniz. Belge imzalanmadı."),
        _("Dilediğinizde “E-Onay” sayfasından yeniden başlatabilirsiniz."),
    ),
    "card-refused": Message(_("Kart imzalamadı"), _("Kartınız bu belgeyi imzalamadı."), _AGAIN),
    "card-malformed": Message(_("Belge imzalanmadı"), _("Kartın yanıtı anlaşılamadı."), _AGAIN),
    "command-forbidden": Message(
        _("İmzalama güvenlik nedeniyle durduruldu"),
        _("Karta izin verilmeyen bir komut gönderilmek istendi; gönderilmedi."),
        _CALL,
        again=False,
    ),
    "certificate-malformed": Message(
        _("Sertifikanız okunamadı"), _("Kayıtlı imza sertifikanız bozuk görünüyor."), _CALL, again=False
    ),
    "certificate-not-trusted": Message(
        _("İmza sertifikanız kabul edilmiyor"),
        _("İmza sertifikanızı veren kuruluş burada kabul edilmiyor."),
        _ANOTHER,
        again=False,
    ),
    "certificate-not-yet-valid": Message(
        _("Sertifikanızın süresi başlamamış"),
        _("İmza sertifikanızın başlangıç tarihi henüz gelmedi."),
        _SEE,
        again=False,
    ),
    "certificate-expired": Message(
        _("İmza sertifikanızın süresi dolmuş"),
        _("Süresi dolan bir sertifikayla imza atılamaz."),
        _("Yeni sertifika için çağrı merkezini arayın: %(call_centre)s."),
        again=False,
    ),
    "certificate-weak": Message(
        _("İmza sertifikanız eskimiş"),
        _("İmza sertifikanızın anahtarı bugün güvenli sayılmıyor."),
        _ANOTHER,
        again=False,
    ),
    "certificate-usage-wrong": Message(
        _("Bu sertifika imza için değil"),
        _("Karttaki sertifika imza için verilmemiş."),
        _ANOTHER,
        again=False,
    ),
    "certificate-policy-missing": Message(
        _("İmza sertifikanız kabul edilmiyor"),
        _("İmza sertifikanız burada kabul edilen türlerden biri değil."),
        _ANOTHER,
        again=False,
    ),
    "certificate-not-qualified": Message(
        _("İmza sertifikanız nitelikli değil"),
        _("E-Onay yalnız nitelikli elektronik sertifikayla imzalanır."),
        _ANOTHER,
        again=False,
    ),
    "certificate-revoked": Message(
        _("İmza sertifikanız iptal edilmiş"),
        _("İptal edilen bir sertifikayla imza atılamaz."),
        _("İptali siz istemediyseniz hemen arayın: %(call_centre)s."),
        again=False,
    ),
    "certificate-suspended": Message(
        _("İmza sertifikanız askıda"),
        _("Askıdaki bir sertifikayla imza atılamaz."),
        _("“Sertifikamı İptal Et” sayfasından askıdan çıkarın. Siz almadıysanız arayın: %(call_centre)s."),
        again=False,
    ),
    "certificate-status-unknown": Message(
        _("Sertifikanızın durumu öğrenilemedi"),
        _("İmza sertifikanızın iptal edilmemiş olduğu şu anda doğrulanamıyor."),
        _("Birkaç dakika sonra “E-Onay” sayfasından yeniden başlatın."),
    ),
    "certificate-names-nobody": Message(
        _("Sertifikada kimlik numarası yok"),
        _("İmza sertifikanızda tanıdığımız biçimde bir kimlik numarası yok."),
        _ANOTHER,
        again=False,
    ),
}
