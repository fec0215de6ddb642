"""The installation's issuing authority, ready to sign; and the addresses at which it publishes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

from kilitcoz_portal.ca import keys, names
from kilitcoz_portal.ca.certificates import Order, make, new_serial_number
from kilitcoz_portal.ca.errors import NoAuthority
from kilitcoz_portal.ca.extensions import Addresses
from kilitcoz_portal.ca.models import Authority, Issued, ResponderCertificate
from kilitcoz_portal.ca.ocsp import Responder
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.signing import Issuer

RENEWED_BEFORE = timedelta(days=10)  # a responder's certificate, before its end


def authority() -> Authority:
    """The one there is. Raises NoAuthority."""
    found = Authority.objects.order_by("-pk").first()
    if found is None:
        raise NoAuthority
    return found


def locked() -> Authority:
    """The same, its row locked until the transaction ends: for whoever issues or changes a status."""
    return Authority.objects.select_for_update().get(pk=authority().pk)


def locked_of(serial_numbers: Sequence[str]) -> dict[int, Authority]:
    """Those that have issued these certificates, by their keys, their rows locked in that order. Raises
    NoAuthority where there is none at all.
    """
    authority()
    issued = Issued.objects.filter(serial_number__in=serial_numbers).values("authority")
    rows = Authority.objects.select_for_update().filter(pk__in=issued).order_by("pk")
    return {each.pk: each for each in rows}


def issuer(found: Authority) -> Issuer:
    """Name, key and certificate."""
    return _issuer(keys.place(found.name), bytes(found.certificate))


@lru_cache(maxsize=16)  # of what never changes: so templates, too, are made once
def _issuer(place: Path, der: bytes) -> Issuer:
    certificate = x509.load_der_x509_certificate(der)
    return Issuer(certificate.subject, keys.key_at(place), certificate)


def addresses(name: str) -> Addresses:
    """Under the portal's own origin, by plain http where that is not a demo's: RFC 5280, 4.2.1.13."""
    base = settings.KILITCOZ_CA_PUBLISHED_AT or settings.KILITCOZ_ORIGIN.replace("https://", "http://", 1)
    return Addresses(
        certificate=f"{base}/pki/{name}.cer",
        crl=f"{base}/pki/{name}.crl",
        ocsp=f"{base}/ocsp",
        policy=settings.KILITCOZ_CA_POLICY_URL,
    )


def responder(found: Authority, now: datetime) -> Responder:
    """Who signs answers now; a certificate near its end is replaced, the key stays."""
    row = found.responders.filter(not_after__gt=now + RENEWED_BEFORE).order_by("-not_after").first()
    row = row or _new_responder(found, now)
    return _responder(keys.place(responder_key(found.name)), bytes(row.certificate), bytes(found.certificate))


@lru_cache(maxsize=16)
def _responder(place: Path, der: bytes, issuer_der: bytes) -> Responder:
    signer = _issuer(place, der)
    assert signer.certificate is not None
    return Responder(signer, signer.certificate, x509.load_der_x509_certificate(issuer_der))


def _new_responder(found: Authority, now: datetime) -> ResponderCertificate:
    signer = issuer(found)
    organisation = {each.oid: str(each.value) for each in signer.name}
    name = names.authority(
        organisation[NameOID.ORGANIZATION_NAME],
        organisation[NameOID.ORGANIZATION_IDENTIFIER],
        f"OCSP {now:%Y-%m}",
    )
    key = keys.signing_key(responder_key(found.name)).public_key()
    order = Order(ProfileName.OCSP_RESPONDER, name, key, new_serial_number(), now.replace(microsecond=0))
    certificate = make(order, signer, None)
    return ResponderCertificate.objects.create(
        authority=found,
        certificate=certificate.public_bytes(Encoding.DER),
        not_after=certificate.not_valid_after_utc,
    )


def responder_key(name: str) -> str:
    """The name of the key that signs answers for the authority of this name."""
    return f"{name}-ocsp"
