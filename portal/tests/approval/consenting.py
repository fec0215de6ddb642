"""Giving E-Onay as a holder does, with a key of our own authority's in the test's hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal.tests.cast import AYSES_BROWSER
from portal.tests.people import card_of
from portal.tests.sign_service import Hand, SignService, by_key

from kilitcoz_cards.messages import ResultAnswer
from kilitcoz_portal.approval import services, signers
from kilitcoz_portal.approval.models import Consent
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation

DESK = registrar("Elif")
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Signatory:
    """A holder, the card, the key in its 9C, and the certificate as it is on record."""

    holder: Holder
    card: Card
    key: PrivateKey
    serial_number: str

    @property
    def certificate(self) -> Certificate:
        """As it is now."""
        return Certificate.objects.get(serial_number=self.serial_number)

    @property
    def hand(self) -> Hand:
        """What signs."""
        return by_key(self.key, bytes(self.certificate.der))


@dataclass(frozen=True)
class Signing:
    """A prepared consent, and the card service that is to sign it."""

    consent_id: str
    operation: Operation
    service: SignService

    @property
    def consent(self) -> Consent:
        """As it is now."""
        return Consent.objects.get(pk=self.consent_id)

    @property
    def state(self) -> str:
        """Of the operation, as it is now."""
        return Operation.objects.get(pk=self.operation.pk).state


def signatory(
    holder: Holder, now: datetime, *, key: PrivateKey | None = None, serial: str = "90214821"
) -> Signatory:
    """This holder with a new card, its signature certificate opened for use."""
    found = awaiting(holder, now, key=key, serial=serial)
    certificates.open_for_use([found.certificate], now)
    return found


def awaiting(
    holder: Holder, now: datetime, *, key: PrivateKey | None = None, serial: str = "90214821"
) -> Signatory:
    """The same, not opened yet."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    card = card_of(holder, serial)
    wish = Production(card, signers.SLOT, ProfileName.SIGNATURE, public, certificates.request_id())
    produced = issuing.produce(wish, DESK, now)
    certificates.hand_over([produced], DESK, now)
    return Signatory(holder, card, key, produced.serial_number)


def begin(who: Signatory, now: datetime, *, language: str = "tr", browser: str = AYSES_BROWSER) -> Signing:
    """From the text to the card service."""
    signer = signers.of_card(who.holder, who.card.pk)
    consent = services.prepare(who.holder, signer, language, now)
    operation = services.begin(consent, browser, now)
    capability = operations.issue_capability(operation.pk, browser, now)
    return Signing(consent.pk, operation, SignService(capability, who.hand, now))


def give(who: Signatory, now: datetime, **how: str) -> tuple[Signing, ResultAnswer]:
    """All of it."""
    signing = begin(who, now, **how)
    return signing, signing.service.sign()
