"""The whole authority by keys in a token: the ceremony, what it signs, and what is told when it fails."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import DatabaseError
from portal.tests.ca.authority import AYSE, NOW, ORGANISATION_ID
from portal.tests.ca.linting import PERSONS, lint, lint_answer, lint_list
from portal.tests.ca.test_services import ocsp_request
from portal.tests.hsm.softhsm import SoftToken, new_token, place
from pytest_django import Settings
from typer.testing import CliRunner

from kilitcoz_portal.ca import answers, ceremony, lists
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.errors import CaUnavailable
from kilitcoz_portal.ca.models import Authority, Issued, Status
from kilitcoz_portal.ca.port import CertificateRequest, CertificateStatus
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.cli import app
from kilitcoz_portal.hsm.errors import KeyThere
from kilitcoz_portal.hsm.keys import KeyKind

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # The linters leave the file they read to the garbage collector, which complains of it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
CA = EmbeddedAuthority()
PUBLIC = ["nes", "nes", "nes-kok", "nes-kok", "nes-ocsp", "nes-ocsp"]  # each key's two halves


@pytest.fixture
def token(installation: Path, settings: Settings) -> SoftToken:
    place()
    return new_token(installation, settings)


def founding(token: SoftToken, folder: Path, kind: KeyKind = KeyKind.P256) -> Founding:
    return Founding("nes", "Örnek", ORGANISATION_ID, folder / "kok.key", token=token.label, kind=kind)


@pytest.mark.parametrize("kind", list(KeyKind))
def test_linters_and_openssl_have_nothing_against_what_the_token_signs(
    token: SoftToken, installation: Path, tmp_path: Path, kind: KeyKind
) -> None:
    made = ceremony.found(founding(token, installation, kind), NOW)
    root, issuing = (x509.load_der_x509_certificate(bytes(der)) for der in (made.root, made.certificate))
    assert lint(tmp_path, root, "lint_pkix_cert", "lint") == ""
    assert lint(tmp_path, issuing, "lint_pkix_cert", "lint") == ""
    for profile, kind_of_person in PERSONS.items():
        certificate = issued(profile)
        certificate.verify_directly_issued_by(issuing)
        assert lint(tmp_path, certificate, "lint_etsi_cert", "lint", "-t", kind_of_person) == ""
        assert path_by_openssl(tmp_path, certificate, issuing, root).endswith("leaf: OK")
        CA.set_status([f"{certificate.serial_number:x}"], CertificateStatus(Status.ON_HOLD, NOW), NOW)
        newest = lists.download("nes")
        assert newest is not None
        assert lint_list(tmp_path, newest.der) == ""
        answer = answers.answer(ocsp_request(issuing, certificate.serial_number), NOW)
        assert lint_answer(tmp_path, answer.der) == ""


def test_no_private_key_lies_in_the_data_folder(token: SoftToken, installation: Path) -> None:
    ceremony.found(founding(token, installation), NOW)
    files = [installation / "kok.key", *(installation / "ca").iterdir()]
    assert [each.name for each in files] != []
    for each in files:
        assert each.read_text().startswith("pkcs11:token=")
        assert each.stat().st_mode & 0o777 == 0o600


def test_the_roots_next_list_is_signed_in_the_token(token: SoftToken, installation: Path) -> None:
    made = ceremony.found(founding(token, installation), NOW)
    address = (installation / "kok.key").read_bytes()
    assert ceremony.lies_in_token(address)
    ceremony.renew_root_list(address, "", NOW + timedelta(days=300))
    made.refresh_from_db()
    root = x509.load_der_x509_certificate(bytes(made.root)).public_key()
    assert isinstance(root, ec.EllipticCurvePublicKey)
    assert x509.load_der_x509_crl(bytes(made.root_list)).is_signature_valid(root)


def test_a_ceremony_that_fails_leaves_nothing_behind(
    token: SoftToken, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "publish", fail)
    with pytest.raises(DatabaseError):
        ceremony.found(founding(token, installation), NOW)
    assert nothing_was_made(installation)
    assert token.objects() == []
    monkeypatch.undo()
    ceremony.found(founding(token, installation), NOW)


def test_another_key_of_that_name_in_the_token_is_left_alone(token: SoftToken, installation: Path) -> None:
    ceremony.found(founding(token, installation), NOW)
    Authority.objects.all()[0].lists.all().delete()
    Authority.objects.all().delete()
    for each in (installation / "kok.key", *(installation / "ca").iterdir()):
        each.unlink()
    with pytest.raises(KeyThere):
        ceremony.found(founding(token, installation), NOW)
    assert token.objects() == PUBLIC
    assert nothing_was_made(installation)


def test_a_ceremony_without_token_that_fails_leaves_no_file_behind(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "publish", fail)
    with pytest.raises(DatabaseError):
        ceremony.found(Founding("nes", "Örnek", ORGANISATION_ID, installation / "kok.key", "bir parola"), NOW)
    assert nothing_was_made(installation)


def test_when_the_token_is_gone_nothing_is_half_done(token: SoftToken, installation: Path) -> None:
    ceremony.found(founding(token, installation), NOW)
    serial = f"{issued(ProfileName.AUTHENTICATION).serial_number:x}"
    token.taken_away()
    with pytest.raises(CaUnavailable) as refused:
        issued(ProfileName.AUTHENTICATION)
    assert refused.value.reason in {"token-fault", "token-missing"}
    with pytest.raises(CaUnavailable):
        CA.set_status([serial], CertificateStatus(Status.ON_HOLD, NOW), NOW)
    assert Issued.objects.count() == 1
    assert CA.fetch_status(serial, NOW).status is Status.GOOD


@pytest.mark.parametrize(
    ("spoil", "code"),
    [("pin", "token-pin-refused"), ("label", "token-missing"), ("module", "token-module-unusable")],
)
def test_the_command_says_what_is_wrong_with_the_token(
    token: SoftToken, installation: Path, settings: Settings, spoil: str, code: str
) -> None:
    label = "yok" if spoil == "label" else token.label
    if spoil == "pin":
        token.pin_file.write_text("000000")
    if spoil == "module":
        settings.KILITCOZ_PKCS11_MODULE = Path("/nowhere.so")
    arguments = ["--organisation-id", ORGANISATION_ID, "--root-key", str(installation / "kok.key")]
    done = CliRunner().invoke(app, ["ca", "found", *arguments, "--pkcs11", label])
    assert (done.exit_code, done.stderr.partition(":")[0]) == (1, code)
    assert "000000" not in done.output
    assert nothing_was_made(installation)


def test_the_command_founds_in_the_token_and_asks_for_no_passphrase(
    token: SoftToken, installation: Path
) -> None:
    arguments = ["--organisation-id", ORGANISATION_ID, "--root-key", str(installation / "kok.key")]
    done = CliRunner().invoke(app, ["ca", "found", *arguments, "--pkcs11", token.label, "--key", "p384"])
    assert done.exit_code == 0, done.stderr
    assert token.objects() == PUBLIC
    root_list = CliRunner().invoke(app, ["ca", "root-list", "--root-key", str(installation / "kok.key")])
    assert root_list.exit_code == 0, root_list.stderr


def nothing_was_made(installation: Path) -> bool:
    keys = list(installation.glob("*.key")) + list(installation.glob("ca/*"))
    return not keys and not Authority.objects.exists()


def issued(profile: ProfileName) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    wish = CertificateRequest(f"istek-{profile}-{Issued.objects.count()}", profile, AYSE, spki)
    return x509.load_der_x509_certificate(CA.issue(wish, NOW))


def path_by_openssl(folder: Path, leaf: x509.Certificate, *chain: x509.Certificate) -> str:
    for name, each in zip(("leaf", "issuing", "root"), (leaf, *chain), strict=True):
        (folder / name).write_bytes(each.public_bytes(Encoding.PEM))
    at = str(int(NOW.timestamp()) + 60)
    trusted = ["-CAfile", "root", "-untrusted", "issuing"]
    command = ["openssl", "verify", "-x509_strict", "-attime", at, *trusted, "leaf"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return ended.stdout.strip() or ended.stderr


def fail(*_: object) -> None:
    raise DatabaseError
