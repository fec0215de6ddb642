"""What is done with a card whose key signs: look at it, then PIN and one signature. Each is one exclusive
transaction, in one thread.

Rule kept here: every command passes the allow-list of its kind of operation (A21).
"""

from __future__ import annotations

from typing import Protocol

from kilitcoz_agent.errors import ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import TransportError
from kilitcoz_cards.families.piv_signing import SigningCard, SigningOutcome, SigningReport
from kilitcoz_cards.messages import OperationKind


class Look(Protocol):
    """`look` of piv_login or piv_document."""

    def __call__(self, *, reader: str, atr: str) -> Conversation[SigningCard]:
        """A look at the card in this reader."""


def look(readers: Readers, kind: OperationKind, looking: Look, status: ReaderStatus) -> SigningCard:
    """The card in this reader. Raises CardsError, ReaderBusy, ReaderServiceMissing."""
    with readers.transaction(status.name) as opened:
        conversation = looking(reader=status.name, atr=opened.atr.hex())
        extended = takes_extended_length(opened.atr)
        return converse(guard(kind, conversation), opened.transmit, extended=extended)


def sign(
    readers: Readers, kind: OperationKind, signing: Conversation[SigningReport], reader: str
) -> SigningReport:
    """VERIFY and one signature. Never raises for what a card or a reader does."""
    try:
        with readers.transaction(reader) as opened:
            extended = takes_extended_length(opened.atr)
            return converse(guard(kind, signing), opened.transmit, extended=extended)
    except (TransportError, ReaderBusy, ReaderServiceMissing) as fault:
        return SigningReport(SigningOutcome.ABORTED, abort_code=fault.code)
