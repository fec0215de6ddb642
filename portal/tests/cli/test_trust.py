"""`kilitcoz trust`: whose certificates are believed, and why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.utils import timezone
from portal.tests import pki
from portal.tests.marks import ON_BOTH
from portal.tests.pki import Credential
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.cli import app

pytestmark = ON_BOTH

DAY = timedelta(days=1)
Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Run:
    """`kilitcoz trust …` with an empty folder."""
    settings.KILITCOZ_TRUST_DIR, settings.KILITCOZ_TRUST_FETCH = tmp_path / "trust", False
    return lambda *arguments: CliRunner().invoke(app, ["trust", *map(str, arguments)])


@pytest.fixture
def root() -> Credential:
    """Valid by the real clock, which commands ask."""
    now = timezone.now()
    return pki.root(begins=now - DAY, ends=now + 90 * DAY)


def issued(root: Credential, **changes: object) -> Credential:
    """A certificate of today."""
    now = timezone.now()
    return root.issue(begins=now - DAY, ends=now + DAY, **changes)


def current(root: Credential, *revoked: Credential) -> bytes:
    """The authority's list of today."""
    now = timezone.now()
    listed = {each.certificate.serial_number: x509.ReasonFlags.certificate_hold for each in revoked}
    return root.crl(listed, issued=now - DAY, due=now + DAY)


def file(folder: Path, name: str, content: bytes) -> Path:
    """Something on the administrator's disk."""
    path = folder / name
    path.write_bytes(content)
    return path


def test_an_empty_folder_says_that_nobody_can_log_in(run: Run) -> None:
    answer = run("list")
    assert answer.exit_code == 0
    assert "nobody can log in" in answer.stdout


def test_authorities_and_lists_find_their_places_and_stand_in_the_books(
    run: Run, root: Credential, tmp_path: Path
) -> None:
    now = timezone.now()
    middle = root.authority("Ara Makam", begins=now - DAY, ends=now + DAY)
    both = file(tmp_path, "both.pem", middle.pem + root.pem)
    assert run("add", both, file(tmp_path, "list.crl", current(root))).exit_code == 0
    listed = run("list").stdout.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["anchors", "intermediates", "crls"]
    assert root.certificate.fingerprint(pki.hashes.SHA256()).hex() in listed[1]
    parts = AuditEvent.objects.filter(event="trust-added").values_list("detail__part", flat=True)
    assert list(parts) == ["intermediates", "anchors", "crls"]


def test_an_authority_that_another_signed_becomes_an_anchor_only_on_purpose(
    run: Run, root: Credential, tmp_path: Path
) -> None:
    now = timezone.now()
    middle = root.authority("Ara Makam", begins=now - DAY, ends=now + DAY)
    assert run("add", "--anchor", file(tmp_path, "middle.der", middle.der)).stdout.startswith("anchors")


def test_what_does_not_count_any_more_is_marked(run: Run, root: Credential, tmp_path: Path) -> None:
    now = timezone.now()
    old = pki.root("Eski Kök", begins=now - 9 * DAY, ends=now - DAY)
    stale = root.crl(issued=now - 9 * DAY, due=now - DAY)
    run("add", file(tmp_path, "old.pem", old.pem), file(tmp_path, "stale.crl", stale))
    file(tmp_path / "trust" / "anchors", "broken.pem", b"-----BEGIN CERTIFICATE-----")
    file(tmp_path / "trust" / "crls", "broken.crl", b"nothing")
    listed = run("list").stdout
    assert listed.count("DOES NOT COUNT") == 4
    assert "nobody can log in" in listed


def test_a_persons_certificate_and_what_is_none_are_refused(
    run: Run, root: Credential, tmp_path: Path
) -> None:
    person = run("add", file(tmp_path, "ayse.pem", issued(root).pem))
    assert (person.exit_code, person.stderr.partition(":")[0]) == (1, "certificate-usage-wrong")
    nothing = run("add", file(tmp_path, "x.pem", b"nothing"))
    assert (nothing.exit_code, nothing.stderr.partition(":")[0]) == (1, "certificate-malformed")
    gone = run("add", tmp_path / "gone.pem")
    assert (gone.exit_code, gone.stderr.partition(":")[0]) == (1, "file-unreadable")
    assert not (tmp_path / "trust").exists()


def test_check_goes_through_the_rules_and_names_whom_it_names(
    run: Run, root: Credential, tmp_path: Path
) -> None:
    run("add", file(tmp_path, "root.pem", root.pem), file(tmp_path, "list.crl", current(root)))
    answer = run("check", file(tmp_path, "ayse.pem", issued(root).pem))
    assert answer.exit_code == 0
    steps = answer.stdout.splitlines()
    assert all(step.startswith("ok  ") for step in steps)
    assert steps[-1] == "ok  names Ayşe Yılmaz, tckn …0146 (TR)"
    assert "10000000146" not in steps[-1]
    assert "good by crl" in answer.stdout


def test_check_tells_the_rule_that_refuses(run: Run, root: Credential, tmp_path: Path) -> None:
    suspended = issued(root)
    run("add", file(tmp_path, "root.pem", root.pem))
    certificate = file(tmp_path, "ayse.pem", suspended.pem)
    unknown = run("check", certificate)
    assert (unknown.exit_code, unknown.stderr.strip()) == (1, "NO  certificate-status-unknown: no-source")
    run("add", file(tmp_path, "list.crl", current(root, suspended)))
    assert run("check", certificate).stderr.strip() == "NO  certificate-suspended: crl"
    stranger = pki.root().issue(begins=timezone.now() - DAY)
    forged = run("check", file(tmp_path, "kerem.pem", stranger.pem))
    assert forged.stderr.startswith("NO  certificate-not-trusted: path (The path could not be validated")
    assert run("check", "--usage", "signature", certificate).stderr.strip() == (
        "NO  certificate-usage-wrong: key-usage"
    )


def test_a_newer_list_takes_the_place_of_the_older_one(run: Run, root: Credential, tmp_path: Path) -> None:
    for _ in range(2):
        run("add", file(tmp_path, "list.crl", current(root)))
    assert len(list((tmp_path / "trust" / "crls").iterdir())) == 1
