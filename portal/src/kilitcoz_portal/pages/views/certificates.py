""" "Sertifika Listele": the holder's certificates by card, one of them with its history, and its file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kilitcoz_portal.certificates import queries
from kilitcoz_portal.pages import card_facts, certificate_facts
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.visitors import Visitor, signed_in

CERTIFICATE = "application/pkix-cert"  # RFC 2585, 4


@require_safe
@signed_in
def list_all(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ours by card with their states; of a card that another authority's certificates are on, what was found
    when it was enrolled.
    """
    ours = certificate_facts.cards_of(visitor.holder.pk, visitor.now)
    known = {card.pk for card in ours}
    others = card_facts.certificates_of(visitor.holder.pk, visitor.now)
    context = {
        "screen": _("Sertifika Listele"),
        "cards": ours,
        "others": [card for card in others if card.pk not in known],
    }
    return render(request, "pages/certificates.html", context)


@require_safe
@signed_in
@names_own(Thing.CERTIFICATE, "certificate")
def one(request: HttpRequest, visitor: Visitor, certificate: int) -> HttpResponse:
    """Everything there is to know of one of them."""
    row = queries.by_key(certificate)
    context = {
        "screen": _("Sertifika ayrıntıları"),
        "facts": certificate_facts.facts(row, visitor.now),
        "card": card_facts.card_name(row.card),
        "history": certificate_facts.history(row),
    }
    return render(request, "pages/certificate.html", context)


@require_safe
@signed_in
@names_own(Thing.CERTIFICATE, "certificate")
def download(_request: HttpRequest, _visitor: Visitor, certificate: int) -> HttpResponse:
    """The certificate, DER."""
    row = queries.by_key(certificate)
    headers = {"Content-Disposition": f'attachment; filename="{row.serial_number}.cer"'}
    return HttpResponse(bytes(row.der), content_type=CERTIFICATE, headers=headers)
