""" "Kullanıma Aç" of figure 6: the card's first PIN opens its certificates. Only "Şifreli Giriş" serves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.activation import queries
from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.deed_words import WORDS
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.views import beginning
from kilitcoz_portal.pages.views.beginning import Begin
from kilitcoz_portal.pages.views.failures import not_permitted
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import sessions

ACTIVATE = WORDS[OperationKind.ACTIVATE]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@names_own(Thing.CARD, "card")
def confirm(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is about to happen, and "Tamam"; or at once why it cannot, where that is so of every card."""
    every, waiting = holders.cards_of(visitor.holder.pk), queries.cards_waiting(visitor.holder.pk)
    refused = [_refusal(request, visitor, card) for card in waiting or every]
    if refused and all(refused):
        return not_permitted(request, next(filter(None, refused)), ACTIVATE.kind)
    return beginning.ask(request, visitor, ACTIVATE, waiting, _begin(request, visitor))


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def begin_here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and begin anew in this one."""
    return beginning.ask_here(request, visitor, ACTIVATE, _begin(request, visitor))


@require_POST
@signed_in
def leave_for_word(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Out of a session that another way opened, and on to "Şifreli Giriş"."""
    ending.sign_out(request.session, visitor.now)
    return redirect("login")


def _by_word(request: HttpRequest) -> bool:
    return sessions.way_of(request.session) in sessions.BY_WORD


def _refusal(request: HttpRequest, visitor: Visitor, card: Card) -> OperationError | None:
    try:
        activation.require(card, visitor.now, by_word=_by_word(request))
    except OperationError as refusal:
        return refusal
    return None


def _begin(request: HttpRequest, visitor: Visitor) -> Begin:
    def begin(card: Card) -> Operation:
        return activation.start(
            visitor.holder,
            card,
            visitor.browser,
            beginning.language(),
            visitor.now,
            by_word=_by_word(request),
            beyond_phone=beyond_phone(request.session, visitor.holder),
        )

    return begin
