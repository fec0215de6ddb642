"""What everybody can see of a card's certificates now: of the list and OCSP, or by when they will say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_portal.ca import choice, lists
from kilitcoz_portal.ca import queries as ca
from kilitcoz_portal.certificates import queries
from kilitcoz_portal.certificates.clock import LIMIT
from kilitcoz_portal.certificates.models import Certificate


@dataclass(frozen=True)
class World:
    """`told`: CRL and OCSP say what we say. `crl_number`: of our own list's newest edition. `at_the_latest`:
    where they do not say it yet.
    """

    told: bool
    crl_number: int | None = None
    published_at: datetime | None = None
    at_the_latest: datetime | None = None


def seen_of(certificate: Certificate) -> World:
    """As of now."""
    if not queries.is_told(certificate):
        orders = [each for each in queries.waiting_orders() if each.card_id == certificate.card_id]
        return World(told=False, at_the_latest=orders[0].asked_at + LIMIT if orders else None)
    authority = ca.newest_authority() if choice.authority().joins_transaction else None
    newest = lists.current(authority.name) if authority else None
    if newest is None:
        return World(told=True)
    return World(told=True, crl_number=newest.number, published_at=newest.this_update)
