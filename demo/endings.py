"""When the demo ends: Ctrl-C, SIGTERM, a closed terminal, or the end of the program that holds its stdin."""

import select
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

SECONDS_BETWEEN_LOOKS = 0.5


class EndedFromOutside(BaseException):
    """Somebody asked the demo to end."""


def _end(_number: int, _frame: FrameType | None) -> None:
    raise EndedFromOutside


def listen() -> None:
    """From now on these signals raise EndedFromOutside. A SIGHUP that `nohup` ignores stays ignored."""
    signal.signal(signal.SIGINT, _end)
    signal.signal(signal.SIGTERM, _end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _end)


def close_ears() -> None:
    """The end has begun: further signals change nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def stdin_watch() -> Callable[[], bool]:
    """Answers whether the writer of stdin went away since now. Reads nothing, so a shell's script is safe.

    A stdin that is closed already, a terminal, a file or /dev/null never says so.
    """
    poll = select.poll()
    gone = select.POLLHUP | select.POLLERR | select.POLLNVAL
    try:
        poll.register(sys.__stdin__.fileno(), 0)  # type: ignore[union-attr]  # None: see below
    except (AttributeError, ValueError, OSError):
        return lambda: False

    def hung_up() -> bool:
        return any(events & gone for _, events in poll.poll(0))

    return (lambda: False) if hung_up() else hung_up


def wait(is_gone: Callable[[], bool], check: Callable[[], None]) -> None:
    """Returns when stdin's writer is gone; `check` is called now and then and may raise."""
    while not is_gone():
        check()
        time.sleep(SECONDS_BETWEEN_LOOKS)
