"""Django's registration of the room."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """kilitcoz_portal.applications"""

    name = "kilitcoz_portal.applications"
    label = "applications"
