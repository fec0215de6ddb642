"""Whom a certificate names: the identity number in its subject's serialNumber (X.520, 6.2.9).

Forms that are taken: `TINTR-` and `PNOTR-` before a T.C. Kimlik No, `PASXX-` before a passport number of
country XX (ETSI EN 319 412-1, 5.1.3), and eleven bare digits in a subject of Türkiye, as its older
certificates have them. One form that fits, or nobody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID
from stdnum.tr import tckimlik

from kilitcoz_portal.trust.errors import CertificateNamesNobody

_SEMANTIC = re.compile(r"(?P<kind>TIN|PNO|PAS)(?P<country>[A-Z]{2})-(?P<number>[A-Z0-9]{6,15})")
_BARE = re.compile(r"[0-9]{11}")
_HOME = "TR"
_MOST_IN_NAME = 120


class IdKind(StrEnum):
    """What an identity number is; the values are those of holders."""

    TCKN = "tckn"
    PASSPORT = "passport"


@dataclass(frozen=True)
class Identity:
    """Whom a validated certificate names, and which certificate it was.

    `id_number` is as holders store it; `country` (ISO 3166-1 alpha-2) is where that number counts. `serial`
    is hexadecimal, `certificate_sha256` too; `policies` are dotted object identifiers.
    """

    id_number: str = field(repr=False)
    id_kind: IdKind
    name: str = field(repr=False)
    country: str
    certificate_sha256: str
    serial: str
    issuer: str
    not_after: datetime
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """An identity number, what it is, and where it counts."""

    value: str = field(repr=False)
    kind: IdKind
    country: str


def number_of(subject: x509.Name) -> Number:
    """The one identity number of a subject. Raises CertificateNamesNobody."""
    found = [str(each.value) for each in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    if len(found) != 1:
        raise CertificateNamesNobody("serial-number-count")
    number = _read(found[0], _country(subject))
    if number is None:
        raise CertificateNamesNobody("serial-number-form")
    return number


def name_of(subject: x509.Name) -> str:
    """Given name and surname, or else the common name; in NFC, single spaces. Raises
    CertificateNamesNobody for a subject without any.
    """
    parts = [_only(subject, oid) for oid in (NameOID.GIVEN_NAME, NameOID.SURNAME)]
    name = " ".join(parts) if all(parts) else _only(subject, NameOID.COMMON_NAME)
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > _MOST_IN_NAME or not tidy.replace(" ", "").isprintable():
        raise CertificateNamesNobody("name")
    return tidy


def _read(serial_number: str, subject_country: str) -> Number | None:
    if _BARE.fullmatch(serial_number) and subject_country == _HOME:
        return _home(serial_number)
    semantic = _SEMANTIC.fullmatch(serial_number)
    if semantic is None:
        return None
    kind, country, value = semantic.group("kind", "country", "number")
    if kind == "PAS":
        return None if value.isdigit() and len(value) == 11 else Number(value, IdKind.PASSPORT, country)
    return _home(value) if country == _HOME else None


def _home(value: str) -> Number | None:
    """A T.C. Kimlik No whose check digits fit; foreigners' 99… numbers are such too."""
    return Number(value, IdKind.TCKN, _HOME) if tckimlik.is_valid(value) else None


def _country(subject: x509.Name) -> str:
    return _only(subject, NameOID.COUNTRY_NAME).upper()


def _only(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    """The attribute's value where there is exactly one, else an empty string."""
    found = subject.get_attributes_for_oid(oid)
    return str(found[0].value) if len(found) == 1 else ""
