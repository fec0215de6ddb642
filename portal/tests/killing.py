"""Killing the portal at its n-th COMMIT, or at its n-th statement that writes, just before or just after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Killed(BaseException):
    """The process is gone; nothing in it can catch this."""


@dataclass
class Commits:
    """How many there were; kills at the `kill_at`-th (from 1), before or after it reached the database."""

    kill_at: int | None = None
    after: bool = False
    seen: int = 0


@contextmanager
def counted(commits: Commits) -> Iterator[Commits]:
    """Count every COMMIT of this thread's connection, and kill where asked."""
    commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # the stubs leave it out

    def counting(wrapper: BaseDatabaseWrapper) -> None:
        commits.seen += 1
        due = commits.seen == commits.kill_at
        if due and not commits.after:
            _die(wrapper)
        commit(wrapper)
        if due:
            _die(wrapper)

    with mock.patch.object(BaseDatabaseWrapper, "_commit", counting):
        yield commits


@contextmanager
def counted_writes(commits: Commits) -> Iterator[Commits]:
    """The same for every statement that writes: outside a transaction each of them is a commit of its own."""

    def counting(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            return execute(sql, params, many, context)
        commits.seen += 1
        due = commits.seen == commits.kill_at
        if due and not commits.after:
            raise Killed
        result = execute(sql, params, many, context)
        if due:
            raise Killed
        return result

    with connections[DEFAULT_DB_ALIAS].execute_wrapper(counting):
        yield commits


def _die(wrapper: BaseDatabaseWrapper) -> None:
    """What was not committed is rolled back, as the database does when a process dies."""
    wrapper.connection.rollback()
    raise Killed


def restarted() -> None:
    """A new process: a new connection."""
    connections[DEFAULT_DB_ALIAS].close()
