"""What the vault believes of one card's secret, without the secret: the value that all decisions are made
on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kilitcoz_portal.vault.states import SecretState


class Candidate(StrEnum):
    """A value the card's secret may have; there are never more than these two (R1)."""

    CURRENT = "current"
    PENDING = "pending"


@dataclass(frozen=True)
class Snapshot:
    """One card's secret.

    version, next_version: of current, and the one that pending has or will have.
    pending_live: pending may be on the card. pending_first: the order to try them in (R4; True: current was
    refuted). proved: current was proved on this very card, and no answer was lost since.
    rotates: the card can change its PUK (False once it answered 6D00 to `24`).
    tries: PUK tries that are surely left, whatever became of the release that is out (R2).
    snapshot: the same before that release was charged; told: the card itself said so (R5 compares with
    nothing else). released: candidates that are out without an answer, in order. new_is: what the PUK
    becomes by that release.
    """

    state: SecretState
    tries: int
    tries_total: int
    version: int = 1
    next_version: int = 2
    pending_live: bool = False
    pending_first: bool = False
    proved: bool = False
    rotates: bool = True
    snapshot: int = 0
    told: bool = False
    released: tuple[Candidate, ...] = ()
    new_is: Candidate = Candidate.PENDING

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What may be the card's PUK, in the order to try."""
        if not self.pending_live:
            return (Candidate.CURRENT,)
        both = (Candidate.CURRENT, Candidate.PENDING)
        return both[::-1] if self.pending_first else both
