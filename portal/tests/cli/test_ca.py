"""`kilitcoz ca …`, as an administrator types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from pytest_django import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.ca import lists
from kilitcoz_portal.cli import app

pytestmark = pytest.mark.django_db(transaction=True)

PASSPHRASE = "uzun bir parola cümlesi"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.KILITCOZ_DATA_DIR = tmp_path
    return tmp_path


def test_the_ceremony_prints_fingerprints_and_publishes(folder: Path) -> None:
    done = found(folder)
    assert done.exit_code == 0
    assert done.stdout.count("SHA-256") == 2
    assert PASSPHRASE not in done.stdout
    assert lists.current("nes") is not None


def test_a_short_passphrase_is_refused_before_anything_is_made(folder: Path) -> None:
    done = found(folder, passphrase="kısa")
    assert done.exit_code == 2
    assert list(folder.iterdir()) == []


def test_a_second_ceremony_says_what_is_wrong(folder: Path) -> None:
    found(folder)
    again = found(folder, root_key="baska.pem")
    assert (again.exit_code, again.stderr.partition(":")[0]) == (1, "ca-founded-already")


def test_publishing_before_the_ceremony_says_what_is_missing(folder: Path) -> None:
    done = kilitcoz("ca", "publish")
    assert (done.exit_code, done.stderr.partition(":")[0]) == (1, "ca-not-founded")


def test_lists_are_renewed_by_hand_and_the_roots_with_its_key(folder: Path) -> None:
    found(folder)
    assert kilitcoz("ca", "publish").stdout.startswith("list 2, until ")
    renewed = kilitcoz("ca", "root-list", "--root-key", str(folder / "kok.pem"), typed=PASSPHRASE)
    assert renewed.stdout.startswith("root's list until ")
    refused = kilitcoz(
        "ca", "root-list", "--root-key", str(folder / "kok.pem"), typed="yanlış bir cümle daha"
    )
    assert (refused.exit_code, refused.stderr.partition(":")[0]) == (1, "ca-root-key-refused")


def test_the_certificates_are_written_for_whoever_must_trust_them(folder: Path) -> None:
    found(folder)
    assert kilitcoz("ca", "certificates", str(folder / "out")).exit_code == 0
    root, issuing = (
        x509.load_der_x509_certificate((folder / "out" / f"{name}.cer").read_bytes())
        for name in ("kok", "nes")
    )
    assert issuing.issuer == root.subject


def found(folder: Path, root_key: str = "kok.pem", passphrase: str = PASSPHRASE) -> Result:
    arguments = ["--organisation-id", "NTRTR-0000001", "--root-key", str(folder / root_key)]
    return kilitcoz("ca", "found", *arguments, typed=passphrase)


def kilitcoz(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=f"{typed}\n")
