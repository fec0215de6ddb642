"""The two steps as the pages take them, for one browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.oidc import login
from kilitcoz_portal.signin.oidc.login import Answer

BACK = "https://kilit.example/giris/kimlik-saglayici/donus"
BROWSER = "ayses-browser"


def begin(browser: str = BROWSER) -> str:
    """Where the browser is sent."""
    return login.begin(browser, BACK, "tr", timezone.now())


def finish(answer: dict[str, Any], browser: str = BROWSER, *, minutes: float = 0) -> Holder:
    """What comes of what the browser brings back, `minutes` later."""
    parts = Answer(
        answer.get("state", ""), answer.get("code", ""), answer.get("iss"), answer.get("error", "")
    )
    return login.finish(browser, parts, BACK, timezone.now() + timedelta(minutes=minutes))
