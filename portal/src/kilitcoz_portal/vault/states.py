"""The states of an unlock secret and every move between them, as one literal table and the function that
applies it.

Current is the secret the card is believed to have; pending is the one it is being, or may have been, changed
to.
"""

from __future__ import annotations

from enum import StrEnum

from kilitcoz_portal.vault.errors import NoSuchMove


class SecretState(StrEnum):
    """What is known of a card's secret."""

    KNOWN = "known"  # current
    ARMED = "armed"  # current, pending: released to a card service, no result yet
    DOUBT = "doubt"  # one of current, pending: settled at the card's next contact
    PUK_BLOCKED = "puk_blocked"  # the card takes no PUK any more
    MANUAL = "manual"  # software may not go on; two people may


class Trigger(StrEnum):
    """What moves a secret."""

    ADOPT = "adopt"  # a card already in use, its PUK told by the operator
    ARM = "arm"  # released to a card service (intent)
    SETTLE = "settle"  # the card's answers came back
    LEASE_END = "lease_end"  # they did not
    CONTACT = "contact"  # the card was read again: its counter settles what is in doubt (R5)
    OVERRIDE = "override"  # two people (R3)
    RESTORE = "restore"  # the database comes from a backup (R10)


S, T = SecretState, Trigger

MOVES: dict[tuple[SecretState | None, Trigger], frozenset[SecretState]] = {
    (None, T.ADOPT): frozenset({S.KNOWN}),
    (S.KNOWN, T.ARM): frozenset({S.ARMED}),
    (S.DOUBT, T.ARM): frozenset({S.ARMED}),
    (S.ARMED, T.ARM): frozenset(
        {S.ARMED}
    ),  # the same worker asks again: the same release, its lease begins anew
    (S.ARMED, T.SETTLE): frozenset({S.KNOWN, S.DOUBT, S.PUK_BLOCKED, S.MANUAL}),
    (S.DOUBT, T.SETTLE): frozenset({S.KNOWN, S.DOUBT, S.PUK_BLOCKED, S.MANUAL}),  # a result after its lease
    (S.ARMED, T.LEASE_END): frozenset({S.DOUBT}),
    (S.KNOWN, T.CONTACT): frozenset({S.KNOWN, S.PUK_BLOCKED, S.MANUAL}),
    (S.DOUBT, T.CONTACT): frozenset({S.DOUBT, S.PUK_BLOCKED, S.MANUAL}),
    (S.MANUAL, T.CONTACT): frozenset({S.MANUAL, S.PUK_BLOCKED}),
    (S.PUK_BLOCKED, T.CONTACT): frozenset({S.PUK_BLOCKED, S.DOUBT, S.MANUAL}),  # someone gave it new tries
    (S.MANUAL, T.OVERRIDE): frozenset({S.DOUBT}),
    (S.KNOWN, T.RESTORE): frozenset({S.DOUBT}),
    (S.ARMED, T.RESTORE): frozenset({S.DOUBT}),
    (S.DOUBT, T.RESTORE): frozenset({S.DOUBT}),
    (S.MANUAL, T.RESTORE): frozenset({S.MANUAL}),
    (S.PUK_BLOCKED, T.RESTORE): frozenset({S.PUK_BLOCKED}),
}


def move(state: SecretState | None, trigger: Trigger, target: SecretState) -> SecretState:
    """`target`, where the table has this move; else NoSuchMove."""
    if target not in MOVES.get((state, trigger), frozenset()):
        raise NoSuchMove(state, trigger, target)
    return target
