"""A ticket ties the page that asks for a certificate to the browser that began."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from portal.tests import people, pki
from portal.tests.pki import NOW, Credential, TrustFolder
from pytest_django.fixtures import Settings

from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import CardCertificate, Holder
from kilitcoz_portal.signin import signature
from kilitcoz_portal.signin.errors import (
    CertificateNotEnrolled,
    SignatureNotBegun,
    SignatureTicketLate,
    SignInError,
)
from kilitcoz_portal.signin.models import SignatureTicket
from kilitcoz_portal.trust.errors import CertificateExpired, CertificateNotTrusted
from kilitcoz_portal.trust.reading import Read

AYSES, KEREMS = "ayses-browser", "kerems-browser"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Credential:
    """The one authority that is believed."""
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = tmp_path / "trust", False
    made = pki.root()
    folder = TrustFolder(tmp_path / "trust")
    folder.anchor(made)
    folder.crl(made.crl())
    return made


@pytest.fixture
def certificate(root: Credential, ayse: Holder) -> Credential:
    """Ayşe's, on her card."""
    made = root.issue()
    sha256 = Read.of_der(made.der).sha256
    CardCertificate.objects.create(card=people.card_of(ayse), slot="9a", der=made.der, sha256=sha256)
    return made


@pytest.fixture
def ticket(ayse: Holder) -> str:
    """Taken by Ayşe's browser."""
    return signature.begin(AYSES, "tr", NOW)


def shown(ticket: str, certificate: Credential) -> str:
    """The completion secret."""
    return signature.present(ticket, certificate.der, (), NOW)


def test_the_browser_that_began_and_brings_the_secret_is_its_holders(
    ayse: Holder, ticket: str, certificate: Credential
) -> None:
    assert signature.finish(AYSES, ticket, shown(ticket, certificate), NOW) == ayse
    told = AuditEvent.objects.get(event=Event.SIGNATURE_PRESENTED)
    assert told.holder_id == ayse.pk


def test_a18b_a_link_that_kerem_mails_signs_nobody_in(ayse: Holder, certificate: Credential) -> None:
    """Kerem begins, Ayşe follows his link and shows her certificate: he lacks the secret, she the browser."""
    kerems_ticket = signature.begin(KEREMS, "tr", NOW)
    secret = shown(kerems_ticket, certificate)
    for browser, brought in ((KEREMS, ""), (KEREMS, "guessed"), (AYSES, secret), ("", secret)):
        with pytest.raises(SignatureNotBegun):
            signature.finish(browser, kerems_ticket, brought, NOW)
    assert AuditEvent.objects.filter(event=Event.SIGNATURE_REFUSED).count() == 4


def test_a_ticket_nobody_showed_a_certificate_for_signs_nobody_in(ticket: str) -> None:
    for brought in ("", "x"):
        with pytest.raises(SignatureNotBegun):
            signature.finish(AYSES, ticket, brought, NOW)


def test_a_secret_is_used_once(ticket: str, certificate: Credential) -> None:
    secret = shown(ticket, certificate)
    signature.finish(AYSES, ticket, secret, NOW)
    with pytest.raises(SignatureNotBegun):
        signature.finish(AYSES, ticket, secret, NOW)


def test_the_secret_of_one_ticket_does_not_complete_another(ticket: str, certificate: Credential) -> None:
    other = signature.begin(AYSES, "tr", NOW)
    secret = shown(ticket, certificate)
    shown(other, certificate)
    with pytest.raises(SignatureNotBegun):
        signature.finish(AYSES, other, secret, NOW)


def test_a_ticket_lives_five_minutes_both_ways(ticket: str, certificate: Credential) -> None:
    assert signature.present(ticket, certificate.der, (), NOW + 4.9 * MINUTE)
    late = signature.begin(AYSES, "tr", NOW)
    with pytest.raises(SignatureTicketLate):
        signature.present(late, certificate.der, (), NOW + 5 * MINUTE)
    in_time = signature.begin(AYSES, "tr", NOW)
    secret = shown(in_time, certificate)
    with pytest.raises(SignatureNotBegun):
        signature.finish(AYSES, in_time, secret, NOW + 5 * MINUTE)


def test_a_certificate_is_shown_for_a_ticket_once(ticket: str, certificate: Credential) -> None:
    shown(ticket, certificate)
    with pytest.raises(SignatureTicketLate):
        shown(ticket, certificate)


def test_an_unknown_ticket_is_refused_before_anything_is_looked_at(ayse: Holder) -> None:
    with pytest.raises(SignatureTicketLate):
        signature.present("unknown", b"not even a certificate", (), NOW)


def test_a_certificate_that_is_refused_costs_a_try_and_stands_in_the_books(
    root: Credential, ticket: str, certificate: Credential
) -> None:
    with pytest.raises(CertificateNotTrusted):
        shown(ticket, pki.root("Kerem Kökü").issue())
    with pytest.raises(CertificateExpired):
        shown(ticket, root.issue(ends=NOW - 5 * MINUTE))
    with pytest.raises(CertificateNotEnrolled):
        shown(ticket, root.issue())
    told = AuditEvent.objects.filter(event=Event.SIGNATURE_REFUSED).values_list("detail__code", flat=True)
    assert list(told) == ["certificate-not-trusted", "certificate-expired", "certificate-not-enrolled"]
    assert shown(ticket, certificate)


def test_five_refusals_use_a_ticket_up(ticket: str, certificate: Credential) -> None:
    stranger = pki.root("Kerem Kökü").issue()
    for _ in range(signature.TRIES_ALLOWED):
        with pytest.raises(CertificateNotTrusted):
            shown(ticket, stranger)
    with pytest.raises(SignatureTicketLate):
        shown(ticket, certificate)


def test_neither_ticket_nor_books_hold_the_secret(ticket: str, certificate: Credential) -> None:
    secret = shown(ticket, certificate)
    row = SignatureTicket.objects.get(pk=ticket)
    assert secret.encode() not in bytes(row.completion_hash or b"")
    assert not any(secret in str(each.detail) for each in AuditEvent.objects.all())


def test_tickets_nobody_used_are_cleared_away(ticket: str) -> None:
    signature.begin(AYSES, "tr", NOW + 11 * MINUTE)
    assert not SignatureTicket.objects.filter(pk=ticket).exists()


def at_once(deed: Callable[[], object], times: int = 8) -> int:
    """How many of so many at the same moment were not refused."""

    def one(_: int) -> bool:
        try:
            deed()
        except SignInError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


def test_of_many_at_once_one_shows_and_one_completes(ticket: str, certificate: Credential) -> None:
    secrets: list[str] = []
    assert at_once(lambda: secrets.append(shown(ticket, certificate))) == 1
    assert at_once(lambda: signature.finish(AYSES, ticket, secrets[0], NOW)) == 1
