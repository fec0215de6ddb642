"""Who acts, by role and, of staff, by name."""

from __future__ import annotations

from dataclasses import dataclass

from kilitcoz_portal.certificates.models import Role
from kilitcoz_portal.holders.entries import staff


@dataclass(frozen=True)
class Actor:
    """`name`, and `second` of two operators, are of staff. `institution` is the officer's own."""

    role: Role
    name: str = ""
    second: str = ""
    institution: str = ""


HOLDER = Actor(Role.HOLDER)
SYSTEM = Actor(Role.SYSTEM)


def operator(name: str) -> Actor:
    """One person of the call centre."""
    return Actor(Role.OPERATOR, staff(name))


def registrar(name: str) -> Actor:
    """Who makes the cards."""
    return Actor(Role.REGISTRAR, staff(name))


def officer(name: str, institution: str) -> Actor:
    """Of the institution for whose people certificates were made."""
    return Actor(Role.OFFICER, staff(name), institution=institution)
