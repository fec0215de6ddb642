"""A25: the portal killed at every commit of an unlock, before and after; A26: the database refuses the
settling commit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from portal.tests import cast
from portal.tests.card_service import CardService, Refused
from portal.tests.killing import Commits, Killed, counted, restarted
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import ResultAnswer
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.vault import receipts
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret, JournalEntry

pytestmark = ON_BOTH

LATER = cast.NOW + timedelta(hours=1)


class Story:
    """One unlock, step by step; a step that died can be asked again, as browser and card service do."""

    def __init__(self, now: datetime, enrolled: cast.Enrolled) -> None:
        self.now, self.enrolled = now, enrolled
        self.answer: ResultAnswer | None = None
        self.steps: list[Callable[[], None]] = [
            self.start,
            self.authorise,
            self.link,
            self.claim,
            self.release,
            self.report,
            self.complete,
        ]

    def start(self) -> None:
        """Browser: begin."""
        enrolled, kind = self.enrolled, operations.OperationKind.UNLOCK
        self.operation = operations.start(
            enrolled.holder, enrolled.card, kind, cast.AYSES_BROWSER, "tr", self.now
        )

    def authorise(self) -> None:
        """Browser: the SMS code was right."""
        receipt = receipts.issue(self.operation.pk, self.enrolled.card.ref, self.now)
        operations.authorise(self.operation.pk, cast.AYSES_BROWSER, receipt, self.now)

    def link(self) -> None:
        """Browser: the link to the card service."""
        capability = operations.issue_capability(self.operation.pk, cast.AYSES_BROWSER, self.now)
        self.service = CardService(capability, self.enrolled.simulated, self.now)

    def claim(self) -> None:
        """Card service: M3."""
        self.service.claim()

    def release(self) -> None:
        """Card service: M5, then the transaction."""
        self.result = self.service.transact(self.service.release())

    def report(self) -> None:
        """Card service: M7."""
        self.answer = self.service.report(self.result)

    def complete(self) -> None:
        """Browser: back again."""
        assert self.answer is not None
        assert self.answer.completion is not None
        operations.complete(self.operation.pk, cast.AYSES_BROWSER, self.answer.completion, self.now)

    def run(self, *, asks_again: bool) -> None:
        """All steps; one that meets the kill is asked again, or everybody gives up."""
        for step in self.steps:
            try:
                step()
            except Killed:
                restarted()
                if not asks_again:
                    return
                step()


def _commits_of_an_unlock() -> int:
    with counted(Commits()) as commits:
        Story(cast.NOW, cast.card_of(cast.somebody())).run(asks_again=False)
    return commits.seen


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("asks_again", [True, False], ids=["asks-again", "gives-up"])
def test_a25_killed_at_every_commit_the_unlock_ends_well_when_asked_or_run_again(
    after: bool, asks_again: bool
) -> None:
    total = _commits_of_an_unlock()
    assert total > 8
    for number in range(1, total + 1):
        enrolled = cast.card_of(cast.somebody())
        story = Story(cast.NOW, enrolled)
        with counted(Commits(number, after)):
            story.run(asks_again=asks_again)
        secret = CardSecret.objects.get(pk=enrolled.card.ref)
        assert enrolled.simulated.state.puk.retries_left >= 2, number
        assert Notice.objects.filter(holder=enrolled.holder).count() == _succeeded(enrolled), number
        if asks_again:
            assert story.answer is not None
            assert story.answer.operation_state == State.SUCCEEDED, number
            assert (secret.state, secret.version) == ("known", 2), number
            continue
        restarted()
        expiry.sweep(LATER)
        vault.sweep(LATER)
        again = Story(LATER, enrolled)
        again.run(asks_again=False)
        assert again.answer is not None
        assert again.answer.operation_state == State.SUCCEEDED, number
        secret.refresh_from_db()
        assert secret.state == "known", number


def _succeeded(enrolled: cast.Enrolled) -> int:
    return Operation.objects.filter(holder=enrolled.holder, state=State.SUCCEEDED).count()


def _refuse_settling() -> None:
    """A trigger that lets no secret leave ARMED for KNOWN, as a full disk or a failing replica would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER refuse_settling BEFORE UPDATE ON vault_cardsecret "
                "WHEN OLD.state = 'armed' AND NEW.state = 'known' BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            return
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER refuse_settling AFTER UPDATE ON vault_cardsecret "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            "WHEN (OLD.state = 'armed' AND NEW.state = 'known') EXECUTE FUNCTION refuse()"
        )


def _let_settle_again() -> None:
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON vault_cardsecret"
        cursor.execute(f"DROP TRIGGER refuse_settling{on}")
        if connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION refuse")


def test_a26_a_refused_commit_after_the_card_succeeded_is_settled_at_the_next_contact() -> None:
    enrolled = cast.card_of(cast.ayse())
    story = Story(cast.NOW, enrolled)
    for step in story.steps[:5]:
        step()
    pending = _pending(enrolled)
    _refuse_settling()
    try:
        with pytest.raises((DatabaseError, Refused)):
            story.report()
        assert CardSecret.objects.get().state == "armed"
        assert Operation.objects.get().state == State.RELEASED
        expiry.sweep(LATER)
        vault.sweep(LATER)
        assert CardSecret.objects.get().state == "doubt"
        assert Operation.objects.get().state == State.IN_DOUBT
    finally:
        _let_settle_again()
    again = Story(LATER, enrolled)
    again.run(asks_again=False)
    assert again.answer is not None
    assert again.answer.operation_state == State.SUCCEEDED
    secret = CardSecret.objects.get()
    assert (secret.state, secret.version) == ("known", 2)
    assert _current(enrolled) == pending  # no second pending value was ever made (R1)


def test_a26_a_report_that_failed_to_commit_is_taken_when_it_is_sent_again() -> None:
    story = Story(cast.NOW, cast.card_of(cast.ayse()))
    for step in story.steps[:5]:
        step()
    _refuse_settling()
    try:
        with pytest.raises((DatabaseError, Refused)):
            story.report()
    finally:
        _let_settle_again()
    story.report()
    assert story.answer is not None
    assert story.answer.operation_state == State.SUCCEEDED
    assert list(JournalEntry.objects.order_by("sequence").values_list("trigger", flat=True))[-1] == "settle"


def _values(enrolled: cast.Enrolled) -> dict[str, bytes]:
    from django.db import transaction

    from kilitcoz_portal.vault import store

    with transaction.atomic(), store.opened(enrolled.card.ref) as opened:
        return {str(name): bytes(value) for name, value in opened.values.items()}


def _pending(enrolled: cast.Enrolled) -> bytes:
    return _values(enrolled)["pending"]


def _current(enrolled: cast.Enrolled) -> bytes:
    return _values(enrolled)["current"]


def test_a_step_that_is_asked_twice_is_done_once() -> None:
    enrolled = cast.card_of(cast.ayse())
    story = Story(cast.NOW, enrolled)
    for step in story.steps:
        step()
        if step not in {story.release}:
            try:
                step()
            except OperationError as refused:
                pytest.fail(f"{step.__name__}: {refused.code}")
    assert CardSecret.objects.get().fence == 1
