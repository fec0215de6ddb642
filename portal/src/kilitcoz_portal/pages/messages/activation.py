"""What "Kullanıma Aç" tells in its own words: no PIN was forgotten, and none is changed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_AGAIN = _("“%(deed)s” işlemini yeniden başlatın. Sürerse çağrı merkezini arayın: %(call_centre)s.")

# Codes that an unlock has too.
IN_AN_ACTIVATION: dict[str, Message] = {
    "operation-failed": Message(_("İlk PIN belirlenemedi"), _("İşlem tamamlanmadan sona erdi."), _AGAIN),
    "operation-in-doubt": Message(
        _("Sonuç henüz belli değil"),
        _("Kartla bağlantı, PIN karta yazılırken kesildi. Bir şey kaybolmadı; sertifikanız henüz açılmadı."),
        _("Kartı takın ve “%(deed)s” işlemini yeniden başlatın: kart okununca işlem güvenle tamamlanır."),
    ),
    "operation-expired": Message(
        _("İşlemin süresi doldu"),
        _("Bir işlem on dakika açık kalır. Süre, PIN belirlenmeden doldu; kartınıza bir şey yapılmadı."),
        _("“%(deed)s” işlemini yeniden başlatın."),
    ),
    "pin-refused": Message(
        _("Kart PIN’i kabul etmedi"),
        _("Yazdığınız PIN, kartın kurallarına uymadı."),
        _("İşlemi yeniden başlatın ve başka bir PIN seçin."),
    ),
}
