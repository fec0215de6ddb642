"""Django's registration of the room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """kilitcoz_portal.audit"""

    name = "kilitcoz_portal.audit"
    label = "audit"
