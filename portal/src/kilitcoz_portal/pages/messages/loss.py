"""What "Kartımı kaybettim" can tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_CALL = _("Beklemeyin, çağrı merkezini arayın: %(call_centre)s.")

LOSS: dict[str, Message] = {
    "loss-report-slowed": Message(
        _("Bulunduğunuz ağdan çok sayıda istek geldi"),
        _("Bu yüzden bu ağdan bir süre kayıp bildirilemiyor. Henüz hiçbir sertifika askıya alınmadı."),
        _CALL,
        again=False,
    ),
    "loss-report-ended": Message(
        _("Bu tarayıcıda süren bir bildirim yok"),
        _("Süresi dolmuş, tamamlanmış ya da başka bir tarayıcıda başlatılmış olabilir."),
        _("“Kartımı kaybettim” sayfasından baştan başlayın. Acele ise arayın: %(call_centre)s."),
    ),
    "loss-proof-wrong": Message(
        _("Yazdığınız doğrulanamadı"),
        _("Kod ya da numara yanlış, kodun süresi dolmuş ya da kayıtlarımızla uyuşmuyor."),
        _("Bir kez daha bakıp yazın ya da öteki yolu seçin."),
    ),
    "loss-proof-used-up": Message(
        _("Deneme hakkı bitti"),
        _("Sertifikalar henüz askıya alınmadı."),
        _CALL,
    ),
}
