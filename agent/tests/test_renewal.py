"""A renewal, from the link to the way back, with virtual cards and a counterpart portal; torn, cut off, run
again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.counterpart import COMPLETION
from agent.tests.renewing import RenewingPortal
from agent.tests.stage import MEHMET, OLD_PIN, Actors, Stage, make_card, pin_works

from kilitcoz_agent.operation import renew_run
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.texts import Language
from kilitcoz_agent.web.view import view
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.families import piv
from kilitcoz_simulator.faults import FaultPlan, Moment, Tear, When

WRONG_PIN = "999999"
GENERATE, PUT_DATA = 0x47, 0xDB


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Ayşe's card with its PIN, and a portal where she began to renew its certificates."""
    made = Stage(tmp_path, blocked=False)
    made.portal = RenewingPortal(made.portal.card, now=made.portal.now)
    made.trust.pin(made.portal.pinned)
    return made


def portal_of(stage: Stage) -> RenewingPortal:
    assert isinstance(stage.portal, RenewingPortal)
    return stage.portal


def keys_of(stage: Stage) -> dict[int, bytes]:
    return {slot: key.private_der for slot, key in stage.card.state.keys.items()}


def certificates_on(stage: Stage) -> dict[str, bytes | None]:
    """What the card gives, asked outside of all stories."""

    def reading() -> Conversation[dict[str, bytes | None]]:
        yield from piv.select()
        found = {}
        for slot in ("9a", "9c"):
            found[slot] = yield from piv.read_certificate(slot)
        return found

    stage.card.power_on()
    read = converse(reading(), stage.card.transmit)
    stage.card.power_off()
    return read


def renews(ayse: Actors, pin: str = OLD_PIN) -> None:
    """Type the PIN and press "Yenile"."""
    ayse.service.act(Act.RENEW, {"pin": pin})


async def renewed(ayse: Actors) -> None:
    """The good story."""
    ayse.follow_link()
    await ayse.reaches(Phase.RENEW)
    renews(ayse)
    operation = await ayse.reaches(Phase.DONE)
    assert operation.return_to is not None
    assert operation.return_to.endswith(f"#c={COMPLETION}")


def test_new_keys_are_made_and_their_certificates_written_and_told(stage: Stage) -> None:
    with stage:
        before = keys_of(stage)
        stage.play(renewed)
        assert portal_of(stage).calls == ["claim", "plan", "cryptogram", "keys", "cryptogram", "written"]
        assert {slot for slot, key in keys_of(stage).items() if key != before[slot]} == {0x9A, 0x9C}
        assert certificates_on(stage) == portal_of(stage).issued
        assert set(portal_of(stage).written) == {"9a", "9c"}
        assert pin_works(stage.card, OLD_PIN)


def test_the_page_says_what_will_be_done_before_a_pin_is_typed(stage: Stage) -> None:
    with stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.RENEW)
            shown = str(view(version=1, language=Language.TURKISH, operation=operation, portals=()))
            assert "Kartınızda yeni bir anahtar üretilecek" in shown
            assert "bugüne kadar imzaladıklarınız doğrulanmaya devam eder" in shown

        stage.play(story)
        assert "GENERATE ASYMMETRIC KEY PAIR" not in {each.name for each in stage.card.log.commands}


def test_a_wrong_pin_is_asked_again_and_makes_nothing(stage: Stage) -> None:
    with stage:
        before = keys_of(stage)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            renews(ayse, WRONG_PIN)
            operation = await ayse.reaches(Phase.RENEW, notice="card-pin-wrong")
            assert operation.notice is not None
            assert operation.notice.retries_left == 2
            assert keys_of(stage) == before
            renews(ayse)
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def test_the_last_try_is_asked_about_first(stage: Stage) -> None:
    with stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            for _ in range(2):
                renews(ayse, WRONG_PIN)
                await ayse.sees(lambda: ayse.operation.phase in {Phase.RENEW, Phase.LAST_TRY})
            await ayse.reaches(Phase.LAST_TRY)
            ayse.does(Act.LAST_TRY)
            await ayse.reaches(Phase.RENEW)
            renews(ayse)
            await ayse.reaches(Phase.DONE)

        stage.play(story)


@pytest.mark.parametrize("ins", [GENERATE, PUT_DATA], ids=["making", "writing"])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_torn_the_same_operation_goes_on_where_it_stopped(stage: Stage, moment: Moment, ins: int) -> None:
    with stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            stage.card.give_faults(FaultPlan([Tear(moment, When(1, ins))]))
            renews(ayse)
            await ayse.reaches(Phase.WAITING_FOR_CARD)
            stage.card.give_faults(FaultPlan())
            stage.swap(stage.card)
            await ayse.reaches(Phase.RENEW)
            renews(ayse)
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert certificates_on(stage) == portal_of(stage).issued


def test_an_operation_that_ended_half_done_is_gone_on_with_by_the_next_without_new_keys(stage: Stage) -> None:
    with stage:
        portal_of(stage).refusals["keys"] = "ca-unavailable"

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            renews(ayse)
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "ca-unavailable"
            portal_of(stage).refusals.clear()
            portal_of(stage).next_operation()
            await renewed(ayse)
            made = keys_of(stage)
            portal_of(stage).next_operation()
            await renewed(ayse)
            assert keys_of(stage) == made, "what waits for its certificate is found again"

        stage.play(story)


def test_a_portal_that_answers_late_makes_nothing_and_leaves_the_card_as_it_was(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renew_run, "ANSWER_SECONDS", 0.5)
    with stage:
        before = keys_of(stage)
        portal_of(stage).unreachable.add("cryptogram")

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            renews(ayse)
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "portal-unreachable"

        stage.play(story)
        assert keys_of(stage) == before


def test_a_wrong_management_key_ends_it_with_nothing_written(stage: Stage) -> None:
    with stage:
        before = stage.card.state
        portal_of(stage).management_key = bytes(range(24))

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.RENEW)
            renews(ayse)
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "management-key-refused"

        stage.play(story)
        assert (stage.card.state.keys, stage.card.state.objects) == (before.keys, before.objects)


def test_another_holders_card_is_not_touched(stage: Stage) -> None:
    mehmets, _ = make_card(MEHMET, serial=20004822, blocked=False)
    with stage:
        stage.swap(mehmets)
        before = mehmets.state.keys

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")
            stage.swap(stage.card)
            await ayse.reaches(Phase.RENEW)

        stage.play(story)
        assert mehmets.state.keys == before


def test_a_blocked_card_is_told_which_way_leads_on(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.portal = RenewingPortal(stage.portal.card, now=stage.portal.now)
    stage.trust.pin(stage.portal.pinned)
    with stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "renew-pin-blocked"

        stage.play(story)
