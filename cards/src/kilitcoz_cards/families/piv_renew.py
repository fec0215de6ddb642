"""New keys and certificates on a card that is in its holder's hands (docs/renewal-protocol.md): two
transactions, each of which may be repeated on the same card until it ends well.

Rules kept here: nothing is written before the card took the holder's PIN; a key that an earlier run made, and
that waits for its certificate, is used again; each key signs before anybody certifies it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardMalformed, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv_signing
from kilitcoz_cards.families.piv_keys import signature_of, use_key
from kilitcoz_cards.families.piv_management import Cryptogram, authenticate, read_algorithm
from kilitcoz_cards.families.piv_signing import SigningOutcome, SigningReport
from kilitcoz_cards.families.piv_writing import generate_key, put_certificate
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.pin import Pin
from kilitcoz_cards.reference_data import verify
from kilitcoz_cards.signatures import signature_input

RENEWED = ("9c", "9a")  # a holder's keys; 9E, by which the card is known, stays


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """A key that is wanted. `public_key` (SubjectPublicKeyInfo): one that an earlier run made, if it did."""

    slot: str
    algorithm: KeyAlgorithm
    public_key: bytes | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key made on the card, with its signature over what `Making.message` says."""

    slot: str
    algorithm: KeyAlgorithm
    public_key: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Making:
    """What the first transaction works by. `message`: what the key in a slot signs to prove itself; `proves`:
    whether a signature over it is by this public key; `answer`: of the management key.
    """

    plans: Sequence[KeyPlan]
    message: Callable[[str], bytes]
    proves: Callable[[KeyPlan, bytes, bytes], bool]
    answer: Cryptogram


@dataclass(frozen=True, slots=True)
class KeysReport:
    """`pin` says how it ended, as of a signature; the keys are there when it is SIGNED."""

    pin: SigningReport
    keys: tuple[NewKey, ...] = ()


def make_keys(
    same: Conversation[None], pin: Pin, making: Making, *, may_spend_last_try: bool = False
) -> Conversation[KeysReport]:
    """The PIN, then every key that is wanted, made or found, and proved. Never raises CardsError.

    `same` as piv.same_card. A new key takes the place of the one in its slot, which is gone from then on.
    """
    keys: list[NewKey] = []
    report = yield from piv_signing.after_pin(
        same, pin, lambda: _make(making, pin, keys), may_spend_last_try=may_spend_last_try
    )
    return KeysReport(report, tuple(keys) if report.outcome is SigningOutcome.SIGNED else ())


def put_certificates(
    same: Conversation[None], certificates: Mapping[str, bytes], answer: Cryptogram
) -> Conversation[None]:
    """Slot → DER, each read back. Raises WrongCard, NotAsWritten, ManagementKeyRefused, UnexpectedStatus."""
    yield from same
    yield from authenticate((yield from read_algorithm()), answer)
    for slot, der in certificates.items():
        yield from put_certificate(slot, der)


def _make(making: Making, pin: Pin, keys: list[NewKey]) -> Conversation[SigningReport]:
    authenticated = False
    for plan in making.plans:
        found = yield from _found(plan, pin, making)
        if found is None:
            if not authenticated:
                yield from authenticate((yield from read_algorithm()), making.answer)
                authenticated = True
            public_key = yield from generate_key(plan.slot, plan.algorithm)
            signature = yield from _signature(plan, pin, making.message(plan.slot))
            found = NewKey(plan.slot, plan.algorithm, public_key, signature)
        keys.append(found)
    return SigningReport(SigningOutcome.SIGNED)


def _found(plan: KeyPlan, pin: Pin, making: Making) -> Conversation[NewKey | None]:
    """The key of an earlier run, if it is the one in its slot: it signs, and the signature is looked at."""
    if plan.public_key is None:
        return None
    try:
        signature = yield from _signature(plan, pin, making.message(plan.slot))
    except (UnexpectedStatus, CardMalformed):
        return None
    if not making.proves(plan, plan.public_key, signature):
        return None
    return NewKey(plan.slot, plan.algorithm, plan.public_key, signature)


def _signature(plan: KeyPlan, pin: Pin, message: bytes) -> Conversation[bytes]:
    """VERIFY stands directly before it: 9C asks for the PIN before every use."""
    response = yield verify(PIV.pin, pin)
    if not response.sw.is_success:
        raise UnexpectedStatus("VERIFY", response.sw)
    block = signature_input(plan.algorithm, message)
    response = yield use_key(int(plan.slot, 16), plan.algorithm, block)
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERAL AUTHENTICATE", response.sw)
    return signature_of(plan.algorithm, response.data)
