"""Django's registration of the room."""

from django.apps import AppConfig


class ActivationConfig(AppConfig):
    """kilitcoz_portal.activation"""

    name = "kilitcoz_portal.activation"
    label = "activation"
