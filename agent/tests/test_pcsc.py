"""Real PC/SC: pcscd and vpcd in namespaces of their own, virtual cards in their slots (A31, A33, A34)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent.tests.stage import MEHMET, Actors, Stage, make_card, pin_works
from smartcard import scard

from kilitcoz_agent.commands.readers import listing
from kilitcoz_agent.errors import ReaderBusy
from kilitcoz_agent.operation.phases import Phase
from kilitcoz_agent.readers.pcsc import PcscReaders
from kilitcoz_agent.readers.port import ReaderStatus
from kilitcoz_agent.texts import Language
from kilitcoz_cards.errors import TransportError
from kilitcoz_simulator.errors import LabUnavailable
from kilitcoz_simulator.faults import FaultPlan, Moment, Quirks, Tear, When
from kilitcoz_simulator.pcsc_lab import PcscLab

SELECT = bytes.fromhex("00a4040005a000000308")
STATUS = bytes.fromhex("00200080")


@pytest.fixture(scope="module")
def service() -> Iterator[PcscLab]:
    """One for all: pcsclite's client reads the name of its socket once in a process."""
    try:
        with PcscLab() as running, pytest.MonkeyPatch.context() as patch:
            patch.setenv("PCSCLITE_CSOCK_NAME", running.socket_name)
            yield running
    except LabUnavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture
def lab(service: PcscLab) -> Iterator[PcscLab]:
    """Both slots empty, before and after."""
    yield service
    for slot in range(2):
        service.remove(slot)


def status(readers: PcscReaders, name: str) -> ReaderStatus:
    return next(each for each in readers.statuses() if each.name == name)


def eventually_present(readers: PcscReaders, name: str, present: bool) -> ReaderStatus:
    end, known = time.monotonic() + 8, readers.statuses()
    while status(readers, name).card_present is not present:
        assert time.monotonic() < end
        known = readers.wait_for_change(known, 1.0)
    return status(readers, name)


def test_a_card_coming_and_going_is_told_by_the_reader_alone(lab: PcscLab) -> None:
    readers, name = PcscReaders(), lab.reader_name()
    card, _ = make_card()
    assert not status(readers, name).card_present
    lab.insert(card)
    before = len(card.log.commands)
    first = eventually_present(readers, name, True)
    lab.remove()
    eventually_present(readers, name, False)
    lab.insert(card)
    assert eventually_present(readers, name, True).insertion != first.insertion
    assert len(card.log.commands) == before, "no card was asked by APDUs whether it is there"


def test_a_transaction_gives_commands_and_takes_power_away_at_its_end(lab: PcscLab) -> None:
    card, _ = make_card()
    lab.insert(card)
    cycle = card.log.cycle
    with PcscReaders().transaction(lab.reader_name()) as opened:
        assert opened.atr == card.atr
        assert opened.transmit(SELECT)[-2:] == b"\x90\x00"
        inside = card.log.cycle
    with PcscReaders().transaction(lab.reader_name()) as opened:
        assert opened.transmit(STATUS)[-2:] != b"\x90\x00"
        assert card.log.cycle > inside >= cycle


def test_a31_what_a_card_cached_is_gone_after_the_transaction(lab: PcscLab) -> None:
    card, _ = make_card(blocked=False)
    lab.insert(card)
    with PcscReaders().transaction(lab.reader_name()) as opened:
        opened.transmit(SELECT)
        opened.transmit(bytes.fromhex("0020008008") + b"271828\xff\xff")
        assert opened.transmit(STATUS) == b"\x90\x00"
    with PcscReaders().transaction(lab.reader_name()) as opened:
        opened.transmit(SELECT)
        assert opened.transmit(STATUS) == b"\x63\xc3"


def test_an_empty_reader_and_an_unknown_one_open_no_transaction(lab: PcscLab) -> None:
    for name in (lab.reader_name(), "no such reader"):
        with pytest.raises(TransportError), PcscReaders().transaction(name):
            pass


def test_a33_a_card_torn_out_is_a_lost_answer_and_nothing_more_is_sent(lab: PcscLab) -> None:
    card, _ = make_card(faults=FaultPlan([Tear(Moment.AFTER, When(ins=0xCB))]))
    lab.insert(card)
    with PcscReaders().transaction(lab.reader_name()) as opened:
        opened.transmit(SELECT)
        with pytest.raises(TransportError):
            opened.transmit(bytes.fromhex("00cb3fff055c035fc102"))
        sent = len(card.log.commands)
        lab.insert(card)
        with pytest.raises(TransportError):
            opened.transmit(SELECT)
        assert len(card.log.commands) == sent


def test_a33_a_reset_by_another_program_before_the_transaction_costs_nothing(lab: PcscLab) -> None:
    card, _ = make_card()
    lab.insert(card)
    name = lab.reader_name()
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, other, _ = scard.SCardConnect(context, name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1)
    with PcscReaders().transaction(name) as opened:
        opened.transmit(SELECT)
    scard.SCardReconnect(other, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1, scard.SCARD_RESET_CARD)
    with PcscReaders().transaction(name) as opened:
        assert opened.transmit(SELECT)[-2:] == b"\x90\x00"
    scard.SCardReleaseContext(context)


def test_a_card_held_by_another_program_alone_is_said_to_be_busy(lab: PcscLab) -> None:
    card, _ = make_card()
    lab.insert(card)
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    _, other, _ = scard.SCardConnect(context, lab.reader_name(), scard.SCARD_SHARE_EXCLUSIVE, protocols)
    with pytest.raises(ReaderBusy), PcscReaders().transaction(lab.reader_name()):
        pass
    scard.SCardDisconnect(other, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def test_a_card_held_by_another_program_is_taken_as_soon_as_it_is_free(
    lab: PcscLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kilitcoz_agent.operation.walk.RETRY_BUSY_READER_SECONDS", 0.1)
    with Stage(tmp_path) as stage:
        stage.readers = PcscReaders()
        lab.insert(stage.card)
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        _, other, _ = scard.SCardConnect(context, lab.reader_name(), scard.SCARD_SHARE_EXCLUSIVE, protocols)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.WAITING_FOR_CARD, notice="reader-busy")
            scard.SCardDisconnect(other, scard.SCARD_LEAVE_CARD)
            await ayse.reaches(Phase.NEW_PIN)

        stage.play(story)
        scard.SCardReleaseContext(context)


def test_without_a_pcsc_service_that_is_what_is_said(tmp_path: Path) -> None:
    code = "from kilitcoz_agent.readers.pcsc import PcscReaders; PcscReaders().statuses()"
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(tmp_path / "none")}
    asked = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert "ReaderServiceMissing: reader-service-missing" in asked.stderr


def test_a34_with_two_cards_in_real_readers_the_right_one_is_unlocked(lab: PcscLab, tmp_path: Path) -> None:
    mehmets, _ = make_card(MEHMET, serial=20001234)
    with Stage(tmp_path) as stage:
        stage.readers = PcscReaders()
        lab.insert(mehmets, 0)
        lab.insert(stage.card, 1)

        async def story(ayse: Actors) -> None:
            await ayse.unlocks()

        stage.play(story)
        lab.remove(1)
        assert pin_works(stage.card)
        assert mehmets.log.count("RESET RETRY COUNTER") == 0
        lines = listing(PcscReaders(), Language.TURKISH)
        assert "20001234" in lines[0]
        assert lines[1].endswith("kart yok")


def test_a24_a_card_torn_out_of_a_real_reader_ends_well_at_the_second_run(
    lab: PcscLab, tmp_path: Path
) -> None:
    with Stage(tmp_path) as stage:
        stage.readers = PcscReaders()
        stage.card.give_faults(
            FaultPlan([Tear(Moment.BEFORE, When(ins=0x24))], quirks=Quirks(cached_puk=True))
        )
        lab.insert(stage.card)

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            await ayse.reaches(Phase.NEW_PIN)
            ayse.types()
            operation = await ayse.reaches(Phase.ENDED)
            assert operation.ended_by == "card-lost"
            stage.portal.next_operation()
            lab.insert(stage.card)
            await ayse.unlocks()

        stage.play(story)
        lab.remove()
        assert pin_works(stage.card)
