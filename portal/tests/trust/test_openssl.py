"""What OpenSSL's authority, its lists and its responder say is understood as it was meant."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from demo.ports import free_port
from portal.tests.pki import TrustFolder
from portal.tests.trust.believing import refusal_now
from portal.tests.trust.openssl import OpensslAuthority
from portal.tests.trust.status_server import Answer, StatusServer
from pytest_django.fixtures import Settings

from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.services import Identity, Usage

pytestmark = pytest.mark.django_db


def believe(certificate: bytes) -> Identity:
    """By the real clock."""
    return trust.validate(certificate, (), usage=Usage.AUTHENTICATION, now=datetime.now(UTC))


@pytest.fixture
def authority(tmp_path: Path, folder: TrustFolder, server: StatusServer) -> Iterator[OpensslAuthority]:
    """Trusted; its responder does not run yet, and its list is not served."""
    with contextlib.ExitStack() as held:
        made = OpensslAuthority.found(tmp_path / "ca", port=free_port(held), crl=server.url("/list.crl"))
        folder.put("anchors", "der", made.der)
        yield made


def test_its_responder_says_that_ayses_certificate_is_good(
    authority: OpensslAuthority, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_QUALIFIED = True
    certificate = authority.issue()
    with authority.responder():
        identity = believe(certificate)
    assert (identity.id_number, identity.name) == ("10000000146", "Ayşe Yılmaz")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("certificateHold", "certificate-suspended"),
        ("keyCompromise", "certificate-revoked"),
        ("superseded", "certificate-revoked"),
    ],
)
def test_its_responder_tells_suspended_from_revoked(
    authority: OpensslAuthority, reason: str, code: str
) -> None:
    certificate = authority.issue()
    authority.revoke(reason=reason)
    with authority.responder():
        assert refusal_now(certificate) == (code, "ocsp")


def test_a_certificate_that_its_responder_does_not_know_is_refused_even_if_a_list_is_silent(
    authority: OpensslAuthority, server: StatusServer
) -> None:
    certificate = authority.issue()
    server.answers["/list.crl"] = Answer(authority.crl())
    authority.forget()
    with authority.responder():
        assert refusal_now(certificate) == ("certificate-status-unknown", "unknown-to-responder")


def test_a_responder_that_the_authority_delegated_is_heard(authority: OpensslAuthority) -> None:
    certificate = authority.issue()
    authority.issue("delegate", "/CN=Yanıtlayıcı", "responder_with_no_check")
    with authority.responder("delegate"):
        assert believe(certificate).id_number == "10000000146"


@pytest.mark.parametrize("extensions", ["responder", "holder"])
def test_a_delegate_without_the_purpose_or_the_no_check_is_not(
    authority: OpensslAuthority, extensions: str
) -> None:
    certificate = authority.issue()
    authority.issue("delegate", "/CN=Yanıtlayıcı", extensions)
    with authority.responder("delegate"):
        code, reason = refusal_now(certificate)
    assert code == "certificate-status-unknown"
    assert reason.startswith("ocsp-responder-not-authorised")


def test_a_responder_that_a_stranger_signed_for_is_not(authority: OpensslAuthority, tmp_path: Path) -> None:
    certificate = authority.issue()
    stranger = OpensslAuthority.found(tmp_path / "stranger", port=authority.port, crl="http://127.0.0.1:9/")
    stranger.issue("delegate", "/CN=Yanıtlayıcı", "responder_with_no_check")
    for suffix in ("pem", "key"):
        shutil.copy(stranger.folder / f"delegate.{suffix}", authority.folder / f"delegate.{suffix}")
    with authority.responder("delegate"):
        code, reason = refusal_now(certificate)
    assert code == "certificate-status-unknown"
    assert reason.startswith("ocsp-responder-not-authorised")


def test_without_its_responder_its_list_is_fetched_and_kept_until_the_next_is_due(
    authority: OpensslAuthority, server: StatusServer
) -> None:
    certificate = authority.issue()
    server.answers["/list.crl"] = Answer(authority.crl())
    for _ in range(3):
        assert believe(certificate).id_number == "10000000146"
    assert [path for _, path, _ in server.asked] == ["/list.crl"]


def test_its_list_tells_suspended_from_revoked_too(authority: OpensslAuthority, server: StatusServer) -> None:
    ayses = authority.issue()
    others = authority.issue("other")
    authority.revoke(reason="certificateHold")
    authority.revoke("other")
    server.answers["/list.crl"] = Answer(authority.crl())
    assert refusal_now(ayses) == ("certificate-suspended", "crl")
    assert refusal_now(others) == ("certificate-revoked", "crl")


def test_without_responder_and_list_the_status_is_unknown(authority: OpensslAuthority) -> None:
    code, reason = refusal_now(authority.issue())
    assert code == "certificate-status-unknown"
    assert reason == "ConnectError, status-404"
