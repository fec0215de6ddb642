"""PIN and PUK behave as on real PIV cards."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_simulator import PLAIN, YUBIKEY, FaultPlan, Quirks
from kilitcoz_simulator.state import ReferenceData, pin_block

PIN, PUK = "271828", "31415926"
HostOf = Callable[..., "Host"]  # noqa: F821  (conftest's)


def test_the_right_pin_is_accepted_and_the_wrong_one_counted_down(host):
    assert host.verify(PIN) == 0x9000
    assert [host.verify("000000") for _ in range(4)] == [0x63C2, 0x63C1, 0x63C0, 0x6983]
    assert host.verify(PIN) == 0x6983


def test_the_right_pin_gives_all_tries_back(host):
    host.verify("000000")
    assert host.verify(PIN) == 0x9000
    host.card.power_on()
    host.select()
    assert host.pin_status() == 0x63C3


def test_asking_for_the_tries_costs_none_and_says_when_the_pin_is_verified(host):
    assert [host.pin_status() for _ in range(5)] == [0x63C3] * 5
    host.verify(PIN)
    assert host.pin_status() == 0x9000


def test_a_blocked_pin_says_so_in_two_faces(host_of):
    blocked = ReferenceData(pin_block(PIN), 3, 0)
    assert host_of(pin=blocked).pin_status() == 0x6983
    other_face = FaultPlan(quirks=Quirks(blocked_status_63c0=True))
    assert host_of(pin=blocked, faults=other_face).pin_status() == 0x63C0


def test_verified_status_ends_by_p1_ff_by_a_wrong_pin_and_by_reset(host):
    for end in (lambda: host.send(0x20, 0xFF, 0x80, ne=0), lambda: host.verify("000000"), host.card.power_on):
        host.select()
        assert host.verify(PIN) == 0x9000
        end()
        host.select()
        assert host.pin_status() != 0x9000


def test_the_puk_unblocks_the_pin_and_sets_a_new_one(host_of):
    host = host_of(pin=ReferenceData(pin_block(PIN), 3, 0))
    assert host.unblock(PUK, "161803") == 0x9000
    assert host.verify(PIN) == 0x63C2
    assert host.verify("161803") == 0x9000


def test_a_wrong_puk_burns_a_puk_try_and_takes_the_verified_status_away(host):
    host.verify(PIN)
    assert [host.unblock("00000000", "161803") for _ in range(4)] == [0x63C2, 0x63C1, 0x63C0, 0x6983]
    assert host.pin_status() == 0x63C3
    assert host.unblock(PUK, "161803") == 0x6983


def test_a_wrong_puk_with_an_ill_formed_pin_still_burns_a_try(host):
    assert host.unblock("00000000", "12") == 0x63C2
    assert host.unblock(PUK, "12") == 0x6A80
    assert host.card.state.puk.retries_left == 3
    assert host.verify(PIN) == 0x9000


def test_the_puk_is_changed_only_by_who_knows_it(host):
    assert host.change(0x81, "00000000", "92653589") == 0x63C2
    assert host.change(0x81, PUK, "92653589") == 0x9000
    assert host.unblock(PUK, "161803") == 0x63C2
    assert host.unblock("92653589", "161803") == 0x9000


def test_the_pin_is_changed_only_by_who_knows_it_and_is_verified_then(host):
    assert host.change(0x80, "000000", "161803") == 0x63C2
    assert host.change(0x80, PIN, "161803") == 0x9000
    assert host.pin_status() == 0x9000


def test_a_short_puk_is_padded_with_ff(host_of):
    host = host_of(puk=ReferenceData(pin_block("314159"), 3, 3))
    assert host.unblock("314159", "161803") == 0x9000


@pytest.mark.parametrize("refusal", [0x6A81, 0x6D00])
def test_a_card_without_change_of_the_puk_says_so_and_burns_nothing(host_of, refusal):
    without = replace(YUBIKEY, change_puk=False, change_puk_refusal=StatusWord(refusal))
    host = host_of(profile=without)
    assert host.change(0x81, PUK, "92653589") == refusal
    assert host.card.state.puk.retries_left == 3
    assert host.change(0x80, PIN, "161803") == 0x9000


def test_a_plain_card_takes_digits_only(host_of):
    host = host_of(profile=PLAIN)
    assert host.verify("letter") == 0x6A80
    assert host.pin_status() == 0x63C3
    assert host.unblock(PUK, "letter") == 0x6A80
    assert host_of().unblock(PUK, "letter") == 0x9000


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x2C])
@pytest.mark.parametrize("length", [1, 7, 9, 15, 17])
def test_reference_data_of_a_wrong_length_are_refused_and_burn_nothing(host, ins, length):
    assert host.send(ins, 0x00, 0x80, bytes(length), ne=0).sw == 0x6700
    assert (host.card.state.pin.retries_left, host.card.state.puk.retries_left) == (3, 3)


@pytest.mark.parametrize(("ins", "reference"), [(0x20, 0x00), (0x20, 0x81), (0x24, 0x00), (0x2C, 0x81)])
def test_references_that_the_card_has_not_are_not_found(host, ins, reference):
    assert host.send(ins, 0x00, reference, bytes(16 if ins != 0x20 else 8), ne=0).sw == 0x6A88


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x2C])
def test_other_values_of_p1_are_refused(host, ins):
    assert host.send(ins, 0x01, 0x80, bytes(16 if ins != 0x20 else 8), ne=0).sw == 0x6A86
