"""Numbers made by SQL are numbers that the portal would take."""

import sqlite3
from itertools import pairwise

from stdnum.tr import tckimlik

from bench.multiply import scattered, tckn
from bench.registry import CARD_ID, ID_NUMBER, NAME, PHONE, SERIAL

HOW_MANY = 5_000


def column(expression: str) -> list[str]:
    """The expression's value in every row of a series, as SQLite computes it."""
    series = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?)"
    rows = sqlite3.connect(":memory:").execute(
        f"{series} SELECT {expression.replace('%%', '%')} FROM s", [HOW_MANY]
    )
    return [row[0] for row in rows]


def test_every_multiplied_holder_has_a_valid_id_number_of_its_own() -> None:
    numbers = column(ID_NUMBER)
    assert len(set(numbers)) == HOW_MANY
    assert all(tckimlik.is_valid(number) for number in numbers)


def test_check_digits_are_those_of_a_known_number() -> None:
    assert str(column(tckn("100000001"))[0]) == "10000000146"


def test_phones_serials_and_card_ids_are_unique_and_of_the_right_length() -> None:
    for expression, length in ((PHONE, 13), (SERIAL, 8), (CARD_ID, 32)):
        values = column(expression)
        assert len(set(values)) == HOW_MANY
        assert {len(value) for value in values} == {length}


def test_neighbouring_rows_do_not_get_neighbouring_numbers() -> None:
    numbers = [int(number) for number in column(scattered(9))]
    steps = [abs(after - before) for before, after in pairwise(numbers)]
    assert min(steps) > 1_000_000


def test_names_have_two_parts() -> None:
    assert all(len(name.split()) == 2 for name in column(NAME))
