"""What is wrong with an entry: each error names the field and has a stable code.

EntryError
├── IdNumberInvalid       id-number-invalid       no T.C. Kimlik No, foreigner's number or passport number
├── NameInvalid           name-invalid            empty, too long, or not made of letters
├── PhoneInvalid          phone-invalid           no telephone number that can exist
├── EmailInvalid          email-invalid           no e-mail address
├── ApplicationInvalid    application-invalid     not letters, digits, - and /, or more than 32
├── SecurityWordWeak      a word that is easily guessed; which rule it breaks:
│   ├── WordTooShort      word-too-short          shorter than 8 letters, folded
│   ├── WordMonotonous    word-monotonous         repeats itself, or walks along the alphabet or the keyboard
│   ├── WordCommon        word-common             people choose it most, or it is made of this service's words
│   ├── WordPersonal      word-personal           made of the holder's own name, numbers, or a date
│   ├── WordUnchanged     word-unchanged          the one in use
│   └── WordUsedBefore    word-used-before        one of the last five
├── ContactUnchanged      contact-unchanged       it is the number or address we have already
├── HolderFrozen          holder-frozen           "it was not me" was pressed: nothing changes
├── UnfreezeRefused       unfreeze-refused        nothing asked within a day, or one person for two
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


class EmailInvalid(EntryError):
    """Not the form of an address, or longer than 254."""

    code = "email-invalid"
    field = "email"


class ApplicationInvalid(EntryError):
    """The number on the application form: letters, digits, hyphens and slashes."""

    code = "application-invalid"
    field = "application_number"


class ContactUnchanged(EntryError):
    """The same as before: there is nothing to change, and nobody to tell."""

    code = "contact-unchanged"
    field = "contact"


class HolderFrozen(EntryError):
    """Contacts, word, passkeys and cards stay as they are while the account is frozen."""

    code = "holder-frozen"
    field = "id_number"


class UnfreezeRefused(EntryError):
    """Two different people, by name, with a reason, within a day."""

    code = "unfreeze-refused"
    field = "by"


class SecurityWordWeak(EntryError):
    """A word that is easily guessed; the rule it breaks is a subclass."""

    field = "security_word"


class WordTooShort(SecurityWordWeak):
    """White space and marks do not count as letters."""

    code = "word-too-short"


class WordMonotonous(SecurityWordWeak):
    """`abababab`, `12345678`, `qwertyui`."""

    code = "word-monotonous"


class WordCommon(SecurityWordWeak):
    """On the lists, also with digits around it."""

    code = "word-common"


class WordPersonal(SecurityWordWeak):
    """What is left of it without the holder's own data is too little."""

    code = "word-personal"


class WordUnchanged(SecurityWordWeak):
    """A change must change something."""

    code = "word-unchanged"


class WordUsedBefore(SecurityWordWeak):
    """Words that were given up stay so."""

    code = "word-used-before"


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
