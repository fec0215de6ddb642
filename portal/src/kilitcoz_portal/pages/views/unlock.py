"""Figures 7 to 9 on the portal's side: the question, the way into the card service, and how it ended."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations import permission
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError, OperationOpenElsewhere
from kilitcoz_portal.operations.models import OPEN_STATES, State
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import following, open_operation
from kilitcoz_portal.pages.card_facts import card_name
from kilitcoz_portal.pages.forms import CardForm
from kilitcoz_portal.pages.messages import MESSAGES, tell
from kilitcoz_portal.pages.open_operation import own_operation
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.views import unlock_code, unlock_passkey
from kilitcoz_portal.pages.views.failures import failure, not_permitted
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin.passkeys import keeping

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
    """Figure 7's first half: the PIN is about to change, the reader in; "Tamam" starts the operation."""
    cards = holders.cards_of(visitor.holder.pk)
    if not cards:
        return failure(request, "no-card-enrolled", status=200)
    refused = permission.refusal(
        visitor.holder,
        OperationKind.UNLOCK,
        visitor.now,
        beyond_phone=beyond_phone(request.session, visitor.holder),
    )
    if refused is not None:
        return not_permitted(request, refused)
    form = CardForm(request.POST if request.method == "POST" else None, cards=cards)
    if form.is_bound and form.is_valid():
        chosen = next(card for card in cards if card.pk == form.cleaned_data["card"])
        return _start(request, visitor, chosen)
    context = {
        "screen": _("Kilit Çözme"),
        "form": form,
        "only_card": card_name(cards[0]) if len(cards) == 1 else "",
        "under_way": open_operation.of_session(request.session, visitor),
    }
    return render(request, "pages/confirm.html", context, status=422 if form.errors else 200)


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
        return failure(request, refusal.code, status=refusal.status)
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
        return failure(request, refusal.code, status=refusal.status)
    return redirect("operation", operation.id)


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def begin_here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and begin anew in this one."""
    form = CardForm(request.POST, cards=holders.cards_of(visitor.holder.pk))
    if not form.is_valid():
        return redirect("unlock")
    card = next(card for card in form.cards if card.pk == form.cleaned_data["card"])
    try:
        operations.withdraw(visitor.holder, card, visitor.now)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status)
    return _start(request, visitor, card)


def _start(request: HttpRequest, visitor: Visitor, card: Card) -> HttpResponse:
    language = get_language() or "tr"
    try:
        operation = operations.start(
            visitor.holder,
            card,
            OperationKind.UNLOCK,
            visitor.browser,
            language,
            visitor.now,
            beyond_phone=beyond_phone(request.session, visitor.holder),
        )
    except OperationOpenElsewhere as refusal:
        told = tell(refusal.code)
        context = {"screen": told.title, "told": told, "card": card}
        return render(request, "pages/open_elsewhere.html", context, status=refusal.status)
    except OperationError as refusal:
        return not_permitted(request, refusal)
    open_operation.remember(request.session, operation.pk)
    if operation.state == State.AWAITING_CODE:
        return unlock_code.send_first(request, visitor, operation.pk)
    return redirect("operation", operation.pk)


def _follow(request: HttpRequest, visitor: Visitor, operation: Watched, pairing: str = "") -> HttpResponse:
    capability = ""
    if operation.state == State.AUTHORISED:
        try:
            capability = operations.issue_capability(operation.id, visitor.browser, visitor.now)
        except OperationError as refusal:
            return failure(request, refusal.code, status=refusal.status)
    context = {
        "screen": _("Kart servisinde devam edin"),
        "operation": operation,
        "status": following.sentence(operation),
        "capability": capability,
        "local_page": f"http://127.0.0.1:{settings.KILITCOZ_AGENT_PORT}/",
        "pairing": pairing,
        "here": request.path.removesuffix("/eslestirme"),
    }
    return render(request, "pages/card_service.html", context)


def _ended(request: HttpRequest, operation: Watched) -> HttpResponse:
    assert operation.state not in OPEN_STATES
    if operation.state == State.SUCCEEDED:
        context = {"screen": _("İşlem tamamlandı"), "operation": operation}
        return render(request, "pages/done.html", context)
    own_row = operation.state == State.FAILED and operation.code in MESSAGES
    told = tell(operation.code if own_row else _ENDINGS[State(operation.state)])
    reference = operation.code if operation.state in (State.FAILED, State.IN_DOUBT) else ""
    context = {"screen": told.title, "told": told, "operation": operation, "reference": reference}
    return render(request, "pages/ended.html", context)
