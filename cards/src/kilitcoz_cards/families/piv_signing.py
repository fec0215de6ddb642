"""A PIN and one signature of a PIV card's key: what a login and a signature of a document have in common.

Two conversations, each a transaction of its own. Rules kept here: the PIN's state is read before a PIN is
sent, and the last try is spent only by who says so; the PIN goes to no other card than the one that was
looked at; VERIFY stands directly before GENERAL AUTHENTICATE, as a key with "PIN always" wants it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.blocked import refuses, state_after
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardsError, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv
from kilitcoz_cards.identity import Identification, certificate_hash
from kilitcoz_cards.iso7816 import INCORRECT_DATA, VERIFICATION_FAILED
from kilitcoz_cards.pin import UNTOLD, Pin, PinState
from kilitcoz_cards.reference_data import verify


@dataclass(frozen=True, slots=True)
class SigningCard:
    """A card that may serve: what it tells of itself, and the certificate (DER, believed by nobody yet) of
    the slot whose key is to sign.
    """

    identification: Identification
    slot: str
    unverified_certificate: bytes


class SigningOutcome(StrEnum):
    """How a transaction ended."""

    SIGNED = "signed"
    PIN_WRONG = "pin_wrong"
    PIN_BLOCKED = "pin_blocked"
    LAST_TRY = "last_try"  # the next wrong PIN may block the card; nothing was sent
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class SigningReport:
    """`pin`: what the card last told of it. `algorithm` and `signature` when SIGNED, `abort_code` when
    ABORTED. An ECDSA signature is r ‖ s in a login (RFC 7518, 3.4), DER in a document (RFC 3279, 2.2.3).
    """

    outcome: SigningOutcome
    pin: PinState = UNTOLD
    algorithm: SignatureAlgorithm | None = None
    signature: bytes = b""
    abort_code: str | None = None


Signing = Callable[[], Conversation[SigningReport]]
"""What follows on the PIN: one GENERAL AUTHENTICATE."""


def look(
    slots: Sequence[str], missing: type[CardsError], *, reader: str = "", atr: str = ""
) -> Conversation[SigningCard]:
    """SELECT, CHUID, serial, the PIN's state, the first certificate of `slots`. `reader` and `atr` (hex) go
    in as they are.

    Raises `missing` where there is none, and what piv.identify raises.
    """
    yield from piv.select()
    chuid = yield from piv.read_chuid()
    serial = yield from piv.read_serial()
    pin = yield from piv.read_pin_state()
    slot, certificate = yield from _certificate(slots, missing)
    identification = Identification(
        family=PIV.name,
        card_id=chuid.guid.hex(),
        serial=serial,
        reader=reader,
        atr=atr,
        certificates={slot: certificate_hash(certificate)},
        pin=pin,
    )
    return SigningCard(identification, slot, certificate)


def with_pin(
    card: SigningCard, pin: Pin, sign: Signing, *, may_spend_last_try: bool
) -> Conversation[SigningReport]:
    """The same card again, the PIN's state, VERIFY, and then `sign`. Never raises CardsError.

    Without `may_spend_last_try` nothing is sent where one try is left or the card does not tell.
    """
    same = piv.same_card(replace(card.identification, puk=UNTOLD))
    return (yield from after_pin(same, pin, sign, may_spend_last_try=may_spend_last_try))


def after_pin(
    same: Conversation[None], pin: Pin, sign: Signing, *, may_spend_last_try: bool
) -> Conversation[SigningReport]:
    """As with_pin, of the card for which `same` (as piv.same_card) returns."""
    try:
        yield from same
        state = yield from piv.read_pin_state()
        refusal = _before_a_try(state, may_spend_last_try=may_spend_last_try)
        if refusal is not None:
            return SigningReport(refusal, state)
        refused = yield from _verify(pin, state)
        return refused or (yield from sign())
    except CardsError as fault:
        return SigningReport(SigningOutcome.ABORTED, abort_code=fault.code)


def _certificate(slots: Sequence[str], missing: type[CardsError]) -> Conversation[tuple[str, bytes]]:
    for slot in slots:
        certificate = yield from piv.read_certificate(slot)
        if certificate is not None:
            return slot, certificate
    raise missing("none in " + ", ".join(slots))


def _before_a_try(state: PinState, *, may_spend_last_try: bool) -> SigningOutcome | None:
    """What ends it before a PIN is sent."""
    if state.blocked or state.retries_left == 0:
        return SigningOutcome.PIN_BLOCKED
    many = state.retries_left is not None and state.retries_left > 1
    return None if many or may_spend_last_try else SigningOutcome.LAST_TRY


def _verify(pin: Pin, before: PinState) -> Conversation[SigningReport | None]:
    """None where the card takes the PIN. `6A80` speaks of its form and takes no try (3.2.1)."""
    response = yield verify(PIV.pin, pin)
    if response.sw.is_success:
        return None
    if response.sw == INCORRECT_DATA:
        return SigningReport(SigningOutcome.PIN_WRONG, before)
    if not (refuses(response.sw) or response.sw == VERIFICATION_FAILED):
        raise UnexpectedStatus("VERIFY", response.sw)
    after = state_after(response.sw)
    return SigningReport(SigningOutcome.PIN_BLOCKED if after.blocked else SigningOutcome.PIN_WRONG, after)
