"""The vault's decisions as pure functions of a Snapshot and the card's counter: rules R1–R5, R7, R10.

No database, no clock, no secret in here, so that hypothesis can walk every path; docs/spin/plain_puk.pml is
the same in Promela. What the card's answers make of a secret is settlement.py.
"""

from __future__ import annotations

from dataclasses import replace

from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState, Trigger, move

RESERVE = 1  # tries that software never spends (R3)


def contact(s: Snapshot, reading: int | None, *, reserve: int = RESERVE) -> Snapshot:
    """The card was read: `reading` PUK tries left (None: it does not tell). Looks at what is in doubt by R5.

    At the reserve: MANUAL; at zero: PUK_BLOCKED. ValueError for ARMED: its lease must end first.
    """
    if s.state is SecretState.ARMED:
        raise ValueError("an armed secret has a worker")
    if reading is not None:
        s = read_counter(s, reading)
    return replace(s, state=move(s.state, Trigger.CONTACT, _resting_state(s, reading, reserve)))


def read_counter(s: Snapshot, reading: int) -> Snapshot:
    """R2: only a counter read on that card refunds tries. R5: fewer than the card told before the release
    that is out ⇒ its first candidate was wrong, the other goes first now. As many ⇒ right or never ran: the
    same again.

    A counter is evidence, not proof (someone may have tried with another program): it orders candidates, it
    never takes one away.
    """
    fell = s.told and bool(s.released) and reading < s.snapshot
    return replace(
        s,
        tries=reading,
        tries_total=max(s.tries_total, reading),
        snapshot=reading,
        told=True,
        pending_first=s.pending_first != fell,
        released=(),
    )


def _resting_state(s: Snapshot, reading: int | None, reserve: int) -> SecretState:
    """PUK_BLOCKED at a read zero or where it was and nothing was read; MANUAL at the reserve; else as it
    was.
    """
    if reading == 0 or (s.state is SecretState.PUK_BLOCKED and reading is None):
        return SecretState.PUK_BLOCKED
    if s.tries <= reserve:
        return SecretState.MANUAL
    return SecretState.DOUBT if s.state is SecretState.PUK_BLOCKED else s.state


def arm(s: Snapshot) -> Snapshot:
    """Release the candidates of KNOWN or DOUBT and charge them (R2), down to one try: with one left the card
    service stops by itself (R3). A proved current costs nothing: the card cannot refuse it.

    A card that cannot rotate gets one candidate at a time, because its PUK stays what it is.
    """
    released = s.candidates if s.rotates else s.candidates[:1]
    charge = 0 if s.proved else len(released)
    return replace(
        s,
        state=move(s.state, Trigger.ARM, SecretState.ARMED),
        tries=max(1, s.tries - charge),
        snapshot=s.tries,
        released=released,
        new_is=Candidate.PENDING if s.rotates else released[0],
    )


def lease_end(s: Snapshot) -> Snapshot:
    """No result came: released without answer is in doubt (R7)."""
    doubt = move(s.state, Trigger.LEASE_END, SecretState.DOUBT)
    changes = s.new_is is Candidate.PENDING
    return replace(s, state=doubt, pending_live=s.pending_live or changes, proved=False)


def restore(s: Snapshot) -> Snapshot:
    """The database is older than the cards (R10): pending may be on the card, and no counter of ours is
    believed.
    """
    rests = s.state in {SecretState.MANUAL, SecretState.PUK_BLOCKED}
    target = move(s.state, Trigger.RESTORE, s.state if rests else SecretState.DOUBT)
    return replace(s, state=target, told=False, released=(), pending_live=True, proved=False)


def override(s: Snapshot) -> Snapshot:
    """Two people decided (R3): what may be on the card is tried again."""
    doubt = move(s.state, Trigger.OVERRIDE, SecretState.DOUBT)
    return replace(s, state=doubt, released=(), pending_first=False, proved=False)
