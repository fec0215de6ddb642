"""The profiles of our certificates as literal data: how long they live, and what their key may do.

RFC 5280, 4.2; ETSI EN 319 412-2 for persons; RFC 6960, 4.2.2.2 for responders; SP 800-73-4 part 1 for a
card's own key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

QCP_N_QSCD = "0.4.0.194112.1.2"  # ETSI EN 319 411-2, 5.3
NCP_PLUS = "0.4.0.2042.1.2"  # ETSI EN 319 411-1, 5.3
NCP = "0.4.0.2042.1.1"
ANY_POLICY = "2.5.29.32.0"
PIV_CARD_AUTHENTICATION = x509.ObjectIdentifier("2.16.840.1.101.3.6.8")  # SP 800-73-4 part 1, 3.1.3


class ProfileName(StrEnum):
    """What a certificate is for."""

    ROOT = "root"
    ISSUING = "issuing"
    OCSP_RESPONDER = "ocsp-responder"
    SIGNATURE = "signature"
    AUTHENTICATION = "authentication"
    CARD = "card"


@dataclass(frozen=True)
class Profile:
    """One row. `key_usage`: the bits of RFC 5280, 4.2.1.3, that are set, by pyca's names. `path_length`: None
    for what is no authority. `qualified`: with QCStatements. `has_status`: with addresses of CRL and OCSP.
    """

    life: timedelta
    key_usage: frozenset[str]
    extended_key_usage: tuple[x509.ObjectIdentifier, ...] = ()
    policies: tuple[str, ...] = ()
    path_length: int | None = None
    qualified: bool = False
    has_status: bool = True
    no_check: bool = False

    @property
    def is_authority(self) -> bool:
        """Whether its key signs certificates."""
        return "key_cert_sign" in self.key_usage


YEAR = timedelta(days=365)
_AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
_SIGNS = frozenset({"digital_signature"})

PROFILES: Mapping[ProfileName, Profile] = MappingProxyType(
    {
        ProfileName.ROOT: Profile(20 * YEAR, _AUTHORITY, path_length=1, has_status=False),
        ProfileName.ISSUING: Profile(10 * YEAR, _AUTHORITY, policies=(ANY_POLICY,), path_length=0),
        # RFC 6960, 4.2.2.2.1: short-lived, and not asked about.
        ProfileName.OCSP_RESPONDER: Profile(
            timedelta(days=30),
            _SIGNS,
            (ExtendedKeyUsageOID.OCSP_SIGNING,),
            has_status=False,
            no_check=True,
        ),
        # EN 319 412-2, 4.3.2: a key of type A, for signatures that bind, does nothing else.
        ProfileName.SIGNATURE: Profile(
            3 * YEAR, frozenset({"content_commitment"}), policies=(QCP_N_QSCD,), qualified=True
        ),
        ProfileName.AUTHENTICATION: Profile(
            3 * YEAR, _SIGNS, (ExtendedKeyUsageOID.CLIENT_AUTH,), policies=(NCP_PLUS,)
        ),
        ProfileName.CARD: Profile(3 * YEAR, _SIGNS, (PIV_CARD_AUTHENTICATION,), policies=(NCP,)),
    }
)
