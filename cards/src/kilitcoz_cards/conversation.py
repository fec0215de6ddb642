"""Conversations with a card, and the one function that carries them over any transport.

A conversation is a generator: it yields a CommandApdu, receives the ResponseApdu, and returns its result. It
knows neither readers nor length fields. `converse` adds what lies between (ISO/IEC 7816-4:2005: command
chaining, 5.1.1.1; GET RESPONSE, 7.6.1; status 6Cxx, 5.1.3). What goes wrong on the way is thrown *into* the
generator, so that it can note "no answer" and still return its report.
"""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeVar

from kilitcoz_cards.errors import CardMalformed, CardsError
from kilitcoz_cards.iso7816 import (
    CHAINING_BIT,
    SHORT_MAX_DATA,
    SHORT_MAX_NE,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
)

T = TypeVar("T")

Conversation = Generator[CommandApdu, ResponseApdu, T]
"""What is said to a card and what comes of it. May raise CardsError."""

Transport = Callable[[bytes], bytes]
"""One command APDU to one response APDU; raises TransportError when no answer came."""

MAX_RESPONSE = 65536  # bytes of one reassembled answer; more is a card that never ends
INS_GET_RESPONSE = 0xC0


def converse(conversation: Conversation[T], transport: Transport, *, extended: bool = False) -> T:
    """Carry a conversation to its end and return its result.

    `extended`: the card takes extended length (see `atr.Atr`); without it long data are chained and long
    answers fetched. TransportError and CardMalformed go into the generator; what it does not handle is raised
    from here.
    """
    try:
        command = next(conversation)
        while True:
            try:
                response = exchange(command, transport, extended=extended)
            except CardsError as lost:
                command = conversation.throw(lost)
            else:
                command = conversation.send(response)
    except StopIteration as end:
        result: T = end.value
        return result


def exchange(command: CommandApdu, transport: Transport, *, extended: bool = False) -> ResponseApdu:
    """One command, whole: chained where needed, its answer put together; the last status word counts.

    No more than Ne bytes are fetched: what a card has beyond them stays there, and the answer is 9000.
    """
    *first, last = [command] if extended else _short_parts(command)
    for part in first:
        response = _send(part, transport)
        if not response.sw.is_success:
            return response  # the card refused the chain; its last part was not sent
    return _complete(command, _send(last, transport), transport)


def _short_parts(command: CommandApdu) -> list[CommandApdu]:
    command = replace(command, ne=min(command.ne, SHORT_MAX_NE))
    cuts = range(0, max(1, len(command.data)), SHORT_MAX_DATA)
    *first, last = [command.data[cut : cut + SHORT_MAX_DATA] for cut in cuts]
    links = [replace(command, cla=command.cla | CHAINING_BIT, data=data, ne=0) for data in first]
    return [*links, replace(command, data=last)]


def _send(part: CommandApdu, transport: Transport) -> ResponseApdu:
    """One APDU; 6Cxx (wrong Le, nothing was done) repeats it once with the Le the card names."""
    response = ResponseApdu.from_bytes(transport(part.to_bytes(extended=not part.fits_short)))
    if response.sw.sw1 == 0x6C and part.ne:
        part = replace(part, ne=response.sw.sw2 or SHORT_MAX_NE)
        response = ResponseApdu.from_bytes(transport(part.to_bytes(extended=not part.fits_short)))
    return response


def _complete(command: CommandApdu, response: ResponseApdu, transport: Transport) -> ResponseApdu:
    data = response.data
    while response.sw.sw1 == 0x61:
        if len(data) >= command.ne > 0:
            return ResponseApdu(data, SUCCESS)
        fetch = CommandApdu(command.cla, INS_GET_RESPONSE, 0, 0, ne=response.sw.sw2 or SHORT_MAX_NE)
        response = _send(fetch, transport)
        data += response.data
        if len(data) > MAX_RESPONSE or (response.sw.sw1 == 0x61 and not response.data):
            raise CardMalformed("an answer without end")
    return ResponseApdu(data, response.sw)
