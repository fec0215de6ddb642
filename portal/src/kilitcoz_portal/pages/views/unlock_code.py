"""An operation's own code: the screen of figure 5 once more, its text naming the card (design §4, M5)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.operations import queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages.code_screen import CodeScreen, code_screen
from kilitcoz_portal.pages.deed_words import words_of
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.open_operation import card_of, own_operation
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import codes
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import CodeUsedUp, SignInError
from kilitcoz_portal.signin.passkeys import keeping
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.sms.phones import masked


def screen(
    request: HttpRequest,
    visitor: Visitor,
    operation: Watched,
    form: CodeForm | None = None,
    refusal: SignInError | SmsError | None = None,
) -> HttpResponse:
    """The code's screen for this operation."""
    words = words_of(operation)
    shown = CodeScreen(
        screen=_("SMS Onay Kodu Giriş Ekranı"),
        sentence=str(words.for_code) % {"card": card_of(operation).last_four},
        submit_to=reverse("operation-code", args=[operation.id]),
        again_to=reverse("operation-code-again", args=[operation.id]),
        back_to=reverse(words.begin),
        here=reverse("operation", args=[operation.id]),
        phone=masked(visitor.holder.phone),
        waiting=codes.waiting(_wish(visitor, operation.id), visitor.now),
        wish=_wish(visitor, operation.id),
    )
    return code_screen(request, shown, form, refusal)


def send_first(request: HttpRequest, visitor: Visitor, operation_id: str) -> HttpResponse:
    """After "Tamam": send the code, unless the resumed operation still has one waiting, or the holder has a
    passkey to be asked for first.
    """
    if keeping.serve(visitor.holder):
        return redirect("operation", operation_id)
    waiting = codes.waiting(_wish(visitor, operation_id), visitor.now)
    if waiting is None or not waiting.seconds_left:
        operation = queries.watch(operation_id, visitor.browser, visitor.now)
        return _send(request, visitor, operation)
    return redirect("operation", operation_id)


def is_waiting(visitor: Visitor, operation_id: str) -> bool:
    """Whether a code was asked for already."""
    return codes.waiting(_wish(visitor, operation_id), visitor.now) is not None


@signed_in
@own_operation
def enter_code(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """The right code turns the operation to `authorised`."""
    if request.method != "POST" or operation.state != State.AWAITING_CODE:
        return redirect("operation", operation.id)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return screen(request, visitor, operation, form)
    wish, typed = _wish(visitor, operation.id), form.cleaned_data["sms_code"]
    try:
        receipt = codes.check_unlock(wish, typed, card_of(operation).ref, visitor.now)
        operations.authorise(operation.id, visitor.browser, receipt, visitor.now)
    except CodeUsedUp as refusal:
        return _give_up(request, visitor, operation, refusal)
    except SignInError as refusal:
        return screen(request, visitor, operation, form, refusal)
    except OperationError as refusal:
        return failure(request, refusal.code, status=refusal.status)
    return redirect("operation", operation.id)


@require_POST
@signed_in
@own_operation
def send_again(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    """A new code for the same operation."""
    if operation.state != State.AWAITING_CODE:
        return redirect("operation", operation.id)
    return _send(request, visitor, operation)


def _send(request: HttpRequest, visitor: Visitor, operation: Watched) -> HttpResponse:
    card, words = card_of(operation).last_four, words_of(operation)
    language = holders.message_language(visitor.holder, operation.language)
    try:
        codes.send(
            _wish(visitor, operation.id),
            visitor.holder,
            lambda code: words.sms_text(code, card_last_four=card, language=language),
            visitor.now,
        )
    except CodeUsedUp as refusal:
        return _give_up(request, visitor, operation, refusal)
    except (SignInError, SmsError) as refusal:
        return screen(request, visitor, operation, None, refusal)
    return redirect("operation", operation.id)


def _give_up(request: HttpRequest, visitor: Visitor, operation: Watched, refusal: CodeUsedUp) -> HttpResponse:
    """Five wrong codes end the operation; a new one gets a new code."""
    operations.cancel(operation.id, visitor.browser, visitor.now)
    return failure(request, refusal.code, status=403)


def _wish(visitor: Visitor, operation_id: str) -> Wish:
    return Wish(visitor.browser, Purpose.UNLOCK, operation_id)
