"""What the login by an identity provider can tell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.pages.messages.row import Message

_OTHER_WAY = _("“Şifreli Giriş” ile girin ya da birazdan yeniden deneyin.")

OIDC: dict[str, Message] = {
    "oidc-unavailable": Message(
        _("Kimlik sağlayıcıya ulaşılamıyor"),
        _("Kimliğinizi doğrulayacak site şu anda yanıt vermiyor. Giriş yapılmadı."),
        _OTHER_WAY,
    ),
    "oidc-refused": Message(
        _("Kimlik doğrulaması kabul edilmedi"),
        _("Kimlik sağlayıcıdan gelen yanıt güvenlik denetiminden geçmedi. Giriş yapılmadı."),
        _("“Şifreli Giriş” ile girin. Sürerse çağrı merkezini arayın: %(call_centre)s."),
    ),
    "oidc-cancelled": Message(
        _("Girişten vazgeçtiniz"),
        _("Kimlik sağlayıcıda girişi tamamlamadınız. Giriş yapılmadı."),
        _("Dilerseniz yeniden deneyin ya da “Şifreli Giriş” ile girin."),
    ),
    "oidc-not-begun": Message(
        _("Bu giriş bu tarayıcıda başlamadı"),
        _("Giriş başka bir tarayıcıda başlatılmış, on dakikayı geçmiş ya da daha önce kullanılmış."),
        _("Girişi bu tarayıcıda baştan başlatın. Bu bağlantıyı size başkası gönderdiyse kullanmayın."),
    ),
    "oidc-no-id-number": Message(
        _("Kimlik numaranız bildirilmedi"),
        _("Kimlik sağlayıcı, T.C. Kimlik No’nuzu bize bildirmedi. Onay sorulduysa vermemiş olabilirsiniz."),
        _("Yeniden deneyip onay verin ya da “Şifreli Giriş” ile girin."),
    ),
    "oidc-not-enrolled": Message(
        _("Adınıza kayıt bulunamadı"),
        _("Kimliğiniz doğrulandı, ama bu kimlik numarasıyla burada kayıtlı bir sertifika sahibi yok."),
        _("Sertifikanız pasaportla alındıysa “Şifreli Giriş” ile girin. Değilse arayın: %(call_centre)s."),
    ),
}
