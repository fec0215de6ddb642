"""A login with a PIV card: which card and certificate, then PIN and one signature (docs/login-protocol.md).

Two conversations, each a transaction of its own. Rules kept here: the PIN's state is read before a PIN is
sent, and the last try is spent only by who says so; the PIN goes to no other card than the one that was
looked at; one key signs, once, and what it signs is Web eID's value.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kilitcoz_cards.authentication import ALGORITHMS_OF, SignatureAlgorithm, signature_block, signed_value
from kilitcoz_cards.blocked import refuses, state_after
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardsError, NoLoginCertificate, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv
from kilitcoz_cards.families.piv_keys import signature_of, use_key
from kilitcoz_cards.identity import Identification, KeyAlgorithm, certificate_hash
from kilitcoz_cards.iso7816 import (
    INCORRECT_DATA,
    SECURITY_STATUS_NOT_SATISFIED,
    VERIFICATION_FAILED,
    CommandApdu,
    ResponseApdu,
)
from kilitcoz_cards.pin import UNTOLD, Pin, PinState
from kilitcoz_cards.reference_data import verify
from kilitcoz_cards.signatures import raw_ecdsa


@dataclass(frozen=True, slots=True)
class LoginCard:
    """A card that may serve: what it tells of itself, and the certificate (DER, believed by nobody yet) of
    the slot with which its holder logs in.
    """

    identification: Identification
    slot: str
    unverified_certificate: bytes


@dataclass(frozen=True, slots=True)
class ToSign:
    """What the card's key signs. `key`: its kind, by the certificate; `salt`: SALT_LENGTH random bytes."""

    key: KeyAlgorithm
    origin: str
    challenge: str
    salt: bytes = field(repr=False)


class LoginOutcome(StrEnum):
    """How a transaction ended."""

    SIGNED = "signed"
    PIN_WRONG = "pin_wrong"
    PIN_BLOCKED = "pin_blocked"
    LAST_TRY = "last_try"  # the next wrong PIN may block the card; nothing was sent
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class LoginReport:
    """`pin`: what the card last told of it. `algorithm` and `signature` (r ‖ s for ECDSA) when SIGNED,
    `abort_code` when ABORTED.
    """

    outcome: LoginOutcome
    pin: PinState = UNTOLD
    algorithm: SignatureAlgorithm | None = None
    signature: bytes = b""
    abort_code: str | None = None


def look(*, reader: str = "", atr: str = "") -> Conversation[LoginCard]:
    """SELECT, CHUID, serial, the PIN's state, the certificate. `reader` and `atr` (hex) go in as they are.

    Raises NoLoginCertificate and what piv.identify raises.
    """
    yield from piv.select()
    chuid = yield from piv.read_chuid()
    serial = yield from piv.read_serial()
    pin = yield from piv.read_pin_state()
    slot, certificate = yield from _certificate()
    identification = Identification(
        family=PIV.name,
        card_id=chuid.guid.hex(),
        serial=serial,
        reader=reader,
        atr=atr,
        certificates={slot: certificate_hash(certificate)},
        pin=pin,
    )
    return LoginCard(identification, slot, certificate)


def sign_in(
    card: LoginCard, pin: Pin, to_sign: ToSign, *, may_spend_last_try: bool = False
) -> Conversation[LoginReport]:
    """The same card again, the PIN's state, VERIFY, GENERAL AUTHENTICATE. Never raises CardsError.

    Without `may_spend_last_try` nothing is sent where one try is left or the card does not tell.
    """
    try:
        yield from piv.same_card(replace(card.identification, puk=UNTOLD))
        state = yield from piv.read_pin_state()
        refusal = _before_a_try(state, may_spend_last_try=may_spend_last_try)
        if refusal is not None:
            return LoginReport(refusal, state)
        refused = yield from _verify(pin, state)
        return refused or (yield from _sign(card, to_sign))
    except CardsError as fault:
        return LoginReport(LoginOutcome.ABORTED, abort_code=fault.code)


def _certificate() -> Conversation[tuple[str, bytes]]:
    for slot in PIV.login_slots:
        certificate = yield from piv.read_certificate(slot)
        if certificate is not None:
            return slot, certificate
    raise NoLoginCertificate("none in " + ", ".join(PIV.login_slots))


def _before_a_try(state: PinState, *, may_spend_last_try: bool) -> LoginOutcome | None:
    """What ends it before a PIN is sent."""
    if state.blocked or state.retries_left == 0:
        return LoginOutcome.PIN_BLOCKED
    many = state.retries_left is not None and state.retries_left > 1
    return None if many or may_spend_last_try else LoginOutcome.LAST_TRY


def _verify(pin: Pin, before: PinState) -> Conversation[LoginReport | None]:
    """None where the card takes the PIN. `6A80` speaks of its form and takes no try (3.2.1)."""
    response = yield verify(PIV.pin, pin)
    if response.sw.is_success:
        return None
    if response.sw == INCORRECT_DATA:
        return LoginReport(LoginOutcome.PIN_WRONG, before)
    if not (refuses(response.sw) or response.sw == VERIFICATION_FAILED):
        raise UnexpectedStatus("VERIFY", response.sw)
    after = state_after(response.sw)
    return LoginReport(LoginOutcome.PIN_BLOCKED if after.blocked else LoginOutcome.PIN_WRONG, after)


def _sign(card: LoginCard, to_sign: ToSign) -> Conversation[LoginReport]:
    """By the best algorithm that the card takes: one that looks at RSA's padding may refuse PSS."""
    algorithm, *others = ALGORITHMS_OF[to_sign.key]
    response = yield _signing(card, to_sign, algorithm)
    while others and not response.sw.is_success and response.sw != SECURITY_STATUS_NOT_SATISFIED:
        algorithm = others.pop(0)
        response = yield _signing(card, to_sign, algorithm)
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERAL AUTHENTICATE", response.sw)
    signature = _signature(to_sign.key, response)
    return LoginReport(LoginOutcome.SIGNED, algorithm=algorithm, signature=signature)


def _signing(card: LoginCard, to_sign: ToSign, algorithm: SignatureAlgorithm) -> CommandApdu:
    value = signed_value(to_sign.origin, to_sign.challenge, algorithm)
    block = signature_block(to_sign.key, algorithm, value, to_sign.salt)
    return use_key(int(card.slot, 16), to_sign.key, block)


def _signature(key: KeyAlgorithm, response: ResponseApdu) -> bytes:
    signature = signature_of(key, response.data)
    return signature if key.is_rsa else raw_ecdsa(signature, key.block_length)
