""" "Başvuru" of a signed-in holder, with what is known; the one under way is shown, printed, withdrawn."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.applications import queries, receiving, services
from kilitcoz_portal.applications.errors import ApplicationOpen, StepImpossible
from kilitcoz_portal.approval.queries import consent_given
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.contacts import BY_HOLDER
from kilitcoz_portal.holders.errors import PhoneInvalid
from kilitcoz_portal.pages.application_forms import OwnForm
from kilitcoz_portal.pages.application_words import status_of
from kilitcoz_portal.pages.frozen import unless_frozen
from kilitcoz_portal.pages.printed_form import printed_form
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.phones import masked


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@unless_frozen
def own_application(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The one under way, or the form for another."""
    has_card = bool(holders.cards_of(visitor.holder.pk))
    form = OwnForm(request.POST if request.method == "POST" else None, has_card=has_card)
    if not form.is_valid():
        return _page(request, visitor, form)
    try:
        receiving.by_holder(
            visitor.holder, form.cleaned_data["kind"], visitor.now, consent_given=consent_given
        )
    except ApplicationOpen as refusal:
        return failure(request, refusal.code)
    except PhoneInvalid:
        return failure(request, PhoneNotAllowed.code)
    return redirect("own-application")


@require_POST
@signed_in
@unless_frozen
def form_pdf(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The form of the one under way; it carries no word: the holder has one."""
    found = queries.open_of_holder(visitor.holder)
    return redirect("own-application") if found is None else printed_form(request, found, visitor.now)


@require_POST
@signed_in
@unless_frozen
def withdraw(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The holder wants it no more."""
    found = queries.open_of_holder(visitor.holder)
    if found is None:
        return redirect("own-application")
    try:
        services.withdraw(found, visitor.now, by=BY_HOLDER)
    except StepImpossible as refusal:
        return failure(request, refusal.code)
    return redirect("own-application")


def _page(request: HttpRequest, visitor: Visitor, form: OwnForm) -> HttpResponse:
    holder = visitor.holder
    applications = queries.of_holder(holder)
    context = {
        "screen": _("Başvuru"),
        "form": form,
        "holder": holder,
        "phone": masked(holder.phone),
        "status": status_of(applications[0]) if applications else None,
    }
    return render(request, "pages/own_application.html", context, status=422 if form.errors else 200)
