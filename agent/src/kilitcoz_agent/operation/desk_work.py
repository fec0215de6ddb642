"""What is done with a card at a registrar's desk. Each is one exclusive transaction, in one thread; each may
be repeated on the same card.

Rules kept here: every command passes the allow-list of `personalise`; the card's PIN becomes random digits
that exist in one call of `lock` and nowhere else; so does its management key in `write`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from kilitcoz_agent.errors import ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.operation.card_work import (
    FRESH_CHALLENGE_BYTES,
    RELEASE_LIFE_SECONDS,
    Asked,
    nothing_sent,
)
from kilitcoz_agent.operation.cryptograms import by_factory, by_key
from kilitcoz_agent.operation.operation import FoundCard
from kilitcoz_agent.operation.proofs import signature_check
from kilitcoz_agent.readers.port import CardTransaction, Readers, ReaderStatus
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import PinRuleViolation, TransportError
from kilitcoz_cards.families import BY_NAME, piv, piv_personalise, plain_puk
from kilitcoz_cards.families.piv_management import ManagementKey
from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import Capability, OperationKind, Result, proof_challenge
from kilitcoz_cards.pin import Pin, PinRules

T = TypeVar("T")


class DeskWork:
    """The cards' side of one batch. Unless it says otherwise, each deed raises CardsError, ReaderBusy,
    ReaderServiceMissing.
    """

    def __init__(
        self, readers: Readers, capability: Capability, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._readers = readers
        self._challenge = proof_challenge(capability.op, capability.nonce)
        self._clock = clock

    def find(self, status: ReaderStatus) -> FoundCard:
        """The card in this reader, blank or begun."""
        with self._readers.transaction(status.name) as opened:
            looking = piv_personalise.look(self._challenge, reader=status.name, atr=opened.atr.hex())
            seen = _converse(looking, opened)
        return FoundCard(status.name, status.insertion, seen.to_identification(), desk_card=seen)

    def look(self, card: FoundCard) -> FoundCard:
        """The same reader, once more."""
        return self.find(ReaderStatus(card.reader, True, card.insertion))

    def number(self, card: FoundCard, guid: str) -> None:
        """The blank card gets its GUID."""
        self._do(card, piv_personalise.number(_seen(card), bytes.fromhex(guid), [by_factory]))

    def make_keys(self, card: FoundCard, wanted: Mapping[str, KeyAlgorithm]) -> dict[str, bytes]:
        """Slot → SubjectPublicKeyInfo."""
        return self._do(card, piv_personalise.make_keys(_seen(card), wanted, [by_factory]))

    def write(
        self, card: FoundCard, certified: Mapping[str, Certified], card_auth_key: bytes, key: ManagementKey
    ) -> bool:
        """Certificates and management key; False where the card keeps the factory's."""
        same = self._same(card, card_auth_key)
        writing = piv_personalise.write(same, certified, key, ours=by_key(key), factory=by_factory)
        return self._do(card, writing)

    def lock(self, card: FoundCard, card_auth_key: bytes, asked: Asked) -> Result:
        """The vault's PUK, and a PIN that nobody knows. Never raises for what a card or a reader does."""
        family = BY_NAME[_seen(card).family]
        same = self._same(card, card_auth_key)
        unlocking = plain_puk.unlock(same, asked.release, _random_pin(family.pin_rules), family=family)
        try:
            with self._readers.transaction(card.reader) as opened:
                if self._clock() - asked.at > RELEASE_LIFE_SECONDS:
                    return nothing_sent(asked.release.fence, "release-late")
                return _converse(unlocking, opened).to_result(asked.release.fence)
        except (TransportError, ReaderBusy, ReaderServiceMissing) as fault:
            return nothing_sent(asked.release.fence, fault.code)

    def _do(self, card: FoundCard, conversation: Conversation[T]) -> T:
        with self._readers.transaction(card.reader) as opened:
            return _converse(conversation, opened)

    @staticmethod
    def _same(card: FoundCard, card_auth_key: bytes) -> Conversation[None]:
        """By the key 9E that was made on it."""
        told = card.identification
        algorithm = told.proof.algorithm if told.proof is not None else KeyAlgorithm.ECC_P256
        challenge = secrets.token_bytes(FRESH_CHALLENGE_BYTES)
        verify = signature_check(card_auth_key, algorithm, challenge)
        return piv.same_card(told, piv.ProofCheck(algorithm, challenge, verify))


def _converse(conversation: Conversation[T], card: CardTransaction) -> T:
    guarded = guard(OperationKind.PERSONALISE, conversation)
    return converse(guarded, card.transmit, extended=takes_extended_length(card.atr))


def _seen(card: FoundCard) -> DeskCard:
    assert card.desk_card is not None
    return card.desk_card


def _random_pin(rules: PinRules) -> Pin:
    """As long as the card takes it, and none that the rules would refuse."""
    while True:
        digits = "".join(secrets.choice("0123456789") for _ in range(rules.max_length))
        pin = Pin.from_text(digits)
        try:
            rules.check(pin)
        except PinRuleViolation:
            continue
        return pin
