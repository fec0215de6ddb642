"""Django's registration of the room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """kilitcoz_portal.notices"""

    name = "kilitcoz_portal.notices"
    label = "notices"
