"""Reading what people enter: each function returns the one form that is stored, or raises its EntryError."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import EmailValidator
from stdnum.exceptions import ValidationError
from stdnum.tr import tckimlik

from kilitcoz_portal.holders.errors import (
    ApplicationInvalid,
    CardIdInvalid,
    EmailInvalid,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
    SerialInvalid,
)
from kilitcoz_portal.holders.models import Holder

_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,15}")  # ICAO Doc 9303: letters and digits, not digits alone
_NAME = re.compile(r"[^\W\d_][\w .'’\-]*", re.UNICODE)
_APPLICATION = re.compile(r"[A-Z0-9/-]{1,32}")
_CARD_ID = {"piv": re.compile(r"[0-9a-f]{32}")}


def id_number(entered: str) -> tuple[str, Holder.IdKind]:
    """An id number and its kind: eleven digits are a T.C. Kimlik No (foreigners': 99…), all else a
    passport number.
    """
    number = plain_id_number(entered)
    if number.isdigit() and len(number) == 11:
        try:
            return tckimlik.validate(number), Holder.IdKind.TCKN
        except ValidationError:
            raise IdNumberInvalid from None
    if number.isdigit() or not _PASSPORT.fullmatch(number):
        raise IdNumberInvalid
    return number, Holder.IdKind.PASSPORT


def plain_id_number(entered: str) -> str:
    """As stored, without any check: no white space, upper case."""
    return "".join(entered.split()).upper()


def name(entered: str) -> str:
    """A person's name in NFC, single spaces."""
    tidy = " ".join(unicodedata.normalize("NFC", entered).split())
    if not _NAME.fullmatch(tidy) or len(tidy) > 120:
        raise NameInvalid
    return tidy


def staff(by: str) -> str:
    """Who did something, as it stands in the books: one line, at most 80 characters; empty where nobody."""
    return " ".join(by.split())[:80]


def phone(entered: str) -> str:
    """E.164; without a country code it is read as Turkish (`0532 123 45 67`, `532…`)."""
    try:
        number = phonenumbers.parse(entered, "TR")
    except phonenumbers.NumberParseException:
        raise PhoneInvalid from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneInvalid
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(entered: str) -> str:
    """An e-mail address as typed, its domain in lower case; empty where none is given."""
    local, at, domain = entered.strip().rpartition("@")
    tidy = f"{local}{at}{domain.lower()}"
    try:
        if tidy:
            EmailValidator()(tidy)
    except DjangoValidationError:
        raise EmailInvalid from None
    if len(tidy) > 254:
        raise EmailInvalid
    return tidy


def application_number(entered: str) -> str:
    """The number on the application form: upper case, without white space; empty where none is given."""
    plain = "".join(entered.split()).upper()
    if plain and not _APPLICATION.fullmatch(plain):
        raise ApplicationInvalid
    return plain


def card_id(family: str, entered: str) -> str:
    """The card's identifier as its family has it, lower-case hex; separators are dropped."""
    plain = re.sub(r"[\s:-]", "", entered).lower()
    if not _CARD_ID[family].fullmatch(plain):
        raise CardIdInvalid
    return plain


def serial(entered: str) -> str:
    """Decimal digits, 20 at most; empty where the card has none."""
    plain = entered.strip()
    if plain and not re.fullmatch(r"[0-9]{1,20}", plain):
        raise SerialInvalid
    return plain
