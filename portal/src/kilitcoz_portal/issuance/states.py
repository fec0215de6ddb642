"""The states of a job and every move between them, as one literal table and the function that applies it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kilitcoz_portal.issuance.errors import JobState
from kilitcoz_portal.issuance.models import Job, State


class Deed(StrEnum):
    """What moves a job."""

    BIND = "bind"  # a numbered card was seen in a reader
    KEEP_KEYS = "keep_keys"  # the card service told the keys made on it
    CERTIFY = "certify"  # the authority certified every one
    WRITE = "write"  # the card gave back what was written
    FINISH = "finish"  # the vault knows that the card has the new PUK, and nobody its PIN
    CANCEL = "cancel"


S, D = State, Deed

MOVES: Mapping[tuple[State, Deed], State] = MappingProxyType(
    {
        (S.WAITING, D.BIND): S.BOUND,
        (S.BOUND, D.KEEP_KEYS): S.KEYED,
        (S.KEYED, D.CERTIFY): S.CERTIFIED,
        (S.CERTIFIED, D.WRITE): S.WRITTEN,
        (S.WRITTEN, D.FINISH): S.DONE,
        (S.WAITING, D.CANCEL): S.CANCELLED,
        (S.BOUND, D.CANCEL): S.CANCELLED,
        (S.KEYED, D.CANCEL): S.CANCELLED,
        (S.CERTIFIED, D.CANCEL): S.CANCELLED,
        (S.WRITTEN, D.CANCEL): S.CANCELLED,
    }
)

OVER = frozenset({State.DONE, State.CANCELLED})


def apply(job: Job, deed: Deed) -> None:
    """Move the job (the caller saves it); JobState where the table has no such move."""
    target = MOVES.get((State(job.state), deed))
    if target is None:
        raise JobState(job.state)
    job.state = target
