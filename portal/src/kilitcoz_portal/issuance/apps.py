"""Django's registration of the room."""

from django.apps import AppConfig


class IssuanceConfig(AppConfig):
    """kilitcoz_portal.issuance"""

    name = "kilitcoz_portal.issuance"
    label = "issuance"
