"""Django's registration of the room."""

from django.apps import AppConfig


class RenewalConfig(AppConfig):
    """kilitcoz_portal.renewal"""

    name = "kilitcoz_portal.renewal"
    label = "renewal"
