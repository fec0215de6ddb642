"""The log tells what was done and keeps every secret."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_simulator import ApduLog, Card, CardTorn, FaultPlan, Moment, Tear, When
from kilitcoz_simulator.state import pin_block

SELECT = bytes.fromhex("00a4040005a000000308")


def test_a_session_reads_like_its_story(card, host):
    host.pin_status()
    host.unblock("31415926", "161803")
    host.verify("161803")
    assert card.log.names() == ["SELECT", "VERIFY", "RESET RETRY COUNTER", "VERIFY"]
    assert [each.sw for each in card.log.of_cycle()] == ["9000", "63c3", "9000", "9000"]
    assert card.log.of_cycle()[2].command_length == 16
    assert card.log.of_cycle()[2].p2 == 0x80


def test_commands_are_counted_per_power_cycle(card, host):
    host.pin_status()
    card.power_on()
    host.select()
    assert card.log.per_cycle() == {1: 2, 2: 1}
    assert card.log.count("SELECT") == 2


def test_a_lost_answer_has_no_status_word(state):
    card = Card(state, faults=FaultPlan([Tear(Moment.AFTER, When(1))]))
    card.power_on()
    with pytest.raises(CardTorn):
        card.transmit(SELECT)
    assert card.log.commands[-1].sw is None


@given(pin=st.text("0123456789", min_size=6, max_size=8), puk=st.text("0123456789", min_size=6, max_size=8))
def test_no_pin_and_no_puk_is_ever_in_the_log(state, pin, puk):
    lines = []
    card = Card(state, log=ApduLog(sink=lines.append))
    card.power_on()
    card.transmit(SELECT)
    card.transmit(bytes.fromhex("0020008008") + pin_block(pin))
    card.transmit(bytes.fromhex("002c008010") + pin_block(puk) + pin_block(pin))
    card.power_off()
    commands = [json.loads(line) for line in lines]
    assert [each["event"] for each in commands] == ["power_on", *["command"] * 3, "power_off"]
    assert commands[-1]["commands"] == 3
    headers = [each.pop("header", None) for each in commands]
    assert headers[1:4] == ["00a40400", "00200080", "002c0080"]
    for each in commands:
        each.pop("milliseconds", None)
    text = json.dumps(commands)
    for secret in (pin, puk):
        assert secret not in text
        assert pin_block(secret).hex() not in text


def test_no_repr_shows_a_secret(issued, card):
    text = repr((issued, issued.state, card))
    for secret in ("271828", "31415926", pin_block("271828").hex(), str(pin_block("31415926"))[2:-1]):
        assert secret not in text
