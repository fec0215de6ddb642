"""The portal refuses, falls silent, answers nonsense: what the holder meets; that nothing is lost by it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from agent.tests.stage import MEHMET, Actors, Stage, make_card, pin_works

from kilitcoz_agent.errors import AnotherOperationOpen, CapabilityRefused
from kilitcoz_agent.operation.operation import Door
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.portal.agent_api import AgentApi
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.messages import Outcome
from kilitcoz_simulator.faults import FaultPlan, Quirks


@pytest.fixture(autouse=True)
def _patience_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_agent.portal.agent_api.RETRY_AFTER_SECONDS", (0.01, 0.01))
    monkeypatch.setattr("kilitcoz_agent.operation.reporting.AT_ONCE_PAUSES", (0.01,))


def test_a_portal_gone_at_the_claim_is_waited_for(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"claim"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.PORTAL_GONE)
            stage.portal.unreachable = set()
            ayse.does(Act.RETRY)
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)


def test_a_portal_that_comes_back_is_found_without_the_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilitcoz_agent.operation.deeds.RETRY_PORTAL_SECONDS", 0.05)
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"claim"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.PORTAL_GONE)
            stage.portal.unreachable = set()
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)


def test_a_portal_gone_at_the_release_costs_nothing_but_typing_again(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"release"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.NEW_PIN, notice="portal-unreachable")
            assert stage.card.log.count("RESET RETRY COUNTER") == 0
            stage.portal.unreachable = set()
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


@pytest.mark.parametrize("call", ["claim", "release", "result"])
def test_a_lost_answer_is_asked_for_again(tmp_path: Path, call: str) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.lost_answers = [call]

        async def story(ayse: Actors) -> None:
            await ayse.unlocks()

        stage.play(story)
        assert stage.portal.calls.count(call) == 2
        assert stage.portal.state == "succeeded"
        assert pin_works(stage.card)


def test_a_portal_gone_after_the_deed_is_never_told_as_a_lost_card(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"result"}

        async def story(ayse: Actors) -> None:
            operation = await ayse.unlocks()
            assert operation.reporting
            assert operation.return_to is None
            stage.portal.unreachable = set()
            await ayse.sees(lambda: not operation.reporting)
            assert operation.return_to is not None

        stage.play(story)
        assert stage.portal.results[-1].outcome is Outcome.PIN_SET


def test_a_result_is_not_told_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_agent.operation.reporting.GIVE_UP_AFTER_SECONDS", 0.5)
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"result"}

        async def story(ayse: Actors) -> None:
            operation = await ayse.unlocks()
            await ayse.sees(lambda: not operation.reporting)

        stage.play(story)


def test_a_next_operation_may_begin_while_the_last_result_is_still_being_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilitcoz_agent.service.SHUTDOWN_SECONDS", 0.1)
    with Stage(tmp_path) as stage:
        stage.portal.unreachable = {"result"}

        async def story(ayse: Actors) -> None:
            first = await ayse.unlocks()
            assert first.reporting
            stage.portal.next_operation()
            ayse.follow_link()
            assert ayse.operation is not first
            await ayse.reaches(Phase.NOT_BLOCKED)

        stage.play(story)


@pytest.mark.parametrize("call", ["claim", "release"])
@pytest.mark.parametrize(
    "code", ["operation-expired", "capability-refused", "vault-card-budget", "vault-manual"]
)
def test_a_refusal_of_the_portal_ends_the_operation_with_its_code(
    tmp_path: Path, call: str, code: str
) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.refusals = {call: code}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            if call == "release":
                await ayse.reaches(Phase.NEW_PIN)
                ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == code

        stage.play(story)
        assert stage.card.log.count("RESET RETRY COUNTER") == 0


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("cancelled", "operation-cancelled"),
        ("expired", "operation-expired"),
        ("succeeded", "operation-closed"),
    ],
)
def test_an_operation_ended_on_the_portal_is_said_to_be_so(tmp_path: Path, state: str, code: str) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            stage.portal.refusals, stage.portal.state = {"release": "operation-state"}, state
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == code

        stage.play(story)


def test_a_card_to_be_identified_again_is_identified_again(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            stage.portal.state = "claimed"
            ayse.types()
            await ayse.sees(lambda: len(stage.portal.claims) == 2)
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def test_a_vault_still_busy_is_waited_for(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.refusals = {"release": "vault-busy"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.NEW_PIN, notice="vault-busy")

        stage.play(story)


def test_a_release_under_another_fence_than_announced_is_not_used(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.change_release = lambda release: replace(release, fence=release.fence + 1)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "portal-answer-invalid"

        stage.play(story)
        assert stage.card.log.count("RESET RETRY COUNTER") == 0


def test_a_no_card_decision_about_a_card_is_no_answer(tmp_path: Path) -> None:
    from kilitcoz_cards.messages import CardDecision

    with Stage(tmp_path) as stage:
        stage.portal.forced_decision = CardDecision.NO_CARD

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "portal-answer-invalid"

        stage.play(story)


def test_the_operations_ten_minutes_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_agent.service.LEAST_LIFE_SECONDS", 0.3)
    with Stage(tmp_path) as stage:
        capability = stage.portal.capability()
        stage.portal.now += 600

        async def story(ayse: Actors) -> None:
            ayse.service.open(capability, Door.LINK)
            await ayse.reaches(Phase.NEW_PIN)
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "operation-expired"

        stage.play(story)


def test_a29_a_second_card_service_with_the_same_capability_is_refused(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            elsewhere = AgentApi(
                stage.portal.post, stage.portal.capability(), stage.portal.claims_of_capability()
            )
            with pytest.raises(Exception, match="operation-claimed-elsewhere"):
                await elsewhere.claim(None)

        stage.play(story)


def test_a29_a_second_card_service_of_the_same_user_is_refused_before_it_asks_anybody(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            calls = len(stage.portal.calls)
            second = stage.service()
            with pytest.raises(CapabilityRefused, match="capability-replayed"):
                second.open(stage.portal.capability(), Door.LINK)
            assert len(stage.portal.calls) == calls

        stage.play(story)


def test_a_capability_claimed_elsewhere_ends_here(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            thief = AgentApi(
                stage.portal.post, stage.portal.capability(), stage.portal.claims_of_capability()
            )
            await thief.claim(None)
            ayse.follow_link()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "operation-claimed-elsewhere"

        stage.play(story)


def test_one_operation_at_a_time(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            first = ayse.operation
            other = stage.portal.capability(nonce="n" * 22)
            with pytest.raises(AnotherOperationOpen):
                ayse.service.open(other, Door.LINK)
            assert ayse.operation is first
            ayse.does(Act.CANCEL)
            await ayse.reaches(Phase.ENDED)
            ayse.service.open(other, Door.LINK)
            assert ayse.operation is not first

        stage.play(story)


def test_the_same_link_pressed_again_shows_the_operation_in_progress(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.NEW_PIN)
            ayse.follow_link()
            assert ayse.operation is operation
            assert operation.phase is Phase.NEW_PIN

        stage.play(story)


def test_a_service_that_is_stopped_in_the_middle_of_a_transaction_lets_it_end(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.card.faults.slow_ms = 20

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await asyncio.sleep(0.1)
            assert ayse.operation.phase is Phase.WORKING

        stage.play(story)
        assert stage.portal.state == "succeeded"
        assert pin_works(stage.card)


def test_behind_the_typed_code_no_completion_secret_goes_to_a_browser(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            await ayse.service.pair("abcd 2345", None)
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            operation = await ayse.reaches(Phase.DONE)
            assert operation.return_to is None

        stage.play(story)


def test_a_return_address_beyond_the_portal_is_not_followed(tmp_path: Path) -> None:
    from kilitcoz_agent.operation.operation import Operation
    from kilitcoz_agent.operation.reporting import return_address
    from kilitcoz_cards.messages import ResultAnswer

    portal = Stage(tmp_path).portal
    operation = Operation(portal.claims_of_capability(), Door.LINK, lambda: None)
    for address in ("https://evil.example/x", "http://kilit.example/x", f"{portal.origin}/x#c=1"):
        assert return_address(operation, ResultAnswer("succeeded", "c", address)) is None
    assert (
        return_address(operation, ResultAnswer("succeeded", "c", f"{portal.origin}/x"))
        == f"{portal.origin}/x#c=c"
    )


def test_mehmets_operation_does_not_take_ayses_card(tmp_path: Path) -> None:
    _, mehmets = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path) as stage:
        stage.portal.card = mehmets

        async def story(mehmet: Actors) -> None:
            mehmet.follow_link()
            await mehmet.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")

        stage.play(story)


def test_a_portal_gone_after_a_refused_pin_is_waited_for(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.card.give_faults(FaultPlan(quirks=Quirks(refuse_new_pin=StatusWord(0x6A80))))
        stage.portal.unreachable = {"result"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.PORTAL_GONE)
            stage.portal.unreachable = set()
            ayse.does(Act.RETRY)
            await ayse.reaches(Phase.NEW_PIN, notice="pin-refused")

        stage.play(story)


def test_whoever_leaves_while_a_result_is_undelivered_leaves_it_to_the_service(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.card.give_faults(FaultPlan(quirks=Quirks(refuse_new_pin=StatusWord(0x6A80))))
        stage.portal.unreachable = {"result"}

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.PORTAL_GONE)
            ayse.does(Act.CANCEL)
            await ayse.reaches(Phase.ENDED)
            stage.portal.unreachable = set()
            await ayse.sees(lambda: bool(stage.portal.results))

        stage.play(story)
        assert stage.portal.aborts == [], "an abort would put the secret in doubt; the result is the truth"
