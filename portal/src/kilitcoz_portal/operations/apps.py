"""Django's registration of the room."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """kilitcoz_portal.operations"""

    name = "kilitcoz_portal.operations"
    label = "operations"
