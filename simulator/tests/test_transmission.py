"""Chaining in both directions, length formats, selection, and an ATR that tells the truth."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.conversation import exchange
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.tlv import encode
from kilitcoz_simulator import PLAIN, YUBIKEY, Card, CardNotPowered, Profile
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY

CERTIFICATE = bytes.fromhex("5c035fc105")
READ = CommandApdu(0x00, 0xCB, 0x3F, 0xFF, CERTIFICATE, 65536)


def test_a_long_answer_comes_in_parts_and_the_count_is_right(card, host):
    whole = host.get_data(0x5FC105).data
    first = card.transmit(bytes.fromhex("00cb3fff055c035fc10500"))
    assert (first[:-2], first[-2]) == (whole[:256], 0x61)
    rest = card.transmit(bytes.fromhex("00c0000000"))
    sizes = first[-1] or 256
    assert len(rest) - 2 == min(256, sizes)
    assert exchange(READ, card.transmit, extended=False).data == whole


@given(ne=st.integers(1, 600))
def test_whatever_length_is_asked_for_the_parts_make_the_whole(state, ne):
    card = Card(state)
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    whole = exchange(READ, card.transmit, extended=True).data
    part = card.transmit(CommandApdu(0x00, 0xCB, 0x3F, 0xFF, CERTIFICATE, ne).to_bytes(extended=True))
    got = part[:-2]
    while part[-2] == 0x61:
        part = card.transmit(CommandApdu(0x00, 0xC0, 0x00, 0x00, b"", min(ne, 256)).to_bytes())
        got += part[:-2]
    assert got == whole
    assert part[-2:] == b"\x90\x00"


def test_get_response_without_anything_left_is_refused(card, host):
    assert host.send(0xC0, 0x00, 0x00).sw == 0x6985
    card.transmit(bytes.fromhex("00cb3fff055c035fc10500"))
    host.pin_status()
    assert host.send(0xC0, 0x00, 0x00).sw == 0x6985


def test_a_command_in_parts_counts_as_one(card, host):
    host.authenticate(DEFAULT_MANAGEMENT_KEY)
    content = bytes(range(256)) * 4
    put = CommandApdu(0x00, 0xDB, 0x3F, 0xFF, encode(0x5C, b"\x5f\xc1\x0b") + encode(0x53, content))
    assert exchange(put, card.transmit, extended=False).sw == 0x9000
    assert host.get_data(0x5FC10B).data.endswith(content)


def test_a_chain_broken_off_by_another_command_has_no_effect(card, host):
    assert card.transmit(bytes.fromhex("1024008008") + b"271828\xff\xff") == b"\x90\x00"
    assert host.pin_status() == 0x63C3
    assert card.transmit(bytes.fromhex("0024008008") + b"161803\xff\xff") == b"\x67\x00"
    assert host.verify("271828") == 0x9000


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=["yubikey", "plain"])
def test_the_atr_says_truly_whether_extended_length_is_taken(state, host_of, profile):
    announced = profile.atr()[7] & 0x40  # third software function table, b7
    host = host_of(profile=profile)
    answered = host.card.transmit(READ.to_bytes(extended=True))
    assert bool(announced) == (answered[-2:] == b"\x90\x00")
    assert announced or answered == b"\x67\x00"


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=["yubikey", "plain"])
def test_the_atr_is_well_formed_and_offers_t1_alone(profile: Profile):
    atr = profile.atr()
    assert atr[0] == 0x3B
    assert (atr[1] & 0xF0, atr[2]) == (0x80, 0x01)
    assert len(atr) == 3 + (atr[1] & 0x0F) + 1
    assert reduce(xor, atr[1:]) == 0


@pytest.mark.parametrize("length", range(5, 12))
def test_piv_is_selected_by_its_identifier_cut_off_anywhere_after_the_registered_part(card, host, length):
    aid = bytes.fromhex("a000000308000010000100")[:length]
    assert host.send(0xA4, 0x04, 0x00, aid).data[:2] == b"\x61\x11"


def test_an_application_that_is_not_there_leaves_the_selected_one_and_its_verified_pin(host):
    host.verify("271828")
    assert host.send(0xA4, 0x04, 0x00, bytes.fromhex("d27600012401")).sw == 0x6A82
    assert host.pin_status() == 0x9000
    host.select()
    assert host.pin_status() == 0x9000


def test_selecting_another_application_forgets_the_verified_pin(host):
    host.verify("271828")
    assert host.send(0xA4, 0x04, 0x00, bytes.fromhex("a000000527471117")).sw == 0x9000
    host.select()
    assert host.pin_status() == 0x63C3


def test_a_plain_card_has_no_management_application(host_of):
    assert host_of(profile=PLAIN).send(0xA4, 0x04, 0x00, bytes.fromhex("a000000527471117")).sw == 0x6A82


def test_before_selection_nothing_is_answered(card):
    assert card.transmit(bytes.fromhex("0020008000")) == b"\x6d\x00"


@pytest.mark.parametrize("command", ["", "00", "0020", "0020008008", "002000800831", "00200080000000"])
def test_what_is_no_apdu_is_refused_with_6700(card, host, command):
    raw = bytes.fromhex(command)
    assert card.transmit(raw) in (b"\x67\x00", b"\x63\xc3")


@pytest.mark.parametrize(("cla", "sw"), [(0x01, 0x6881), (0x80, 0x6E00), (0x0C, 0x6E00)])
def test_other_classes_are_refused(card, host, cla, sw):
    assert int.from_bytes(card.transmit(bytes((cla, 0x20, 0x00, 0x80, 0x00))), "big") == sw


def test_without_power_there_is_no_answer(card):
    card.power_off()
    with pytest.raises(CardNotPowered):
        card.transmit(bytes.fromhex("0020008000"))


@given(raw=st.binary(max_size=300))
def test_no_bytes_at_all_make_the_card_fall_over(state, raw):
    card = Card(state)
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    assert len(card.transmit(raw)) >= 2


@given(
    ins=st.sampled_from([0x20, 0x24, 0x2C, 0x47, 0x87, 0xCB, 0xDB, *range(0xF6, 0x100)]),
    p1=st.integers(0, 255),
    p2=st.sampled_from([0x00, 0x80, 0x81, 0x9A, 0x9B, 0x9E, 0xF9, 0xFF]),
    data=st.binary(max_size=64),
)
def test_no_data_at_all_make_a_command_fall_over(state, ins, p1, p2, data):
    card = Card(state)
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    for raw in (data, b"\x7c" + bytes((len(data),)) + data):
        assert len(card.transmit(CommandApdu(0x00, ins, p1, p2, raw, 256).to_bytes())) >= 2
