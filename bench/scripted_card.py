"""A card service without a card: it answers the portal as one would whose card did everything right.

Identification and result are written down beforehand; the proof by 9E is a real signature, the messages are
really sealed and opened (docs/unlock-protocol.md, M3 to M7). The reading code is the product's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.iso7816 import SUCCESS
from kilitcoz_cards.messages import (
    Capability,
    CardDecision,
    Claim,
    Decision,
    Empty,
    Event,
    Identification,
    KeyAlgorithm,
    Label,
    Outcome,
    Proof,
    Release,
    Result,
    ResultAnswer,
    RiskyCommand,
    Sealed,
    SealedRelease,
    hpke_info,
    proof_challenge,
)
from kilitcoz_cards.pin import PinState

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
Post = Callable[[str, bytes, str], bytes]  # path, body, bearer → the answer's body


class UnexpectedDecisionError(Exception):
    """The portal did not say `proceed`."""


@dataclass(frozen=True)
class ScriptedCard:
    """A PIV card with a blocked PIN, all PUK tries and a key 9E (P-256), as its enrolment has it."""

    card_id: str
    serial: str
    atr: str
    certificates: Mapping[str, str]
    card_auth_key: ec.EllipticCurvePrivateKey = field(repr=False)

    def identification(self, challenge: bytes) -> Identification:
        """What it tells of itself, with the proof over `challenge`."""
        signature = self.card_auth_key.sign(challenge, ec.ECDSA(hashes.SHA256()))
        return Identification(
            family="piv",
            card_id=self.card_id,
            serial=self.serial,
            reader="Virtual PCD 00 00",
            atr=self.atr,
            certificates=self.certificates,
            pin=PinState(blocked=True, retries_left=0),
            puk=PinState(blocked=False, retries_left=3),
            proof=Proof("9e", KeyAlgorithm.ECC_P256, signature),
        )


class ScriptedService:
    """The card service's part of one operation. `post` brings a call to the portal."""

    def __init__(self, capability: str, card: ScriptedCard, post: Post) -> None:
        self._text = capability
        self._claims = Capability.from_members(jwt.decode(capability, options={"verify_signature": False}))
        self._card = card
        self._post = post
        self._key = X25519PrivateKey.generate()
        self._session = ""

    def claim(self) -> None:
        """M3 and M4. Raises UnexpectedDecisionError."""
        identification = self._card.identification(proof_challenge(self._claims.op, self._claims.nonce))
        claim = Claim(self._key.public_key().public_bytes_raw(), "0.1.0", identification)
        portal_key = X25519PublicKey.from_public_bytes(self._claims.hpke)
        sealed = SUITE.encrypt(claim.to_json(), portal_key, self._info(Label.CLAIM))
        answer = Sealed.from_json(self._call("claim", Sealed(sealed).to_json(), self._text))
        decision = Decision.from_json(SUITE.decrypt(answer.sealed, self._key, self._info(Label.DECISION)))
        if decision.decision is not CardDecision.PROCEED:
            raise UnexpectedDecisionError(decision.decision)
        self._session = decision.session

    def release(self) -> Release:
        """M6."""
        answer = SealedRelease.from_json(self._call("release", Empty().to_json(), self._session))
        info = self._info(Label.RELEASE, answer.fence)
        return Release.from_json(SUITE.decrypt(answer.sealed, self._key, info))

    def result(self, release: Release) -> ResultAnswer:
        """M7 of a card that took the first candidate, the new PUK and the new PIN."""
        return ResultAnswer.from_json(self._call("result", _all_right(release), self._session))

    def _call(self, name: str, body: bytes, bearer: str) -> bytes:
        return self._post(f"/agent/v1/operations/{self._claims.op}/{name}", body, bearer)

    def _info(self, label: Label, fence: int | None = None) -> bytes:
        return hpke_info(label, self._claims.op, self._claims.nonce, fence)


def _all_right(release: Release) -> bytes:
    commands = (
        (RiskyCommand.CHANGE_PUK, 0),
        (RiskyCommand.RESET_RETRY_COUNTER, None),
        (RiskyCommand.VERIFY, None),
    )
    return Result(
        fence=release.fence,
        events=tuple(Event(command, candidate, SUCCESS) for command, candidate in commands),
        puk=PinState(blocked=False, retries_left=3),
        pin=PinState(blocked=False, retries_left=3),
        outcome=Outcome.PIN_SET,
    ).to_json()
