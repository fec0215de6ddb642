"""Django's registration of the room."""

from django.apps import AppConfig


class OutgoingConfig(AppConfig):
    """kilitcoz_portal.outgoing"""

    name = "kilitcoz_portal.outgoing"
    label = "outgoing"
