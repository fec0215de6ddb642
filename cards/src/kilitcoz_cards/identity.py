"""What a card tells of itself, and by which it is known again: M3's identification."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kilitcoz_cards.pin import UNTOLD, PinState


class KeyAlgorithm(StrEnum):
    """Algorithms of a key on a card that we take."""

    ECC_P256 = "ecc-p256"
    ECC_P384 = "ecc-p384"
    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"

    @property
    def hash_name(self) -> str:
        """hashlib's name of the hash that is signed: as strong as the key, and no stronger."""
        return "sha384" if self is KeyAlgorithm.ECC_P384 else "sha256"

    @property
    def is_rsa(self) -> bool:
        """True for PKCS#1 v1.5, False for ECDSA."""
        return self in {KeyAlgorithm.RSA_2048, KeyAlgorithm.RSA_3072}

    @property
    def block_length(self) -> int:
        """Bytes the key is given: those of an RSA modulus, or of a digest as long as the curve's numbers."""
        return {"ecc-p256": 32, "ecc-p384": 48, "rsa-2048": 256, "rsa-3072": 384}[self.value]


@dataclass(frozen=True, slots=True)
class Proof:
    """A signature by a key that needs no PIN: RSA PKCS#1 v1.5, or ECDSA in DER."""

    key: str
    algorithm: KeyAlgorithm
    signature: bytes


@dataclass(frozen=True, slots=True)
class Identification:
    """One card as read once.

    `family` as in families.BY_NAME; `card_id` and `atr` lower-case hex; `serial` decimal; `certificates`:
    slot (two hex digits) → SHA-256 hex of the DER certificate; `proof` None where the card has no key that
    works without a PIN.
    """

    family: str
    card_id: str
    serial: str | None = None
    reader: str = ""
    atr: str = ""
    certificates: Mapping[str, str] = field(default_factory=dict)
    pin: PinState = UNTOLD
    puk: PinState = UNTOLD
    proof: Proof | None = None


def certificate_hash(der: bytes) -> str:
    """SHA-256 hex of a DER certificate, as in `Identification.certificates`."""
    return hashlib.sha256(der).hexdigest()
