"""The certificate libraries are asynchronous so that they can fetch; without a fetcher nothing in them ever
waits.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


def at_once(awaitable: Awaitable[T]) -> T:
    """The result of what never waits."""
    try:
        next(awaitable.__await__())
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("what was given no fetcher waited for something")
