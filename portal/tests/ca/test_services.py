"""The embedded authority's three verbs: repeated they work once; list and answers follow at once (A39)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.ocsp import OCSPCertStatus, OCSPRequestBuilder, OCSPResponse, load_der_ocsp_response
from django.db import transaction
from portal.tests.ca.authority import AYSE, NOW, ORGANISATION_ID
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.ca import answers, authorities, ceremony, lists
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.errors import (
    CaError,
    CertificateUnknown,
    KeyUnfit,
    NoAuthority,
    RequestReused,
    StatusFinal,
)
from kilitcoz_portal.ca.models import Authority, Issued, PublishedList, ReadyAnswer, Status
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.services import EmbeddedAuthority

pytestmark = ON_BOTH

CA = EmbeddedAuthority()
HOLD = CertificateStatus(Status.ON_HOLD, NOW)
GOOD = CertificateStatus(Status.GOOD, NOW)
REVOKED = CertificateStatus(Status.REVOKED, NOW, x509.ReasonFlags.key_compromise, NOW - timedelta(days=1))
_requests = count(1)


def test_a_request_asked_twice_makes_one_certificate(founded: Authority) -> None:
    wish = request()
    assert CA.issue(wish, NOW) == CA.issue(wish, NOW + timedelta(hours=1))
    assert Issued.objects.count() == 1


def test_a_request_id_for_another_key_is_refused(founded: Authority) -> None:
    wish = request()
    CA.issue(wish, NOW)
    with pytest.raises(RequestReused):
        CA.issue(replace(wish, public_key=spki(ec.generate_private_key(ec.SECP256R1()))), NOW)


def test_without_a_ceremony_nothing_is_issued(installation: object) -> None:
    with pytest.raises(NoAuthority):
        CA.issue(request(), NOW)


@pytest.mark.parametrize(
    "key",
    [b"", b"\x30\x00"],
    ids=["nothing", "no-key"],
)
def test_what_is_no_key_is_refused(founded: Authority, key: bytes) -> None:
    with pytest.raises(KeyUnfit):
        CA.issue(replace(request(), public_key=key), NOW)


def test_a_weak_key_is_refused(founded: Authority) -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()
    with pytest.raises(KeyUnfit):
        CA.issue(
            replace(request(), public_key=weak.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
            NOW,
        )


def test_a_certificate_on_hold_is_listed_from_its_first_moment(founded: Authority) -> None:
    serial = issue(on_hold=True)
    assert said(serial, NOW) == ("certificate_hold", OCSPCertStatus.REVOKED)


def test_list_and_answer_agree_after_every_change(founded: Authority) -> None:
    serial = issue()
    steps = [
        (HOLD, ("certificate_hold", OCSPCertStatus.REVOKED)),
        (GOOD, (None, OCSPCertStatus.GOOD)),
        (HOLD, ("certificate_hold", OCSPCertStatus.REVOKED)),
        (REVOKED, ("key_compromise", OCSPCertStatus.REVOKED)),
    ]
    assert said(serial, NOW) == (None, OCSPCertStatus.GOOD)
    for minute, (wanted, expected) in enumerate(steps, start=1):
        moment = NOW + timedelta(minutes=minute)
        CA.set_status([serial], wanted, moment)
        assert said(serial, moment) == expected
        assert CA.fetch_status(serial, moment).status is wanted.status


@pytest.mark.parametrize("wanted", [HOLD, GOOD])
def test_revoked_stays_revoked(founded: Authority, wanted: CertificateStatus) -> None:
    serial = issue()
    CA.set_status([serial], REVOKED, NOW)
    with pytest.raises(StatusFinal):
        CA.set_status([serial], wanted, NOW)
    assert said(serial, NOW) == ("key_compromise", OCSPCertStatus.REVOKED)


def test_revoking_twice_keeps_the_first_time_and_reason(founded: Authority) -> None:
    serial = issue()
    CA.set_status([serial], REVOKED, NOW)
    again = replace(REVOKED, reason=x509.ReasonFlags.superseded)
    CA.set_status([serial], again, NOW + timedelta(days=1))
    found = CA.fetch_status(serial, NOW)
    assert (found.at, found.reason) == (NOW, x509.ReasonFlags.key_compromise)


def test_a_cards_certificates_change_together_in_one_list(founded: Authority) -> None:
    serials = [issue() for _ in range(3)]
    before = lists.publish_now(NOW).number
    CA.set_status(serials, HOLD, NOW)
    newest = lists.current("nes")
    assert newest is not None
    assert newest.number == before + 1
    assert {f"{each.serial_number:x}" for each in published()} == set(serials)


@pytest.mark.parametrize("bad", [CertificateUnknown, StatusFinal])
def test_where_one_cannot_change_none_does(founded: Authority, bad: type[CaError]) -> None:
    good, other = issue(), issue()
    CA.set_status([other], REVOKED, NOW)
    with pytest.raises(bad):
        CA.set_status([good, "dead" if bad is CertificateUnknown else other], HOLD, NOW)
    assert said(good, NOW) == (None, OCSPCertStatus.GOOD)


def test_what_was_never_issued_is_unknown(founded: Authority) -> None:
    assert ocsp_of(0xDEAD, NOW).certificate_status is OCSPCertStatus.UNKNOWN
    with pytest.raises(CertificateUnknown):
        CA.set_status(["dead"], HOLD, NOW)
    with pytest.raises(CertificateUnknown):
        CA.fetch_status("dead", NOW)


def test_a_deed_that_is_rolled_back_was_not_published(founded: Authority) -> None:
    serial = issue()
    with transaction.atomic():
        CA.set_status([serial], REVOKED, NOW)
        transaction.set_rollback(True)
    assert said(serial, NOW) == (None, OCSPCertStatus.GOOD)


def test_an_answer_is_signed_ahead_and_dies_with_the_status(founded: Authority) -> None:
    serial = issue()
    first = ocsp_of(int(serial, 16), NOW)
    later = ocsp_of(int(serial, 16), NOW + timedelta(minutes=20))
    assert later.this_update_utc == first.this_update_utc == NOW
    CA.set_status([serial], HOLD, NOW + timedelta(minutes=21))
    assert not ReadyAnswer.objects.exists()


def test_two_cert_ids_that_meet_in_one_row_never_get_each_others_answer(
    founded: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "row_of", lambda _: 1)
    held, good = issue(), issue()
    CA.set_status([held], HOLD, NOW)
    for _ in range(2):
        assert ocsp_of(int(held, 16), NOW).certificate_status is OCSPCertStatus.REVOKED
        assert ocsp_of(int(good, 16), NOW).certificate_status is OCSPCertStatus.GOOD
    assert ReadyAnswer.objects.count() == 1


def test_an_answer_is_renewed_before_half_of_its_life_is_over(founded: Authority) -> None:
    serial = int(issue(), 16)
    ocsp_of(serial, NOW)
    assert ocsp_of(serial, NOW + timedelta(minutes=31)).this_update_utc == NOW + timedelta(minutes=31)


def test_the_responders_certificate_is_renewed_before_its_end(founded: Authority) -> None:
    first = authorities.responder(founded, NOW).certificate
    assert authorities.responder(founded, NOW + timedelta(days=19)).certificate == first
    renewed = authorities.responder(founded, NOW + timedelta(days=21)).certificate
    assert renewed != first
    assert renewed.public_key() == first.public_key()


def test_a_list_is_renewed_after_six_hours_and_numbers_grow(founded: Authority) -> None:
    assert not lists.publish_if_due(NOW + timedelta(hours=5))
    assert lists.publish_if_due(NOW + timedelta(hours=6))
    newest = lists.current("nes")
    assert newest is not None
    assert (newest.number, newest.next_update) == (2, NOW + timedelta(hours=30))


def test_a_list_that_changes_while_it_is_read_is_whole_and_signed(
    founded: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    serials, whole = [issue() for _ in range(lists.READ_AGAIN)], lists._whole

    def changing_meanwhile(edition: PublishedList) -> lists.Download:
        if serials:
            CA.set_status([serials.pop()], HOLD, NOW)
        return whole(edition)

    key = x509.load_der_x509_certificate(bytes(founded.certificate)).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    monkeypatch.setattr(lists, "_whole", changing_meanwhile)
    assert published().is_signature_valid(key)


def test_an_expired_certificate_stays_on_the_list_which_says_so(founded: Authority) -> None:
    serial = issue(on_hold=True)
    lists.publish_now(Issued.objects.get().not_after + timedelta(days=400))
    assert [f"{each.serial_number:x}" for each in published()] == [serial]
    kept = published().extensions.get_extension_for_oid(x509.ObjectIdentifier("2.5.29.60"))
    assert isinstance(kept.value, x509.UnrecognizedExtension)
    assert kept.value.value[2:] == f"{founded.created_at:%Y%m%d%H%M%SZ}".encode()


def test_an_edition_of_an_earlier_version_is_replaced_at_once(founded: Authority) -> None:
    founded.lists.update(before=b"", after=b"")
    assert lists.download("nes") is None
    assert lists.publish_if_due(NOW)
    newest = lists.download("nes")
    assert newest is not None
    assert newest.number == 2


def test_an_earlier_authoritys_certificates_stay_on_its_own_list(
    founded: Authority, installation: Path
) -> None:
    old = issue()
    founding = Founding("nes2", "Örnek", ORGANISATION_ID, installation / "2.pem", "uzun bir parola cümlesi")
    second = ceremony.found(founding, NOW)
    new = issue()
    CA.set_status([old, new], REVOKED, NOW)
    for name, serial in ((founded.name, old), (second.name, new)):
        assert [f"{each.serial_number:x}" for each in published(name)] == [serial]
    assert lists.publish_if_due(NOW + timedelta(hours=6))
    for name in (founded.name, second.name):
        newest = lists.current(name)
        assert newest is not None
        assert newest.this_update == NOW + timedelta(hours=6)


def test_more_entries_than_a_piece_holds(founded: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "ENTRIES_PER_PIECE", 2)
    serials = [issue(on_hold=True) for _ in range(5)]
    assert founded.pieces.count() == 3
    CA.set_status([serials[0]], GOOD, NOW)
    serials.append(issue(on_hold=True))
    assert founded.pieces.count() == 3
    assert {f"{each.serial_number:x}" for each in published()} == set(serials[1:])


def test_a_request_for_another_authority_is_not_answered(founded: Authority) -> None:
    other = x509.load_der_x509_certificate(bytes(founded.root))
    builder = OCSPRequestBuilder().add_certificate(other, other, hashes.SHA1())
    raw = answers.answer(builder.build().public_bytes(Encoding.DER), NOW).der
    assert load_der_ocsp_response(raw).response_status.name == "UNAUTHORIZED"


def request(*, on_hold: bool = False) -> CertificateRequest:
    key = ec.generate_private_key(ec.SECP256R1())
    return CertificateRequest(
        f"istek-{next(_requests):037d}", ProfileName.AUTHENTICATION, AYSE, spki(key), on_hold
    )


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def issue(*, on_hold: bool = False) -> str:
    """The serial number of a new certificate."""
    certificate = x509.load_der_x509_certificate(CA.issue(request(on_hold=on_hold), NOW))
    return f"{certificate.serial_number:x}"


def published(name: str = "nes") -> x509.CertificateRevocationList:
    newest = lists.download(name)
    assert newest is not None
    return x509.load_der_x509_crl(newest.der)


def ocsp_of(serial_number: int, now: datetime) -> OCSPResponse:
    issuer = x509.load_der_x509_certificate(bytes(authorities.authority().certificate))
    return load_der_ocsp_response(answers.answer(ocsp_request(issuer, serial_number), now).der)


def ocsp_request(issuer: x509.Certificate, serial_number: int) -> bytes:
    """What a client asks that has no certificate of this number at hand."""
    name = hashes.Hash(hashes.SHA1())
    name.update(issuer.subject.public_bytes())
    key_hash = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()).digest
    builder = OCSPRequestBuilder().add_certificate_by_hash(
        name.finalize(), key_hash, serial_number, hashes.SHA1()
    )
    return builder.build().public_bytes(Encoding.DER)


def said(serial: str, now: datetime) -> tuple[str | None, OCSPCertStatus]:
    """What list and answer say: the reason on the list (None: not on it), and the answer's status."""
    entry = published().get_revoked_certificate_by_serial_number(int(serial, 16))
    answered = ocsp_of(int(serial, 16), now)
    listed = None if entry is None else entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    if listed is not None:
        assert answered.revocation_reason is listed
        assert answered.revocation_time_utc == entry.revocation_date_utc
    return listed.name if listed else None, answered.certificate_status
