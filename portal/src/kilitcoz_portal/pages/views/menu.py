"""Figure 6, and the state of PIN and PUK."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.pages import card_facts
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.renewal import queries as renewal


@require_safe
@signed_in
def menu(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Figure 6."""
    due = renewal.due_cards(visitor.holder.pk, visitor.now)
    context = {"screen": _("İşlemler Menüsü"), "name": visitor.holder.name, "renewal_due": bool(due)}
    return render(request, "pages/menu.html", context)


@require_safe
@signed_in
def pin_and_puk(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """ "PIN / PUK Bilgisi": state, tries left, what can be done and what to do; never a value."""
    cards = card_facts.pin_states_of(
        visitor.holder, visitor.now, beyond_phone=beyond_phone(request.session, visitor.holder)
    )
    context = {"screen": _("PIN / PUK Bilgisi"), "cards": cards}
    return render(request, "pages/pin_puk.html", context)
