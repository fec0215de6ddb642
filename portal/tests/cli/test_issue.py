"""`kilitcoz issue batch | desk | list | show | labels | cancel`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from portal.tests.applications import applying
from portal.tests.certificates.conftest import founded
from portal.tests.documents.paper import text_of
from portal.tests.issuance.desk_service import opened
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW, ayse, mehmet
from pytest_django import Settings
from typer.testing import CliRunner, Result

from kilitcoz_cards.messages.desk import DeskStep
from kilitcoz_portal.applications import services as applications
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.applications.models import State as ApplicationState
from kilitcoz_portal.cli import app
from kilitcoz_portal.issuance.models import Batch, Job, State
from kilitcoz_simulator import Card, blank_card

pytestmark = [*ON_BOTH, pytest.mark.usefixtures("founded")]

Run = Callable[..., Result]
BY_ELIF = ["--by", "Elif"]

__all__ = ["founded"]


@pytest.fixture
def run(settings: Settings) -> Run:
    """`kilitcoz issue …`."""
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    return lambda *arguments: CliRunner().invoke(app, ["issue", *map(str, arguments)])


def approved_and_paid() -> Application:
    """Ayşe's, ready for a card."""
    application = applying.approved(applying.checked(applying.printed(applying.claimed())))
    applications.settle_payment(application, NOW, by="Elif")
    return application


def test_an_approved_application_becomes_a_card_and_is_closed_by_it(run: Run, tmp_path: Path) -> None:
    application = approved_and_paid()
    answer = run("batch", *BY_ELIF, "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert len(told["pairing_code"]) == 8
    assert told["link"].startswith("http://127.0.0.1:")
    assert "/#cap=" in told["link"]
    batch = Batch.objects.get(pk=told["batch"])
    assert opened(batch, timezone.now()).put_in(Card(blank_card(serial=90214821))).step is DeskStep.CARD_DONE
    application.refresh_from_db()
    job = Job.objects.get()
    assert (application.state, application.card) == (ApplicationState.PRODUCED, job.card)

    paper = tmp_path / "labels.pdf"
    assert run("labels", batch.pk, paper).exit_code == 0
    label = text_of(paper.read_bytes())
    for expected in ("Ayşe Yılmaz", "…4821", application.number):
        assert expected in label
    assert job.holder.id_number not in label
    assert "Ayşe Yılmaz" in run("show", batch.pk).stdout
    assert json.loads(run("list", "--all", "--json").stdout)[0]["done"] == 1
    assert run("list").stdout == ""


def test_a_card_without_an_application_is_by_name_and_an_unknown_person_opens_nothing(run: Run) -> None:
    holder = mehmet()
    assert run("batch", *BY_ELIF, "--holder", holder.id_number).exit_code == 0
    assert Job.objects.get().holder == holder
    refused = run("batch", *BY_ELIF, "--holder", "99999999990")
    assert refused.exit_code == 1
    assert "holder-unknown" in refused.stderr
    assert Batch.objects.count() == 1


def test_one_application_gets_one_card(run: Run) -> None:
    application = approved_and_paid()
    assert run("batch", application.number, *BY_ELIF).exit_code == 0
    assert "application-in-hand" in run("batch", application.number, *BY_ELIF).stderr
    assert "batch-empty" in run("batch", *BY_ELIF).stderr
    assert run("cancel", Batch.objects.get().pk, *BY_ELIF).exit_code == 0
    assert run("batch", application.number, *BY_ELIF).exit_code == 0


def test_an_application_that_nobody_approved_gets_none(run: Run) -> None:
    waiting = applying.claimed()
    assert "application-not-ready" in run("batch", waiting.number, *BY_ELIF).stderr
    assert not Batch.objects.exists()


def test_the_desk_is_opened_again_and_what_is_not_made_is_cancelled(run: Run) -> None:
    people = [ayse(), mehmet()]
    run("batch", *BY_ELIF, *(part for each in people for part in ("--holder", each.id_number)))
    batch = Batch.objects.get()
    assert "pairing code" in run("desk", batch.pk, *BY_ELIF).stdout
    assert "cancelled: 1" in run("cancel", batch.pk, *BY_ELIF, "--card", 2).stdout
    assert "cancelled: 1" in run("cancel", batch.pk, *BY_ELIF).stdout
    assert {job.state for job in Job.objects.all()} == {State.CANCELLED}
    for command in ("desk", "cancel"):
        assert "batch-over" in run(command, batch.pk, *BY_ELIF).stderr
    assert "batch-not-found" in run("show", batch.pk + 1).stderr
    assert "batch-nothing-made" in run("labels", batch.pk, "/tmp/never.pdf").stderr


def test_no_name_no_deed(run: Run) -> None:
    assert run("batch", "--by", " ").exit_code == 2
