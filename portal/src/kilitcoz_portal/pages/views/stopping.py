""" "Sertifikamı İptal Et": suspending is easy, revoking is asked twice, and what was suspended opens again
only after a fresh proof. All of a card's certificates change together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_portal.ca.errors import CaError, CaUnavailable
from kilitcoz_portal.certificates import ends, planning, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.errors import CertificateError, EndWrong
from kilitcoz_portal.certificates.models import Role
from kilitcoz_portal.pages import certificate_facts, world
from kilitcoz_portal.pages.certificate_facts import CardFacts
from kilitcoz_portal.pages.certificate_forms import RevokeForm, SuspendForm
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.frozen import unless_frozen
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in

NOTHING_TO_CHANGE = "certificate-no-change"
_CardView = Callable[[HttpRequest, Visitor, CardFacts], HttpResponse]


def _of_card(view: _CardView) -> Callable[..., HttpResponse]:
    """Inside `names_own`: the view gets the card with its certificates; what forbids the deed is a page."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, card: int) -> HttpResponse:
        found = certificate_facts.card_of(card, visitor.now)
        if found is None:
            return failure(request, "card-without-certificates", status=409, onward="revoke")
        try:
            return view(request, visitor, found)
        except CertificateError as refusal:
            return failure(request, refusal.code, status=409, onward="revoke")
        except CaError:
            return failure(request, CaUnavailable.code, status=503, onward="revoke")

    return guarded


@require_safe
@signed_in
def choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Which card, and which deed; what suspending and revoking mean."""
    context = {
        "screen": _("Sertifikamı İptal Et"),
        "cards": certificate_facts.cards_of(visitor.holder.pk, visitor.now),
    }
    return render(request, "pages/stopping.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@names_own(Thing.CARD, "card")
@_of_card
def suspend(request: HttpRequest, visitor: Visitor, card: CardFacts) -> HttpResponse:
    """ "Askıya Al": why and for how long; nothing more is asked."""
    if not card.to_suspend:
        return failure(request, NOTHING_TO_CHANGE, onward="revoke")
    form = SuspendForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"revoked_at_the_end": ends.is_revoked_at_the_end(card.to_suspend[0])}
        return _form_page(request, "pages/suspend.html", _("Askıya Al"), card, form, context)
    services.suspend(
        card.to_suspend,
        HOLDER,
        form.cleaned_data["reason"],
        visitor.now,
        until=form.until(visitor.now),
        about=about(request),
    )
    return redirect("card-stopped", card.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@names_own(Thing.CARD, "card")
@unless_frozen
@_of_card
def resume(request: HttpRequest, visitor: Visitor, card: CardFacts) -> HttpResponse:
    """ "Askıdan Çıkar", after a fresh proof; what somebody else has suspended, they open again."""
    if not card.suspended:
        return failure(request, NOTHING_TO_CHANGE, onward="revoke")
    if request.method != "POST" or not card.to_resume:
        others = [each for each in card.suspended if each.row.held_by != Role.HOLDER]
        context = {"screen": _("Askıdan Çıkar"), "card": card, "others": others}
        return render(request, "pages/resume.html", context)
    services.resume(card.to_resume, HOLDER, visitor.now, about=about(request))
    return redirect("card-stopped", card.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@names_own(Thing.CARD, "card")
@unless_frozen
@_of_card
def revoke(request: HttpRequest, visitor: Visitor, card: CardFacts) -> HttpResponse:
    """ "İptal Et", at once or on a day; after a fresh proof and a tick at what cannot be undone."""
    if not card.to_revoke:
        return failure(request, NOTHING_TO_CHANGE, onward="revoke")
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form_page(request, "pages/revoke.html", _("İptal Et"), card, form)
    reason, at = form.cleaned_data["reason"], form.planned_for()
    if at is None:
        since = form.invalid_since()
        services.revoke(
            card.to_revoke, HOLDER, reason, visitor.now, invalid_since=since, about=about(request)
        )
        return redirect("card-stopped", card.pk)
    try:
        planning.plan(card.to_revoke, HOLDER, reason, at, visitor.now)
    except EndWrong:
        form.add_error("day", _("Sertifikanız o günden önce zaten sona eriyor. Daha yakın bir gün seçin."))
        return _form_page(request, "pages/revoke.html", _("İptal Et"), card, form)
    return redirect("card-stopped", card.pk)


@require_POST
@stepped_up
@names_own(Thing.CARD, "card")
@unless_frozen
@_of_card
def withdraw(request: HttpRequest, visitor: Visitor, card: CardFacts) -> HttpResponse:
    """No revocation on the planned day."""
    if not card.planned:
        return failure(request, NOTHING_TO_CHANGE, onward="revoke")
    planning.withdraw(card.planned, HOLDER, visitor.now)
    return redirect("card-stopped", card.pk)


@require_safe
@signed_in
@names_own(Thing.CARD, "card")
@_of_card
def done(request: HttpRequest, _visitor: Visitor, card: CardFacts) -> HttpResponse:
    """How the card stands now, and what the world sees of it."""
    newest = max(card.certificates, key=lambda each: each.row.state_at)
    context = {
        "screen": _("Kartınızın durumu"),
        "card": card,
        "newest": newest,
        "world": world.seen_of([newest.row]),
    }
    return render(request, "pages/stopped.html", context)


def _form_page(
    request: HttpRequest,
    template: str,
    screen: str,
    card: CardFacts,
    form: SuspendForm | RevokeForm,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    context = {"screen": screen, "card": card, "form": form, **(more or {})}
    return render(request, template, context, status=422 if form.errors else 200)
