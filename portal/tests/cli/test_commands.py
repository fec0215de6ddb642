"""The operator's command line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from portal.tests import cast
from portal.tests.marks import ON_BOTH
from portal.tests.vault import armed
from typer.testing import CliRunner, Result

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.cli import app
from kilitcoz_portal.cli.advice import _ADVICE, what_to_do
from kilitcoz_portal.holders import errors as holder_errors
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.errors import EntryError
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.signin.models import WordEntries
from kilitcoz_portal.signin.words import subject_of
from kilitcoz_portal.vault.models import CardSecret
from kilitcoz_portal.vault.services import Refused

pytestmark = ON_BOTH

Run = Callable[..., Result]
HOLDER = ["holder", "add", "--id-number", "10000000146", "--name", "Ayşe Yılmaz", "--phone", "0532 123 45 67"]
GUID = "00112233445566778899aabbccddeeff"
CARD = ["card", "adopt", "--id-number", "10000000146", "--card-id", GUID, "--serial", "12344821"]


@pytest.fixture
def run() -> Run:
    """`kilitcoz …`."""
    return lambda *arguments, stdin="": CliRunner().invoke(app, list(arguments), input=stdin)


def test_a_holder_without_a_word_gets_one_that_is_printed_once(run: Run) -> None:
    added = json.loads(run(*HOLDER, "--json").stdout)
    assert added["id_number"] == "10000000146"
    assert security_word.matches(added["security_word"], Holder.objects.get().security_word_hash)


def test_a_given_word_is_taken_from_standard_input_and_not_printed(run: Run) -> None:
    answer = run(*HOLDER, "--word-stdin", stdin="kiraz bahçesi\n")
    assert answer.exit_code == 0
    assert "kiraz" not in answer.output
    assert security_word.matches("Kiraz Bahçesi", Holder.objects.get().security_word_hash)


def test_an_email_address_and_the_forms_number_are_kept_for_who_forgets_the_word(run: Run) -> None:
    further = ["--email", "Ayse@Ornek.example", "--application-number", "2026/4711"]
    assert run(*HOLDER, *further).exit_code == 0
    holder = Holder.objects.get()
    assert (holder.email, holder.application_number) == ("Ayse@ornek.example", "2026/4711")


def test_a_wrong_number_is_one_line_that_says_what_to_do(run: Run) -> None:
    answer = run("holder", "add", "--id-number", "10000000147", "--name", "Ayşe", "--phone", "0532 123 45 67")
    assert answer.exit_code == 1
    assert answer.stderr == (
        "id_number: id-number-invalid: compare it with the identity document; check digits do not fit\n"
    )
    assert Holder.objects.count() == 0


def test_a_closed_word_is_opened_by_the_call_centre_with_a_name_in_the_books(run: Run) -> None:
    ayse = cast.ayse()
    WordEntries.objects.create(
        subject=subject_of(ayse.id_number), lane="unknown", wrong=3, last_at=cast.NOW, next_at=cast.NOW
    )
    answer = run("holder", "free", "--id-number", "10000000146", "--by", "Zeynep Kaya")
    assert (answer.exit_code, answer.stdout) == (0, "the word is open again\n")
    assert WordEntries.objects.get().wrong == 0
    event = AuditEvent.objects.get(event="word-freed")
    assert (event.holder_id, event.detail) == (ayse.pk, {"by": "Zeynep Kaya"})


def test_a_word_is_opened_for_an_enrolled_holder_and_by_somebody(run: Run) -> None:
    answer = run("holder", "free", "--id-number", "10000000146", "--by", "Zeynep Kaya")
    assert (answer.exit_code, AuditEvent.objects.count()) == (1, 0)
    assert "holder-unknown" in answer.stderr
    cast.ayse()
    assert run("holder", "free", "--id-number", "10000000146", "--by", "  ").exit_code == 2
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("way", ["stdin", "file", "prompt"])
def test_a_card_is_adopted_with_the_puk_from_anywhere_but_the_arguments(
    run: Run, way: str, tmp_path: Path
) -> None:
    cast.ayse()
    (tmp_path / "puk").write_text("12345678\n")
    options = {"stdin": ["--puk-stdin"], "file": ["--puk-file", str(tmp_path / "puk")], "prompt": []}[way]
    answer = run(*CARD, *options, stdin="12345678\n")
    assert answer.exit_code == 0, answer.output
    assert "12345678" not in answer.output
    assert (Card.objects.get().serial, CardSecret.objects.get().state) == ("12344821", "known")


def test_a_card_and_its_secret_are_adopted_together_or_not_at_all(run: Run) -> None:
    cast.ayse()
    answer = run(*CARD, "--puk-stdin", stdin="123456789\n")
    assert (answer.exit_code, Card.objects.count(), CardSecret.objects.count()) == (1, 0, 0)
    assert "puk-malformed" in answer.stderr
    assert "123456789" not in answer.stderr


def test_certificates_are_read_from_files_and_give_the_key_of_9e(run: Run, tmp_path: Path) -> None:
    cast.ayse()
    certificate = cast.issued("Ayşe Yılmaz").certificates[0x9E]
    (tmp_path / "9e.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    answer = run(*CARD, "--certificate", f"9e={tmp_path}/9e.pem", "--puk-stdin", stdin="12345678\n")
    assert answer.exit_code == 0, answer.output
    assert Card.objects.get().card_auth_key is not None
    other = run(*CARD, "--certificate", "9e=nowhere.pem", "--puk-stdin", stdin="12345678\n")
    assert "certificate-invalid" in other.stderr


def test_a_file_may_have_them_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_text(
        "id_number,name,phone,email,application_number\n"
        "10000000146,Ayşe Yılmaz,0532 123 45 67,ayse@ornek.example,2026/4711\n"
        "20000000046,Mehmet Demir,0532 987 65 43,,\n"
    )
    assert run("holder", "add", "--csv", str(path)).exit_code == 0
    assert list(Holder.objects.order_by("pk").values_list("email", "application_number")) == [
        ("ayse@ornek.example", "2026/4711"),
        ("", ""),
    ]


HOLDERS = """id_number;name;phone
10000000146;Ayşe Yılmaz;0532 123 45 67
20000000047;Mehmet Demir;0532 987 65 43
20000000046;Mehmet Demir;12
20000000046;Mehmet Demir
10000000146;Ayşe Yılmaz;0532 123 45 67
20000000046;Mehmet Demir;0532 987 65 43
"""


def test_a_file_with_bad_lines_is_reported_line_by_line_and_not_kept(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_text(HOLDERS, encoding="utf-8-sig")
    answer = run("holder", "add", "--csv", str(path))
    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == [
        f"line 3: id_number: id-number-invalid: {what_to_do('id-number-invalid')}",
        f"line 4: phone: phone-invalid: {what_to_do('phone-invalid')}",
        f"line 5: -: line-incomplete: {what_to_do('line-incomplete')}",
        f"line 6: id_number: holder-exists: {what_to_do('holder-exists')}",
    ]
    assert answer.stdout == "2 good, 4 bad lines: nothing kept\n"
    assert Holder.objects.count() == AuditEvent.objects.count() == 0


def test_skip_bad_keeps_the_good_lines_and_prints_the_words_made(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_text(HOLDERS)
    answer = run("holder", "add", "--csv", str(path), "--skip-bad", "--json")
    report = json.loads(answer.stdout)
    assert (answer.exit_code, report["kept"], report["good"]) == (1, True, 2)
    assert [bad["line"] for bad in report["bad"]] == [3, 4, 5, 6]
    words = {added["id_number"]: added["security_word"] for added in report["added"]}
    for holder in Holder.objects.all():
        assert security_word.matches(words[holder.id_number], holder.security_word_hash)


def test_a_dry_run_finds_the_same_faults_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "holders.csv"
    path.write_text(HOLDERS)
    answer = run("holder", "add", "--csv", str(path), "--dry-run", "--skip-bad")
    assert len(answer.stderr.splitlines()) == 4
    assert answer.stdout == "2 good, 4 bad lines: dry run, nothing kept\n"
    assert Holder.objects.count() == 0
    assert run(*HOLDER, "--dry-run").stdout == "ok\n"
    assert Holder.objects.count() == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"name;phone\nx;y\n", b"id_number;name;phone;shoe\n", b"\xff\xfe\x00", b'id_number,name,phone\n"x'],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "holders.csv"
    path.write_bytes(content)
    answer = run("holder", "add", "--csv", str(path))
    assert (answer.exit_code, answer.stderr.startswith("csv-columns-wrong")) == (1, True)
    assert "file-unreadable" in run("holder", "add", "--csv", str(tmp_path / "none.csv")).stderr


def test_cards_come_from_a_file_with_certificates_beside_it(run: Run, tmp_path: Path) -> None:
    cast.ayse()
    certificate = cast.issued("Ayşe Yılmaz").certificates[0x9E]
    (tmp_path / "9e.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    path = tmp_path / "cards.csv"
    path.write_text(
        "id_number,family,card_id,serial,puk,certificates\n"
        f"10000000146,piv,{GUID},12344821,12345678,9e=9e.pem\n"
        f"10000000146,piv,{GUID},12344821,12345678,\n"
        f"10000000146,piv,{GUID[::-1]},,123456789,\n"
        f"10000000146,gids,{GUID},,12345678,\n"
    )
    answer = run("card", "adopt", "--csv", str(path), "--skip-bad")
    codes = [line.split(": ")[2] for line in answer.stderr.splitlines()]
    assert codes == ["card-exists", "puk-malformed", "family-unknown"]
    assert Card.objects.get().card_auth_key is not None
    assert CardSecret.objects.count() == 1
    assert "12345678" not in answer.output


def test_the_vault_is_shown_without_values(run: Run) -> None:
    armed.adopt()
    assert isinstance(armed.arm(tries=1), Refused)
    assert "manual: 1" in run("vault", "status").stdout
    assert armed.CARD in run("vault", "status").stdout
    history = run("vault", "status", armed.CARD).stdout
    assert "contact: known → manual" in history
    document = json.loads(run("vault", "status", armed.CARD, "--json").stdout)
    assert document["secrets"][0]["state"] == "manual"
    assert armed.PUK not in history + str(document)
    assert "secret-unknown" in run("vault", "status", "piv:x").stderr


def test_a30_the_override_takes_two_people_and_is_in_the_books(run: Run) -> None:
    armed.adopt()
    armed.arm(tries=1)
    asked = run("vault", "override", armed.CARD, "--by", "Zeynep Kaya", "--reason", "envelope opened")
    assert asked.exit_code == 0
    assert run("vault", "override", armed.CARD, "--approve", "--by", "Zeynep Kaya").exit_code == 1
    assert run("vault", "override", armed.CARD, "--approve", "--by", "Kerem").exit_code == 0
    events = list(AuditEvent.objects.order_by("pk").values_list("event", "detail__by"))
    assert events == [("vault-override-asked", "Zeynep Kaya"), ("vault-override-approved", "Kerem")]
    assert isinstance(armed.arm(tries=1), armed.Armed)


def test_r10_a_restored_database_puts_every_secret_in_doubt(run: Run) -> None:
    armed.adopt()
    assert run("vault", "restored-from-backup", stdin="n\n").exit_code == 1
    assert CardSecret.objects.get().state == "known"
    assert run("vault", "restored-from-backup", "--yes").stdout.startswith("1 secrets are in doubt")
    assert CardSecret.objects.get().state == "doubt"


def test_a36_verify_tells_which_card_was_altered(run: Run) -> None:
    armed.adopt()
    assert run("vault", "verify").exit_code == 0
    CardSecret.objects.update(tries=9)
    answer = run("vault", "verify")
    assert (answer.exit_code, answer.stderr) == (1, f"{armed.CARD}: sealed box\n")


def test_check_and_sweep_are_content_with_a_fresh_portal(run: Run) -> None:
    told = run("check").stdout.splitlines()
    fingerprint = hashlib.sha256(keys().signing_public).hexdigest()  # as kilitcoz-agent trust computes it
    assert (told[0], told[1].replace(" ", "")) == ("ready", f"fingerprint:{fingerprint}")
    swept = "0 operations closed, 0 secrets in doubt, 0 certificates changed, 0 messages in doubt, 0 late\n"
    assert run("sweep").stdout == swept


def test_check_notices_a_root_key_that_is_not_the_one_of_the_secrets(run: Run) -> None:
    armed.adopt()
    assert run("check").exit_code == 0
    CardSecret.objects.update(key_id="0" * 16)
    answer = run("check")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == f"vault-integrity: {armed.CARD}: root key unknown; see docs/operations/keys.md\n"


def test_every_fault_of_an_entry_has_its_advice() -> None:
    codes = {
        each.code
        for each in vars(holder_errors).values()
        if isinstance(each, type) and issubclass(each, EntryError)
    }
    assert codes - {EntryError.code} <= set(_ADVICE)


def test_the_puk_is_never_an_argument(run: Run) -> None:
    assert "--puk " not in run("card", "adopt", "--help").stdout
    assert run(*CARD, "--puk", "12345678").exit_code == 2
