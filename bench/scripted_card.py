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
Post = Callable[[str, str, bytes, str], bytes]  # step's name, path, body, bearer → answer's body


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


def unlock(capability_text: str, card: ScriptedCard, post: Post) -> ResultAnswer:
    """Claim, release and result of one operation. `post` names each step. Raises UnexpectedDecisionError."""
    claims = jwt.decode(capability_text, options={"verify_signature": False})
    capability = Capability.from_members(claims)
    key = X25519PrivateKey.generate()
    decision = _claim(capability, capability_text, card, key, post)
    release = _release(capability, decision, key, post)
    body = post(
        "result", f"/agent/v1/operations/{capability.op}/result", _all_right(release), decision.session
    )
    return ResultAnswer.from_json(body)


def _claim(
    capability: Capability, text: str, card: ScriptedCard, key: X25519PrivateKey, post: Post
) -> Decision:
    identification = card.identification(proof_challenge(capability.op, capability.nonce))
    claim = Claim(key.public_key().public_bytes_raw(), "0.1.0", identification)
    info = hpke_info(Label.CLAIM, capability.op, capability.nonce)
    sealed = SUITE.encrypt(claim.to_json(), X25519PublicKey.from_public_bytes(capability.hpke), info)
    body = post("claim", f"/agent/v1/operations/{capability.op}/claim", Sealed(sealed).to_json(), text)
    info = hpke_info(Label.DECISION, capability.op, capability.nonce)
    decision = Decision.from_json(SUITE.decrypt(Sealed.from_json(body).sealed, key, info))
    if decision.decision is not CardDecision.PROCEED:
        raise UnexpectedDecisionError(decision.decision)
    return decision


def _release(capability: Capability, decision: Decision, key: X25519PrivateKey, post: Post) -> Release:
    path = f"/agent/v1/operations/{capability.op}/release"
    answer = SealedRelease.from_json(post("release", path, Empty().to_json(), decision.session))
    info = hpke_info(Label.RELEASE, capability.op, capability.nonce, answer.fence)
    return Release.from_json(SUITE.decrypt(answer.sealed, key, info))


def _all_right(release: Release) -> bytes:
    """M7 of a card that took the first candidate, the new PUK and the new PIN."""
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
