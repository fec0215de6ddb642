"""What is wrong with an entry: each error names the field and has a stable code.

EntryError
├── IdNumberInvalid       id-number-invalid       no T.C. Kimlik No, foreigner's number or passport number
├── NameInvalid           name-invalid            empty, too long, or not made of letters
├── PhoneInvalid          phone-invalid           no telephone number that can exist
├── SecurityWordWeak      security-word-weak      shorter than 8 letters, or easily guessed
├── HolderExists          holder-exists           this id number is enrolled already
├── HolderUnknown         holder-unknown          no holder with this id number
├── FamilyUnknown         family-unknown          no card family of this name
├── CardIdInvalid         card-id-invalid         not the hexadecimal identifier that the family has
├── SerialInvalid         serial-invalid          not a decimal number
├── CertificateInvalid    certificate-invalid     not a certificate, or its slot or key is none that we take
└── CardExists            card-exists             this card is enrolled already
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class EntryError(Exception):
    """Root. `field` as in the CSV file and the command's options; the value is never quoted."""

    code: ClassVar[str] = "entry-error"
    field: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(f"{self.field}: {self.code}")


class IdNumberInvalid(EntryError):
    """The check digits of T.C. Kimlik No do not fit, or it is no passport number either."""

    code = "id-number-invalid"
    field = "id_number"


class NameInvalid(EntryError):
    """Empty, longer than 120, or with characters that no name has."""

    code = "name-invalid"
    field = "name"


class PhoneInvalid(EntryError):
    """libphonenumber knows no such number."""

    code = "phone-invalid"
    field = "phone"


class SecurityWordWeak(EntryError):
    """Too short after folding, on the blocklist, or made of the holder's own data."""

    code = "security-word-weak"
    field = "security_word"


class HolderExists(EntryError):
    """One holder per id number."""

    code = "holder-exists"
    field = "id_number"


class HolderUnknown(EntryError):
    """Enrol the holder first."""

    code = "holder-unknown"
    field = "id_number"


class FamilyUnknown(EntryError):
    """See `kilitcoz_cards.families`."""

    code = "family-unknown"
    field = "family"


class CardIdInvalid(EntryError):
    """PIV: the CHUID's GUID, 32 hexadecimal digits."""

    code = "card-id-invalid"
    field = "card_id"


class SerialInvalid(EntryError):
    """Digits, 20 at most."""

    code = "serial-invalid"
    field = "serial"


class CertificateInvalid(EntryError):
    """Neither PEM nor DER of an X.509 certificate; or 9E's key is of another kind than we can prove."""

    code = "certificate-invalid"
    field = "certificates"


class CardExists(EntryError):
    """One holder per card."""

    code = "card-exists"
    field = "card_id"
