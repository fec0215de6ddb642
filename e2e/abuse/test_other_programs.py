"""A31, A33: other programs at the same reader, before, during and after an unlock."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.abuse.books import events
from e2e.abuse.card_watch import (
    CHANGE_REFERENCE_DATA,
    GENERAL_AUTHENTICATE,
    CardWatch,
)
from e2e.abuse.conftest import Visit
from e2e.abuse.lurker import RESET_BY_OTHERS, Lurker
from e2e.abuse.opened import open_local_page, wait_for_pin_fields
from e2e.abuse.visitor import Visitor
from e2e.installation import Installation
from e2e.third_party import pin_is_accepted
from e2e.walk import Walk
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.faults import FaultPlan, Quirks
from kilitcoz_simulator.state import pin_block

NEW_PIN = "73920415"
SELECT_PIV = CommandApdu(0x00, 0xA4, 0x04, 0x00, bytes.fromhex("a000000308")).to_bytes()
IS_PIN_VERIFIED = CommandApdu(0x00, 0x20, 0x00, 0x80).to_bytes()


def change_puk(old: bytes, new: str) -> bytes:
    """`24` on the PUK; `old` is a block as the card keeps it."""
    return CommandApdu(0x00, 0x24, 0x00, 0x81, old + pin_block(new)).to_bytes()


@pytest.fixture
def at_the_portal(walk: Walk, visit: Visit) -> Visitor:
    """Ayşe's browser at the portal, her operation begun."""
    return visit(walk.holder).begin()


@pytest.fixture
def lurker(walk: Walk, service: Installation) -> Iterator[Lurker]:
    """Another program, connected to the card from the beginning."""
    with Lurker(service.lab.environment, service.lab.reader_name(0)) as connected:
        yield connected


@pytest.fixture
def local(walk: Walk, service: Installation, at_the_portal: Visitor) -> Page:
    """The local page, the PIN about to be typed."""
    page = open_local_page(walk, at_the_portal, service.service.url)
    wait_for_pin_fields(walk, page)
    return page


def card_of(walk: Walk) -> Card:
    """Ayşe's card, as its maker sees it."""
    assert isinstance(walk.holder.card, Card)
    return walk.holder.card


def test_a31_a_card_that_caches_puk_verification_has_forgotten_it_when_the_unlock_is_over(
    walk: Walk, lurker: Lurker, local: Page
) -> None:
    card = card_of(walk)
    card.give_faults(FaultPlan(quirks=Quirks(cached_puk=True)))
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
    wrong = change_puk(pin_block("00000000"), "48151623")
    status, _ = lurker("transmit", wrong.hex())
    assert status in RESET_BY_OTHERS, "the session in which the PUK was right is gone"
    lurker("reconnect")
    assert lurker.sends(SELECT_PIV) == "9000"
    assert lurker.sends(IS_PIN_VERIFIED).startswith("63c")
    assert lurker.sends(wrong).startswith("63c")
    assert lurker.sends(change_puk(card.state.puk.value, "48151623")) == "9000"
    assert lurker.sends(wrong) == "9000", "the card is one that caches: nothing but the power-cycle helped"


def test_a33_a_reset_by_another_program_while_the_pin_is_typed_costs_nothing(
    walk: Walk, service: Installation, lurker: Lurker, local: Page
) -> None:
    assert lurker("reset")[0] == 0
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a33_the_card_is_anybodys_while_the_holder_thinks_and_ours_alone_while_we_work(
    walk: Walk, service: Installation, lurker: Lurker, local: Page
) -> None:
    watch = CardWatch(walk.holder.card)
    lurker("reconnect")  # the card was power-cycled after its identification
    assert lurker("begin")[0] == 0, "no transaction of ours is open while nothing is done"
    walk.choose_pin(local, NEW_PIN)
    expect(local.get_by_role("heading", name="PIN’iniz değiştiriliyor")).to_be_visible()
    assert watch.untouched, "we wait for theirs"
    assert lurker("end")[0] == 0
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a33_who_resets_the_card_all_the_time_keeps_nobody_from_ending_well(
    walk: Walk, service: Installation, lurker: Lurker, at_the_portal: Visitor, local: Page
) -> None:
    """Each time the holder is told that nothing was lost, and what to do; when the other program is gone, it
    works.
    """
    resets = lurker.keeps_resetting()
    walk.choose_pin(local, NEW_PIN)
    done = local.get_by_role("heading", name=walk.words.pin_changed)
    kept_out = local.get_by_role("alert").filter(has_text="karta bir şey yazılmadı")
    in_the_middle = local.get_by_role("alert").filter(has_text="işlemi portaldan yeniden başlatın")
    expect(done.or_(kept_out).or_(in_the_middle)).to_be_visible(timeout=20_000)
    assert resets.stop() > 0
    if in_the_middle.is_visible():
        local = open_local_page(walk, at_the_portal.begin(), service.service.url)
        walk.choose_pin(local, NEW_PIN)
    elif kept_out.is_visible():
        walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert pin_is_accepted(service.lab, NEW_PIN)


class StallingCard:
    """A card whose answer to one command finds the card service stopped, as a machine that went to sleep."""

    def __init__(self, card: InReader, stop: Callable[[], None]) -> None:
        self._card, self._stop = card, stop
        self._ins = -1
        self.stalled = threading.Event()

    def stall_at(self, ins: int) -> None:
        """At the next command with this INS."""
        self._ins = ins

    @property
    def atr(self) -> bytes:
        return self._card.atr

    def power_on(self) -> bytes:
        return self._card.power_on()

    def power_off(self) -> None:
        self._card.power_off()

    def transmit(self, command: bytes) -> bytes:
        answer = self._card.transmit(command)
        if command[1] == self._ins:
            self._ins = -1
            self._stop()
            self.stalled.set()
        return answer


IDLE_SECONDS = 6  # Windows resets a transaction that was idle for five


@pytest.fixture
def stalling(walk: Walk, service: Installation) -> StallingCard:
    """Ayşe's card; see StallingCard."""
    assert service.running is not None
    pid = service.running.pid
    card = StallingCard(walk.holder.card, lambda: stop(pid))
    service.lab.insert(card)
    return card


def stop(pid: int) -> None:
    """Stop the program; returns when each of its threads stands still."""
    os.kill(pid, signal.SIGSTOP)
    while any(_state(task) != "T" for task in Path(f"/proc/{pid}/task").iterdir()):
        time.sleep(0.001)


def _state(task: Path) -> str:
    """The thread's state as the kernel has it (proc(5), stat)."""
    return (task / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


def wait_and_be_reset(service: Installation, stalling: StallingCard) -> None:
    """The transaction is idle; the system takes the card from it, and then the card service goes on."""
    assert service.running is not None
    assert stalling.stalled.wait(20)
    time.sleep(IDLE_SECONDS)
    service.lab.insert(stalling)
    os.kill(service.running.pid, signal.SIGCONT)


def test_a33_a_transaction_idle_for_six_seconds_before_any_secret_is_given_up_and_resumed(
    stalling: StallingCard, walk: Walk, service: Installation, local: Page, at_the_portal: Visitor
) -> None:
    watch = CardWatch(walk.holder.card)
    stalling.stall_at(GENERAL_AUTHENTICATE)
    walk.choose_pin(local, NEW_PIN)
    wait_and_be_reset(service, stalling)
    walk.problem("karta bir şey yazılmadı", page=local)
    assert watch.secrets == []
    walk.choose_pin(local, NEW_PIN)
    walk.see_success(local)
    assert events(service, at_the_portal.operation).count("secret-released") == 2
    assert pin_is_accepted(service.lab, NEW_PIN)


def test_a33_a_transaction_idle_for_six_seconds_after_the_puk_is_in_doubt_and_ends_well_when_begun_again(
    stalling: StallingCard, walk: Walk, service: Installation, local: Page, at_the_portal: Visitor
) -> None:
    stalling.stall_at(CHANGE_REFERENCE_DATA)
    walk.choose_pin(local, NEW_PIN)
    wait_and_be_reset(service, stalling)
    expect(local.get_by_role("heading", name="Merak etmeyin, yeniden başlatın")).to_be_visible()
    again = open_local_page(walk, at_the_portal.begin(), service.service.url)
    walk.choose_pin(again, NEW_PIN)
    walk.see_success(again)
    assert card_of(walk).state.puk.retries_left == card_of(walk).state.puk.retries_total
    assert pin_is_accepted(service.lab, NEW_PIN)
