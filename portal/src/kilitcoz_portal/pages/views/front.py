"""Figure 1, and the installation's colours."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.pages.pki_addresses import pki_addresses


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """The site's front page: the announcement, the services, what to have at hand."""
    context = {"screen": _("Online İşlemler"), "pki": pki_addresses()}
    return render(request, "pages/front.html", context)


@require_safe
def colours(_request: HttpRequest) -> HttpResponse:
    """The white label: the two brand colours as custom properties, after portal.css."""
    brand, deep = settings.KILITCOZ_BRAND_COLOUR, settings.KILITCOZ_BRAND_COLOUR_DEEP
    sheet = f":root {{ --brand: {brand}; --brand-deep: {deep}; }}\n"
    return HttpResponse(sheet, content_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
