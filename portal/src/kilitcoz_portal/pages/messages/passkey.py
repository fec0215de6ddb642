"""What a passkey can tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

PASSKEY: dict[str, Message] = {
    "passkey-late": Message(
        _("Onayın süresi doldu"),
        _("Cihazınızın sorusu beş dakika geçerlidir ve bir kez yanıtlanır."),
        _("Düğmeye yeniden basıp cihazınızın sorusunu yanıtlayın."),
    ),
    "passkey-refused": Message(
        _("Geçiş anahtarı kabul edilmedi"),
        _("Cihazınızdan gelen yanıt, kayıtlı bir geçiş anahtarınızın bu siteye verdiği yanıt değil."),
        _("Başka bir geçiş anahtarıyla yeniden deneyin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "passkey-cloned": Message(
        _("Geçiş anahtarı güvenli görünmüyor"),
        _("Bu geçiş anahtarının sayacı geriye gitti. Kopyalanmış olabilir, bu yüzden kabul edilmedi."),
        _(
            "Başka bir yolla girip “Geçiş anahtarlarım” sayfasında onu kaldırın. Siz kopyalamadıysanız "
            "çağrı merkezini arayın: %(call_centre)s."
        ),
    ),
    "passkey-known": Message(
        _("Bu geçiş anahtarı zaten kayıtlı"),
        _("Seçtiğiniz cihazın geçiş anahtarı daha önce eklenmiş."),
        _("Listeden bulun ya da başka bir cihaz seçin."),
    ),
    "passkey-limit": Message(
        _("En çok on geçiş anahtarı"),
        _("On geçiş anahtarınız var; bir yenisi eklenemez."),
        _("Kullanmadığınız birini kaldırıp yeniden deneyin."),
    ),
    "sms-login-closed": Message(
        _("SMS koduyla giriş kapalı"),
        _("SMS koduyla girişe izin vermemeyi siz seçtiniz."),
        _("Geçiş anahtarınızla ya da kartınızla girin. Olmazsa çağrı merkezini arayın: %(call_centre)s."),
    ),
}
