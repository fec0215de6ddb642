"""What is done with a card whose certificates are renewed: identify it, make keys, write certificates.
Each is one exclusive transaction, in one thread.

Rules kept here: every command passes the allow-list of a renewal (A21); inside a transaction the card proves
again that it is the one identified before. The management key's answer is the one thing that is waited for in
here, for less than the five seconds after which Windows resets an idle transaction (renew_run).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from kilitcoz_agent.errors import AgentError
from kilitcoz_agent.operation.card_work import FRESH_CHALLENGE_BYTES, CardWork
from kilitcoz_agent.operation.operation import FoundCard
from kilitcoz_agent.operation.proofs import signature_check
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import TransportError
from kilitcoz_cards.families import piv, piv_renew
from kilitcoz_cards.families.piv_management import Cryptogram
from kilitcoz_cards.families.piv_renew import KeyPlan, KeysReport, Making
from kilitcoz_cards.families.piv_signing import SigningOutcome, SigningReport
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import Capability, Decision, OperationKind, RenewalPlan, new_key_message
from kilitcoz_cards.pin import UNTOLD, Pin

T = TypeVar("T")


class RenewWork:
    """The card's side of one renewal."""

    def __init__(self, readers: Readers, capability: Capability) -> None:
        self._readers = readers
        self._op, self._nonce = capability.op, capability.nonce
        self._looking = CardWork(readers, capability)

    def find(self, status: ReaderStatus) -> FoundCard:
        """The card in this reader. Raises CardsError, ReaderBusy, ReaderServiceMissing."""
        return self._looking.find(status)

    def make_keys(
        self,
        card: FoundCard,
        decision: Decision,
        plan: RenewalPlan,
        pin: Pin,
        answer: Cryptogram,
        *,
        may_spend_last_try: bool,
    ) -> KeysReport:
        """The first transaction. Never raises for what a card, a reader or the portal does."""
        plans = [KeyPlan(each.slot, each.algorithm, each.public_key) for each in plan.keys]
        making = Making(plans, self._message, self._proves, answer)
        same = _same_card(card, decision)
        conversation = piv_renew.make_keys(same, pin, making, may_spend_last_try=may_spend_last_try)
        try:
            return self._converse(card, conversation)
        except (TransportError, AgentError) as fault:
            return KeysReport(SigningReport(SigningOutcome.ABORTED, abort_code=fault.code))

    def write(
        self, card: FoundCard, decision: Decision, certificates: Mapping[str, bytes], answer: Cryptogram
    ) -> None:
        """The second transaction. Raises CardsError, AgentError."""
        same = _same_card(card, decision)
        self._converse(card, piv_renew.put_certificates(same, certificates, answer))

    def _converse(self, card: FoundCard, conversation: Conversation[T]) -> T:
        with self._readers.transaction(card.reader) as opened:
            extended = takes_extended_length(opened.atr)
            return converse(guard(OperationKind.RENEW, conversation), opened.transmit, extended=extended)

    def _message(self, slot: str) -> bytes:
        return new_key_message(self._op, self._nonce, slot)

    def _proves(self, plan: KeyPlan, public_key: bytes, signature: bytes) -> bool:
        return signature_check(public_key, plan.algorithm, self._message(plan.slot))(signature)


def _same_card(card: FoundCard, decision: Decision) -> Conversation[None]:
    """By the enrolled key 9E, which a renewal leaves as it is."""
    told = card.identification
    algorithm = told.proof.algorithm if told.proof is not None else KeyAlgorithm.ECC_P256
    challenge = secrets.token_bytes(FRESH_CHALLENGE_BYTES)
    verify = signature_check(decision.card_auth_key or b"", algorithm, challenge)
    return piv.same_card(replace(told, puk=UNTOLD), piv.ProofCheck(algorithm, challenge, verify))
