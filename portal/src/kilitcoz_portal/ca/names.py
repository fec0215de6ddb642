"""Whom a certificate names: authorities, persons (ETSI EN 319 412-2, 4.2.4; EN 319 412-1, 5.1.3), cards."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

COUNTRY = "TR"


@dataclass(frozen=True)
class Person:
    """A natural person. `id_number` is a T.C. Kimlik No (or a foreigner's 99… number), or a passport number
    with the country that issued it (ISO 3166-1 alpha-2).
    """

    given_name: str
    surname: str
    id_number: str
    passport_of: str = ""

    def subject(self) -> x509.Name:
        """Country, common name, given name, surname, serial number."""
        semantic = f"PAS{self.passport_of}" if self.passport_of else f"PNO{COUNTRY}"
        return _name(
            (NameOID.COUNTRY_NAME, self.passport_of or COUNTRY),
            (NameOID.COMMON_NAME, _cut(f"{self.given_name} {self.surname}")),
            (NameOID.GIVEN_NAME, self.given_name),
            (NameOID.SURNAME, self.surname),
            (NameOID.SERIAL_NUMBER, f"{semantic}-{self.id_number}"),
        )


def authority(organisation: str, organisation_id: str, common_name: str) -> x509.Name:
    """A root's, an issuer's or a responder's name. `organisation_id`: EN 319 412-1, 5.1.4 (`VATTR-…`)."""
    return _name(
        (NameOID.COUNTRY_NAME, COUNTRY),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATION_IDENTIFIER, organisation_id),
        (NameOID.COMMON_NAME, common_name),
    )


def card(organisation: str, serial: str) -> x509.Name:
    """A card by its serial: whoever reads it without a PIN learns no person's name."""
    return _name(
        (NameOID.COUNTRY_NAME, COUNTRY),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, f"Kart {serial}"),
    )


def _cut(common_name: str) -> str:
    """RFC 5280, appendix A: 64 characters; pyca counts the octets of their UTF-8, and so do we."""
    return common_name.encode()[:64].decode(errors="ignore")


def _name(*attributes: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
