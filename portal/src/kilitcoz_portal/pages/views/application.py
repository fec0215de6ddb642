""" "Başvuru", open to everybody: the application, its form as a PDF, and how far it is.

The browser that applied prints the form, for an hour: whoever finds the paper must not print another word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.applications import asking, receiving
from kilitcoz_portal.applications.entry import Entry
from kilitcoz_portal.applications.errors import ApplicationsSlowed, ApplicationUnknown
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.applications.printing import PRINTABLE
from kilitcoz_portal.pages.application_forms import ApplyForm, StatusForm
from kilitcoz_portal.pages.application_words import Status, status_of
from kilitcoz_portal.pages.callers import check_for
from kilitcoz_portal.pages.forms import ID_NUMBER_SLIP
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.printed_form import printed_form
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import visitor_of
from kilitcoz_portal.signin import human, sessions
from kilitcoz_portal.signin.errors import SignInError

PRINTED_FOR = timedelta(hours=1)
_SESSION_KEY = "application"


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The application of a stranger; who is signed in has a page of their own."""
    if visitor_of(request):
        return redirect("own-application")
    if request.method != "POST" or "new_picture" in request.POST:
        typed = request.POST.dict() or {"language": get_language() or "tr"}
        return _apply_page(request, ApplyForm(initial=typed))
    form = ApplyForm(request.POST)
    if form.is_valid() and not form.answers_the_check():
        form.ask_for_the_check()
    if not form.is_valid():
        return _apply_page(request, form, status=422)
    try:
        application = _receive(request, form)
    except ApplicationsSlowed as refusal:
        return failure(request, refusal.code, status=429)
    except SignInError as refusal:
        form.forget_the_check()
        return _apply_page(request, form, told=tell(refusal.code), status=422)
    request.session[_SESSION_KEY] = application.pk
    return redirect("application-received")


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The number, and the way to the form."""
    application = _just_applied(request, timezone.now())
    if application is None:
        return redirect("application-status")
    context = {"screen": _("Başvurunuz alındı"), "status": status_of(application)}
    return render(request, "pages/application_received.html", context)


@require_POST
def form_pdf(request: HttpRequest) -> HttpResponse:
    """The form of the application that this browser just made."""
    now = timezone.now()
    application = _just_applied(request, now)
    return redirect("application-status") if application is None else printed_form(request, application, now)


@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """The applicant has the form: who sits down next at this computer prints none."""
    request.session.pop(_SESSION_KEY, None)
    return redirect("front")


@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """By number and ID number; nothing of them goes into an address."""
    if request.method != "POST":
        return _status_page(request, StatusForm())
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _status_page(request, form, code=422)
    network, now = network_of(client_address(request)), timezone.now()
    try:
        found = asking.ask(form.cleaned_data["number"], form.cleaned_data["id_number"], network, now)
    except ApplicationsSlowed as refusal:
        return failure(request, refusal.code, status=429)
    except ApplicationUnknown as refusal:
        return _status_page(request, form, told=tell(refusal.code), code=422)
    return _status_page(request, StatusForm(), found=status_of(found))


def _receive(request: HttpRequest, form: ApplyForm) -> Application:
    """Raises HumanCheckFailed, HumanCheckLate, ApplicationsSlowed."""
    now, entered = timezone.now(), form.cleaned_data
    browser = sessions.browser(request.session)
    human.pass_check(
        entered["check"], browser, answer=entered["picture_text"], proof=entered["proof"], now=now
    )
    entry = Entry(
        id_number=entered["id_number"],
        name=form.name,
        surname=entered["surname"],
        phone=entered["phone"],
        email=entered["email"],
        language=entered["language"],
        kind=entered["kind"],
    )
    return receiving.by_stranger(entry, network_of(client_address(request)), now)


def _just_applied(request: HttpRequest, now: datetime) -> Application | None:
    """What this browser applied for within the hour, while it can be printed."""
    ours: int = request.session.get(_SESSION_KEY, 0)
    since = now - PRINTED_FOR
    return Application.objects.filter(pk=ours, state__in=PRINTABLE, received_at__gt=since).first()


def _apply_page(
    request: HttpRequest, form: ApplyForm, *, told: Told | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "screen": _("Sertifika Başvurusu"),
        "form": form,
        "check_id": check_for(request, form),
        "slip": ID_NUMBER_SLIP,
        "told": told,
    }
    return render(request, "pages/application.html", context, status=status)


def _status_page(
    request: HttpRequest,
    form: StatusForm,
    *,
    told: Told | None = None,
    found: Status | None = None,
    code: int = 200,
) -> HttpResponse:
    context = {"screen": _("Başvurum Ne Durumda?"), "form": form, "told": told, "status": found}
    return render(request, "pages/application_status.html", context, status=code)
