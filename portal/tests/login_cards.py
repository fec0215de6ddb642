"""Cards to log in with: of an authority that this portal trusts, enrolled with their holders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from pytest_django.fixtures import Settings

from kilitcoz_portal.holders import services as holders
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.holders.services import CardEntry
from kilitcoz_simulator import Authority, Card, CardOrder, IssuedCard, issue
from kilitcoz_simulator import Holder as CardHolder

PIN = "271828"


@dataclass(frozen=True)
class Issuer:
    """The authority, and the folder in which the portal looks for whom it trusts."""

    authority: Authority
    folder: Path

    def card_of(self, holder: Holder, now: datetime, *, enrolled: bool = True) -> Card:
        """A card of the holder's with PIN; its certificates are on record unless not `enrolled`."""
        issued = _issued(self.authority, holder.name, holder.id_number, now)
        if enrolled:
            slots = issued.certificates.items()
            pem = {f"{slot:02x}": each.public_bytes(Encoding.PEM) for slot, each in slots}
            serial = str(issued.state.serial)
            holders.add_card(CardEntry(holder.id_number, "piv", issued.guid, serial, pem), now)
        return Card(issued.state)

    def take_back(self, holder: Holder, now: datetime) -> None:
        """The holder's certificates are revoked."""
        issued = _issued(self.authority, holder.name, holder.id_number, now)
        self._say(self.authority.status_list(issued.certificates.values()).public_bytes(Encoding.PEM))

    def trust(self) -> None:
        """Put the authority, and its empty list, where the portal looks."""
        (self.folder / "anchors").mkdir(parents=True)
        anchor = self.authority.certificate.public_bytes(Encoding.PEM)
        (self.folder / "anchors" / "issuer.pem").write_bytes(anchor)
        self._say(self.authority.status_list().public_bytes(Encoding.PEM))

    def _say(self, status_list: bytes) -> None:
        (self.folder / "crls").mkdir(exist_ok=True)
        (self.folder / "crls" / "issuer.pem").write_bytes(status_list)


@cache
def _authority(now: datetime) -> Authority:
    return Authority(now)


@cache
def _issued(authority: Authority, name: str, id_number: str, now: datetime) -> IssuedCard:
    return issue(CardOrder(CardHolder(name, id_number), pin=PIN), now=now, authority=authority)


def issuer(folder: Path, settings: Settings, now: datetime) -> Issuer:
    """A trusted one, whose status nobody is asked for over a network."""
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = folder, False
    made = Issuer(_authority(now), folder)
    made.trust()
    return made
