"""Django's registration of the room."""

from django.apps import AppConfig


class HoldersConfig(AppConfig):
    """kilitcoz_portal.holders"""

    name = "kilitcoz_portal.holders"
    label = "holders"
