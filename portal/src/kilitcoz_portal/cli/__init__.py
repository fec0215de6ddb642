"""The operator's command line, `kilitcoz`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kilitcoz_portal.config.settings")
django.setup()

from kilitcoz_portal.cli.main import app  # noqa: E402 - models cannot be imported before setup()

__all__ = ["app"]
