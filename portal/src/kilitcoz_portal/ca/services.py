"""The embedded authority's verbs (port.CertificateAuthority), each one transaction with its publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from kilitcoz_portal.ca import authorities, lists, names
from kilitcoz_portal.ca.certificates import Order, make_der, new_serial_number, not_after
from kilitcoz_portal.ca.errors import CertificateUnknown, KeyUnfit, RequestReused, StatusFinal
from kilitcoz_portal.ca.models import Authority, Issued, ReadyAnswer, Status
from kilitcoz_portal.ca.names import Person
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.profiles import PROFILES
from kilitcoz_portal.ca.qualified import QcStatements
from kilitcoz_portal.ca.signing import Issuer, SubjectKey

_CURVES = frozenset({"secp256r1", "secp384r1"})
_RSA_BITS = frozenset({2048, 3072})


class EmbeddedAuthority:
    """The three verbs over our own tables."""

    joins_transaction = True

    def issue(self, request: CertificateRequest, now: datetime) -> bytes:
        """The certificate, DER. Raises NoAuthority, KeyUnfit, RequestReused."""
        key = fit_key(request.public_key)
        with transaction.atomic():
            found = authorities.locked()
            earlier = Issued.objects.filter(request_id=request.request_id).first()
            if earlier is not None:
                return _same(earlier, request)
            issued = _issue(found, request, key, now)
            if request.on_hold:
                issued.status = Status.ON_HOLD
                lists.relist(issued, found)
                lists.publish(found, now)
            return bytes(issued.der)

    def set_status(self, serial_numbers: Sequence[str], wanted: CertificateStatus, now: datetime) -> None:
        """Statuses, list and answers together. Raises CertificateUnknown, StatusFinal."""
        with transaction.atomic():
            issuers = authorities.locked_of(serial_numbers)
            rows = {each.serial_number: each for each in _locked(serial_numbers)}
            if rows.keys() != set(serial_numbers):
                raise CertificateUnknown
            changed = [each for each in rows.values() if each.status != wanted.status]
            if not changed:  # repeated, or revoked once more: the first time stands
                return
            if any(each.status == Status.REVOKED for each in changed):
                raise StatusFinal
            for issued in changed:
                _change(issued, wanted, now)
                lists.relist(issued, issuers[issued.authority_id])
            ReadyAnswer.objects.filter(issued__in=changed).delete()
            for issuer in {each.authority_id for each in changed}:
                lists.publish(issuers[issuer], now)

    def fetch_status(self, serial_number: str, now: datetime) -> CertificateStatus:  # noqa: ARG002 - the port's
        """As in our tables. Raises CertificateUnknown."""
        issued = Issued.objects.filter(serial_number=serial_number).first()
        if issued is None:
            raise CertificateUnknown
        reason = lists.reason_of(issued) if issued.status != Status.GOOD else x509.ReasonFlags.unspecified
        return CertificateStatus(Status(issued.status), issued.status_at, reason, issued.invalid_since)


def _locked(serial_numbers: Sequence[str]) -> QuerySet[Issued]:
    return Issued.objects.select_for_update().filter(serial_number__in=serial_numbers).order_by("pk")


def _change(issued: Issued, wanted: CertificateStatus, now: datetime) -> None:
    issued.status, issued.status_at = wanted.status, now
    issued.reason = wanted.reason.value if wanted.status is Status.REVOKED else ""
    issued.invalid_since = wanted.invalid_since


def fit_key(public_key: bytes) -> SubjectKey:
    """A key that we certify. Raises KeyUnfit."""
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnfit from None
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS:
        return key
    raise KeyUnfit


def _issue(found: Authority, request: CertificateRequest, key: SubjectKey, now: datetime) -> Issued:
    signer = authorities.issuer(found)
    order = Order(
        request.profile,
        _subject(request.subject, signer),
        key,
        new_serial_number(),
        now.replace(microsecond=0),
        _statements() if PROFILES[request.profile].qualified else None,
    )
    der = make_der(order, signer, authorities.addresses(found.name))
    return Issued.objects.create(
        authority=found,
        serial_number=f"{order.serial_number:x}",
        request_id=request.request_id,
        profile=request.profile,
        der=der,
        not_after=not_after(order, signer),
        status_at=now,
    )


def _same(earlier: Issued, request: CertificateRequest) -> bytes:
    """The certificate of the earlier wish, if it was this one."""
    certificate = x509.load_der_x509_certificate(bytes(earlier.der))
    if certificate.public_key() != fit_key(request.public_key) or earlier.profile != request.profile:
        raise RequestReused
    return bytes(earlier.der)


def _subject(subject: Person | str, signer: Issuer) -> x509.Name:
    if isinstance(subject, Person):
        return subject.subject()
    organisation = signer.name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    return names.card(str(organisation), subject)


def _statements() -> QcStatements:
    """As configured: the disclosure statement's addresses, and whose law it is."""
    places = tuple(settings.KILITCOZ_CA_PDS.items())
    return QcStatements(places, tuple(settings.KILITCOZ_CA_LEGISLATION))
