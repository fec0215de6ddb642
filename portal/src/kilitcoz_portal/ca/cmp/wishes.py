"""What is asked for, written down as a request; and whether what came is that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from kilitcoz_portal.ca import extensions, names
from kilitcoz_portal.ca.cmp import asn1, journal, messages, protection
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.cmp.models import Enrolment, Step
from kilitcoz_portal.ca.cmp.reading import CLOCKS_DIFFER
from kilitcoz_portal.ca.errors import KeyUnfit, RequestReused
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.port import CertificateRequest
from kilitcoz_portal.ca.profiles import PROFILES, ProfileName
from kilitcoz_portal.ca.services import fit_key


def attempt(request: CertificateRequest, connection: Connection, now: datetime) -> Enrolment:
    """The wish's last transaction, or a new one where that ended without a certificate. Raises KeyUnfit,
    RequestReused.
    """
    fit_key(request.public_key)
    last = journal.newest(request.request_id)
    if last is not None and not _same(last, request):
        raise RequestReused
    if last is not None and last.step != Step.ENDED:
        return last
    return journal.begin(_written(request, connection, now, last.attempt + 1 if last else 1))


def fault_of(
    certificate: x509.Certificate, row: Enrolment, pinned: Sequence[x509.Certificate], now: datetime
) -> str:
    """What is wrong with it: public-key, subject, issuer, validity, serial-number; empty: nothing."""
    if certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != bytes(
        row.public_key
    ):
        return "public-key"
    if not _names_as_wished(certificate.subject.public_bytes(), bytes(row.subject)):
        return "subject"
    if issuer_of(certificate, pinned) is None or certificate.signature_hash_algorithm is None:
        return "issuer"
    if not certificate.not_valid_before_utc - CLOCKS_DIFFER <= now < certificate.not_valid_after_utc:
        return "validity"
    known = Enrolment.objects.filter(serial_number=journal.serial_of(certificate)).exclude(pk=row.pk)
    return "serial-number" if known.exists() else ""


def issuer_of(certificate: x509.Certificate, pinned: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The pinned authority that has signed it."""
    signed = (each for each in pinned if protection.is_authority(each))
    return next((each for each in signed if protection.is_issued_by(certificate, each)), None)


def request_id_of(request: bytes) -> int:
    """certReqId of an ir; RFC 9483, 4.1.4, has -1 for a p10cr."""
    is_ir = asn1.Message.load(request)["body"].name == "ir"
    return messages.REQUEST_ID if is_ir else messages.P10_REQUEST_ID


def _written(request: CertificateRequest, connection: Connection, now: datetime, number: int) -> Enrolment:
    subject, transaction_id = _subject(request), messages.new_transaction_id()
    profile = connection.profiles.get(request.profile, "")
    envelope = Envelope(connection.recipient, transaction_id, now, profile=profile)
    body = _body(request, subject, named=bool(profile))
    return Enrolment(
        request_id=request.request_id,
        attempt=number,
        profile=request.profile,
        public_key=request.public_key,
        subject=subject.public_bytes(),
        on_hold=request.on_hold,
        transaction_id=transaction_id.hex(),
        request=messages.sealed(body, envelope, connection.credentials),
        begun_at=now,
    )


def _body(request: CertificateRequest, subject: x509.Name, *, named: bool) -> asn1.Body:
    """p10cr where the card has signed its own request; else ir, with the extensions that we wish for where
    the authority has no name for the profile.
    """
    if not request.csr:
        return messages.initialization(
            subject, request.public_key, () if named else _extensions(request.profile)
        )
    try:
        signed = x509.load_der_x509_csr(request.csr)
    except ValueError:
        raise KeyUnfit from None
    of_the_key = signed.is_signature_valid and signed.public_key() == fit_key(request.public_key)
    if not of_the_key or not _names_as_wished(signed.subject.public_bytes(), subject.public_bytes()):
        raise KeyUnfit
    return messages.from_pkcs10(request.csr)


def _extensions(name: ProfileName) -> list[tuple[x509.ExtensionType, bool]]:
    """Usage and policies; addresses and statements are the authority's own."""
    profile = PROFILES[name]
    found: list[tuple[x509.ExtensionType, bool]] = [(extensions.key_usage(profile), True)]
    if profile.policies:
        found.append((extensions.policies(profile, None), False))
    if profile.extended_key_usage:
        found.append((x509.ExtendedKeyUsage(profile.extended_key_usage), False))
    return found


def _subject(request: CertificateRequest) -> x509.Name:
    if isinstance(request.subject, Person):
        return request.subject.subject()
    return names.card(settings.KILITCOZ_ORGANISATION, request.subject)


def _names_as_wished(found: bytes, wished: bytes) -> bool:
    """Every attribute that we asked for, with our values alone; the authority may add its own kinds."""
    theirs, ours = _values(found), _values(wished)
    return all(theirs.get(kind) == values for kind, values in ours.items())


def _values(name: bytes) -> dict[str, list[str]]:
    """A name's attributes by their dotted numbers, whatever kind of string they are written as."""
    values: dict[str, list[str]] = {}
    for relative in asn1_x509.Name.load(name).chosen:
        for each in relative:
            values.setdefault(each["type"].dotted, []).append(str(each["value"].native))
    return values


def _same(earlier: Enrolment, request: CertificateRequest) -> bool:
    asked = (bytes(earlier.public_key), earlier.profile, bytes(earlier.subject))
    return asked == (request.public_key, request.profile, _subject(request).public_bytes())
