"""Django's registration of the room."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """kilitcoz_portal.signin"""

    name = "kilitcoz_portal.signin"
    label = "signin"
