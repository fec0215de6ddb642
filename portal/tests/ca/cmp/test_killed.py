"""The portal killed at every commit and around every message: in the end exactly one certificate is known and
confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from unittest import mock

import pytest
from portal.tests import killing
from portal.tests.ca.cmp.asking import forget, require_exactly_one, until_it_comes
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import Again, StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.killing import Commits, Killed
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import journal, transfer
from kilitcoz_portal.ca.cmp.transfer import Address
from kilitcoz_portal.ca.port import CertificateRequest

pytestmark = ON_BOTH


@pytest.fixture(autouse=True)
def the_dead_put_nothing_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process keeps its lease until that is over."""
    monkeypatch.setattr(journal, "put_down", lambda row: None)


@dataclass
class Exchanges:
    """How many messages went out; kills at the `kill_at`-th (from 1), before it goes or when its answer
    came.
    """

    kill_at: int | None = None
    after: bool = False
    seen: int = 0


@contextmanager
def counted_exchanges(exchanges: Exchanges) -> Iterator[Exchanges]:
    """As killing.counted does with commits."""
    send: Callable[[bytes, Address], bytes] = transfer.send

    def counting(message: bytes, to: Address) -> bytes:
        exchanges.seen += 1
        due = exchanges.seen == exchanges.kill_at
        if due and not exchanges.after:
            raise Killed
        answer = send(message, to)
        if due:
            raise Killed
        return answer

    with mock.patch.object(transfer, "send", counting):
        yield exchanges


def commits_of_an_issue(clock: Clock) -> int:
    """How many there are to be killed at."""
    with killing.counted(Commits()) as commits:
        authority().issue(wish(on_hold=True), clock.now())
    return commits.seen


def died(asked: CertificateRequest, clock: Clock) -> None:
    """The process that asked is gone; a new one comes when the old one's lease is over."""
    with pytest.raises(Killed):
        authority().issue(asked, clock.now())
    killing.restarted()
    clock.later(minutes=2)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_every_commit_one_certificate_is_known_and_confirmed(
    elsewhere: StandIn, clock: Clock, after: bool
) -> None:
    total = commits_of_an_issue(clock)
    assert total > 6
    for elsewhere.again, number in product(Again, range(1, total + 1)):
        forget(elsewhere)
        asked = wish(on_hold=True)
        with killing.counted(Commits(number, after)):
            died(asked, clock)
        require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


@pytest.mark.parametrize("polls", [0, 1], ids=["at-once", "later"])
def test_killed_around_every_message_one_certificate_is_known_and_confirmed(
    elsewhere: StandIn, clock: Clock, polls: int
) -> None:
    elsewhere.polls = polls
    for elsewhere.again, number, after in product(Again, range(1, 4 + polls), (False, True)):
        forget(elsewhere)
        asked = wish(on_hold=True)
        with counted_exchanges(Exchanges(number, after)):
            died(asked, clock)
        require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_killed_twice_one_certificate_is_known_and_confirmed(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.again = Again.IN_USE
    total = commits_of_an_issue(clock)
    for first, second in product(range(1, total + 1), range(1, 4)):
        forget(elsewhere)
        asked = wish(on_hold=True)
        with killing.counted(Commits(first, after=True)):
            died(asked, clock)
        with suppress(Killed), counted_exchanges(Exchanges(second, after=True)):
            authority().issue(asked, clock.now())
        killing.restarted()
        clock.later(minutes=2)
        require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_the_same_octets_go_out_again_after_a_kill(elsewhere: StandIn, clock: Clock) -> None:
    asked = wish()
    with counted_exchanges(Exchanges(1, after=True)):
        died(asked, clock)
    until_it_comes(asked, clock)
    first, second = (raw for kind, raw in elsewhere.seen if kind == "ir")
    assert first == second


def test_nothing_goes_out_before_the_request_is_on_the_disk(elsewhere: StandIn, clock: Clock) -> None:
    for number in (1, 2, 3):  # written down, taken up, counted
        with killing.counted(Commits(number)):
            died(wish(), clock)
    assert elsewhere.seen == []
