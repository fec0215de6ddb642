"""One row of a table made into many by SQL: fast enough for a million, whatever columns the table has.

An expression says how a column differs from row to row; `s.n` is the copy's number, from 1. Per cent signs in
expressions are doubled. The same SQL runs on SQLite and PostgreSQL.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Field, Model

STEP = 7_919_317  # without a factor in common with the powers of ten times nine below


def scattered(digits: int) -> str:
    """A number of so many digits, another one for every row, in an order that looks like none."""
    lowest = 10 ** (digits - 1)
    return f"({lowest} + (s.n * {STEP}) %% {9 * lowest})"


def text(expression: str) -> str:
    """A number as text."""
    return f"CAST({expression} AS TEXT)"


def one_of(choices: tuple[str, ...], expression: str) -> str:
    """The choice at this number, counted round and round."""
    cases = " ".join(f"WHEN {place} THEN '{choice}'" for place, choice in enumerate(choices))
    return f"CASE ({expression}) %% {len(choices)} {cases} END"


def tckn(nine_digits: str) -> str:
    """The T.C. Kimlik No that begins with these nine digits: two check digits are added."""
    digits = [f"(({nine_digits}) / {10**place} %% 10)" for place in range(8, -1, -1)]
    odd, even = " + ".join(digits[0::2]), " + ".join(digits[1::2])
    tenth = f"((({odd}) * 7 - ({even}) + 100) %% 10)"
    eleventh = f"((({odd}) + ({even}) + {tenth}) %% 10)"
    return f"({nine_digits}) * 100 + {tenth} * 10 + {eleventh}"


def multiply(row: "Model", expressions: Mapping[str, str], copies: int) -> None:
    """Inserts `copies` rows like this saved one; `expressions`: column → what stands there instead."""
    from django.db import connection

    fields = {str(field.column): field for field in row._meta.concrete_fields}
    values = [_value(field, row) for column, field in fields.items() if column not in expressions]
    selected = ", ".join(expressions.get(column) or _placeholder(field) for column, field in fields.items())
    columns = ", ".join(connection.ops.quote_name(column) for column in fields)
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE s(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n < %s) "
            f"INSERT INTO {table} ({columns}) SELECT {selected} FROM s",
            [copies, *values],
        )


@contextmanager
def hurried() -> Iterator[None]:
    """SQLite does not wait for the disk meanwhile; what is made here can be made again."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        yield
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA synchronous=FULL")


def _value(field: "Field[Any, Any]", row: "Model") -> Any:
    from django.db import connection

    return field.get_db_prep_save(getattr(row, field.attname), connection)


def _placeholder(field: "Field[Any, Any]") -> str:
    """PostgreSQL wants to know what a parameter is; SQLite must not be told, its CAST would alter dates."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return "%s"
    return f"CAST(%s AS {field.rel_db_type(connection) if field.is_relation else field.db_type(connection)})"
