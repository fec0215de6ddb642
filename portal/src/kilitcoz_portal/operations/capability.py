"""M2: the capability as a signed JWT (RFC 7519, EdDSA by RFC 8037), made and checked again when it comes
back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import jwt
from django.conf import settings

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages import CAPABILITY_LIFE, Capability, OperationKind, card_hash
from kilitcoz_portal.operations.errors import CapabilityOfAnother, CapabilityRefused
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.operations.models import Operation

TYPE = "kilitcoz-capability+jwt"


def make(operation: Operation, now: datetime) -> str:
    """The capability of an operation (its card loaded), good until the operation's end, 600 s at most."""
    issued, card = int(now.timestamp()), operation.card
    life = timedelta(seconds=CAPABILITY_LIFE)
    capability = Capability(
        iss=settings.KILITCOZ_ORIGIN,
        op=operation.pk,
        kind=OperationKind(operation.kind),
        card=card_hash(card.family, card.card_id) if card else None,
        card_label=card.label or None if card else None,
        nonce=operation.nonce,
        num=operation.number,
        hpke=keys().hpke_public,
        iat=issued,
        exp=max(issued + 1, int(min(now + life, operation.expires_at).timestamp())),
        lang=operation.language,
    )
    headers = {"kid": keys().kid, "typ": TYPE}
    return jwt.encode(capability.to_members(), keys().signing, algorithm="EdDSA", headers=headers)


def kind_of(presented: str, operation_id: str, now: datetime) -> OperationKind:
    """What the operation of a capability does. Raises as check."""
    return check(presented, operation_id, now).kind


def check(presented: str, operation_id: str, now: datetime) -> Capability:
    """The capability, if it is ours, of this operation, and not late. Raises CapabilityRefused for anything
    else, CapabilityOfAnother where it is another operation's.
    """
    try:
        claims = jwt.decode(
            presented,
            keys().signing.public_key(),
            algorithms=["EdDSA"],
            audience="kilitcoz-agent",
            issuer=settings.KILITCOZ_ORIGIN,
            options={"verify_exp": False, "verify_iat": False},  # by `now`, below
        )
        capability = Capability.from_members(claims)
    except (jwt.InvalidTokenError, MessageMalformed):
        raise CapabilityRefused from None
    if now.timestamp() >= capability.exp:
        raise CapabilityRefused
    if capability.op != operation_id:
        raise CapabilityOfAnother
    return capability
