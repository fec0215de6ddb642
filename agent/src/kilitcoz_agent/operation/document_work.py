"""What is done with a card when it signs a document (signing_work).

Rules kept here: what is signed are the attributes that this program made itself, of the document's hash that
was shown and the certificate on the card; what the portal sent must be the same, byte for byte.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

from kilitcoz_agent.errors import DocumentRefused
from kilitcoz_agent.operation import signing_work
from kilitcoz_agent.operation.certificates import read_certificate
from kilitcoz_agent.operation.operation import FoundCard, Signer
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_cards import signed_attributes
from kilitcoz_cards.families import piv_document
from kilitcoz_cards.families.piv_document import Attributes
from kilitcoz_cards.families.piv_signing import SigningReport
from kilitcoz_cards.identity import certificate_hash
from kilitcoz_cards.messages import DocumentToSign, OperationKind
from kilitcoz_cards.pin import Pin

HASH_LENGTHS = {"sha256": 32, "sha384": 48}


class DocumentWork:
    """The card's side of one signature."""

    def __init__(self, readers: Readers, clock: Callable[[], float] = time.time) -> None:
        self._readers = readers
        self._clock = clock

    def find(self, status: ReaderStatus) -> FoundCard:
        """The card in this reader, if its certificate can serve. Raises CardsError, CertificateUnusable,
        ReaderBusy, ReaderServiceMissing.
        """
        card = signing_work.look(self._readers, OperationKind.SIGN, piv_document.look, status)
        certificate = read_certificate(card.unverified_certificate, self._clock(), "sign")
        return FoundCard(status.name, status.insertion, card.identification, Signer(card, certificate))

    def sign(
        self, card: FoundCard, document: DocumentToSign, pin: Pin, *, may_spend_last_try: bool
    ) -> SigningReport:
        """VERIFY and one signature. Never raises for what a card or a reader does."""
        signer = _signer(card)
        attributes = Attributes(signer.certificate.key, _attributes(signer, document))
        signing = piv_document.sign(signer.card, pin, attributes, may_spend_last_try=may_spend_last_try)
        return signing_work.sign(self._readers, OperationKind.SIGN, signing, card.reader)


def certificate_of(card: FoundCard) -> str:
    """SHA-256 (hex) of the certificate in 9C, for S3."""
    return certificate_hash(_signer(card).card.unverified_certificate)


def check(document: DocumentToSign, card: FoundCard) -> None:
    """Raises DocumentRefused unless what the portal asks for is a signature of this document by this card,
    and nothing else.
    """
    signer = _signer(card)
    if len(document.document_hash) != HASH_LENGTHS[signer.certificate.key.hash_name]:
        raise DocumentRefused
    if not hmac.compare_digest(document.signed_attributes, _attributes(signer, document)):
        raise DocumentRefused


def _attributes(signer: Signer, document: DocumentToSign) -> bytes:
    return signed_attributes.make(document.document_hash, signer.card.unverified_certificate)


def _signer(card: FoundCard) -> Signer:
    assert card.signer is not None
    return card.signer
