"""`kilitcoz certificate …`: what staff sees and does, by name and by role."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from portal.tests import people
from portal.tests.certificates.made import INSTITUTION, Made, bring, listed, make
from portal.tests.people import NOW
from pytest_django import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca import ceremony, errors
from kilitcoz_portal.ca.ceremony import Founding
from kilitcoz_portal.ca.services import EmbeddedAuthority
from kilitcoz_portal.certificates import clock, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.models import State, StatusOrder
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.cli import app, work
from kilitcoz_portal.holders.models import Card

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[..., Result]
ZEYNEP, MERT = ["--by", "Zeynep Kaya"], ["--by", "Mert Aksoy"]
OFFICER = ["--by", "Deniz Ak", "--institution", INSTITUTION]
CARD = f"piv:{('90214821' * 4)[:32]}"


@pytest.fixture
def clock_stands(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Traveller]:
    """The key ceremony was held an hour ago."""
    people.hash_cheaply(monkeypatch)
    settings.KILITCOZ_DATA_DIR = tmp_path
    settings.KILITCOZ_CA_PDS = {"en": "https://pki.ornek.example.com/pds-en.pdf"}
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    founding = Founding("nes", "Örnek", "NTRTR-0000001", tmp_path / "kok.pem", "uzun bir parola cümlesi")
    ceremony.found(founding, NOW)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ayses(clock_stands: time_machine.Traveller) -> Made:
    """Ayşe's card, open for use, of an institution."""
    made = make(people.ayse())
    bring(made, State.VALID)
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["certificate", *arguments])


def refused(answer: Result, code: str) -> bool:
    return (answer.exit_code, answer.stderr.partition(":")[0]) == (1, code)


def test_the_list_names_cards_states_and_serial_numbers(ayses: Made) -> None:
    lines = run("list", "--id-number", "10000000146").stdout.splitlines()
    assert len(lines) == 3
    for line, row in zip(lines, ayses.certificates, strict=True):
        assert line.startswith(CARD)
        assert row.serial_number in line
        assert "valid" in line
        assert "10000000146" not in line


def test_the_list_is_of_one_institution_or_one_state(ayses: Made) -> None:
    bring(make(people.mehmet(), serial="77777777", institution=""), State.SUSPENDED)
    assert len(run("list").stdout.splitlines()) == 6
    assert len(run("list", "--institution", INSTITUTION).stdout.splitlines()) == 3
    assert len(run("list", "--state", "suspended").stdout.splitlines()) == 3
    assert json.loads(run("list", "--institution", "Başka", "--json").stdout) == []


def test_an_unknown_holder_or_card_is_told(ayses: Made) -> None:
    assert "holder-unknown" in run("list", "--id-number", "20000000046").stderr
    assert refused(run("show", "piv:00"), "certificate-not-found")
    assert refused(run("suspend", "piv:00", *ZEYNEP), "certificate-not-found")


def test_a_card_shows_its_whole_history_by_name(ayses: Made) -> None:
    run("suspend", CARD, *ZEYNEP, "--reason", "lost")
    shown = run("show", CARD).stdout
    assert "suspend → suspended  by operator Zeynep Kaya (lost)" in shown
    assert "open → valid  by holder" in shown
    history = json.loads(run("show", CARD, "--json").stdout)[0]["history"]
    assert [line["deed"] for line in history] == ["produce", "hand_over", "open", "suspend"]
    assert history[-1]["told_at"]


def test_one_operator_suspends_for_some_days(ayses: Made) -> None:
    answer = run("suspend", CARD, *ZEYNEP, "--days", "7")
    assert answer.stdout.startswith("3 certificates suspended until 2026-11-30")
    assert ayses.states == {State.SUSPENDED}
    assert {each.held_by for each in ayses.certificates} == {"operator"}
    assert refused(run("suspend", CARD, *ZEYNEP, "--days", "31"), "certificate-end-wrong")


@pytest.mark.parametrize(
    ("before", "deed", "after"),
    [
        (State.SUSPENDED, ["resume", CARD, "--why", "came with her identity card"], State.VALID),
        (State.VALID, ["revoke", CARD, "--reason", "stolen", "--why", "she called"], State.REVOKED),
    ],
    ids=["resume", "revoke"],
)
def test_two_operators_resume_and_revoke_and_not_one_twice(
    ayses: Made, before: State, deed: list[str], after: State
) -> None:
    if before is State.SUSPENDED:
        run("suspend", CARD, *ZEYNEP)
    asked = run(*deed, *ZEYNEP)
    assert asked.exit_code == 0, asked.output
    assert ayses.states == {before}
    number = json.loads(run("pending", "--json").stdout)["proposals"][0]["proposal"]
    assert refused(run("approve", str(number), "--by", "ZEYNEP  kaya"), "certificate-proposal")
    assert run("approve", str(number), *MERT).stdout.startswith(f"3 certificates: {after}")
    assert ayses.states == {after}
    assert refused(run("approve", str(number), *MERT), "certificate-proposal")
    told = AuditEvent.objects.get(event=f"certificate-{deed[0]}d").detail
    assert (told["by"], told["second"]) == ("Zeynep Kaya", "Mert Aksoy")


def test_two_operators_open_a_card_that_was_handed_over_with_its_pin(ayses: Made) -> None:
    other = make(ayses.holder, "90215555")
    bring(other, State.AWAITING_ACTIVATION)
    asked = run("open", other.card.ref, *ZEYNEP, "--why", "handed over with its PIN")
    assert other.states == {State.AWAITING_ACTIVATION}
    number = asked.stdout.partition("approve ")[2].split()[0]
    assert run("approve", number, *MERT).stdout.startswith("3 certificates: valid")
    assert refused(run("open", other.card.ref, *ZEYNEP, "--why", "again"), "certificate-no-change")


def test_an_operator_gives_the_other_one_a_reason(ayses: Made) -> None:
    assert refused(run("revoke", CARD, "--reason", "stolen", *ZEYNEP), "certificate-proposal")


def test_nobody_acts_without_a_name(ayses: Made) -> None:
    for deed in (["suspend", CARD], ["revoke", CARD, "--reason", "lost"], ["approve", "1"]):
        assert run(*deed, "--by", " ").exit_code == 2
        assert run(*deed).exit_code == 2


def test_an_officer_suspends_opens_plans_and_revokes_for_the_own_institution(ayses: Made) -> None:
    assert run("suspend", CARD, *OFFICER).exit_code == 0
    assert run("resume", CARD, *OFFICER).exit_code == 0
    assert run("plan", CARD, *OFFICER, "--reason", "left-institution", "--on", "2026-12-31").exit_code == 0
    assert {f"{each.revocation_planned_at:%Y-%m-%d %H}" for each in ayses.certificates} == {"2026-12-30 21"}
    assert run("withdraw", CARD, *OFFICER).exit_code == 0
    assert refused(run("withdraw", CARD, *OFFICER), "certificate-no-change")
    assert run("revoke", CARD, *OFFICER, "--reason", "left-institution").exit_code == 0
    assert ayses.states == {State.REVOKED}
    assert {reason.name for reason in listed().values()} == {"affiliation_changed"}


@pytest.mark.parametrize("institution", ["Başka Üniversite", INSTITUTION.lower(), INSTITUTION[:-1]])
def test_an_officer_of_another_institution_changes_nothing(ayses: Made, institution: str) -> None:
    stranger = ["--by", "Kerem", "--institution", institution]
    assert refused(run("suspend", CARD, *stranger), "certificate-not-allowed")
    assert refused(run("revoke", CARD, *stranger, "--reason", "lost"), "certificate-not-allowed")
    late = ["--reason", "lost", "--on", "2026-12-31"]
    assert refused(run("plan", CARD, *stranger, *late), "certificate-not-allowed")
    assert ayses.states == {State.VALID}


def test_a_private_persons_certificates_are_no_officers(ayses: Made) -> None:
    mehmets = make(people.mehmet(), serial="77777777", institution="")
    bring(mehmets, State.VALID)
    card = Card.objects.get(pk=mehmets.card.pk).ref
    assert refused(run("suspend", card, *OFFICER), "certificate-not-allowed")


def test_an_officer_does_not_open_what_the_call_centre_suspended(ayses: Made) -> None:
    run("suspend", CARD, *ZEYNEP)
    assert refused(run("resume", CARD, *OFFICER), "certificate-not-allowed")


def test_revoked_stays_revoked(ayses: Made) -> None:
    services.revoke(ayses.certificates, HOLDER, Reason.LOST, NOW + timedelta(hours=1))
    for deed in (["suspend"], ["resume"], ["revoke", "--reason", "lost"]):
        assert refused(run(deed[0], CARD, *deed[1:], *OFFICER), "certificate-no-change")


def test_nothing_waits_where_all_is_told(ayses: Made) -> None:
    assert run("pending").stdout == "nothing waits\n"


def test_what_waits_shows_its_age_and_both_alarms_of_the_clock(
    ayses: Made, clock_stands: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_arguments: object) -> None:
        raise errors.CaUnavailable

    monkeypatch.setattr(EmbeddedAuthority, "joins_transaction", False)
    monkeypatch.setattr(EmbeddedAuthority, "set_status", silent)
    run("suspend", CARD, *ZEYNEP)
    run("revoke", CARD, "--reason", "lost", "--why", "she called", *ZEYNEP)
    assert "LATE" not in run("pending").stdout
    for hours in (12, 24):
        now = NOW + timedelta(hours=1 + hours)
        clock_stands.move_to(now)
        assert clock.watch(now) == 2
        assert run("pending").stdout.count(f"LATE: more than {hours} hours") == 2
    assert "(too old: ask again)" in run("pending").stdout
    assert AuditEvent.objects.filter(event="certificate-late").count() == 4


def test_what_the_authority_refuses_is_shown(ayses: Made) -> None:
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, NOW + timedelta(hours=1))
    StatusOrder.objects.update(done_at=None, refused="ca-status-final")
    assert "REFUSED: ca-status-final" in run("pending").stdout


def test_kilitcoz_work_does_what_is_due_to_certificates(
    ayses: Made, clock_stands: time_machine.Traveller
) -> None:
    run("suspend", CARD, *ZEYNEP, "--days", "7")
    clock_stands.move_to(NOW + timedelta(days=8))
    work._sweep()
    assert ayses.states == {State.REVOKED}


def test_certificates_that_cannot_be_swept_keep_no_message_waiting(
    ayses: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_now: object) -> None:
        raise OSError

    monkeypatch.setattr("kilitcoz_portal.certificates.ends.sweep", broken)
    work._sweep()
    assert "certificates-not-swept" in caplog.text
