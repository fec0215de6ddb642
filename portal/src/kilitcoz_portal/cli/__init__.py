"""The operator's command line, `kilitcoz`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kilitcoz_portal.config.settings")

from kilitcoz_portal.cli.main import app

__all__ = ["app"]
