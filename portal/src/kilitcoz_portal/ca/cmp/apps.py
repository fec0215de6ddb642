"""Django's registration of the room's part that has tables of its own."""

from django.apps import AppConfig


class CmpConfig(AppConfig):
    """kilitcoz_portal.ca.cmp"""

    name = "kilitcoz_portal.ca.cmp"
    label = "cmp"
