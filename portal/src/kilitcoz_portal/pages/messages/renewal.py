"""What a renewal tells: why there is none now, and in its own words what others have too."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_GOES_ON = _("“%(deed)s” işlemini yeniden başlatın; kaldığı yerden tamamlanır.")
_APPLY = _("“Başvuru” ile yeni sertifika için başvurun ya da çağrı merkezini arayın: %(call_centre)s.")

# Codes of its own; rows of docs/errors.md.
RENEWAL: dict[str, Message] = {
    "renewal-not-offered": Message(
        _("Bu kart evde yenilenemiyor"),
        _("Kartınızdaki sertifikalar buradan yenilenemiyor."),
        _APPLY,
        again=False,
    ),
    "renewal-nothing": Message(
        _("Yenilenecek sertifikanız yok"),
        _("Yalnız geçerli sertifikalar yenilenir: açılmamış, askıda, iptal edilmiş ya da bitmiş olan değil."),
        _("Durumlarını “Sertifika Listele”de görün. Sorunuz varsa arayın: %(call_centre)s."),
        again=False,
    ),
    "renewal-not-due": Message(
        _("Yenilemek için henüz erken"),
        _("Sertifikanız aşağıdaki tarihten sonra yenilenebilir."),
        _("O tarihten sonra “Sertifikamı Yenile”yi seçin; size de hatırlatırız."),
        again=False,
    ),
    "renewal-used-up": Message(
        _("Bu kart evde yeniden yenilenemez"),
        _("Sertifikanız evde yenilenebileceği kadar yenilendi. Kimliğinizin yeniden görülmesi gerekiyor."),
        _APPLY,
        again=False,
    ),
    "renewal-key-unproved": Message(
        _("Yeni anahtarın kanıtı kabul edilmedi"),
        _("Kartınızda üretilen anahtar kendini kanıtlayamadı; onun için sertifika üretilmedi."),
        _GOES_ON,
    ),
    "renew-pin-blocked": Message(
        _("Kartınız kilitli"),
        _("PIN deneme hakkınız bitmiş; bu yüzden sertifika yenilenemiyor. Kartınız bozulmadı."),
        _("“Kilit Çözme” ile yeni PIN belirleyin, sonra “Sertifikamı Yenile”yi yeniden başlatın."),
        again=False,
    ),
    "ca-unavailable": Message(
        _("Sertifika makamına ulaşılamadı"),
        _("Yeni sertifikanız şimdi üretilemedi. Yeni anahtarınız kartınızda bekliyor, bir şey kaybolmadı."),
        _("Biraz sonra “%(deed)s” işlemini yeniden başlatın; kaldığı yerden tamamlanır."),
    ),
    "not-as-written": Message(
        _("Sertifika karta yazılamadı"),
        _("Yeni sertifika kartınıza doğru yazılamadı."),
        _GOES_ON,
    ),
    "management-key-refused": Message(
        _("Kart yazmaya izin vermedi"),
        _("Kartınız yazma anahtarını kabul etmedi. Karta bir şey yazılmadı."),
        _APPLY,
        again=False,
    ),
}

# Codes that others have too.
IN_A_RENEWAL: dict[str, Message] = {
    "operation-failed": Message(_("Sertifika yenilenemedi"), _("İşlem tamamlanmadan sona erdi."), _GOES_ON),
    "operation-expired": Message(
        _("İşlemin süresi doldu"),
        _("Bir işlem on dakika açık kalır. Süre doldu; yapılanlar kaybolmadı."),
        _GOES_ON,
    ),
    "operation-cancelled": Message(
        _("İşlem iptal edildi"), _("Sertifikanız yenilenmedi; bir şey kaybolmadı."), _GOES_ON
    ),
    "card-lost": Message(
        _("Kartla bağlantı kesildi"),
        _("Kart, işlem bitmeden çıkarıldı ya da okuyucuyla bağlantı koptu. Bir şey kaybolmadı."),
        _GOES_ON,
    ),
    "portal-unreachable": Message(
        _("Bağlantı yavaş kaldı"),
        _("Kart, sitenin yanıtını beklerken işlem durduruldu. Bir şey kaybolmadı."),
        _GOES_ON,
    ),
}
