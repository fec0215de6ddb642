"""Settings: one table, read strictly."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from kilitcoz_portal.config import environment, settings


def test_every_row_of_the_table_is_a_setting_by_its_own_name() -> None:
    for row in environment.SETTINGS:
        if row.name.startswith("KILITCOZ_"):
            assert hasattr(settings, row.name), row.name


def test_every_default_is_readable_and_every_row_says_what_it_means() -> None:
    assert set(environment.read({})) == {row.name for row in environment.SETTINGS}
    for row in environment.SETTINGS:
        assert row.meaning.endswith("."), row.name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KILITCOZ_DEMO", "perhaps"),
        ("KILITCOZ_AGENT_PORT", "many"),
        ("KILITCOZ_ORIGIN", "kilit.example"),
        ("KILITCOZ_ORIGIN", "ftp://kilit.example"),
        ("KILITCOZ_ORIGIN", "https://kilit.example/path"),
    ],
)
def test_a_value_that_cannot_be_read_stops_the_start_and_is_not_quoted(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        environment.read({name: value})
    assert value not in str(refused.value)


def test_switches_and_lists_are_read_as_people_write_them() -> None:
    values = environment.read({"KILITCOZ_DEMO": " Yes ", "KILITCOZ_ALLOWED_HOSTS": "a.example, b.example,"})
    assert values["KILITCOZ_DEMO"] is True
    assert values["KILITCOZ_ALLOWED_HOSTS"] == ["a.example", "b.example"]
