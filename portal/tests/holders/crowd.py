"""A moment in which the turns for hashing are taken and the strangers' seats with them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from kilitcoz_portal.holders.turns import OTHERS, Crowded, Turns


@contextmanager
def crowded(turns: Turns, rank: int = OTHERS) -> Iterator[None]:
    """Within: the turns of Turns(1) are taken, and a stranger of this rank sits on the one seat."""
    waiting = threading.Thread(target=_wait, args=(turns, rank))
    with turns.turn(), turns.turn():
        waiting.start()
        wait_until_full(turns, rank)
        yield
    waiting.join()


def wait_until_full(turns: Turns, rank: int) -> None:
    """Returns once a stranger of this rank finds no seat."""
    looked = threading.Event()
    for _ in range(2000):
        if turns.is_full(rank):
            return
        looked.wait(0.005)
    raise AssertionError("nobody took the seat")


def _wait(turns: Turns, rank: int) -> None:
    with suppress(Crowded), turns.turn(rank):
        pass
