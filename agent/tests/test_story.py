"""The whole way of a holder through the card service, against virtual cards and a counterpart portal."""

from __future__ import annotations

from pathlib import Path

from agent.tests.counterpart import COMPLETION
from agent.tests.stage import NEW_PIN, OLD_PIN, SERIAL, Actors, Stage, pin_works

from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_cards.messages import OperationKind


def test_a_blocked_card_gets_a_new_pin_and_a_new_puk(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            operation = await ayse.unlocks()
            assert operation.return_to == f"{stage.portal.origin}/donus/{stage.portal.op}#c={COMPLETION}"

        stage.play(story)
        assert stage.portal.state == "succeeded"
        assert stage.portal.calls == ["claim", "release", "result"]
        assert stage.portal.puk != stage.portal.card.puk
        assert pin_works(stage.card, NEW_PIN)
        assert not pin_works(stage.card, OLD_PIN)


def test_an_unlock_takes_twelve_commands(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        before = len(stage.card.log.commands)

        async def story(ayse: Actors) -> None:
            await ayse.unlocks()

        stage.play(story)
        assert len(stage.card.log.commands) - before == 12


def test_the_screen_shows_the_card_and_its_tries_before_a_pin_is_typed(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.NEW_PIN)
            assert operation.card is not None
            assert operation.card.identification.card_id == stage.portal.card.card_id
            assert operation.card_label == f"…{SERIAL % 10_000:04d}"
            assert operation.card.identification.pin.blocked
            assert operation.card.identification.puk.retries_left == 3

        stage.play(story)


def test_a_card_that_never_had_a_pin_of_its_holders_gets_the_first_one_without_a_question(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path, blocked=False) as stage:
        stage.portal.kind = OperationKind.ACTIVATE

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.NEW_PIN)
            assert operation.acts == {Act.SET_PIN, Act.CANCEL}, "nobody knows the old PIN"
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert stage.portal.calls == ["claim", "release", "result"]
        assert pin_works(stage.card, NEW_PIN)
