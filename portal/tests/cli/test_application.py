"""`kilitcoz application import | list | show | print | check | approve | refuse | withdraw | pay`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from portal.tests import people
from portal.tests.applications.applying import KEREMS_PHONE, MERT, ZEYNEP, claimed
from portal.tests.documents.paper import text_of
from portal.tests.marks import ON_BOTH
from pytest_django import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.applications.models import Application, State
from kilitcoz_portal.cli import app, csvfiles
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH

Run = Callable[..., Result]
BY_ZEYNEP, BY_MERT = ["--by", ZEYNEP], ["--by", MERT]
GOOD = "id_number;name;phone;email\n10000000146;Ayşe Yılmaz;05321234567;ayse@ornek.example\n"
HEAD = "id_number,name,phone,kind\n"


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`kilitcoz application …`."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    return lambda *arguments: CliRunner().invoke(app, ["application", *map(str, arguments)])


def file(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_from_the_officers_file_to_a_holder_by_three_people(run: Run, tmp_path: Path) -> None:
    path = file(tmp_path, GOOD)
    taken = run("import", path, "--by", "Deniz Ak", "--institution", "Örnek A.Ş.", "--json")
    assert taken.exit_code == 0, taken.output
    number = json.loads(taken.stdout)["added"][0]["application"]
    form = tmp_path / "form.pdf"
    for step in (
        ("print", number, *BY_ZEYNEP, "--output", form),
        ("check", number.lower(), *BY_ZEYNEP, "--signed"),
        ("pay", number, *BY_ZEYNEP),
        ("approve", number, *BY_MERT),
    ):
        answer = run(*step)
        assert answer.exit_code == 0, answer.output
    application = Application.objects.get()
    assert (application.entered_by, application.institution) == ("Deniz Ak", "Örnek A.Ş.")
    assert (application.state, application.payment) == (State.APPROVED, "paid")
    assert Holder.objects.get().application_number == number
    assert "Örnek A.Ş." in text_of(form.read_bytes())
    assert form.stat().st_mode & 0o077 == 0


def test_a_bad_file_names_each_line_and_column_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    lines = [
        "10000000146,Ayşe Yılmaz,05321234567,first",
        "10000000147,Ayşe Yılmaz,05321234567,first",
        "20000000046,<b>,05321234567,first",
        "20000000046,Mehmet Demir,12,first",
        "20000000046,Mehmet Demir,05329876543,gold",
        "20000000046,Mehmet Demir",
        "10000000146,Ayşe Yılmaz,05321234567,renewal",
    ]
    answer = run("import", file(tmp_path, HEAD + "\n".join(lines)), *BY_ZEYNEP)
    assert answer.exit_code == 1
    assert [line.split(": ")[:3] for line in answer.stderr.splitlines() if line.startswith("line")] == [
        ["line 3", "id_number", "id-number-invalid"],
        ["line 4", "name", "name-invalid"],
        ["line 5", "phone", "phone-invalid"],
        ["line 6", "kind", "application-choice"],
        ["line 7", "-", "line-incomplete"],
        ["line 8", "id_number", "application-open"],
    ]
    assert not Application.objects.exists()


def test_a_dry_run_keeps_nothing(run: Run, tmp_path: Path) -> None:
    answer = run("import", file(tmp_path, GOOD), *BY_ZEYNEP, "--dry-run")
    assert answer.exit_code == 0
    assert not Application.objects.exists()


@pytest.mark.parametrize("text", ["", "name\nAyşe\n", "id_number,name,phone,puk\n", "\0\0", '"'])
def test_what_is_no_such_file_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    answer = run("import", file(tmp_path, text), *BY_ZEYNEP)
    assert answer.exit_code == 1
    assert "csv-columns-wrong" in answer.stderr


def test_a_huge_file_is_refused_before_it_is_read(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvfiles, "MAX_FILE", 100)
    answer = run("import", file(tmp_path, GOOD + "x" * 200), *BY_ZEYNEP)
    assert answer.exit_code == 1
    assert "csv-columns-wrong" in answer.stderr
    assert run("import", tmp_path / "nowhere.csv", *BY_ZEYNEP).exit_code == 1


def test_the_form_never_goes_into_a_file_that_is_there(run: Run, tmp_path: Path) -> None:
    application = claimed()
    (tmp_path / "form.pdf").write_bytes(b"")
    assert run("print", application.number, *BY_ZEYNEP, "--output", tmp_path / "form.pdf").exit_code == 1
    application.refresh_from_db()
    assert application.prints == 0


def test_the_form_goes_to_standard_output_and_nowhere_else(run: Run) -> None:
    application = claimed()
    answer = run("print", application.number, *BY_ZEYNEP)
    assert answer.exit_code == 0
    assert application.number in text_of(answer.stdout_bytes)


def test_who_checked_cannot_approve(run: Run) -> None:
    number = claimed().number
    run("print", number, *BY_ZEYNEP)
    assert run("check", number, *BY_ZEYNEP, "--signed").exit_code == 0
    answer = run("approve", number, "--by", "zeynep kaya")
    assert answer.exit_code == 1
    assert "application-same-person" in answer.stderr
    assert not Holder.objects.exists()


def test_a10_other_contacts_are_shown_and_refused_until_they_are_left_aside(run: Run) -> None:
    ayse = people.ayse()
    number = claimed(phone=KEREMS_PHONE).number
    shown = json.loads(run("show", number, "--json").stdout)
    assert (shown["known_holder"], shown["contacts_differ"]) == (ayse.pk, True)
    run("check", number, *BY_ZEYNEP, "--signed")
    refused = run("approve", number, *BY_MERT)
    assert refused.exit_code == 1
    assert "application-contacts" in refused.stderr
    assert run("approve", number, *BY_MERT, "--keep-contacts").exit_code == 0
    assert Holder.objects.get().phone == "+905321234567"


def test_a_passports_country_is_read_off_the_passport(run: Run) -> None:
    number = claimed(id_number="U1234567").number
    run("print", number, *BY_ZEYNEP)
    assert "application-passport" in run("check", number, *BY_ZEYNEP, "--signed").stderr
    assert "application-choice" in run("check", number, *BY_ZEYNEP, "--signed", "--passport-of", "XX").stderr
    assert run("check", number, *BY_ZEYNEP, "--signed", "--passport-of", "de").exit_code == 0
    run("approve", number, *BY_MERT)
    assert Holder.objects.get().passport_of == "DE"


def test_a_refusal_has_a_reason_of_the_list(run: Run) -> None:
    number = claimed().number
    assert run("refuse", number, *BY_ZEYNEP, "--reason", "because").exit_code == 2
    assert run("refuse", number, *BY_ZEYNEP, "--reason", "not-appeared").exit_code == 0
    assert Application.objects.get().reason == "not-appeared"
    assert OutboxMessage.objects.count() == 1


def test_lists_show_what_is_under_way(run: Run) -> None:
    first, second = claimed(), claimed(id_number="20000000046", name="Mehmet Demir")
    run("withdraw", second.number, *BY_ZEYNEP)
    assert first.number in run("list").stdout
    assert second.number not in run("list").stdout
    rows = json.loads(run("list", "--state", "withdrawn", "--json").stdout)
    assert [row["number"] for row in rows] == [second.number]
    assert "word_hash" not in rows[0]


def test_one_application_is_shown_in_lines(run: Run) -> None:
    number = claimed().number
    shown = run("show", number).stdout.splitlines()
    assert f"number: {number}" in shown
    assert "contacts_differ: False" in shown
    assert "known_holder: " in shown


def test_a_pdf_is_not_poured_onto_a_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_portal.cli.application.is_screen", lambda: True)
    assert run("print", claimed().number, *BY_ZEYNEP).exit_code == 2
    assert Application.objects.get().prints == 0


def test_an_unknown_number_and_no_name_are_refused(run: Run) -> None:
    assert "application-unknown" in run("show", "K7MP-Q2RW-T4XA").stderr
    assert run("check", claimed().number, "--by", " ", "--signed").exit_code == 2
