"""Honest pages: what the manual shows and this release does not do yet, with the next step for the holder."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.pages.views.failures import failure


@require_safe
def e_onay(request: HttpRequest) -> HttpResponse:
    """The once-only consent of figures 1, 6 and 8."""
    return failure(request, "service-not-offered", status=200, screen=_("E-Onay"))
