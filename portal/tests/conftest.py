"""The databases and key files of the portal's tests.

A test that asks for `database` (most by marks.ON_BOTH) runs twice: on SQLite as
configured (a file, WAL) and on PostgreSQL in a throw-away cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from portal.tests.postgres import throw_away_cluster


@pytest.fixture(scope="session", autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Key files of these tests only."""
    before, settings.KILITCOZ_DATA_DIR = settings.KILITCOZ_DATA_DIR, tmp_path_factory.mktemp("data")
    yield settings.KILITCOZ_DATA_DIR
    settings.KILITCOZ_DATA_DIR = before


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite's test database is a file, so that threads and WAL are as in production."""
    database = connections.settings[DEFAULT_DB_ALIAS]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("sqlite") / "test.sqlite3")


@pytest.fixture(scope="session")
def postgresql(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Settings of a migrated database in a throw-away cluster."""
    with throw_away_cluster() as url:
        sqlite = connections.settings[DEFAULT_DB_ALIAS]
        database = {**sqlite, **dj_database_url.parse(url, conn_max_age=0)}
        with django_db_blocker.unblock(), _in_place_of_default(database):
            call_command("migrate", verbosity=0)
        yield database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of the database that `default` is while the test runs."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    with django_db_blocker.unblock(), _in_place_of_default(request.getfixturevalue("postgresql")):
        yield "postgresql"


class _in_place_of_default:  # noqa: N801 - reads as what it does
    """Within: every connection of every thread to `default` is one to `database`."""

    def __init__(self, database: dict[str, Any]) -> None:
        self.database = database

    def __enter__(self) -> None:
        self.before = connections.settings[DEFAULT_DB_ALIAS]
        self.connection = connections[DEFAULT_DB_ALIAS]
        connections.settings[DEFAULT_DB_ALIAS] = self.database
        del connections[DEFAULT_DB_ALIAS]

    def __exit__(self, *_: object) -> None:
        connections[DEFAULT_DB_ALIAS].close()
        connections.settings[DEFAULT_DB_ALIAS] = self.before
        connections[DEFAULT_DB_ALIAS] = self.connection
