"""Whatever goes wrong with cards and readers: what the holder meets, what was sent to the card, what not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from agent.tests.counterpart import with_other_puk
from agent.tests.stage import MEHMET, NEW_PIN, OLD_PIN, Actors, Stage, make_card, pin_works

from kilitcoz_agent.errors import ActionNotPossible, FieldRefused
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.readers.simulated import SimulatedReaders
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.families import piv, plain_puk
from kilitcoz_cards.iso7816 import CommandApdu, StatusWord
from kilitcoz_cards.messages import CardDecision, OperationKind, Outcome, Release
from kilitcoz_cards.pin import Pin
from kilitcoz_cards.report import Log, UnlockReport
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.faults import FaultPlan, Moment, Quirks, Tear, When
from kilitcoz_simulator.swapping import SwappedCard

SECRETS = ("CHANGE REFERENCE DATA", "RESET RETRY COUNTER")


def saw_a_puk(card: Card) -> bool:
    """Whether any command with a PUK in it reached this card."""
    return any(card.log.count(name) for name in SECRETS)


def test_a_card_put_in_later_is_noticed_by_itself(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.slots[0].remove()

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD)
            assert ayse.operation.notice is None
            await ayse.sees(lambda: stage.portal.claims == [None])
            stage.slots[0].insert(stage.card)
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)
        assert stage.portal.calls == ["claim", "claim"], (
            "the portal was told at once that the service is open"
        )


def test_without_a_reader_the_holder_is_asked_for_one(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.readers = SimulatedReaders([("127.0.0.1", 1)])

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="reader-missing")

        stage.play(story)


def test_a_card_taken_out_before_the_pin_is_typed_is_asked_for_again(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            stage.slots[0].remove()
            await ayse.reaches(Phase.WAITING_FOR_CARD)
            stage.slots[0].insert(stage.card)
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert pin_works(stage.card)


def test_a18_another_holders_card_is_a_wrong_card_and_is_told_to_nobody(tmp_path: Path) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path) as stage:
        stage.swap(mehmets)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")
            stage.swap(stage.card)
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)
        assert stage.portal.claims[0] is None
        assert not saw_a_puk(mehmets)


def test_a_card_the_portal_does_not_accept_is_a_wrong_card(tmp_path: Path) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path) as stage:
        stage.portal.names_card = False
        stage.swap(mehmets)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")
            stage.swap(stage.card)
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)
        assert stage.portal.calls.count("claim") == 2


def test_a34_with_two_readers_the_right_card_is_found(tmp_path: Path) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path, slots=2) as stage:
        stage.swap(mehmets, slot=0)
        stage.swap(stage.card, slot=1)

        async def story(ayse: Actors) -> None:
            operation = await ayse.unlocks()
            assert operation.card is not None
            assert str(stage.servers[1].address[1]) in operation.card.reader

        stage.play(story)
        assert pin_works(stage.card)
        assert not saw_a_puk(mehmets)


def test_a34_where_the_card_is_not_known_beforehand_the_holder_chooses(tmp_path: Path) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path, slots=2) as stage:
        stage.portal.names_card = False
        stage.swap(mehmets, slot=0)
        stage.swap(stage.card, slot=1)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.CHOOSING_CARD)
            assert stage.portal.claims in ([], [None])
            serials = {card.identification.serial: card.choice for card in ayse.operation.choices}
            assert set(serials) == {"20001234", stage.portal.card.serial}
            for nothing_chosen in ({}, {"card": ""}):
                with pytest.raises(FieldRefused):
                    ayse.does(Act.CHOOSE, **nothing_chosen)
            ayse.does(Act.CHOOSE, card=serials[stage.portal.card.serial])
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert pin_works(stage.card)
        assert not saw_a_puk(mehmets)


@pytest.mark.parametrize("card_key", [True, False], ids=["by 9E", "by certificates"])
def test_a22_a_card_swapped_after_identification_sees_no_puk(tmp_path: Path, card_key: bool) -> None:
    victim, enrolled = make_card(card_key=card_key)
    mehmets, _ = make_card(MEHMET, card_key=card_key)
    with Stage(tmp_path, card=victim) as stage:
        stage.portal.card = enrolled
        stage.swap(
            SwappedCard(victim, mehmets, after=_identifying_commands(victim))
        )  # the reader sees one card

        async def story(kerem: Actors) -> None:
            kerem.follow_link()
            await kerem.reaches(Phase.NEW_PIN)
            kerem.types()
            await kerem.reaches(Phase.WAITING_FOR_CARD, notice="wrong-card")

        stage.play(story)
        assert not saw_a_puk(victim)
        assert not saw_a_puk(mehmets)
        assert [result.outcome for result in stage.portal.results] == [Outcome.ABORTED]
        assert stage.portal.results[0].events == ()
        assert stage.portal.results[0].abort_code == "wrong-card"


def _identifying_commands(card: Card) -> int:
    """How many commands the identification of this card takes, found out on the card itself."""
    card.power_on()
    before = len(card.log.commands)
    converse(piv.identify(b"challenge", ("9a", "9c", "9d", "9e")), card.transmit, extended=True)
    card.power_off()
    return len(card.log.commands) - before


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a signature by 9C", "0087119c26" + "7c24820081" + "20" + "00" * 32 + "00"),
        ("PSO: COMPUTE DIGITAL SIGNATURE", "002a9e9a20" + "00" * 32 + "00"),
        ("INTERNAL AUTHENTICATE", "0088000020" + "00" * 32 + "00"),
        ("another applet", "00a4040008a000000003000000"),
        ("the PUK by VERIFY", "0020008108" + "31" * 8),
        ("the management key", "0087039b04" + "7c028100" + "00"),
    ],
    ids=lambda value: value if " " in value else "",
)
def test_a21_nothing_but_an_unlock_can_be_said_inside_an_unlock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    apdu = CommandApdu.from_bytes(bytes.fromhex(command))

    def lured(_: Conversation[None], release: Release, pin: Pin) -> Conversation[UnlockReport]:
        def row(log: Log) -> Conversation[None]:
            yield apdu

        return plain_puk._reported(row)

    monkeypatch.setattr("kilitcoz_agent.operation.card_work.plain_puk.unlock", lured)
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            read = len(stage.card.log.commands)
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "command-forbidden"
            assert len(stage.card.log.commands) == read, "the command did not reach the card"

        stage.play(story)
        assert stage.portal.results[0].abort_code == "command-forbidden"
        assert stage.portal.aborts == ["command-forbidden"]


def test_a31_a_card_that_caches_puk_verification_has_no_session_afterwards(tmp_path: Path) -> None:
    card, enrolled = make_card(faults=FaultPlan(quirks=Quirks(cached_puk=True)))
    with Stage(tmp_path, card=card) as stage:
        stage.portal.card = enrolled

        async def story(ayse: Actors) -> None:
            await ayse.unlocks()

        stage.play(story)
        assert not card.powered, "the card was power-cycled at the end of the transaction"


@pytest.mark.parametrize("sw", ["6A80", "6A86"])
def test_a32_a_new_pin_the_card_refuses_can_be_typed_again(tmp_path: Path, sw: str) -> None:
    with Stage(tmp_path) as stage:
        stage.card.give_faults(FaultPlan(quirks=Quirks(refuse_new_pin=StatusWord.from_hex(sw))))

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.NEW_PIN, notice="pin-refused")
            stage.card.give_faults(FaultPlan())
            ayse.types("161803")
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert [result.outcome for result in stage.portal.results] == [Outcome.PIN_REFUSED, Outcome.PIN_SET]
        assert [result.fence for result in stage.portal.results] == [1, 2], "each release is used once"
        assert pin_works(stage.card, "161803")


def test_a32_a_wrong_puk_ends_the_operation_with_tries_left(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.change_release = lambda release: with_other_puk(release, "00000009")

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "secret-refused"

        stage.play(story)
        assert stage.card.state.puk.retries_left == 2
        assert stage.portal.results[0].outcome is Outcome.SECRET_REFUSED


@pytest.mark.parametrize("ins", [0x24, 0x2C, 0x20])
@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_a_card_torn_out_with_a_secret_on_its_way_is_reported_as_lost(
    tmp_path: Path, ins: int, moment: Moment
) -> None:
    with Stage(tmp_path) as stage:
        stage.card.give_faults(FaultPlan([Tear(moment, When(ins=ins))]))

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "card-lost"

        stage.play(story)
        result = stage.portal.results[0]
        assert result.outcome is Outcome.LOST
        assert result.events[-1].sw is None


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a33_a_card_lost_before_anything_secret_was_sent_is_simply_asked_for_again(
    tmp_path: Path, nth: int
) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            stage.card.give_faults(FaultPlan([Tear(Moment.AFTER, When(nth))]))
            ayse.types()
            await ayse.reaches(Phase.WAITING_FOR_CARD)
            stage.slots[0].insert(stage.card)
            await ayse.reaches(Phase.NEW_PIN, notice="card-not-reached")
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert [result.outcome for result in stage.portal.results] == [Outcome.ABORTED, Outcome.PIN_SET]
        assert pin_works(stage.card)


def test_a33_the_pin_is_typed_and_the_portal_asked_outside_of_all_transactions(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            await ayse.sees(lambda: not stage.card.powered)  # while the holder types nobody holds the card
            stage.portal.change_release = lambda release: (_unpowered(stage.card), release)[1]
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def _unpowered(card: Card) -> None:
    assert not card.powered


def test_a_release_that_grew_old_is_thrown_away_unused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilitcoz_agent.operation.card_work.RELEASE_LIFE_SECONDS", -1.0)
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.NEW_PIN, notice="release-late")

        stage.play(story)
        assert not saw_a_puk(stage.card)
        assert (stage.portal.results[0].events, stage.portal.results[0].abort_code) == ((), "release-late")


def test_a_puk_tried_by_somebody_else_meanwhile_stops_the_transaction(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            _wrong_puk(stage.card)
            ayse.types()
            await ayse.reaches(Phase.NEW_PIN, notice="puk-counter-changed")
            assert stage.portal.results[0].events == ()
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def _wrong_puk(card: Card) -> None:
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    card.transmit(bytes.fromhex("002c008010") + b"00000009" + b"123456\xff\xff")
    card.power_off()


def test_whoever_knows_the_pin_changes_it_without_our_secret(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NOT_BLOCKED)
            ayse.does(Act.KNOWN)
            ayse.changes("999111")
            operation = await ayse.reaches(Phase.CHANGE_PIN, notice="current-pin-wrong")
            assert operation.notice is not None
            assert operation.notice.retries_left == 2
            ayse.changes(OLD_PIN)
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert "release" not in stage.portal.calls
        assert stage.portal.results[0].fence is None
        assert pin_works(stage.card)


def test_whoever_forgot_the_pin_of_a_card_not_blocked_goes_on(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NOT_BLOCKED)
            ayse.does(Act.FORGOTTEN)
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert pin_works(stage.card)


def test_a_pin_blocked_by_wrong_guesses_leads_to_the_unlock(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NOT_BLOCKED)
            ayse.does(Act.KNOWN)
            for guess in ("999111", "999222"):
                ayse.changes(guess)
                await ayse.reaches(Phase.CHANGE_PIN, notice="current-pin-wrong")
            ayse.changes("999333")
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert pin_works(stage.card)


def test_an_operation_of_kind_change_pin_offers_no_unlock(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:
        stage.portal.kind = OperationKind.CHANGE_PIN

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.CHANGE_PIN)
            with pytest.raises(ActionNotPossible):
                ayse.does(Act.FORGOTTEN)
            ayse.changes(OLD_PIN)
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def test_a_card_torn_out_of_a_change_leaves_an_operation_that_can_be_started_again(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False) as stage:
        stage.card.give_faults(FaultPlan([Tear(Moment.AFTER, When(ins=0x24))]))

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NOT_BLOCKED)
            ayse.does(Act.KNOWN)
            ayse.changes(OLD_PIN)
            await ayse.reaches(Phase.ENDED)

        stage.play(story)
        assert stage.portal.aborts == ["card-lost"], "else the portal would keep the operation open"


@pytest.mark.parametrize(
    ("decision", "code"),
    [(CardDecision.PUK_EXHAUSTED, "puk-exhausted"), (CardDecision.MANUAL, "secret-manual")],
)
def test_a_card_the_portal_will_not_unlock_ends_the_operation(
    tmp_path: Path, decision: CardDecision, code: str
) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.forced_decision = decision

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == code

        stage.play(story)
        assert not saw_a_puk(stage.card)


def test_a_card_of_no_family_we_know_is_said_to_be_unknown(tmp_path: Path) -> None:
    class Stranger:
        atr = bytes.fromhex("3b00")

        def power_on(self) -> bytes:
            return self.atr

        def power_off(self) -> None: ...

        def transmit(self, command: bytes) -> bytes:
            return b"\x6a\x82"

    with Stage(tmp_path) as stage:
        stage.swap(Stranger())

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="card-unknown")

        stage.play(story)


def test_a_card_without_a_key_for_proof_is_known_by_its_certificates(tmp_path: Path) -> None:
    with Stage(tmp_path, card_key=False) as stage:

        async def story(ayse: Actors) -> None:
            await ayse.unlocks()

        stage.play(story)
        seen = stage.portal.claims[-1]
        assert seen is not None
        assert seen.proof is None
        assert set(seen.certificates) == {"9a", "9c"}


def test_the_holder_may_leave_before_anything_is_done(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.does(Act.CANCEL)
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "cancelled-by-holder"
            await asyncio.sleep(0.05)

        stage.play(story)
        assert stage.portal.aborts == ["cancelled-by-holder"]
        assert not saw_a_puk(stage.card)


def test_a_second_press_of_the_button_does_nothing(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            with pytest.raises(ActionNotPossible):
                ayse.types()
            await ayse.reaches(Phase.DONE)

        stage.play(story)
        assert stage.portal.calls.count("release") == 1
        assert pin_works(stage.card, NEW_PIN)
