"""Django's registration of the room."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """kilitcoz_portal.approval"""

    name = "kilitcoz_portal.approval"
    label = "approval"
