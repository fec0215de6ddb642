"""Figure 7's first half, for every kind of operation that begins on a page: the question, "Tamam", and what
stands in the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations import permission
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError, OperationOpenElsewhere
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.pages import open_operation
from kilitcoz_portal.pages.card_facts import card_name
from kilitcoz_portal.pages.deed_words import DeedWords
from kilitcoz_portal.pages.forms import CardForm
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.views import unlock_code
from kilitcoz_portal.pages.views.failures import failure, not_permitted
from kilitcoz_portal.pages.visitors import Visitor

Begin = Callable[[Card], Operation]
"""The service that begins the operation with the chosen card. Raises OperationError."""


def ask(
    request: HttpRequest,
    visitor: Visitor,
    words: DeedWords,
    cards: list[Card],
    begin: Begin,
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """What is about to happen, the card, and "Tamam", which begins it. `more`: for the page."""
    if not cards:
        return failure(request, "no-card-enrolled", status=200, kind=words.kind)
    beyond = beyond_phone(request.session, visitor.holder)
    refused = permission.refusal(visitor.holder, words.kind, visitor.now, beyond_phone=beyond)
    if refused is not None:
        return not_permitted(request, refused, words.kind)
    form = CardForm(request.POST if request.method == "POST" else None, cards=cards)
    if form.is_bound and form.is_valid():
        return begun(request, visitor, words, _chosen(form), begin)
    context: dict[str, object] = {
        "screen": words.name,
        "words": words,
        "form": form,
        "only_card": card_name(cards[0]) if len(cards) == 1 else "",
        "under_way": open_operation.of_session(request.session, visitor),
    }
    context |= more
    return render(request, "pages/confirm.html", context, status=422 if form.errors else 200)


def ask_here(request: HttpRequest, visitor: Visitor, words: DeedWords, begin: Begin) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and begin anew in this one."""
    form = CardForm(request.POST, cards=holders.cards_of(visitor.holder.pk))
    if not form.is_valid():
        return redirect(words.begin)
    card = _chosen(form)
    try:
        operations.withdraw(visitor.holder, card, visitor.now)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status, kind=words.kind)
    return begun(request, visitor, words, card, begin)


def begun(request: HttpRequest, visitor: Visitor, words: DeedWords, card: Card, begin: Begin) -> HttpResponse:
    """Begin with this card, and on to its code; or why not."""
    try:
        operation = begin(card)
    except OperationOpenElsewhere as refusal:
        told = tell(refusal.code, words.kind)
        context = {"screen": told.title, "told": told, "card": card, "words": words}
        return render(request, "pages/open_elsewhere.html", context, status=refusal.status)
    except OperationError as refusal:
        return not_permitted(request, refusal, words.kind)
    open_operation.remember(request.session, operation.pk)
    if operation.state == State.AWAITING_CODE:
        return unlock_code.send_first(request, visitor, operation.pk)
    return redirect("operation", operation.pk)


def language() -> str:
    """In which the operation will speak."""
    return get_language() or "tr"


def _chosen(form: CardForm) -> Card:
    return next(card for card in form.cards if card.pk == form.cleaned_data["card"])
