"""Cards in readers: over TCP and as vpcd's client, put in, taken out, swapped, torn out."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from kilitcoz_simulator import (
    BridgedCard,
    Card,
    FaultPlan,
    Moment,
    Slot,
    SwappedCard,
    TcpServer,
    Tear,
    VpcdClient,
    When,
    to_address,
)
from kilitcoz_simulator.framing import FramedSocket

OFF, ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
SELECT = bytes.fromhex("00a4040005a000000308")
SERIAL = bytes.fromhex("00f8000000")


class Reader:
    """The reader's side of one connection."""

    def __init__(self, address):
        self.connection = socket.create_connection(address, timeout=5)
        self.framed = FramedSocket(self.connection)

    def ask(self, payload):
        """Sends, returns the answer; None when the card is gone."""
        try:
            self.framed.send(payload)
            return self.framed.receive()
        except OSError:
            return None

    def tell(self, payload):
        """Sends what is answered by nothing."""
        self.framed.send(payload)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.framed.close()


def eventually(condition, seconds=5.0):
    """Waits for a condition that another thread brings about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


@pytest.fixture
def slot(card):
    card.power_off()
    return Slot(card, reinsert_after=0.05)


@pytest.fixture
def address(slot):
    with TcpServer(slot) as server:
        yield server.address


def is_present(address):
    with Reader(address) as reader:
        return reader.ask(GET_ATR) is not None


def test_the_atr_is_told_without_power_and_commands_are_answered_with_it(address, state):
    with Reader(address) as reader:
        assert reader.ask(GET_ATR) == state.profile.atr()
        reader.tell(ON)
        assert reader.ask(SELECT)[-2:] == b"\x90\x00"
        assert reader.ask(SERIAL)[:4] == state.serial.to_bytes(4, "big")


def test_a_command_without_power_ends_the_connection(address):
    with Reader(address) as reader:
        assert reader.ask(SELECT) is None


@pytest.mark.parametrize("payload", [b"\x03", b"\x05", b"\xff"])
def test_an_unknown_control_code_ends_the_connection(address, payload):
    with Reader(address) as reader:
        assert reader.ask(payload) is None


@pytest.mark.parametrize("control", [RESET, OFF + ON])
def test_reset_and_power_cycle_forget_what_was_selected(address, control):
    with Reader(address) as reader:
        reader.tell(ON)
        reader.ask(SELECT)
        for code in control:
            reader.tell(bytes((code,)))
        assert reader.ask(SERIAL) == b"\x6d\x00"


def test_a_reader_without_a_card_closes_before_any_answer(slot, address):
    slot.remove()
    assert not is_present(address)


def test_a_reader_that_is_not_there_refuses(slot):
    with TcpServer(slot) as server:
        address = server.address
    with pytest.raises(ConnectionRefusedError):
        Reader(address)


def test_removal_ends_the_connection_and_insertion_is_seen_by_the_next(slot, card, address):
    with Reader(address) as reader:
        reader.tell(ON)
        assert reader.ask(SELECT)[-2:] == b"\x90\x00"
        assert slot.remove() is card
        assert reader.ask(SERIAL) is None
    assert not is_present(address)
    slot.insert(card)
    assert is_present(address)


def test_the_card_is_powered_for_one_connection_at_a_time_and_others_may_see_it(address):
    with Reader(address) as first, Reader(address) as second:
        first.tell(ON)
        assert first.ask(SELECT)[-2:] == b"\x90\x00"
        assert second.ask(GET_ATR) is not None
        second.tell(ON)
        waiting = []
        thread = threading.Thread(target=lambda: waiting.append(second.ask(SERIAL)))
        thread.start()
        assert first.ask(SERIAL)[-2:] == b"\x90\x00"
        assert waiting == []
        first.tell(OFF)
        thread.join()
        assert waiting == [b"\x6d\x00"]


def test_a_swapped_card_is_another_one_for_the_next_connection(slot, address, state):
    other = Card(replace(state, serial=7))
    with Reader(address) as reader:
        reader.tell(ON)
        reader.ask(SELECT)
        slot.insert(other)
        assert reader.ask(SERIAL) is None
    with Reader(address) as reader:
        reader.tell(ON)
        reader.ask(SELECT)
        assert reader.ask(SERIAL)[:4] == bytes((0, 0, 0, 7))


def test_a_swap_no_reader_sees_is_found_only_by_asking_again(state):
    swapped = SwappedCard(Card(state), Card(replace(state, serial=7)), after=2)
    with TcpServer(Slot(swapped)) as server, Reader(server.address) as reader:
        reader.tell(ON)
        reader.ask(SELECT)
        assert reader.ask(SERIAL)[:4] == state.serial.to_bytes(4, "big")
        assert reader.ask(SERIAL) == b"\x6d\x00"
        reader.ask(SELECT)
        assert reader.ask(SERIAL)[:4] == bytes((0, 0, 0, 7))


def test_a_torn_card_gives_no_answer_and_is_back_after_a_while(slot, card, address):
    card.give_faults(FaultPlan([Tear(Moment.AFTER, When(nth=2))]))
    with Reader(address) as reader:
        reader.tell(ON)
        assert reader.ask(SELECT)[-2:] == b"\x90\x00"
        assert reader.ask(SERIAL) is None
    eventually(lambda: is_present(address))


def test_a_torn_card_may_stay_out(card):
    card.power_off()
    card.give_faults(FaultPlan([Tear(Moment.BEFORE, When(nth=1))]))
    slot = Slot(card, reinsert_after=None)
    with TcpServer(slot) as server:
        with Reader(server.address) as reader:
            reader.tell(ON)
            assert reader.ask(SELECT) is None
        time.sleep(0.1)
        assert not is_present(server.address)


def test_any_object_that_answers_can_be_served_and_its_long_answers_are_parted():
    powered = []
    stranger = BridgedCard(
        lambda command: bytes(600) + b"\x90\x00" if command[1] == 0xCB else b"\x6d\x00",
        atr=b"\x3b\x00",
        on=lambda: powered.append("on"),
        off=lambda: powered.append("off"),
    )
    with TcpServer(Slot(stranger)) as server, Reader(server.address) as reader:
        reader.tell(ON)
        assert reader.ask(GET_ATR) == b"\x3b\x00"
        assert reader.ask(bytes.fromhex("00cb3fff00"))[-2:] == b"\x61\x00"
        assert reader.ask(bytes.fromhex("00c0000000"))[-2:] == b"\x61\x58"
        assert len(reader.ask(bytes.fromhex("00c0000058"))) == 0x58 + 2
        assert len(reader.ask(bytes.fromhex("00cb3fff000000"))) == 602
        assert reader.ask(bytes.fromhex("00c0000000")) == b"\x6d\x00"
    eventually(lambda: powered == ["off", "on", "off"])


class FakeVpcd:
    """Listens like vpcd; `accept` is what its poll does."""

    def __init__(self, port=0):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]

    def accept(self):
        connection, _ = self.listener.accept()
        connection.settimeout(5)
        return FramedSocket(connection)


def test_the_card_comes_back_when_vpcd_was_restarted(slot, state):
    vpcd = FakeVpcd()
    with VpcdClient(slot, to_address("127.0.0.1", vpcd.port)):
        line = vpcd.accept()
        line.send(GET_ATR)
        assert line.receive() == state.profile.atr()
        line.close()
        vpcd.listener.close()
        again = FakeVpcd(vpcd.port)
        line = again.accept()
        line.send(GET_ATR)
        assert line.receive() == state.profile.atr()
        line.close()
        again.listener.close()


def test_a_removed_card_leaves_vpcd_and_a_put_back_one_connects_again(slot, card, state):
    vpcd = FakeVpcd()
    with VpcdClient(slot, to_address("127.0.0.1", vpcd.port)):
        line = vpcd.accept()
        slot.remove()
        assert line.receive() is None
        line.close()
        slot.insert(card)
        line = vpcd.accept()
        line.send(GET_ATR)
        assert line.receive() == state.profile.atr()
        line.close()
    vpcd.listener.close()
