"""The messages of a renewal at home (docs/renewal-protocol.md, R2–R7): what is wanted, the management key's
challenge and answer, the keys made, their certificates, and that these are written. Claim and decision are M3
and M4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages.codec import Bytes, Choice, Codec, ListOf, MapOf, Nullable, ObjectOf, Text
from kilitcoz_cards.messages.unlock import SHA256_HEX, Message

MAX_CERTIFICATE = 16384  # bytes of DER
MAX_KEYS = 2
RENEWED_SLOT = Text(2, "9[ac]")
PUBLIC_KEY = Bytes(32, 1024)


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """A key to be renewed. `public_key`: of an earlier run, whose certificate is still to come or to be
    written.
    """

    slot: str
    algorithm: KeyAlgorithm
    public_key: bytes | None


@dataclass(frozen=True, slots=True)
class RenewalPlan(Message):
    """R2."""

    keys: tuple[KeyWanted, ...]

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "keys": ListOf(
            ObjectOf(
                KeyWanted,
                {
                    "slot": RENEWED_SLOT,
                    "algorithm": Choice(KeyAlgorithm),
                    "public_key": Nullable(PUBLIC_KEY),
                },
            ),
            1,
            MAX_KEYS,
        )
    }


@dataclass(frozen=True, slots=True)
class ManagementChallenge(Message):
    """R3: the card's, one block, inside the transaction that waits for the answer."""

    algorithm: ManagementAlgorithm
    challenge: bytes

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "algorithm": Choice(ManagementAlgorithm),
        "challenge": Bytes(8, 16),
    }


@dataclass(frozen=True, slots=True)
class ManagementAnswer(Message):
    """R4: the challenge, enciphered by the card's management key, which stays in the vault."""

    cryptogram: bytes

    TABLE: ClassVar[Mapping[str, Codec]] = {"cryptogram": Bytes(8, 16)}


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key on the card; `signature`: over binding.new_key_message of its slot."""

    slot: str
    algorithm: KeyAlgorithm
    public_key: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class MadeKeys(Message):
    """R5."""

    keys: tuple[MadeKey, ...]

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "keys": ListOf(
            ObjectOf(
                MadeKey,
                {
                    "slot": RENEWED_SLOT,
                    "algorithm": Choice(KeyAlgorithm),
                    "public_key": PUBLIC_KEY,
                    "signature": Bytes(8, 512),
                },
            ),
            1,
            MAX_KEYS,
        )
    }


@dataclass(frozen=True, slots=True)
class NewCertificates(Message):
    """R6: slot → certificate, DER."""

    certificates: Mapping[str, bytes]

    TABLE: ClassVar[Mapping[str, Codec]] = {
        "certificates": MapOf(RENEWED_SLOT, Bytes(64, MAX_CERTIFICATE), MAX_KEYS)
    }


@dataclass(frozen=True, slots=True)
class WrittenCertificates(Message):
    """R7: slot → SHA-256 (hex) of the certificate that the card gave back."""

    certificates: Mapping[str, str]

    TABLE: ClassVar[Mapping[str, Codec]] = {"certificates": MapOf(RENEWED_SLOT, SHA256_HEX, MAX_KEYS)}
