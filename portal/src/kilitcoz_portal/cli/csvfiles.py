"""Many entries from a CSV file: every line is tried, every bad one reported, and all or nothing is kept.

UTF-8 (a BOM is taken), separator comma or semicolon, first line the column names. Line numbers are the
file's.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from kilitcoz_portal.cli.advice import what_to_do
from kilitcoz_portal.holders.errors import EntryError
from kilitcoz_portal.vault.errors import VaultError

MAX_LINE = 100_000  # characters of one field
MAX_FILE = 10_000_000  # bytes: 50,000 people and more

Row = Mapping[str, str]


@dataclass(frozen=True)
class BadLine:
    """One line that was not taken: its number, the column, the error's code."""

    number: int
    column: str
    code: str

    def __str__(self) -> str:
        """As the report has it."""
        return f"line {self.number}: {self.column}: {self.code}: {what_to_do(self.code)}"


@dataclass
class Report:
    """What came of a file: the results of good lines by line number, and the bad lines."""

    good: dict[int, object] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)
    kept: bool = False


class ColumnsWrong(Exception):  # noqa: N818
    """The first line lacks a column, has one too many, or the file is no CSV in UTF-8."""

    code = "csv-columns-wrong"


def rows(path: Path, required: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Lines by number. Raises ColumnsWrong, OSError."""
    csv.field_size_limit(MAX_LINE)
    if path.stat().st_size > MAX_FILE:
        raise ColumnsWrong(f"larger than {MAX_FILE} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",", strict=True)
        columns = set(reader.fieldnames or ())
        if not set(required) <= columns <= set(required + optional):
            raise ColumnsWrong(f"columns must be {', '.join(required)}; may be {', '.join(optional)}")
        for row in reader:
            complete = None not in row and None not in row.values()
            yield reader.line_num, row if complete else {}
    except (UnicodeDecodeError, csv.Error):
        raise ColumnsWrong("not a CSV file in UTF-8") from None


def import_lines(
    lines: Iterator[tuple[int, Row]], take: Callable[[Row], object], *, dry_run: bool, skip_bad: bool
) -> Report:
    """Give each line to `take`, each in a savepoint. Kept: nothing in a dry run; all or nothing, unless
    `skip_bad` keeps the good ones.
    """
    report = Report()
    with transaction.atomic():
        for number, row in lines:
            _take_line(report, number, row, take)
        report.kept = not dry_run and (skip_bad or not report.bad)
        transaction.set_rollback(not report.kept)
    return report


def import_one(
    row: Row, take: Callable[[Row], dict[str, int | str]], *, dry_run: bool
) -> dict[str, int | str]:
    """One entry given by options; in a dry run it is taken and undone. Raises what `take` raises."""
    with transaction.atomic():
        taken = take(row)
        transaction.set_rollback(dry_run)
    return taken


def _take_line(report: Report, number: int, row: Row, take: Callable[[Row], object]) -> None:
    if not row:
        report.bad.append(BadLine(number, "-", "line-incomplete"))
        return
    try:
        with transaction.atomic():
            report.good[number] = take(row)
    except EntryError as error:
        report.bad.append(BadLine(number, error.field, error.code))
    except VaultError as error:
        report.bad.append(BadLine(number, "puk", error.code))
