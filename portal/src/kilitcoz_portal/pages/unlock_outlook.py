"""Whether a card could be unlocked from here now, and if not, why: the same questions that an unlock asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import permission
from kilitcoz_portal.operations.models import OPEN_STATES, Operation
from kilitcoz_portal.pages import card_stops
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.vault import queries as vault
from kilitcoz_portal.vault.errors import RefusalCode
from kilitcoz_portal.vault.states import SecretState

UNKNOWN_TO_THE_VAULT = "secret-unknown"
OPEN = "operation-open"
_OF_VAULT = {SecretState.MANUAL: RefusalCode.MANUAL, SecretState.PUK_BLOCKED: RefusalCode.PUK_EXHAUSTED}


@dataclass(frozen=True)
class Outlook:
    """`told`: what stands against it, None where nothing does; `until`: when that is over by itself.

    `unsettled`: the last unlock was cut off; the next one settles it first.
    """

    told: Told | None = None
    until: datetime | None = None
    unsettled: bool = False


def outlook(holder: Holder, card: Card, now: datetime, *, beyond_phone: bool) -> Outlook:
    """As of now. `beyond_phone` as in operations.permission."""
    refused = card_stops.refusal(card, now) or permission.refusal(
        holder, OperationKind.UNLOCK, now, beyond_phone=beyond_phone
    )
    if refused is not None:
        return Outlook(tell(refused.code), getattr(refused, "until", None))
    standing = vault.standing(card.ref)
    if standing is None:
        return Outlook(tell(UNKNOWN_TO_THE_VAULT))
    puk_retries_left = 0 if card.puk_blocked else card.puk_retries_left
    against = vault.look(card.ref, puk_retries_left, now).refusal
    if against is not None:
        return Outlook(tell(_OF_VAULT[against]))
    if Operation.objects.filter(card=card, state__in=OPEN_STATES, expires_at__gt=now).exists():
        return Outlook(tell(OPEN))
    return Outlook(unsettled=standing.state in {SecretState.DOUBT, SecretState.ARMED})
