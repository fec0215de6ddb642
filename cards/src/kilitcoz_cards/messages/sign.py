"""The messages of a document's signature: claim, decision, signature (docs/sign-protocol.md, S3–S5).

The portal says what is to be signed only to the card service that holds the signer's card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.messages.codec import Bytes, Choice, Codec, Nullable, ObjectOf, Text
from kilitcoz_cards.messages.unlock import (
    AGENT_VERSION,
    SHA256_HEX,
    TOKEN_43,
    CardDecision,
    Message,
)

MAX_TITLE = 120  # characters
DIGEST = Bytes(32, 48)  # SHA-256 or SHA-384


@dataclass(frozen=True, slots=True)
class SignClaim(Message):
    """S3: the card service's one-time X25519 public key; SHA-256 (hex) of the certificate in 9C of the card
    that the capability names, None while that card is not in.
    """

    agent_key: bytes
    agent_version: str
    certificate: str | None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "agent_key": Bytes(32, 32),
        "agent_version": AGENT_VERSION,
        "certificate": Nullable(SHA256_HEX),
    }


@dataclass(frozen=True, slots=True)
class DocumentToSign:
    """What a document is called; the hash of the bytes that the signature covers, by the hash of the
    signature; signed attributes, DER.
    """

    title: str
    document_hash: bytes
    signed_attributes: bytes


DOCUMENT = ObjectOf(
    DocumentToSign, {"title": Text(MAX_TITLE), "document_hash": DIGEST, "signed_attributes": Bytes(64, 1024)}
)


@dataclass(frozen=True, slots=True)
class SignDecision(Message):
    """S4: PROCEED with the document, or NO_CARD or WRONG_CARD without it. `session`: bearer of the later
    calls.
    """

    decision: CardDecision
    session: str
    card_label: str | None
    document: DocumentToSign | None

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "decision": Choice(CardDecision),
        "session": TOKEN_43,
        "card_label": Nullable(Text(16)),
        "document": Nullable(DOCUMENT),
    }

    def __post_init__(self) -> None:
        if self.decision not in {CardDecision.PROCEED, CardDecision.NO_CARD, CardDecision.WRONG_CARD}:
            raise MessageMalformed("decision")
        if (self.document is not None) is not (self.decision is CardDecision.PROCEED):
            raise MessageMalformed("document")


@dataclass(frozen=True, slots=True)
class DocumentSignature(Message):
    """S5: over the signed attributes, as CMS has it: RSA PKCS#1 v1.5, or ECDSA in DER."""

    signature: bytes

    TABLE: ClassVar[Mapping[str, Codec]] = {"signature": Bytes(8, 512)}
