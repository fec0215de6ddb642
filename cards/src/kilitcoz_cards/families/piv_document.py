"""A signature of a document with a PIV card: the key 9C (SP 800-73-4 part 1, 3.1.3), which asks for the PIN
before every use (docs/sign-protocol.md).

Rules kept here: one key signs, once; what it signs are the signed attributes of a CMS signature, hashed here,
and never a hash that somebody sent.
"""

from dataclasses import dataclass

from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import NoSignatureCertificate, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv_signing
from kilitcoz_cards.families.piv_keys import signature_of, use_key
from kilitcoz_cards.families.piv_signing import SigningCard, SigningOutcome, SigningReport
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.pin import Pin
from kilitcoz_cards.signatures import signature_input
from kilitcoz_cards.signed_attributes import ALGORITHM_OF


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the card's key signs: signed attributes (DER, as signed_attributes.make makes them) by a key of
    this kind.
    """

    key: KeyAlgorithm
    der: bytes


def look(*, reader: str = "", atr: str = "") -> Conversation[SigningCard]:
    """The card, and the certificate with which its holder signs. Raises NoSignatureCertificate, and as
    piv_signing.look.
    """
    return piv_signing.look(PIV.signature_slots, NoSignatureCertificate, reader=reader, atr=atr)


def sign(
    card: SigningCard, pin: Pin, attributes: Attributes, *, may_spend_last_try: bool = False
) -> Conversation[SigningReport]:
    """VERIFY and GENERAL AUTHENTICATE, as piv_signing.with_pin. Never raises CardsError."""
    return piv_signing.with_pin(
        card, pin, lambda: _sign(card, attributes), may_spend_last_try=may_spend_last_try
    )


def _sign(card: SigningCard, attributes: Attributes) -> Conversation[SigningReport]:
    key = attributes.key
    response = yield use_key(int(card.slot, 16), key, signature_input(key, attributes.der))
    if not response.sw.is_success:
        raise UnexpectedStatus("GENERAL AUTHENTICATE", response.sw)
    signature = signature_of(key, response.data)
    return SigningReport(SigningOutcome.SIGNED, algorithm=ALGORITHM_OF[key], signature=signature)
