"""Django's registration of the room."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """kilitcoz_portal.trust"""

    name = "kilitcoz_portal.trust"
    label = "trust"
