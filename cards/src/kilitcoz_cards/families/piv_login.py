"""A login with a PIV card: which card and certificate, then PIN and one signature (docs/login-protocol.md).

Two conversations, each a transaction of its own; what they share with the signature of a document is in
piv_signing. Rule kept here: one key signs, once, and what it signs is Web eID's value.
"""

from dataclasses import dataclass, field

from kilitcoz_cards.authentication import ALGORITHMS_OF, SignatureAlgorithm, signature_block, signed_value
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import NoLoginCertificate, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv_signing
from kilitcoz_cards.families.piv_keys import signature_of, use_key
from kilitcoz_cards.families.piv_signing import SigningCard, SigningOutcome, SigningReport
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import SECURITY_STATUS_NOT_SATISFIED, CommandApdu, ResponseApdu
from kilitcoz_cards.pin import Pin
from kilitcoz_cards.signatures import raw_ecdsa


@dataclass(frozen=True, slots=True)
class ToSign:
    """What the card's key signs. `key`: its kind, by the certificate; `salt`: SALT_LENGTH random bytes."""

    key: KeyAlgorithm
    origin: str
    challenge: str
    salt: bytes = field(repr=False)


def look(*, reader: str = "", atr: str = "") -> Conversation[SigningCard]:
    """The card, and the certificate with which its holder logs in. Raises NoLoginCertificate, and as
    piv_signing.look.
    """
    return piv_signing.look(PIV.login_slots, NoLoginCertificate, reader=reader, atr=atr)


def sign_in(
    card: SigningCard, pin: Pin, to_sign: ToSign, *, may_spend_last_try: bool = False
) -> Conversation[SigningReport]:
    """VERIFY and GENERAL AUTHENTICATE, as piv_signing.with_pin. Never raises CardsError."""
    return piv_signing.with_pin(
        card, pin, lambda: _sign(card, to_sign), may_spend_last_try=may_spend_last_try
    )


def _sign(card: SigningCard, to_sign: ToSign) -> Conversation[SigningReport]:
    """By the best algorithm that the card takes: one that looks at RSA's padding may refuse PSS."""
    algorithm, *others = ALGORITHMS_OF[to_sign.key]
    response = yield _signing(card, to_sign, algorithm)
    while others and not response.sw.is_success and response.sw != SECURITY_STATUS_NOT_SATISFIED:
        algorithm = others.pop(0)
        response = yield _signing(card, to_sign, algorithm)
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERAL AUTHENTICATE", response.sw)
    signature = _signature(to_sign.key, response)
    return SigningReport(SigningOutcome.SIGNED, algorithm=algorithm, signature=signature)


def _signing(card: SigningCard, to_sign: ToSign, algorithm: SignatureAlgorithm) -> CommandApdu:
    value = signed_value(to_sign.origin, to_sign.challenge, algorithm)
    block = signature_block(to_sign.key, algorithm, value, to_sign.salt)
    return use_key(int(card.slot, 16), to_sign.key, block)


def _signature(key: KeyAlgorithm, response: ResponseApdu) -> bytes:
    signature = signature_of(key, response.data)
    return signature if key.is_rsa else raw_ecdsa(signature, key.block_length)
