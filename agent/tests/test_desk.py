"""A registrar's desk: card after card from blank to whole, with virtual cards and a counterpart portal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from agent.tests.desk_counterpart import KEY, NEW_PUK, CounterpartDesk
from agent.tests.stage import Actors, Stage, make_card

from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.texts import Language
from kilitcoz_agent.web.view import view
from kilitcoz_cards.messages.desk import DeskStep
from kilitcoz_simulator.blank import blank_card
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.faults import FaultPlan, Moment, Tear, When
from kilitcoz_simulator.profile import PLAIN, YUBIKEY, Profile
from kilitcoz_simulator.state import pin_block

WHOLE = [
    DeskStep.INSERT,
    DeskStep.NUMBER,
    DeskStep.KEYS,
    DeskStep.WRITE,
    DeskStep.LOCK,
    DeskStep.CARD_DONE,
]


class Desk(Stage):
    """A stage whose portal is a desk's, and whose reader has a blank card in it, or none."""

    def __init__(self, folder: Path, *, total: int = 1, slots: int = 1, card: Card | None = None) -> None:
        super().__init__(folder, slots=slots, card=card or Card(blank_card()))
        self.desk = CounterpartDesk(self.portal.card, time.time(), total=total)
        self.portal = self.desk
        self.trust.pin(self.desk.pinned)


def shown(zeynep: Actors) -> str:
    """All that the page says, in Turkish."""
    return str(view(version=1, language=Language.TURKISH, operation=zeynep.service.operation, portals=()))


async def begun(zeynep: Actors) -> None:
    """From the link to "Başla"."""
    zeynep.follow_link()
    await zeynep.reaches(Phase.DESK)
    zeynep.does(Act.BEGIN)


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
def test_a_blank_card_is_made_step_by_step(tmp_path: Path, profile: Profile) -> None:
    card = Card(blank_card(profile))

    async def story(zeynep: Actors) -> None:
        await begun(zeynep)
        await zeynep.reaches(Phase.DONE)
        assert "Bütün kartlar hazır" in shown(zeynep)
        zeynep.does(Act.CLOSE)

    with Desk(tmp_path, card=card) as stage:
        stage.play(story)
    assert stage.desk.steps == WHOLE
    assert card.state.puk.matches(pin_block(NEW_PUK))
    assert not card.state.pin.matches(pin_block("123456"))
    assert (card.state.management_key.value == KEY.key) is bool(profile.extensions)


def test_nothing_is_written_before_the_registrar_has_begun(tmp_path: Path) -> None:
    async def story(zeynep: Actors) -> None:
        zeynep.follow_link()
        await zeynep.reaches(Phase.DESK)
        assert "7 numaralı parti" in shown(zeynep)
        zeynep.does(Act.CANCEL)
        await zeynep.reaches(Phase.ENDED)

    with Desk(tmp_path) as stage:
        stage.play(story)
    assert not stage.card.log.commands
    assert stage.desk.aborts == ["cancelled-by-holder"]


def test_one_card_after_another_each_taken_out_before_the_next(tmp_path: Path) -> None:
    second = Card(blank_card())

    async def story(zeynep: Actors) -> None:
        await begun(zeynep)
        await zeynep.reaches(Phase.TAKE_OUT)
        assert "Ayşe Yılmaz için kart hazır" in shown(zeynep)
        stage.slots[0].remove()
        await zeynep.reaches(Phase.NEXT_CARD)
        stage.swap(second)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path, total=2) as stage:
        stage.play(story)
    assert [each.person for each in stage.desk.cards.values()] == ["Ayşe Yılmaz", "Mehmet Demir"]
    assert all(card.state.puk.matches(pin_block(NEW_PUK)) for card in (stage.card, second))


def test_a_refused_card_is_put_aside_and_the_next_one_taken(tmp_path: Path) -> None:
    somebodys, _ = make_card()
    blank = Card(blank_card())

    async def story(zeynep: Actors) -> None:
        stage.desk.refused = "card-taken"
        await begun(zeynep)
        await zeynep.reaches(Phase.TAKE_OUT, notice="card-taken")
        assert "Bu kart birinin" in shown(zeynep)
        stage.swap(blank)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path, card=somebodys) as stage:
        before = somebodys.state
        stage.play(story)
    assert somebodys.state == before


def test_after_a_refusal_the_same_card_may_be_tried_again(tmp_path: Path) -> None:
    async def story(zeynep: Actors) -> None:
        stage.desk.refused = "ca-unavailable"
        await begun(zeynep)
        await zeynep.reaches(Phase.TAKE_OUT, notice="ca-unavailable")
        zeynep.does(Act.RETRY)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path) as stage:
        stage.play(story)


@pytest.mark.parametrize("ins", [0xDB, 0x47, 0xFF, 0x24, 0x2C])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_a_torn_card_is_asked_for_again_and_goes_on(tmp_path: Path, moment: Moment, ins: int) -> None:
    card = Card(blank_card(), faults=FaultPlan([Tear(moment, When(1, ins))]))

    async def story(zeynep: Actors) -> None:
        await begun(zeynep)
        await zeynep.reaches(Phase.NEXT_CARD, notice="desk-card-lost")
        assert "Aynı kartı yeniden takın" in shown(zeynep)
        stage.swap(card)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path, card=card) as stage:
        stage.play(story)
    assert card.state.puk.matches(pin_block(NEW_PUK))
    assert card.state.puk.retries_left == 3


def test_with_two_cards_in_the_readers_nobody_guesses(tmp_path: Path) -> None:
    second = Card(blank_card())

    async def story(zeynep: Actors) -> None:
        await begun(zeynep)
        await zeynep.reaches(Phase.NEXT_CARD, notice="desk-one-card")
        assert not second.log.count("PUT DATA")
        stage.slots[1].remove()
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path, slots=2) as stage:
        stage.slots[1].insert(second)
        stage.play(story)


def test_a_portal_that_is_gone_is_waited_for_and_no_card_is_lost(tmp_path: Path) -> None:
    async def story(zeynep: Actors) -> None:
        zeynep.follow_link()
        await zeynep.reaches(Phase.DESK)
        stage.desk.unreachable.add("desk")
        zeynep.does(Act.BEGIN)
        await zeynep.reaches(Phase.PORTAL_GONE)
        stage.desk.unreachable.clear()
        zeynep.does(Act.RETRY)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path) as stage:
        stage.play(story)


@pytest.mark.parametrize("call", ["claim", "desk"])
def test_a_lost_answer_is_asked_for_again(tmp_path: Path, call: str) -> None:
    async def story(zeynep: Actors) -> None:
        await begun(zeynep)
        await zeynep.reaches(Phase.DONE)

    with Desk(tmp_path) as stage:
        stage.desk.lost_answers += [call]
        stage.play(story)
    turns = [report.turn for report in stage.desk.reports]
    assert turns == sorted(turns)


def test_a_portal_that_closes_the_desk_ends_it_here(tmp_path: Path) -> None:
    async def story(zeynep: Actors) -> None:
        zeynep.follow_link()
        await zeynep.reaches(Phase.DESK)
        stage.desk.refusals["desk"] = "operation-expired"
        zeynep.does(Act.BEGIN)
        operation = await zeynep.reaches(Phase.ENDED)
        assert operation.ended_by == "operation-expired"

    with Desk(tmp_path) as stage:
        stage.play(story)


def test_the_random_pin_keeps_the_rules_and_differs_from_card_to_card() -> None:
    from kilitcoz_agent.operation.desk_work import _random_pin
    from kilitcoz_cards.families import PIV

    pins = {_random_pin(PIV.pin_rules).reveal() for _ in range(50)}
    assert len(pins) > 45
    assert {len(pin) for pin in pins} == {8}
