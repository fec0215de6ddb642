"""Where the authority publishes, for the public pages."""

from __future__ import annotations

from dataclasses import dataclass

from kilitcoz_portal.ca import authorities
from kilitcoz_portal.ca import queries as ca
from kilitcoz_portal.ca.ceremony import ROOT


@dataclass(frozen=True)
class PkiAddresses:
    """Whole addresses, as they stand in certificates."""

    root: str
    root_list: str
    issuing: str
    issuing_list: str
    ocsp: str


def pki_addresses() -> PkiAddresses | None:
    """None before the key ceremony."""
    found = ca.newest_authority()
    if found is None:
        return None
    root, issuing = authorities.addresses(ROOT), authorities.addresses(found.name)
    return PkiAddresses(root.certificate, root.crl, issuing.certificate, issuing.crl, issuing.ocsp)
