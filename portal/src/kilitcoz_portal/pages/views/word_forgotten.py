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
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail import services as mail
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.pages import by_number
from kilitcoz_portal.pages.by_number import Beginning
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.forms import ApplicationNumberForm
from kilitcoz_portal.pages.recovering import Recovering, no_recovery, recovering, step_on
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import visitor_of
from kilitcoz_portal.pages.word_forms import LetterForm, ReleaseForm
from kilitcoz_portal.signin import word_recovery
from kilitcoz_portal.signin.errors import (
    NoRecovery,
    ProofUsedUp,
    ProofWrong,
    RecoveryHeld,
    RecoverySlowed,
)
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.signin.word_recovery import Stage

Prove = Callable[[WordRecovery, str, datetime, About], Holder]
_BEGINNING = Beginning(
    gettext_lazy("Güvenlik Sözcüğümü Unuttum"),
    "pages/word_forgotten.html",
    word_recovery.begin,
    RecoverySlowed,
    "word-proof",
)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Number and human check; the next page is the same for every number."""
    if visitor_of(request):
        return redirect("word-change")
    return by_number.begin(request, _BEGINNING)


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
    return _proof_page(request, form, ApplicationNumberForm())


@require_POST
@recovering(Stage.BEGUN)
def ask_letter(request: HttpRequest, at: Recovering) -> HttpResponse:
    """The e-mail is sent if all fits; the next page says only that."""
    form = ApplicationNumberForm(request.POST)
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


def _prove(
    request: HttpRequest, at: Recovering, prove_by: Prove, form: forms.Form, field: str
) -> HttpResponse | None:
    """Where to go next; None where the code was wrong, and the form says so."""
    try:
        prove_by(at.recovery, form.cleaned_data[field], at.now, about(request))
    except ProofWrong as refusal:
        by_number.say_wrong(form, field, refusal)
        return None
    except NoRecovery:
        return no_recovery(request)
    except RecoveryHeld as refusal:
        return failure(request, refusal.code, status=403, until=refusal.until)
    except (ProofUsedUp, HolderFrozen) as refusal:
        return failure(request, refusal.code, status=403, onward="word-forgotten")
    step_on(request, at)
    return redirect("word-phone")


def _proof_page(
    request: HttpRequest, release: ReleaseForm, application: ApplicationNumberForm
) -> HttpResponse:
    wrong = release if release.errors else application
    context = {
        "screen": _("Güvenlik Sözcüğümü Unuttum"),
        "release": release,
        "application": application if mail.is_offered() else None,
        "form": wrong,
    }
    return render(request, "pages/word_proof.html", context, status=422 if wrong.errors else 200)
