"""Figure 2, "E-imzalı Giriş (Akıllı Kart Servisi)": the holder's card signs, and this browser is signed in.

Nobody is signed in here yet: what a visitor may see is what this browser began, and whose login it is no page
tells before the completion secret, or behind a typed code the number, is presented (A18b).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.addresses import client_address
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import logins, queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import (
    ConfirmationWrong,
    OperationError,
    OperationNotFound,
    OperationState,
)
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import following
from kilitcoz_portal.pages.entering import enter
from kilitcoz_portal.pages.forms import ConfirmationForm
from kilitcoz_portal.pages.messages import Told, ending_of_login, tell_of_login
from kilitcoz_portal.pages.visitors import visitor_of
from kilitcoz_portal.signin import sessions, words
from kilitcoz_portal.signin.devices import describe
from kilitcoz_portal.signin.sessions import Way


@dataclass(frozen=True)
class Beginner:
    """A browser that began a login, at one moment."""

    browser: str
    now: datetime


LoginView = Callable[[HttpRequest, Beginner, Watched], HttpResponse]


def own_login(view: LoginView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give the view the login that the address names, or 404 where this browser did not begin it.

    A browser that is signed in meanwhile has no use for it, and goes on to the menu.
    """

    @wraps(view)
    def guarded(request: HttpRequest, operation_id: str) -> HttpResponse:
        beginner = Beginner(sessions.known_browser(request.session), timezone.now())
        try:
            login = queries.watch(operation_id, beginner.browser, beginner.now)
        except OperationNotFound:
            login = None
        if login is not None and login.kind == OperationKind.LOGIN:
            return view(request, beginner, login)
        return redirect("menu") if visitor_of(request) else _refused(request, OperationNotFound())

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """What will happen, and what is needed; the button begins."""
    if visitor_of(request):
        return redirect("menu")
    if request.method != "POST":
        return render(request, "pages/card_login.html", {"screen": _screen()})
    try:
        operation = logins.start(
            sessions.browser(request.session),
            _browser_name(request),
            client_address(request),
            get_language() or "tr",
            timezone.now(),
        )
    except OperationError as refusal:
        return _refused(request, refusal)
    return redirect("card-login", operation.pk)


@require_safe
@own_login
def login_page(request: HttpRequest, beginner: Beginner, login: Watched) -> HttpResponse:
    """The login as it stands: the way into the card service, the number to type, or its end."""
    if login.is_open:
        return _follow(request, beginner, login)
    if login.state == State.SUCCEEDED and not login.completed:
        return _confirm_page(request, login, ConfirmationForm()) if login.paired else _go_back(request, login)
    return _ended(request, login)


@require_POST
@own_login
def pairing_code(request: HttpRequest, beginner: Beginner, login: Watched) -> HttpResponse:
    """A typed way in: shows the code once, on the page or to the page's script."""
    try:
        issued = operations.issue_pairing_code(login.id, beginner.browser, beginner.now)
    except OperationError as refusal:
        return _refused(request, refusal)
    shown = f"{issued[:4]}-{issued[4:]}"
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"pairing_code": shown})
    return _follow(request, beginner, login, pairing=shown)


@require_POST
@own_login
def cancel(request: HttpRequest, beginner: Beginner, login: Watched) -> HttpResponse:
    """Give up."""
    try:
        operations.cancel(login.id, beginner.browser, beginner.now)
    except OperationError as refusal:
        return _refused(request, refusal)
    return redirect("card-login", login.id)


@sensitive_post_parameters("number")
@require_POST
@own_login
def confirm(request: HttpRequest, beginner: Beginner, login: Watched) -> HttpResponse:
    """Behind a typed code: the number that only the card service's page shows."""
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        return _confirm_page(request, login, form, status=422)
    try:
        holder = logins.confirm(login.id, beginner.browser, form.cleaned_data["number"], beginner.now)
    except ConfirmationWrong as refusal:
        again = queries.watch(login.id, beginner.browser, beginner.now)
        told = tell_of_login(refusal.code)
        return _confirm_page(request, again, ConfirmationForm(), told=told, status=refusal.status)
    except OperationError as refusal:
        return _refused(request, refusal)
    return sign_in(request, holder, beginner.now)


def come_back(request: HttpRequest, operation_id: str, now: datetime) -> HttpResponse:
    """Behind a link: this browser brings the completion secret. Once, and from no other browser."""
    completion = request.POST.get("completion", "")[:128]
    try:
        holder = logins.complete(operation_id, sessions.known_browser(request.session), completion, now)
    except OperationError as refusal:
        return _refused(request, refusal)
    return sign_in(request, holder, now)


def sign_in(request: HttpRequest, holder: Holder, now: datetime) -> HttpResponse:
    """Closed lanes of the holder's word are opened, and the session is the holder's."""
    words.free_by_card(holder, now)
    return enter(request, holder, Way.CARD, now)


def _follow(request: HttpRequest, beginner: Beginner, login: Watched, pairing: str = "") -> HttpResponse:
    capability = ""
    if login.state == State.AUTHORISED:
        try:
            capability = operations.issue_capability(login.id, beginner.browser, beginner.now)
        except OperationState:  # a card service has taken it up since it was looked at
            return redirect("card-login", login.id)
        except OperationError as refusal:
            return _refused(request, refusal)
    context = {
        "screen": _screen(),
        "operation": login,
        "status": following.sentence(login),
        "capability": capability,
        "local_page": f"http://127.0.0.1:{settings.KILITCOZ_AGENT_PORT}/",
        "pairing": pairing,
        "here": request.path.removesuffix("/eslestirme"),
    }
    return render(request, "pages/card_login_open.html", context)


def _go_back(request: HttpRequest, login: Watched) -> HttpResponse:
    """The card has signed; the card service's page leads back."""
    context = {"screen": _screen(), "operation": login, "status": following.sentence(login)}
    return render(request, "pages/card_login_back.html", context)


def _confirm_page(
    request: HttpRequest,
    login: Watched,
    form: ConfirmationForm,
    *,
    told: Told | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "screen": _screen(),
        "operation": login,
        "form": form,
        "told": told,
        "here": request.path.removesuffix("/onay"),
    }
    return render(request, "pages/card_login_confirm.html", context, status=status)


def _ended(request: HttpRequest, login: Watched) -> HttpResponse:
    told = ending_of_login(login.state, login.code)
    reference = login.code if login.state == State.FAILED else ""
    context = {"screen": told.title, "told": told, "operation": login, "reference": reference}
    return render(request, "pages/card_login_ended.html", context)


def _refused(request: HttpRequest, refusal: OperationError) -> HttpResponse:
    told = tell_of_login(refusal.code)
    context = {"screen": told.title, "told": told}
    return render(request, "pages/card_login_ended.html", context, status=refusal.status)


def _browser_name(request: HttpRequest) -> str:
    """For the holder to recognise: "Firefox · Windows"; "" where neither is known."""
    device = describe(request.headers.get("User-Agent", ""), client_address(request))
    return " · ".join(filter(None, (device.browser, device.system)))


def _screen() -> str:
    return _("E-imzalı Giriş (Akıllı Kart Servisi)")
