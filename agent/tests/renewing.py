"""The counterpart portal in a renewal: it has the card's management key, and an authority for its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent.tests.counterpart import COMPLETION, CounterpartPortal
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from kilitcoz_cards.identity import KeyAlgorithm, certificate_hash
from kilitcoz_cards.messages import (
    KeyWanted,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    NewCertificates,
    OperationKind,
    Refusal,
    RenewalPlan,
    ResultAnswer,
    WrittenCertificates,
    new_key_message,
)
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.issuing import Holder, make_subject
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY


@dataclass
class RenewingPortal(CounterpartPortal):
    """Remembers the keys that were made from one operation to the next."""

    kind: OperationKind = OperationKind.RENEW
    management_key: bytes = DEFAULT_MANAGEMENT_KEY.value
    slots: tuple[str, ...] = ("9c", "9a")
    made: dict[str, bytes] = field(default_factory=dict)
    issued: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.authority = Authority(datetime.fromtimestamp(self.now, UTC))

    def _plan(self, _body: bytes, bearer: str | None) -> RenewalPlan | Refusal:
        if bearer != self._session or self.state != "identified":
            return Refusal("operation-state", self.state)
        wanted = (KeyWanted(slot, KeyAlgorithm.ECC_P256, self.made.get(slot)) for slot in self.slots)
        return RenewalPlan(tuple(wanted))

    def _cryptogram(self, body: bytes, bearer: str | None) -> ManagementAnswer | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        challenge = ManagementChallenge.from_json(body).challenge
        encryptor = Cipher(TripleDES(self.management_key), modes.ECB()).encryptor()
        return ManagementAnswer(encryptor.update(challenge) + encryptor.finalize())

    def _keys(self, body: bytes, bearer: str | None) -> NewCertificates | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        for key in MadeKeys.from_json(body).keys:
            public = load_der_public_key(key.public_key)
            assert isinstance(public, ec.EllipticCurvePublicKey)
            message = new_key_message(self.op, self.nonce, key.slot)
            try:
                public.verify(key.signature, message, ec.ECDSA(hashes.SHA256()))
            except InvalidSignature:
                return Refusal("renewal-key-unproved", self.state)
            if self.made.get(key.slot) != key.public_key:
                subject = make_subject(Holder("Ayşe Yılmaz"), 10004821, int(key.slot, 16))
                made = self.authority.certify(subject, public, non_repudiation=key.slot == "9c")
                self.made[key.slot] = key.public_key
                self.issued[key.slot] = made.public_bytes(Encoding.DER)
        return NewCertificates(self.issued)

    def _written(self, body: bytes, bearer: str | None) -> ResultAnswer | Refusal:
        if bearer != self._session:
            return Refusal("session-refused", self.state)
        told = WrittenCertificates.from_json(body).certificates
        assert told == {slot: certificate_hash(der) for slot, der in self.issued.items()}
        self.written, self.state = dict(told), "succeeded"
        return ResultAnswer(self.state, COMPLETION, f"{self.origin}/donus/{self.op}")
