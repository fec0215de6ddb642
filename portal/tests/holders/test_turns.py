"""Who goes first where many wait for a hash."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from portal.tests.holders.crowd import crowded

from kilitcoz_portal.holders import turns
from kilitcoz_portal.holders.turns import FIRST, OTHERS, PROVED, Crowded, Turns


class Queue:
    """Threads that each want a turn; `order` is the order in which they had one."""

    def __init__(self, turns: Turns) -> None:
        self.turns, self.order = turns, []
        self.threads: list[threading.Thread] = []
        self.refused: list[str] = []
        self.pressed: dict[str, bool] = {}

    def join(self, name: str, rank: int) -> None:
        """One more; returns when it waits."""
        waiting = len(self.turns._waiting)
        thread = threading.Thread(target=self._take, args=(name, rank))
        self.threads.append(thread)
        thread.start()
        until(lambda: len(self.turns._waiting) > waiting or bool(self.refused))

    def end(self) -> None:
        """All had a turn or were refused."""
        for thread in self.threads:
            thread.join()

    def _take(self, name: str, rank: int) -> None:
        try:
            with self.turns.turn(rank) as pressed:
                self.order.append(name)
                self.pressed[name] = pressed
        except Crowded:
            self.refused.append(name)


def until(true: Callable[[], bool]) -> None:
    """Returns once it is."""
    pause = threading.Event()
    for _ in range(2000):
        if true():
            return
        pause.wait(0.005)
    raise AssertionError("it never was")


def test_the_trusted_go_first_then_who_worked_then_who_erred_less_then_who_came_first() -> None:
    queue = Queue(Turns(1, seats=4))
    with queue.turns.turn(), queue.turns.turn():
        queue.join("erred", OTHERS + 7)
        queue.join("stranger", OTHERS)
        queue.join("later stranger", OTHERS)
        queue.join("worked", PROVED + 3)
        queue.join("trusted", FIRST)
    queue.end()
    assert queue.order == ["trusted", "worked", "stranger", "later stranger", "erred"]


def test_a_better_stranger_takes_the_last_ones_seat() -> None:
    queue = Queue(Turns(1, seats=2))
    with queue.turns.turn(), queue.turns.turn():
        for name, rank in (("erred", OTHERS + 7), ("erred more", OTHERS + 9)):
            queue.join(name, rank)
        queue.join("stranger", OTHERS)
        until(lambda: queue.refused == ["erred more"])
    queue.end()
    assert queue.order == ["stranger", "erred"]


def test_a_stranger_no_better_than_those_who_wait_is_refused_at_once() -> None:
    turns = Turns(1, seats=1)
    with crowded(turns, rank=OTHERS + 3):
        assert turns.is_full(OTHERS + 3)
        assert not turns.is_full(OTHERS + 2)
        assert not turns.is_full(PROVED)
        assert not turns.is_full(FIRST)
        with pytest.raises(Crowded), turns.turn(OTHERS + 3):
            pass


@pytest.mark.parametrize("rank", [FIRST, PROVED])
def test_one_turn_is_left_to_the_trusted_and_to_who_worked(rank: int) -> None:
    queue = Queue(Turns(1, seats=2))
    with queue.turns.turn(OTHERS):
        queue.join("stranger", OTHERS)
        with queue.turns.turn(rank):
            assert queue.order == []
    queue.end()
    assert queue.order == ["stranger"]


def test_who_leaves_a_full_room_for_a_turn_learns_that_it_was_full() -> None:
    queue = Queue(Turns(1, seats=2))
    with queue.turns.turn() as pressed, queue.turns.turn():
        assert not pressed
        queue.join("first", OTHERS)
        queue.join("second", OTHERS)
    queue.end()
    assert queue.pressed == {"first": True, "second": False}


def test_nobody_waits_longer_than_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    taken = Turns(1)
    with taken.turn(OTHERS), pytest.raises(Crowded), taken.turn(OTHERS):
        pass
    with taken.turn(OTHERS):
        assert not taken.is_full(OTHERS)


def test_a_turn_that_ends_in_an_error_is_over() -> None:
    taken = Turns(1)
    with pytest.raises(ValueError, match="torn"), taken.turn(OTHERS):
        raise ValueError("torn")
    with taken.turn(OTHERS):
        pass


def _run(turns: Turns, rank: int, ran: list[int]) -> None:
    with turns.turn(rank):
        ran.append(rank)
