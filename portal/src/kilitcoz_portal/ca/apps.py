"""Django's registration of the room."""

from django.apps import AppConfig


class CaConfig(AppConfig):
    """kilitcoz_portal.ca"""

    name = "kilitcoz_portal.ca"
    label = "ca"
