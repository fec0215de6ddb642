"""From where a deed was done, as its notice may say it: proper names and half an address, nothing as sent."""

from __future__ import annotations

from django.http import HttpRequest

from kilitcoz_portal.addresses import client_address
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.signin import devices


def about(request: HttpRequest) -> About:
    """For notices.services.tell."""
    device = devices.describe(request.headers.get("User-Agent", ""), client_address(request))
    names = ", ".join(name for name in (device.browser, device.system) if name)
    return About(device=names, network=device.network, language=getattr(request, "LANGUAGE_CODE", ""))
