"""What "Kullanıma Aç" tells in its own words: no PIN was forgotten, and none is changed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_AGAIN = _("“%(deed)s” işlemini yeniden başlatın. Sürerse çağrı merkezini arayın: %(call_centre)s.")

# Codes of its own; rows of docs/errors.md.
ACTIVATION: dict[str, Message] = {
    "activation-by-word": Message(
        _("“Şifreli Giriş” gerekiyor"),
        _("Sertifika yalnız “Şifreli Giriş” ile kullanıma açılır; siz başka bir yolla girdiniz."),
        _("Çıkış yapıp güvenlik sözcüğünüz ve SMS koduyla girin, sonra yeniden “Kullanıma Aç”ı seçin."),
        again=False,
    ),
    "activation-nothing": Message(
        _("Kullanıma açılacak sertifikanız yok"),
        _("Kartınızdaki sertifikalar zaten açılmış ya da açılmayı beklemiyor."),
        _(
            "Durumlarını “Sertifika Listele”de görün. PIN’inizi unuttuysanız “Kilit Çözme”yi seçin. "
            "Açılması gerektiğini düşünüyorsanız arayın: %(call_centre)s."
        ),
        again=False,
    ),
    "activation-not-begun": Message(
        _("Sertifikanızın geçerliliği henüz başlamadı"),
        _("Sertifikanız aşağıdaki tarihten önce kullanıma açılamaz. Kartınıza bir şey yapılmadı."),
        _("O tarihten sonra girip yeniden “Kullanıma Aç”ı seçin."),
        again=False,
    ),
    "first-pin-awaited": Message(
        _("Bu kartın önce ilk PIN’i belirlenmeli"),
        _("Kartınız size PIN’i bilinmeden verildi; unutulmuş bir PIN’i yok, kilitli olsa da sorun değil."),
        _("“Kullanıma Aç”ı seçin: ilk PIN’inizi belirlersiniz, sertifikanız da kullanıma açılır."),
        again=False,
    ),
}

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
