"""What everybody can see of certificates now: of the list and OCSP, or by when these will say it."""

from __future__ import annotations

from collections.abc import Sequence
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


def seen_of(certificates: Sequence[Certificate]) -> World:
    """As of now; told only if it is told of every card of these."""
    cards = {each.card_id for each in certificates}
    waiting = [each.asked_at for each in queries.waiting_orders() if each.card_id in cards]
    if waiting or any(each.card_id in cards for each in queries.refused_orders()):
        return World(told=False, at_the_latest=max(waiting) + LIMIT if waiting else None)
    authority = ca.newest_authority() if choice.authority().joins_transaction else None
    newest = lists.current(authority.name) if authority else None
    if newest is None:
        return World(told=True)
    return World(told=True, crl_number=newest.number, published_at=newest.this_update)
