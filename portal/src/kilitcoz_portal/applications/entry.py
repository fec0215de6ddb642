"""What an applicant enters, checked: each field by holders.entries, the phone one to which codes can go."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from kilitcoz_portal.applications.errors import ChoiceUnknown
from kilitcoz_portal.applications.models import Application, Kind
from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import NameInvalid, PhoneInvalid
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.phones import require_sendable

_LANGUAGES = frozenset({"tr", "en"})
_MAX_INSTITUTION, _MAX_SURNAME = 120, 64


@dataclass(frozen=True)
class Entry:
    """As people write it. `kind` is a Kind's value, `language` `tr` or `en`."""

    id_number: str
    name: str
    phone: str
    email: str = ""
    language: str = "tr"
    kind: str = Kind.FIRST
    institution: str = ""
    surname: str = ""  # end of `name`; empty: its last word


def checked(entry: Entry) -> Application:
    """The application as it would be stored. Raises the EntryError of the first field that is wrong."""
    number, id_kind = entries.id_number(entry.id_number)
    if entry.kind not in Kind.values:
        raise ChoiceUnknown("kind")
    if entry.language not in _LANGUAGES:
        raise ChoiceUnknown("language")
    name = entries.name(entry.name)
    return Application(
        id_number=number,
        id_kind=id_kind,
        name=name,
        surname=_surname(entry.surname, name),
        phone=_phone(entry.phone),
        email=entries.email(entry.email),
        language=entry.language,
        kind=entry.kind,
        institution=_institution(entry.institution),
    )


def country(entered: str) -> str:
    """Who issued a passport, by ISO 3166-1 alpha-2. Raises ChoiceUnknown."""
    code = entered.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ChoiceUnknown("passport_of")
    return code


def _surname(entered: str, name: str) -> str:
    """In the form of the name, whose end it must be. Raises NameInvalid."""
    surname = entries.name(entered) if entered.strip() else ""
    if len(surname) > _MAX_SURNAME or (surname and not f" {name}".endswith(f" {surname}")):
        raise NameInvalid
    return surname


def _phone(entered: str) -> str:
    phone = entries.phone(entered)
    try:
        require_sendable(phone)
    except PhoneNotAllowed:
        raise PhoneInvalid from None
    return phone


def _institution(entered: str) -> str:
    """Any name of an institution, on one line."""
    tidy = " ".join("".join(each for each in entered if each.isprintable()).split())
    if len(tidy) > _MAX_INSTITUTION:
        raise ChoiceUnknown("institution")
    return tidy
