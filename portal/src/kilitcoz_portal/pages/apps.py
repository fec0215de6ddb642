"""Django's registration of the room."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """kilitcoz_portal.pages"""

    name = "kilitcoz_portal.pages"
    label = "pages"
