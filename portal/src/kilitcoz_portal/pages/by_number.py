"""What begins by an ID number and a human check, without a login: a forgotten word, a lost card. Every number
is answered alike; the proof comes on the pages after it (A04, A12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.pages.callers import check_for
from kilitcoz_portal.pages.forms import ID_NUMBER_SLIP, NumberForm
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.signin import human, sessions
from kilitcoz_portal.signin.errors import SignInError


class Counted(Protocol):
    """A refusal of a proof that says how many tries are left."""

    code: ClassVar[str]
    tries_left: int


@dataclass(frozen=True)
class Beginning:
    """One such deed. `begin` takes number, browser, network and the time, and raises `slowed` where too many
    came from that network; `then` names the address of the proof.
    """

    screen: str | Promise
    template: str
    begin: Callable[[str, str, str, datetime], None]
    slowed: type[SignInError]
    then: str


def begin(request: HttpRequest, what: Beginning) -> HttpResponse:
    """Number and human check; the next page is the same for every number."""
    if request.method != "POST" or "new_picture" in request.POST:
        return _page(request, what, NumberForm())
    form = NumberForm(request.POST)
    if form.is_valid() and not form.answers_the_check():
        form.ask_for_the_check()
    if not form.is_valid():
        return _page(request, what, form, status=422)
    try:
        _begin(request, what, form.cleaned_data)
    except what.slowed as refusal:
        return failure(request, refusal.code, status=429)
    except SignInError as refusal:
        return _page(request, what, form, told=tell(refusal.code), status=422)
    return redirect(what.then)


def say_wrong(form: forms.Form, field: str, refusal: Counted) -> None:
    """At the field: what was wrong, what to do, and how many tries are left."""
    told = tell(refusal.code)
    left = _("Kalan deneme hakkınız: %(left)s.") % {"left": refusal.tries_left}
    form.add_error(field, f"{told.happened} {told.next_step} {left}")


def _begin(request: HttpRequest, what: Beginning, entered: dict[str, str]) -> None:
    """Raises HumanCheckFailed, HumanCheckLate, and `slowed`."""
    now, browser = timezone.now(), sessions.browser(request.session)
    human.pass_check(
        entered["check"], browser, answer=entered["picture_text"], proof=entered["proof"], now=now
    )
    what.begin(entered["id_number"], browser, network_of(client_address(request)), now)


def _page(
    request: HttpRequest, what: Beginning, form: NumberForm, *, told: Told | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "screen": what.screen,
        "form": form,
        "check_id": check_for(request, form),
        "slip": ID_NUMBER_SLIP,
        "told": told,
    }
    return render(request, what.template, context, status=status)
