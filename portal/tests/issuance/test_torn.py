"""A24, A25: the card torn at every command of its making, the portal killed at every commit: the PUK is known
or one of two, tries are left, and putting the card in again ends well.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from portal.tests.card_service import Refused
from portal.tests.cast import somebody
from portal.tests.issuance.desk_service import DeskService, batch_of, opened
from portal.tests.killing import Commits, Killed, counted, restarted
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.messages.desk import DeskStep
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.certificates.models import State as CertificateState
from kilitcoz_portal.holders.models import Card as EnrolledCard
from kilitcoz_portal.issuance.models import Job, State
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret
from kilitcoz_simulator import Card, FaultPlan, Moment, Tear, When, blank_card

pytestmark = [*ON_BOTH, pytest.mark.usefixtures("founded")]

LATER = timedelta(hours=2)


WRITING = {
    "the number": (0xDB, 2),
    "the first key": (0x47, 1),
    "the last key": (0x47, 3),
    "a certificate": (0xDB, 3),
    "the management key": (0xFF, 1),
    "the PUK": (0x24, 1),
    "the PIN": (0x2C, 1),
    "the PIN's proof": (0x20, 1),
}
"""What changes a card, by INS and how manieth; simulator/tests/test_personalise.py tears at every command."""


def is_whole(card: Card, job: Job) -> None:
    """The card is made, once, and nothing of it is in doubt."""
    job.refresh_from_db()
    assert job.state == State.DONE
    enrolled = EnrolledCard.objects.get(job=job)
    made = Certificate.objects.filter(card=enrolled)
    assert [each.state for each in made] == [CertificateState.AWAITING_ACTIVATION] * 3
    assert CardSecret.objects.get(pk=enrolled.ref).state == "known"
    assert not card.state.puk.matches(b"12345678")
    assert card.state.puk.retries_left == 3


def swept(now: datetime) -> None:
    """What `kilitcoz sweep` does."""
    expiry.sweep(now)
    vault.sweep(now)


@pytest.mark.parametrize("what", WRITING)
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_torn_while_it_is_written_to_a_card_goes_on_from_there(what: str, moment: Moment) -> None:
    ins, nth = WRITING[what]
    batch = batch_of(somebody(), now=NOW)
    desk = opened(batch, NOW)
    card = Card(blank_card(), faults=FaultPlan([Tear(moment, When(nth, ins))]))
    step = _put_in(desk, card)
    assert card.state.puk.retries_left >= 2
    for secret in CardSecret.objects.filter(pk__in=_refs(batch.pk)):
        assert secret.state in {"known", "doubt", "armed"}
    if step is None:  # else the result of the last transaction was told, and the card looked at again
        step = _put_in(desk, card)
    assert step is DeskStep.CARD_DONE
    is_whole(card, Job.objects.get(batch=batch))


def _put_in(desk: DeskService, card: Card) -> DeskStep | None:
    """The desk's last word; None where the card was torn."""
    try:
        return desk.put_in(card).step
    except CardsError:
        return None


def _refs(batch_id: int) -> list[str]:
    return [card.ref for card in EnrolledCard.objects.filter(job__batch_id=batch_id)]


def _commits() -> int:
    desk, card = opened(batch_of(somebody(), now=NOW), NOW), Card(blank_card())
    with counted(Commits()) as commits:
        desk.put_in(card)
    return commits.seen


def test_a25_killed_at_every_commit_the_card_is_finished_at_a_desk_opened_anew() -> None:
    total = _commits()
    assert total > 10
    for number in range(1, total + 1):
        batch = batch_of(somebody(), now=NOW)
        desk, card = opened(batch, NOW), Card(blank_card())
        after = bool(number % 2)  # before and after it reached the database, in turns
        with counted(Commits(number, after)), pytest.raises((Killed, Refused)):
            desk.put_in(card)
        restarted()
        assert card.state.puk.retries_left == 3, number
        swept(NOW + LATER)
        job = Job.objects.get(batch=batch)
        if job.state != State.DONE:
            assert opened(batch, NOW + LATER).put_in(card).step is DeskStep.CARD_DONE, number
        is_whole(card, job)
