"""The wire between reader and card: length and payload, cut anywhere, written at once."""

import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_simulator import FramingError
from kilitcoz_simulator.framing import FramedSocket, MessageReader, encode_message


def reader_of(stream: bytes, sizes: list[int]) -> MessageReader:
    """A reader whose stream arrives in pieces of these sizes."""
    pieces = []
    for size in sizes:
        pieces.append(stream[:size])
        stream = stream[size:]
    chunks = iter([piece for piece in [*pieces, stream] if piece])
    return MessageReader(lambda: next(chunks, b""))


@given(
    payloads=st.lists(st.binary(min_size=1, max_size=300), max_size=5),
    sizes=st.lists(st.integers(1, 50), max_size=40),
)
def test_messages_arrive_whole_however_the_stream_is_cut(payloads, sizes):
    reader = reader_of(b"".join(map(encode_message, payloads)), sizes)
    assert [reader.next_payload() for _ in payloads] == payloads
    assert reader.next_payload() is None


@pytest.mark.parametrize("stream", [b"\x00", b"\x00\x05abc", b"\x00\x00", b"\x00\x01a\x00\x02b"])
def test_a_stream_that_ends_inside_a_message_or_holds_an_empty_one_is_refused(stream):
    reader = MessageReader(iter([stream, b""]).__next__)
    with pytest.raises(FramingError):
        list(iter(reader.next_payload, None))


@pytest.mark.parametrize("length", [0, 65536])
def test_an_impossible_payload_is_not_sent(length):
    with pytest.raises(FramingError):
        encode_message(bytes(length))


class Counting(socket.socket):
    """Counts writes."""

    writes = 0

    def sendall(self, *arguments):
        self.writes += 1
        return super().sendall(*arguments)


def test_an_answer_is_one_write():
    ours, theirs = socket.socketpair()
    with theirs, Counting(fileno=ours.detach()) as counting:
        counting.setsockopt = lambda *_: None  # a socket pair has no TCP options
        FramedSocket(counting).send(b"\x90\x00")
        assert theirs.recv(10) == b"\x00\x02\x90\x00"
        assert counting.writes == 1


def test_a_message_that_is_answered_by_nothing_does_not_delay_the_next_one():
    """vpcd sends power on and get ATR one after another; a delayed acknowledgement between costs 40 ms."""
    rounds = 20

    def card_side(listener):
        connection, _ = listener.accept()
        framed = FramedSocket(connection)
        while (payload := framed.receive()) is not None:
            if payload == b"\x04":
                framed.send(b"atr")
        framed.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=card_side, args=(listener,))
        thread.start()
        with socket.create_connection(listener.getsockname()) as reader:  # with Nagle's delay, as vpcd
            started = time.perf_counter()
            for _ in range(rounds):
                reader.sendall(encode_message(b"\x01"))
                reader.sendall(encode_message(b"\x04"))
                assert reader.recv(5, socket.MSG_WAITALL) == b"\x00\x03atr"
            elapsed = time.perf_counter() - started
        thread.join()
    assert elapsed / rounds < 0.02
