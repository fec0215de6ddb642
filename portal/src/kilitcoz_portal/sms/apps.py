"""Django's registration of the room."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    """kilitcoz_portal.sms"""

    name = "kilitcoz_portal.sms"
    label = "sms"
