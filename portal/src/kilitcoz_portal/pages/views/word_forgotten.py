"""Figure 3, "Güvenlik Sözcüğümü Unuttum": the number, then the second proof. No page up to here says whether
the number is enrolled, and nothing is sent to who only knows it (A04, A12).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.addresses import client_address, network_of
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.pages.callers import check_for
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.forms import ID_NUMBER_SLIP
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.recovering import Recovering, no_recovery, recovering, step_on
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import visitor_of
from kilitcoz_portal.pages.word_forms import ApplicationForm, ForgottenForm, LetterForm, ReleaseForm
from kilitcoz_portal.signin import human, sessions, word_recovery
from kilitcoz_portal.signin.errors import (
    NoRecovery,
    ProofUsedUp,
    ProofWrong,
    RecoveryHeld,
    RecoverySlowed,
    SignInError,
)
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.signin.word_recovery import Stage

Prove = Callable[[WordRecovery, str, datetime, About], Holder]


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Number and human check; the next page is the same for every number."""
    if visitor_of(request):
        return redirect("word-change")
    if request.method != "POST" or "new_picture" in request.POST:
        return _begin_page(request, ForgottenForm())
    form = ForgottenForm(request.POST)
    if form.is_valid() and not form.answers_the_check():
        form.ask_for_the_check()
    if not form.is_valid():
        return _begin_page(request, form, status=422)
    try:
        _begin(request, form.cleaned_data)
    except RecoverySlowed as refusal:
        return failure(request, refusal.code, status=429)
    except SignInError as refusal:
        return _begin_page(request, form, told=tell(refusal.code), status=422)
    return redirect("word-proof")


@sensitive_post_parameters("release")
@require_http_methods(["GET", "HEAD", "POST"])
@recovering(Stage.BEGUN)
def prove(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The three second proofs; the call centre's code is typed right here."""
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        proved = _prove(request, at, word_recovery.prove_by_release, form, "release")
        if proved is not None:
            return proved
    return _proof_page(request, form, ApplicationForm())


@require_POST
@recovering(Stage.BEGUN)
def ask_letter(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The e-mail is sent if all fits; the next page says only that."""
    form = ApplicationForm(request.POST)
    if not form.is_valid():
        return _proof_page(request, ReleaseForm(), form)
    try:
        word_recovery.ask_letter(
            at.recovery,
            form.cleaned_data["application_number"],
            at.now,
            page=settings.KILITCOZ_ORIGIN + reverse("word-letter"),
            language=get_language() or "tr",
        )
    except ProofUsedUp as refusal:
        return failure(request, refusal.code, status=403, onward="word-forgotten")
    return redirect("word-letter")


@sensitive_post_parameters("letter_code")
@require_http_methods(["GET", "HEAD", "POST"])
@recovering(Stage.BEGUN)
def letter(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The e-mail's code, typed or brought by its link."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        proved = _prove(request, at, word_recovery.prove_by_letter, form, "letter_code")
        if proved is not None:
            return proved
    context = {"screen": _("E-posta kodunuzu yazın"), "form": form, "told": None}
    return render(request, "pages/word_letter.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, entered: dict[str, str]) -> None:
    """Raises HumanCheckFailed, HumanCheckLate, RecoverySlowed."""
    now, browser = timezone.now(), sessions.browser(request.session)
    human.pass_check(
        entered["check"], browser, answer=entered["picture_text"], proof=entered["proof"], now=now
    )
    word_recovery.begin(entered["id_number"], browser, network_of(client_address(request)), now)


def _prove(
    request: HttpRequest, at: Recovering, prove_by: Prove, form: forms.Form, field: str
) -> HttpResponse | None:
    """Where to go next; None where the code was wrong, and the form says so."""
    try:
        prove_by(at.recovery, form.cleaned_data[field], at.now, about(request))
    except ProofWrong as refusal:
        told = tell(refusal.code)
        left = _("Kalan deneme hakkınız: %(left)s.") % {"left": refusal.tries_left}
        form.add_error(field, f"{told.happened} {told.next_step} {left}")
        return None
    except NoRecovery:
        return no_recovery(request)
    except RecoveryHeld as refusal:
        return failure(request, refusal.code, status=403, until=refusal.until)
    except (ProofUsedUp, HolderFrozen) as refusal:
        return failure(request, refusal.code, status=403, onward="word-forgotten")
    step_on(request, at)
    return redirect("word-phone")


def _begin_page(
    request: HttpRequest, form: ForgottenForm, *, told: Told | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "screen": _("Güvenlik Sözcüğümü Unuttum"),
        "form": form,
        "check_id": check_for(request, form),
        "slip": ID_NUMBER_SLIP,
        "told": told,
    }
    return render(request, "pages/word_forgotten.html", context, status=status)


def _proof_page(request: HttpRequest, release: ReleaseForm, application: ApplicationForm) -> HttpResponse:
    wrong = release if release.errors else application
    context = {
        "screen": _("Güvenlik Sözcüğümü Unuttum"),
        "release": release,
        "application": application if mail.is_offered() else None,
        "form": wrong,
    }
    return render(request, "pages/word_proof.html", context, status=422 if wrong.errors else 200)
