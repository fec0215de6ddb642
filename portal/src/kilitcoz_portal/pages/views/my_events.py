""" "Son işlemlerim": what was done in the holder's name lately, from the books."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.pages import event_facts
from kilitcoz_portal.pages.visitors import Visitor, signed_in


@require_safe
@signed_in
def my_events(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Newest first; `?once=` leads to the older ones. What is no number begins at the newest."""
    asked = request.GET.get("once", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    shown = event_facts.page_of(visitor.holder.pk, before)
    context = {"screen": _("Son işlemlerim"), "page": shown, "is_first": before is None}
    return render(request, "pages/my_events.html", context)
