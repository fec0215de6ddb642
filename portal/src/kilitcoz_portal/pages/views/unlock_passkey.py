"""An operation's own proof by a passkey: the question is bound to the operation and the card's last four."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages.deed_words import words_of
from kilitcoz_portal.pages.open_operation import card_of, own_operation
from kilitcoz_portal.pages.passkey_screen import PasskeyScreen, passkey_screen, question
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin.passkeys import asserting
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyError


def screen(request: HttpRequest, operation: Watched, refusal: PasskeyError | None = None) -> HttpResponse:
    """Asks for the passkey, naming the card; the SMS code is a button away."""
    words = words_of(operation)
    shown = PasskeyScreen(
        sentence=str(words.for_passkey) % {"card": card_of(operation).last_four},
        question_at=reverse("operation-question", args=[operation.id]),
        answer_to=reverse("operation-passkey", args=[operation.id]),
        back_to=reverse(words.begin),
        sms_form=reverse("operation-code-again", args=[operation.id]),
    )
    return passkey_screen(request, shown, refusal)


@require_POST
@signed_in
@own_operation
def ask(_request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """The question for the page's script."""
    return question(asserting.options(_wish(visitor, operation), visitor.holder, visitor.now))


@require_POST
@signed_in
@own_operation
def prove(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """The right answer turns the operation to `authorised`."""
    if operation.state != State.AWAITING_CODE:
        return redirect("operation", operation.id)
    wish, answer = _wish(visitor, operation), request.POST.get("answer", "")
    try:
        receipt = asserting.check_unlock(wish, visitor.holder, answer, card_of(operation).ref, visitor.now)
        operations.authorise(operation.id, visitor.browser, receipt, visitor.now)
    except PasskeyError as refusal:
        return screen(request, operation, refusal)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status)
    return redirect("operation", operation.id)


def _wish(visitor: Visitor, operation: Watched) -> Wish:
    return Wish(visitor.browser, Deed.UNLOCK, operation.id, card_of(operation).last_four)
