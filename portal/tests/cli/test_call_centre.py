"""`kilitcoz holder phone | email | allow-sms | frozen | unfreeze`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone
from portal.tests import cast
from portal.tests.marks import ON_BOTH
from portal.tests.passkeys.authenticator import ORIGIN
from portal.tests.passkeys.conftest import added
from pytest_django.fixtures import Settings
from typer.testing import CliRunner, Result

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.cli import app
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.signin import sessions
from kilitcoz_portal.signin.models import HolderSession
from kilitcoz_portal.signin.passkeys import keeping
from kilitcoz_portal.signin.session_store import SessionStore
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH

Run = Callable[..., Result]
AYSE = ["--id-number", "10000000146"]
ZEYNEP, MERT = ["--by", "Zeynep Kaya"], ["--by", "Mert Aksoy"]


@pytest.fixture
def run(settings: Settings) -> Run:
    """`kilitcoz holder …`, with Ayşe enrolled."""
    settings.KILITCOZ_SMS_GATEWAY = "outbox"
    cast.ayse()
    return lambda *arguments: CliRunner().invoke(app, ["holder", *arguments])


def freeze() -> None:
    with transaction.atomic():
        freezing.freeze(Holder.objects.get().pk, cast.NOW, kind="new-browser")


def test_a10_a_phone_is_changed_by_name_and_both_numbers_are_told(run: Run) -> None:
    answer = run("phone", *AYSE, "--phone", "0532 111 22 33", *ZEYNEP)
    assert answer.exit_code == 0, answer.output
    assert "72 hours" in answer.stdout
    assert Holder.objects.get().phone == "+905321112233"
    assert sorted(OutboxMessage.objects.values_list("to", flat=True)) == ["+905321112233", "+905321234567"]
    assert AuditEvent.objects.get(event="phone-changed").detail["by"] == "Zeynep Kaya"


@pytest.mark.parametrize(
    ("state", "after"), [(State.AUTHORISED, State.CANCELLED), (State.RELEASED, State.RELEASED)]
)
@pytest.mark.parametrize(
    "command",
    [["phone", "--phone", "0532 111 22 33"], ["email", "--email", "ayse@ornek.example"], ["new-word"]],
    ids=["phone", "email", "new-word"],
)
def test_a10_what_kerem_began_in_her_name_ends_with_his_session(
    run: Run, command: list[str], state: State, after: State
) -> None:
    begin_unlock_as(Holder.objects.get())
    Operation.objects.update(state=state)
    answer = run(*command, *AYSE, *ZEYNEP)
    assert answer.exit_code == 0, answer.output
    assert HolderSession.objects.get().ended_at is not None
    assert Operation.objects.get().state == after
    assert AuditEvent.objects.filter(event="operation-cancelled").count() == (after == State.CANCELLED)


def begin_unlock_as(holder: Holder) -> None:
    """A browser is signed in as this holder, and its unlock waits for a card service."""
    now, session = timezone.now(), SessionStore()
    sessions.sign_in(session, holder, now)
    session.save()
    cast.authorised(cast.card_of(holder), now=now, browser=sessions.browser(session))


def test_who_closed_the_sms_login_and_lost_the_passkey_is_let_in_again_and_told(
    run: Run, settings: Settings
) -> None:
    settings.KILITCOZ_ORIGIN = ORIGIN
    added(Holder.objects.get())
    keeping.let_sms_log_in(Holder.objects.get(), False, cast.NOW)
    assert run("allow-sms", *AYSE, *ZEYNEP).exit_code == 0
    assert keeping.sms_login_is_open(Holder.objects.get())
    assert "SMS koduyla giriş tercihiniz değişti" in OutboxMessage.objects.latest("pk").text
    assert AuditEvent.objects.filter(event="sms-login-changed").latest("pk").detail["by"] == "Zeynep Kaya"


def test_an_address_is_set_and_forgotten(run: Run) -> None:
    assert run("email", *AYSE, "--email", "ayse@ornek.example", *ZEYNEP).exit_code == 0
    assert Holder.objects.get().email == "ayse@ornek.example"
    assert run("email", *AYSE, "--email", "", *ZEYNEP).exit_code == 0
    assert Holder.objects.get().email == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["phone", *AYSE, "--phone", "0212 123 45 67", *ZEYNEP], "phone-not-allowed"),
        (["phone", *AYSE, "--phone", "12", *ZEYNEP], "phone-invalid"),
        (["phone", *AYSE, "--phone", "0532 123 45 67", *ZEYNEP], "contact-unchanged"),
        (["phone", *AYSE, "--phone", "0532 111 22 33", "--by", " "], "name-invalid"),
        (["phone", "--id-number", "20000000046", "--phone", "0532 111 22 33", *ZEYNEP], "holder-unknown"),
        (["email", *AYSE, "--email", "ayse@", *ZEYNEP], "email-invalid"),
        (["unfreeze", *AYSE, *ZEYNEP, "--reason", "her ID card"], "unfreeze-refused"),
    ],
)
def test_what_is_refused_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], code: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 1
    assert code in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert (OutboxMessage.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_a_frozen_account_is_listed_without_names_and_opened_by_two(run: Run) -> None:
    assert run("frozen").stdout == ""
    freeze()
    assert "certificates to be suspended" in run("frozen").stdout
    assert "holder-frozen" in run("phone", *AYSE, "--phone", "0532 111 22 33", *ZEYNEP).stderr
    assert run("unfreeze", *AYSE, *ZEYNEP, "--reason", "her ID card").exit_code == 0
    listed = json.loads(run("frozen", "--json").stdout)
    assert [row["unfreeze_asked"] for row in listed] == [True]
    assert "a second person may approve" in run("frozen").stdout
    assert "unfreeze-refused" in run("unfreeze", *AYSE, *ZEYNEP, "--approve").stderr
    assert run("unfreeze", *AYSE, *MERT, "--approve").exit_code == 0
    assert Holder.objects.get().frozen_at is None
    assert "yeniden açıldı" in OutboxMessage.objects.latest("pk").text
