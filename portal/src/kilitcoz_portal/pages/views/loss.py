""" "Kartımı kaybettim": open to everybody at every hour; the proof that only the holder has, and all of the
holder's certificates are suspended. No page before the proof says whether a number is enrolled (A04, A12).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kilitcoz_portal.ca.errors import CaError, CaUnavailable
from kilitcoz_portal.certificates import queries
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import by_number, certificate_facts, world
from kilitcoz_portal.pages.by_number import Beginning
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.forms import ApplicationNumberForm, CodeForm
from kilitcoz_portal.pages.loss_forms import LossPhoneForm
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.signin import loss_reports, sessions
from kilitcoz_portal.signin.errors import (
    LossProofUsedUp,
    LossProofWrong,
    LossReportSlowed,
    NoLossReport,
)
from kilitcoz_portal.signin.loss_reports import Stage
from kilitcoz_portal.signin.models import LossReport

Prove = Callable[[LossReport, str, datetime], None]
_BEGINNING = Beginning(
    gettext_lazy("Kartımı kaybettim"), "pages/loss.html", loss_reports.begin, LossReportSlowed, "loss-proof"
)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Number and human check; the next page is the same for every number."""
    return by_number.begin(request, _BEGINNING)


@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The phone's number, to which a code is sent; or the application's number, which is proof itself."""
    now = timezone.now()
    report = _report(request, now)
    if report is None:
        return _no_report(request)
    phone, application = LossPhoneForm(), ApplicationNumberForm()
    if request.method == "POST" and "phone" in request.POST:
        phone = LossPhoneForm(request.POST)
        if phone.is_valid():
            language = get_language() or "tr"
            loss_reports.ask_code(report, phone.cleaned_data["phone"], now, language=language)
            return redirect("loss-code")
    elif request.method == "POST":
        application = ApplicationNumberForm(request.POST)
        if application.is_valid():
            proved = _prove(request, report, application, loss_reports.prove_by_application)
            if proved is not None:
                return proved
    return _proof_page(request, phone, application)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The code, if one was sent; which this page does not know."""
    now = timezone.now()
    report = _report(request, now)
    if report is None:
        return _no_report(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        proved = _prove(request, report, form, loss_reports.prove_by_code)
        if proved is not None:
            return proved
    context = {"screen": _("SMS Onay Kodu Giriş Ekranı"), "form": form, "told": None}
    return render(request, "pages/loss_code.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """Once more, where the authority could not be reached when the proof was right."""
    now = timezone.now()
    report = _report(request, now, Stage.PROVED)
    if report is None:
        return _no_report(request)
    if request.method == "POST":
        return _stop(request, report, now)
    return render(request, "pages/loss_stop.html", {"screen": _("Kartımı kaybettim")})


@require_safe
def stopped(request: HttpRequest) -> HttpResponse:
    """What is suspended now and what everybody sees of it; for the browser that told, for half an hour."""
    now = timezone.now()
    report = loss_reports.done(sessions.known_browser(request.session), now)
    if report is None or report.holder is None:
        return _no_report(request)
    cards = certificate_facts.cards_of(report.holder.pk, now)
    rows = [each.row for card in cards for each in card.suspended]
    context = {
        "screen": _("Sertifikalarınız askıya alındı") if rows else _("Kartımı kaybettim"),
        "cards": cards,
        "world": world.seen_of(rows) if rows else None,
        "others": queries.has_cards_of_others(report.holder.pk),
    }
    return render(request, "pages/loss_stopped.html", context)


def _prove(request: HttpRequest, report: LossReport, form: forms.Form, prove: Prove) -> HttpResponse | None:
    """Where to go next; None where the proof was wrong, and the form's field says so."""
    (field,) = form.fields
    now = timezone.now()
    try:
        prove(report, form.cleaned_data[field], now)
    except LossProofWrong as refusal:
        by_number.say_wrong(form, field, refusal)
        return None
    except NoLossReport:
        return _no_report(request)
    except LossProofUsedUp as refusal:
        return failure(request, refusal.code, status=403, onward="loss")
    return _stop(request, report, now)


def _stop(request: HttpRequest, report: LossReport, now: datetime) -> HttpResponse:
    def stop(holder: Holder) -> None:
        certificates.suspend_all(holder.pk, HOLDER, Reason.LOST, now, about=about(request))

    try:
        loss_reports.finish(report, now, stop)
    except NoLossReport:
        return _no_report(request)
    except CaError:
        return failure(request, CaUnavailable.code, status=503, onward="loss-stop")
    return redirect("loss-stopped")


def _report(request: HttpRequest, now: datetime, stage: Stage = Stage.BEGUN) -> LossReport | None:
    report = loss_reports.running(sessions.known_browser(request.session), now)
    return report if report is not None and report.stage == stage else None


def _no_report(request: HttpRequest) -> HttpResponse:
    """Late, over, or begun in another browser."""
    return failure(request, NoLossReport.code, status=403, onward="loss")


def _proof_page(
    request: HttpRequest, phone: LossPhoneForm, application: ApplicationNumberForm
) -> HttpResponse:
    wrong = phone if phone.errors else application
    context = {
        "screen": _("Kartımı kaybettim"),
        "phone": phone,
        "application": application,
        "form": wrong,
    }
    return render(request, "pages/loss_proof.html", context, status=422 if wrong.errors else 200)
