"""Django's registration of the room."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """kilitcoz_portal.vault"""

    name = "kilitcoz_portal.vault"
    label = "vault"
