"""Making a certificate: a pure function of profile, subject, public key, issuer, serial number and time.

What certificates of one profile and issuer have in common is encoded once, by pyca's builder (templates); for
each there remain its serial number, validity, subject and key, and the signature.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from kilitcoz_portal.ca import signing, templates
from kilitcoz_portal.ca.extensions import Addresses
from kilitcoz_portal.ca.profiles import PROFILES, Profile, ProfileName
from kilitcoz_portal.ca.qualified import QcStatements
from kilitcoz_portal.ca.signing import Issuer, SubjectKey

# RFC 5280, 4.1.2.2: positive, at most 20 octets; BR 7.1: at least 64 bits from a random generator.
SERIAL_BITS = 158


@dataclass(frozen=True)
class Order:
    """What is to be certified. `not_before` is never before the moment of issue: nothing is backdated."""

    profile: ProfileName
    subject: x509.Name
    public_key: SubjectKey
    serial_number: int
    not_before: datetime
    statements: QcStatements | None = None


def new_serial_number() -> int:
    """SERIAL_BITS random bits, the highest set: all are of one length, and none is guessed."""
    return secrets.randbits(SERIAL_BITS - 1) | 1 << (SERIAL_BITS - 2)


def make(order: Order, issuer: Issuer, addresses: Addresses | None) -> x509.Certificate:
    """As make_der, parsed."""
    return x509.load_der_x509_certificate(make_der(order, issuer, addresses))


def make_der(order: Order, issuer: Issuer, addresses: Addresses | None) -> bytes:
    """Sign it. ValueError where order and profile do not fit; a certificate never outlives its issuer's."""
    profile = PROFILES[order.profile]
    _check(order, profile, issuer, addresses)
    template = templates.template(order.profile, issuer, addresses, order.statements)
    tbs = template.tbs(
        order.serial_number, (order.not_before, not_after(order, issuer)), order.subject, order.public_key
    )
    return signing.signed(tbs, template.algorithm, issuer)


def _check(order: Order, profile: Profile, issuer: Issuer, addresses: Addresses | None) -> None:
    if profile.qualified != (order.statements is not None):
        raise ValueError(f"{order.profile}: QCStatements belong into qualified certificates, and only there")
    if profile.has_status and addresses is None:
        raise ValueError(f"{order.profile}: without addresses nobody can ask for its status")
    if not 0 < order.serial_number < 1 << SERIAL_BITS:
        raise ValueError("serial number out of range")
    if (issuer.certificate is None) != (order.profile is ProfileName.ROOT):
        raise ValueError("a root signs itself, and nothing else does")


def not_after(order: Order, issuer: Issuer) -> datetime:
    """RFC 5280, 4.1.2.5: the last second is within; so a whole number of days ends a second before."""
    ends = order.not_before + PROFILES[order.profile].life - timedelta(seconds=1)
    return ends if issuer.certificate is None else min(ends, issuer.certificate.not_valid_after_utc)
