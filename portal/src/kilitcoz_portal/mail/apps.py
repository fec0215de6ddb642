"""Django's registration of the room."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """kilitcoz_portal.mail"""

    name = "kilitcoz_portal.mail"
    label = "mail"
