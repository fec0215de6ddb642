"""The name of the login by an identity provider, as the installation calls it."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from kilitcoz_portal.signin.oidc import provider


def oidc_label() -> str:
    """In the language of the page; empty where the way is not offered."""
    if not provider.is_offered():
        return ""
    english = get_language() == "en"
    return str(settings.KILITCOZ_OIDC_LABEL_EN if english else settings.KILITCOZ_OIDC_LABEL_TR)
