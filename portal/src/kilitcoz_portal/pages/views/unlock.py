"""Figures 7 to 9 on the portal's side: the question, the way into the card service, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.activation import queries as activation
from kilitcoz_portal.approval import queries as approval
from kilitcoz_portal.approval.models import Consent
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations import signatures
from kilitcoz_portal.operations.errors import OperationError, OperationState
from kilitcoz_portal.operations.models import OPEN_STATES, Operation, State
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import card_stops, following, renewal_facts
from kilitcoz_portal.pages.deed_words import WORDS, followed_words_of
from kilitcoz_portal.pages.messages import MESSAGES, tell
from kilitcoz_portal.pages.open_operation import own_operation
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.views import beginning, unlock_code, unlock_passkey
from kilitcoz_portal.pages.views.beginning import Begin
from kilitcoz_portal.pages.views.failures import failure, not_permitted
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin.passkeys import keeping

UNLOCK = WORDS[OperationKind.UNLOCK]

# What a closed state says; a failure with a code of its own says that instead.
_ENDINGS = {
    State.FAILED: "operation-failed",
    State.IN_DOUBT: "operation-in-doubt",
    State.CANCELLED: "operation-cancelled",
    State.EXPIRED: "operation-expired",
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@names_own(Thing.CARD, "card")
def confirm(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Figure 7's first half: the PIN is about to change, the reader in; "Tamam" starts the operation. Where
    none of the holder's cards may be unlocked, at once why.
    """
    cards = holders.cards_of(visitor.holder.pk)
    refused = [card_stops.refusal(card, visitor.now) for card in cards]
    if refused and all(refused):
        return not_permitted(request, next(filter(None, refused)))
    return beginning.ask(request, visitor, UNLOCK, cards, _begin(request, visitor))


@require_safe
@signed_in
@own_operation
def operation_page(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """The operation as it stands: its code's screen, the way into the card service, or its end."""
    if operation.state == State.AWAITING_CODE:
        if keeping.serve(visitor.holder) and not unlock_code.is_waiting(visitor, operation.id):
            return unlock_passkey.screen(request, operation)
        return unlock_code.screen(request, visitor, operation)
    if operation.is_open:
        return _follow(request, visitor, operation)
    return _ended(request, operation)


@require_POST
@signed_in
@own_operation
def pairing_code(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """A typed way in: shows the code once, on the page or to the page's script."""
    try:
        issued = operations.issue_pairing_code(operation.id, visitor.browser, visitor.now)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status, kind=operation.kind)
    shown = f"{issued[:4]}-{issued[4:]}"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"pairing_code": shown})
    return _follow(request, visitor, operation, pairing=shown)


@require_POST
@signed_in
@own_operation
def cancel(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """Give up, as long as nothing was released."""
    try:
        operations.cancel(operation.id, visitor.browser, visitor.now)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status, kind=operation.kind)
    return redirect("operation", operation.id)


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def begin_here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and begin anew in this one."""
    return beginning.ask_here(request, visitor, UNLOCK, _begin(request, visitor))


def _begin(request: HttpRequest, visitor: Visitor) -> Begin:
    def begin(card: Card) -> Operation:
        refused = card_stops.refusal(card, visitor.now)
        if refused is not None:
            raise refused
        return operations.start(
            visitor.holder,
            card,
            OperationKind.UNLOCK,
            visitor.browser,
            beginning.language(),
            visitor.now,
            beyond_phone=beyond_phone(request.session, visitor.holder),
        )

    return begin


def _follow(request: HttpRequest, visitor: Visitor, operation: Watched, pairing: str = "") -> HttpResponse:
    capability = ""
    if operation.state == State.AUTHORISED:
        try:
            capability = operations.issue_capability(operation.id, visitor.browser, visitor.now)
        except OperationState:  # a card service has taken it up since it was looked at
            return redirect("operation", operation.id)
        except OperationError as refusal:
            return failure(request, refusal.code, status=refusal.status, kind=operation.kind)
    context = {
        "screen": _("Kart servisinde devam edin"),
        "operation": operation,
        "words": followed_words_of(operation),
        "document": signatures.fingerprint(operation.id) if operation.kind == OperationKind.SIGN else None,
        "status": following.sentence(operation),
        "capability": capability,
        "local_page": f"http://127.0.0.1:{settings.KILITCOZ_AGENT_PORT}/",
        "pairing": pairing,
        "here": request.path.removesuffix("/eslestirme"),
    }
    return render(request, "pages/card_service.html", context)


def _given_in(operation: Watched) -> Consent | None:
    """Of a signature: the consent, if it is still in force."""
    return approval.given_in(operation.id) if operation.kind == OperationKind.SIGN else None


def _ended(request: HttpRequest, operation: Watched) -> HttpResponse:
    assert operation.state not in OPEN_STATES
    words = followed_words_of(operation)
    if operation.state == State.SUCCEEDED:
        context = {"screen": _("İşlem tamamlandı"), "operation": operation, "given": _given_in(operation)}
        if operation.kind == OperationKind.ACTIVATE:
            context["receipt"] = activation.receipt(operation.id)
        if operation.kind == OperationKind.RENEW:
            context["renewed"] = renewal_facts.renewed_by(operation.id)
        return render(request, words.done, context)
    own_row = operation.state == State.FAILED and operation.code in MESSAGES
    told = tell(operation.code if own_row else _ENDINGS[State(operation.state)], operation.kind)
    reference = operation.code if operation.state in (State.FAILED, State.IN_DOUBT) else ""
    context = {"screen": told.title, "told": told, "operation": operation, "reference": reference}
    context["words"] = words
    return render(request, "pages/ended.html", context)
