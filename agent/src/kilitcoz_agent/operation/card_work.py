"""What is done with a card: identify it, unlock it, change its PIN. Each is one exclusive transaction, in one
thread.

Rules kept here: every command passes the allow-list of its kind of operation before it is sent (A21); inside
the transaction the card must prove again that it is the one identified before, by a fresh challenge where a
key is enrolled (R6, A22); a release older than 30 s is thrown away unused (protocol, M6). Nobody and nothing
is waited for in here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from kilitcoz_agent.errors import ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.operation.operation import FoundCard
from kilitcoz_agent.operation.proofs import signature_check
from kilitcoz_agent.readers.port import CardTransaction, Readers, ReaderStatus
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import TransportError
from kilitcoz_cards.families import piv, plain_puk
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import (
    Capability,
    Decision,
    Identification,
    OperationKind,
    Outcome,
    Release,
    Result,
    proof_challenge,
)
from kilitcoz_cards.pin import UNTOLD, Pin
from kilitcoz_cards.report import UnlockReport

IDENTIFYING_CERTIFICATES = ("9a", "9c", "9d", "9e")
RELEASE_LIFE_SECONDS = 30.0
FRESH_CHALLENGE_BYTES = 32

T = TypeVar("T")

Monotonic = Callable[[], float]


@dataclass(frozen=True)
class Asked:
    """A release and when it was asked for, by this machine's monotonic clock."""

    release: Release
    at: float


class CardWork:
    """The card's side of one operation."""

    def __init__(self, readers: Readers, capability: Capability, clock: Monotonic = time.monotonic) -> None:
        self._readers = readers
        self._kind = capability.kind
        self._challenge = proof_challenge(capability.op, capability.nonce)
        self._named = capability.card is not None and capability.card_label is not None
        self._clock = clock

    def identify(self, reader: str) -> Identification:
        """M3's identification of the card in this reader; with its serial where the capability names no card
        and the holder must choose. Raises CardsError, ReaderBusy, ReaderServiceMissing.
        """
        with self._readers.transaction(reader) as card:
            conversation = piv.identify(
                self._challenge,
                IDENTIFYING_CERTIFICATES,
                want_serial=not self._named,
                reader=reader,
                atr=card.atr.hex(),
            )
            return _converse(None, conversation, card)

    def find(self, status: ReaderStatus) -> FoundCard:
        """The card in this reader. Raises as `identify`."""
        return FoundCard(status.name, status.insertion, self.identify(status.name))

    def unlock(self, card: FoundCard, decision: Decision, asked: Asked, pin: Pin) -> Result:
        """Rotate the PUK, set and prove the PIN. Never raises for what a card or a reader does."""

        def conversation() -> Conversation[UnlockReport]:
            return plain_puk.unlock(_same_card(card.identification, decision), asked.release, pin)

        return self._transaction(card, self._kind, conversation, asked)

    def change_pin(self, card: FoundCard, decision: Decision, current: Pin, pin: Pin) -> Result:
        """The holder knows the PIN; SECRET_REFUSED: not so. Never raises for what a card or a reader does."""

        def conversation() -> Conversation[UnlockReport]:
            return plain_puk.change_pin(_same_card(card.identification, decision), current, pin)

        return self._transaction(card, OperationKind.CHANGE_PIN, conversation, None)

    def _transaction(
        self,
        card: FoundCard,
        kind: OperationKind,
        conversation: Callable[[], Conversation[UnlockReport]],
        asked: Asked | None,
    ) -> Result:
        """One transaction and its report; one that could not begin has sent nothing."""
        fence = asked.release.fence if asked is not None else None
        try:
            with self._readers.transaction(card.reader) as opened:
                if asked is not None and self._clock() - asked.at > RELEASE_LIFE_SECONDS:
                    return nothing_sent(fence, "release-late")
                return _converse(kind, conversation(), opened).to_result(fence)
        except (TransportError, ReaderBusy, ReaderServiceMissing) as fault:
            return nothing_sent(fence, fault.code)


def _converse(kind: OperationKind | None, conversation: Conversation[T], card: CardTransaction) -> T:
    return converse(guard(kind, conversation), card.transmit, extended=takes_extended_length(card.atr))


def _same_card(told: Identification, decision: Decision) -> Conversation[None]:
    """The check inside the transaction: by the enrolled key, or by the enrolled certificates."""
    expected = replace(told, certificates=decision.certificates or told.certificates)
    if decision.card_auth_key is None:
        return piv.same_card(expected)
    algorithm = told.proof.algorithm if told.proof is not None else KeyAlgorithm.ECC_P256
    challenge = secrets.token_bytes(FRESH_CHALLENGE_BYTES)
    verify = signature_check(decision.card_auth_key, algorithm, challenge)
    return piv.same_card(expected, piv.ProofCheck(algorithm, challenge, verify))


def nothing_sent(fence: int | None, code: str) -> Result:
    """The report of a transaction that did not begin."""
    return Result(fence, (), UNTOLD, UNTOLD, Outcome.ABORTED, code)
