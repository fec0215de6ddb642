"""The application form on its way to a browser: made for this answer, kept nowhere."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from kilitcoz_portal.applications import printing
from kilitcoz_portal.applications.errors import FormBusy, PrintedTooOften, StepImpossible
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.pages.views.failures import failure


def printed_form(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """A PDF to save; no cache keeps it."""
    try:
        form = printing.print_form(application, now)
    except FormBusy as refusal:
        return failure(request, refusal.code, status=429, onward="application-status")
    except (PrintedTooOften, StepImpossible) as refusal:
        return failure(request, refusal.code, onward="application-status")
    answer = HttpResponse(form, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="basvuru-{application.number}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
