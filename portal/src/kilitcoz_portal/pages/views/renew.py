""" "Sertifikamı Yenile": new keys and certificates on the card, at home, where card and policy allow."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.pages.card_facts import PURPOSES
from kilitcoz_portal.pages.deed_words import WORDS
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.proofs import beyond_phone
from kilitcoz_portal.pages.views import beginning
from kilitcoz_portal.pages.views.beginning import Begin
from kilitcoz_portal.pages.views.failures import not_permitted
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.renewal import policy, queries
from kilitcoz_portal.renewal import services as renewal

RENEW = WORDS[OperationKind.RENEW]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@names_own(Thing.CARD, "card")
def confirm(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What will be done, until when the old certificates last, and "Tamam"; or at once why it cannot be."""
    every, due = holders.cards_of(visitor.holder.pk), queries.due_cards(visitor.holder.pk, visitor.now)
    refused = [queries.refusal(card, visitor.now) for card in due or every]
    if refused and all(refused):
        return not_permitted(request, next(filter(None, refused)), RENEW.kind)
    ending = [_ending(each) for card in due for each in policy.in_use(card, visitor.now)]
    more = {"ending": ending}
    return beginning.ask(request, visitor, RENEW, due, _begin(request, visitor), more)


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def begin_here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and begin anew in this one."""
    return beginning.ask_here(request, visitor, RENEW, _begin(request, visitor))


def _ending(certificate: Certificate) -> dict[str, object]:
    return {"purpose": PURPOSES.get(certificate.slot, certificate.slot), "until": certificate.not_after}


def _begin(request: HttpRequest, visitor: Visitor) -> Begin:
    def begin(card: Card) -> Operation:
        return renewal.start(
            visitor.holder,
            card,
            visitor.browser,
            beginning.language(),
            visitor.now,
            beyond_phone=beyond_phone(request.session, visitor.holder),
        )

    return begin
