"""E-Onay from the text to the signed, stamped document; what a stranger's validators say of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from demo import tsa
from portal.tests import login_cards
from portal.tests.approval.consenting import Signatory, begin, give, signatory
from portal.tests.approval.validating import pdfsig, reader, roots, signature_status, timestamp_statuses
from portal.tests.cast import AYSES_BROWSER
from portal.tests.documents.paper import structure_of, text_of
from portal.tests.marks import ON_BOTH
from portal.tests.people import ayse, mehmet
from portal.tests.sign_service import SignService, by_card
from pytest_django import Settings

from kilitcoz_portal.approval import queries, services, signers
from kilitcoz_portal.approval.errors import SignatureWrong
from kilitcoz_portal.approval.models import Level, State
from kilitcoz_portal.approval.services import ResultAnswer
from kilitcoz_portal.approval.timestamps import anchors
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.trust.errors import CertificateRevoked

pytestmark = [*ON_BOTH, pytest.mark.usefixtures("server")]


def test_a_signed_consent_is_in_force_stamped_told_and_written_down(ayses: Signatory, now: datetime) -> None:
    assert not queries.consent_given(ayses.holder)
    signing, answer = give(ayses, now)
    consent = signing.consent
    assert (answer.operation_state, consent.state, consent.level) == ("succeeded", State.GIVEN, Level.B_LTA)
    assert queries.consent_given(ayses.holder)
    assert Notice.objects.get(kind="consent-given").card == "4821"
    events = list(
        AuditEvent.objects.filter(operation_id=signing.operation.pk).values_list("event", flat=True)
    )
    assert events[-3:-1] == ["document-signed", "consent-given"]
    stamped = AuditEvent.objects.filter(event="consent-stamped").order_by("pk")
    assert [each.detail["level"] for each in stamped] == ["B-T", "B-LTA"]


def test_the_browser_that_began_comes_back_with_the_completion_secret(
    ayses: Signatory, now: datetime
) -> None:
    signing, answer = give(ayses, now)
    assert isinstance(answer, ResultAnswer)
    done = operations.complete(signing.operation.pk, AYSES_BROWSER, answer.completion or "", now)
    assert done.completed_at == now


def test_the_text_stays_what_it_was_letter_by_letter(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now)
    consent = signing.consent
    unsigned = bytes(consent.prepared)[: consent.document_length]
    assert bytes(consent.pdf or b"").startswith(unsigned)
    read = text_of(bytes(consent.pdf or b""))
    assert read == text_of(unsigned)
    for seen in ("Ayşe Yılmaz", "10000000146", "kimliğiniz doğrulandıktan sonra", "ıslak imza", "Geri alma"):
        assert seen in read
    assert "H1" in structure_of(bytes(consent.pdf or b""))


def test_an_english_holder_reads_and_signs_english(ayses: Signatory, now: datetime) -> None:
    signing, _ = give(ayses, now, language="en")
    assert "What do you consent to?" in text_of(bytes(signing.consent.pdf or b""))


def ours() -> bytes:
    """The root of this installation's authority, DER."""
    return bytes(Authority.objects.get().root)


def test_pyhanko_finds_signature_and_every_time_stamp_good_by_what_is_in_the_file(
    ayses: Signatory, now: datetime
) -> None:
    signing, _ = give(ayses, now)
    pdf = bytes(signing.consent.pdf or b"")
    trusted = [*roots(ours()), *anchors()]
    status = signature_status(pdf, trusted)
    assert (status.valid, status.intact, status.trusted) == (True, True, True), status.pretty_print_details()
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.trusted, status.bottom_line) == (True, True)
    (archive,) = timestamp_statuses(pdf, trusted)
    assert (archive.valid, archive.intact, archive.trusted) == (True, True, True)
    assert archive.coverage.name == "ENTIRE_FILE"
    assert [each.field_name for each in reader(pdf).embedded_regular_signatures] == ["E-Onay"]


def test_pdfsig_finds_the_signature_valid(ayses: Signatory, now: datetime, tmp_path: Path) -> None:
    signing, _ = give(ayses, now)
    signature, archive = pdfsig(bytes(signing.consent.pdf or b""), tmp_path)
    assert (signature.field, signature.validity) == ("E-Onay", "Signature is Valid.")
    assert signature.name == "Ayşe Yılmaz"
    assert archive.name == tsa.NAME


@pytest.mark.parametrize("place", ["text", "signature"])
def test_a_tampered_document_fails_in_both(
    ayses: Signatory, now: datetime, tmp_path: Path, place: str
) -> None:
    signing, _ = give(ayses, now)
    consent = signing.consent
    pdf = bytearray(consent.pdf or b"")
    at = 2000 if place == "text" else consent.region_start + 1 + len(pdf[consent.region_start :]) // 40
    pdf[at] = pdf[at] ^ 0x01 if place == "text" else ord("0") if pdf[at] != ord("0") else ord("1")
    assert pdfsig(bytes(pdf), tmp_path)[0].validity != "Signature is Valid."
    try:
        status = signature_status(bytes(pdf), [*roots(ours()), *anchors()])
    except Exception:  # noqa: BLE001 - a file so broken that it does not parse fails too
        return
    assert not status.bottom_line


@pytest.mark.parametrize(
    "key",
    [
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: rsa.generate_private_key(65537, 2048),
    ],
    ids=["P-384", "RSA 2048"],
)
def test_other_keys_sign_too(founded: None, now: datetime, tmp_path: Path, key: object) -> None:
    who = signatory(mehmet(), now, key=key())  # type: ignore[operator]  # makes one
    signing, _ = give(who, now)
    pdf = bytes(signing.consent.pdf or b"")
    assert signature_status(pdf, [*roots(ours()), *anchors()]).bottom_line
    assert pdfsig(pdf, tmp_path)[0].validity == "Signature is Valid."


def test_the_hash_is_the_same_on_both_sides_and_of_the_signed_bytes(ayses: Signatory, now: datetime) -> None:
    signing = begin(ayses, now)
    decision = signing.service.claim()
    assert decision.document is not None
    consent = signing.consent
    assert decision.document.document_hash == bytes(consent.document_hash)
    signing.service.present(signing.service.signature())
    (signature,) = reader(bytes(signing.consent.pdf or b"")).embedded_regular_signatures
    assert signature.compute_digest() == decision.document.document_hash


def test_a_virtual_card_of_another_authority_signs_and_its_crl_goes_into_the_file(
    database: str, now: datetime, tmp_path: Path, settings: Settings
) -> None:
    issuer = login_cards.issuer(tmp_path / "trust", settings, now)
    holder = ayse()
    hand = by_card(issuer.card_of(holder, now), login_cards.PIN)
    (signer,) = signers.of_holder(holder)
    consent = services.prepare(holder, signer, "tr", now)
    operation = services.begin(consent, AYSES_BROWSER, now)
    capability = operations.issue_capability(operation.pk, AYSES_BROWSER, now)
    SignService(capability, hand, now).sign()
    consent.refresh_from_db()
    anchor = issuer.authority.certificate.public_bytes(Encoding.DER)
    status = signature_status(bytes(consent.pdf or b""), [*roots(anchor), *anchors()])
    assert (status.bottom_line, consent.level) == (True, Level.B_LTA), status.pretty_print_details()


def test_a_certificate_that_names_somebody_else_signs_nothing(
    database: str, now: datetime, tmp_path: Path, settings: Settings
) -> None:
    issuer = login_cards.issuer(tmp_path / "trust", settings, now)
    holder = ayse()
    issuer.card_of(holder, now)
    Holder.objects.filter(pk=holder.pk).update(id_number="20000000046")  # as if enrolled with the wrong card
    holder.refresh_from_db()
    (signer,) = signers.of_holder(holder)
    with pytest.raises(SignatureWrong):
        services.prepare(holder, signer, "tr", now)


def test_a_card_whose_issuer_revoked_it_signs_nothing(
    database: str, now: datetime, tmp_path: Path, settings: Settings
) -> None:
    issuer = login_cards.issuer(tmp_path / "trust", settings, now)
    holder = ayse()
    issuer.card_of(holder, now)
    issuer.take_back(holder, now)
    (signer,) = signers.of_holder(holder)
    with pytest.raises(CertificateRevoked):
        services.prepare(holder, signer, "tr", now)
