"""Accidents happen at the command they are meant for, and nowhere else."""

import pytest

from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_simulator import Answer, Card, CardTorn, FaultPlan, FaultSyntax, Moment, Quirks, Tear, When
from kilitcoz_simulator.faults import parse_answer, parse_quirks, parse_tear, parse_when

PIN, PUK, NEW = "271828", "31415926", "161803"


@pytest.mark.parametrize(
    ("moment", "puk_left", "pin_is_new"),
    [(Moment.BEFORE, 3, False), (Moment.DURING, 2, False), (Moment.AFTER, 3, True)],
)
def test_a_card_torn_out_is_before_the_command_charged_or_after_it(host_of, moment, puk_left, pin_is_new):
    host = host_of(faults=FaultPlan([Tear(moment, When(ins=0x2C))]))
    with pytest.raises(CardTorn):
        host.unblock(PUK, NEW)
    assert not host.card.powered
    host.card.power_on()
    host.select()
    assert host.card.state.puk.retries_left == puk_left
    assert (host.verify(NEW) == 0x9000) is pin_is_new


def test_a_tear_forgets_what_was_verified_and_happens_once(host_of):
    host = host_of(faults=FaultPlan([Tear(Moment.AFTER, When(nth=3))]))
    host.verify(PIN)
    with pytest.raises(CardTorn):
        host.pin_status()
    host.card.power_on()
    host.select()
    assert host.pin_status() == 0x63C3


def test_every_command_can_be_the_one(host_of):
    for nth in range(2, 7):
        host = host_of(faults=FaultPlan([Tear(Moment.BEFORE, When(nth=nth))]))
        for _ in range(nth - 2):
            host.pin_status()
        with pytest.raises(CardTorn):
            host.pin_status()


def test_a_forced_answer_replaces_the_command_or_hides_what_it_did(host_of):
    instead = host_of(faults=FaultPlan([Answer(StatusWord(0x6A80), When(ins=0x2C))]))
    assert instead.unblock(PUK, NEW) == 0x6A80
    assert instead.unblock(PUK, NEW) == 0x9000
    lying = host_of(faults=FaultPlan([Answer(StatusWord(0x6F00), When(ins=0x2C), executed=True)]))
    assert lying.unblock(PUK, NEW) == 0x6F00
    assert lying.verify(NEW) == 0x9000


def test_an_answer_may_be_forced_every_time(host_of):
    host = host_of(faults=FaultPlan([Answer(StatusWord(0x6F00), When(nth=None, ins=0x20))]))
    assert {host.verify(PIN) for _ in range(5)} == {0x6F00}
    assert host.card.state.pin.retries_left == 3


def test_a_slow_card_sleeps_at_every_command(state):
    slept = []
    card = Card(state, faults=FaultPlan(slow_ms=44), sleep=slept.append)
    card.power_on()
    for _ in range(3):
        card.transmit(bytes.fromhex("00a4040005a000000308"))
    assert slept == [0.044] * 3


def test_a_memory_that_fails_leaves_the_card_as_it_was(state):
    class Full:
        def save(self, state):
            raise OSError(28, "No space left on device")

    card = Card(state, memory=Full())
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    with pytest.raises(OSError, match="No space"):
        card.transmit(bytes.fromhex("0020008008") + b"000000\xff\xff")
    assert card.state == state
    assert not card.powered


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("7", When(7)),
        ("all", When(None)),
        ("ins=2C", When(1, 0x2C)),
        ("ins=2c:2", When(2, 0x2C)),
        ("ins=24:all", When(None, 0x24)),
    ],
)
def test_which_command_is_written_as_people_would(text, when):
    assert parse_when(text) == when


def test_faults_are_read_from_the_command_line():
    assert parse_tear("after:ins=2C:2") == Tear(Moment.AFTER, When(2, 0x2C))
    assert parse_answer("6A80:ins=2C") == Answer(StatusWord(0x6A80), When(1, 0x2C))
    assert parse_answer("6F00!:7") == Answer(StatusWord(0x6F00), When(7), executed=True)
    assert parse_quirks(["cached-puk", "refuse-new-pin=6A86"]) == Quirks(
        cached_puk=True, refuse_new_pin=StatusWord(0x6A86)
    )
    assert parse_quirks(["refuse-new-pin"]).refuse_new_pin == 0x6A80


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_tear, "later:3"),
        (parse_tear, "before"),
        (parse_tear, "before:0"),
        (parse_tear, "before:ins=ZZ"),
        (parse_tear, "before:ins=2C:x"),
        (parse_answer, "69:3"),
        (parse_answer, "zzzz:3"),
        (parse_answer, "6A80"),
        (lambda text: parse_quirks([text]), "kind"),
        (lambda text: parse_quirks([text]), "cached-puk=1"),
        (lambda text: parse_quirks([text]), "refuse-new-pin=1"),
    ],
)
def test_what_is_no_fault_is_told(parse, text):
    with pytest.raises(FaultSyntax):
        parse(text)
