"""What can be refused here.

IssuanceError
├── BatchNotFound       batch-not-found       no such batch, or no such card in it
├── BatchOver           batch-over            every card of it is made or cancelled
├── BatchEmpty          batch-empty           nobody was named, or more than one batch holds
├── ApplicationInHand   application-in-hand   a card for it was made, or is being made in another batch
├── ApplicationNotReady  application-not-ready  not approved, or not paid
├── NothingMade         batch-nothing-made    no card of it is made yet: there is nothing to label
└── JobState            job-state             not possible from where this card's making stands

Why a card in the reader is not taken, CardRefusal, is no error: it is told to the desk, which goes on with
another card.
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class IssuanceError(Exception):
    """Root. `code` is a row of docs/errors.md; `status` the HTTP status where the card service asked."""

    code: ClassVar[str] = "issuance-error"
    status: ClassVar[int] = 409

    def __init__(self, state: str | None = None) -> None:
        super().__init__(self.code)
        self.state = state


class BatchNotFound(IssuanceError):
    """No such batch or job."""

    code = "batch-not-found"
    status = 404


class BatchOver(IssuanceError):
    """Nothing of it is left to do."""

    code = "batch-over"


class BatchEmpty(IssuanceError):
    """Nobody was named, or too many."""

    code = "batch-empty"


class ApplicationInHand(IssuanceError):
    """One application, one card."""

    code = "application-in-hand"


class ApplicationNotReady(IssuanceError):
    """Not approved, or neither paid nor free of charge."""

    code = "application-not-ready"


class NothingMade(IssuanceError):
    """There is nothing to label."""

    code = "batch-nothing-made"


class JobState(IssuanceError):
    """The table of states has no such move; `state`: where it stands."""

    code = "job-state"


class CardRefusal(StrEnum):
    """Why nothing is done with the card in the reader; rows of docs/errors.md."""

    NOT_BLANK = "card-not-blank"  # something is on it that we did not write
    TAKEN = "card-taken"  # it is somebody's
    OTHER_BATCH = "card-other-batch"  # it was begun in another batch
    NOT_WANTED = "card-not-wanted"  # only cards that were begun are left
    WRONG = "wrong-card"  # it carries a number of ours and is another card
