"""The states of a certificate, every move between them, and who may make it: two literal tables and the
function that applies them. Revoked and expired are final.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kilitcoz_portal.certificates.actors import Actor
from kilitcoz_portal.certificates.errors import NoSuchChange, NotAllowed, RevokedIsFinal
from kilitcoz_portal.certificates.models import Certificate, Role, State


class Deed(StrEnum):
    """What moves a certificate."""

    PRODUCE = "produce"  # the authority made it for a key on a card
    HAND_OVER = "hand_over"  # the card is whole and leaves the desk
    OPEN = "open"  # "Kullanıma Aç": the holder set the first PIN
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    EXPIRE = "expire"


S, D, R = State, Deed, Role

MOVES: Mapping[tuple[State | None, Deed], frozenset[State]] = MappingProxyType(
    {
        (None, D.PRODUCE): frozenset({S.PRODUCED}),
        (S.PRODUCED, D.HAND_OVER): frozenset({S.AWAITING_ACTIVATION}),
        (S.PRODUCED, D.REVOKE): frozenset({S.REVOKED}),
        (S.PRODUCED, D.EXPIRE): frozenset({S.EXPIRED}),
        (S.AWAITING_ACTIVATION, D.OPEN): frozenset({S.VALID}),
        (S.AWAITING_ACTIVATION, D.SUSPEND): frozenset({S.SUSPENDED}),
        (S.AWAITING_ACTIVATION, D.REVOKE): frozenset({S.REVOKED}),
        (S.AWAITING_ACTIVATION, D.EXPIRE): frozenset({S.EXPIRED}),
        (S.VALID, D.SUSPEND): frozenset({S.SUSPENDED}),
        (S.VALID, D.REVOKE): frozenset({S.REVOKED}),
        (S.VALID, D.EXPIRE): frozenset({S.EXPIRED}),
        (S.SUSPENDED, D.SUSPEND): frozenset({S.SUSPENDED}),  # by whom it is harder to lift, or for longer
        (S.SUSPENDED, D.RESUME): frozenset({S.VALID, S.AWAITING_ACTIVATION}),  # to where it was
        (S.SUSPENDED, D.REVOKE): frozenset({S.REVOKED}),
        (S.SUSPENDED, D.EXPIRE): frozenset({S.EXPIRED}),
    }
)

WHO: Mapping[Deed, frozenset[Role]] = MappingProxyType(
    {
        D.PRODUCE: frozenset({R.REGISTRAR, R.HOLDER}),  # the holder: a renewal at home
        D.HAND_OVER: frozenset({R.REGISTRAR, R.HOLDER}),
        D.OPEN: frozenset({R.HOLDER, R.TWO_OPERATORS}),  # the two: a card whose PIN the holder has already
        D.SUSPEND: frozenset({R.HOLDER, R.OFFICER, R.OPERATOR, R.SYSTEM}),
        D.RESUME: frozenset({R.HOLDER, R.OFFICER, R.TWO_OPERATORS, R.SYSTEM}),
        D.REVOKE: frozenset({R.HOLDER, R.OFFICER, R.TWO_OPERATORS, R.REGISTRAR, R.SYSTEM}),
        D.EXPIRE: frozenset({R.SYSTEM}),
    }
)

# Whose suspension who may lift. Two operators lift every one; the system only what ends by its date.
LIFTED_BY: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        R.HOLDER: frozenset({R.HOLDER, R.TWO_OPERATORS, R.SYSTEM}),
        R.OFFICER: frozenset({R.OFFICER, R.TWO_OPERATORS, R.SYSTEM}),
        R.OPERATOR: frozenset({R.TWO_OPERATORS, R.SYSTEM}),
        R.SYSTEM: frozenset({R.TWO_OPERATORS}),
    }
)

# A registrar revokes only what has not left the desk.
REGISTRAR_REVOKES = frozenset({S.PRODUCED})
FINAL = frozenset({S.REVOKED, S.EXPIRED})


def require(certificate: Certificate, deed: Deed, actor: Actor) -> None:
    """That the tables have this move for this actor. Raises RevokedIsFinal, NoSuchChange, NotAllowed."""
    state = State(certificate.state)
    if state is State.REVOKED:
        raise RevokedIsFinal
    if (state, deed) not in MOVES:
        raise NoSuchChange(state)
    if not _may(certificate, deed, actor):
        raise NotAllowed(certificate.held_by)


def _may(certificate: Certificate, deed: Deed, actor: Actor) -> bool:
    if actor.role not in WHO[deed]:
        return False
    if actor.role is Role.OFFICER and not _of_institution(certificate, actor):
        return False
    if actor.role is Role.REGISTRAR and deed is Deed.REVOKE:
        return certificate.state in REGISTRAR_REVOKES
    if deed is Deed.RESUME:
        return actor.role in LIFTED_BY[Role(certificate.held_by)]
    return True


def _of_institution(certificate: Certificate, actor: Actor) -> bool:
    return bool(actor.institution) and actor.institution == certificate.institution
