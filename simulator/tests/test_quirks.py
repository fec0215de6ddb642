"""The card lies in the ways real cards do."""

from kilitcoz_simulator import FaultPlan, Quirks
from kilitcoz_simulator.state import ReferenceData, pin_block

PIN, PUK = "271828", "31415926"


def test_a_card_that_caches_the_puk_takes_any_puk_until_power_off(host_of):
    host = host_of(faults=FaultPlan(quirks=Quirks(cached_puk=True)))
    assert host.unblock("00000000", "161803") == 0x63C2
    assert host.unblock(PUK, "161803") == 0x9000
    assert host.unblock("00000000", "141421") == 0x9000
    assert host.change(0x81, "00000000", "92653589") == 0x9000
    host.card.power_on()
    host.select()
    assert host.unblock("00000000", "161803") == 0x63C2


def test_a_card_whose_puk_is_used_up_answers_9000_and_does_nothing(host_of):
    used_up = ReferenceData(pin_block(PUK), 3, 0)
    host = host_of(puk=used_up, faults=FaultPlan(quirks=Quirks(any_puk_when_used_up=True)))
    before = host.card.state
    assert host.unblock("00000000", "161803") == 0x9000
    assert host.change(0x81, "00000000", "92653589") == 0x9000
    assert host.card.state == before
    assert host.verify("161803") == 0x63C2


def test_a_card_that_refuses_the_new_pin_gives_the_puk_tries_back(host_of):
    host = host_of(faults=FaultPlan(quirks=Quirks(refuse_new_pin=0x6A86)))
    assert host.unblock("00000000", "161803") == 0x63C2
    assert host.unblock(PUK, "161803") == 0x6A86
    assert host.card.state.puk.retries_left == 3
    assert host.verify(PIN) == 0x9000


def test_a_card_says_6983_already_on_the_last_wrong_try(host_of):
    host = host_of(faults=FaultPlan(quirks=Quirks(blocked_on_last_try=True)))
    assert [host.verify("000000") for _ in range(3)] == [0x63C2, 0x63C1, 0x6983]


def test_an_exhausted_puk_is_refused_even_when_right(host_of):
    host = host_of(puk=ReferenceData(pin_block(PUK), 3, 0))
    assert host.unblock(PUK, "161803") == 0x6983
    assert host.change(0x81, PUK, "92653589") == 0x6983
