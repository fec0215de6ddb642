"""Django's registration of the room."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """kilitcoz_portal.certificates"""

    name = "kilitcoz_portal.certificates"
    label = "certificates"
