"""How every benchmark ends: a table, then one line of JSON with every figure and the machine it is from."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = float | int | str | bool | None
Figure = Value | Sequence[Mapping[str, Value]]


@dataclass(frozen=True)
class Spread:
    """What a series of measurements says. All in the unit of the series."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, series: Sequence[float]) -> "Spread":
        """Median, lowest and highest of at least one measurement."""
        return cls(statistics.median(series), min(series), max(series), len(series))


def shown(value: Value) -> str:
    """A figure as the table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "-"
    return f"{value:,.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{value}"


def table(rows: Sequence[Mapping[str, Value]]) -> str:
    """Rows with the same columns, aligned; numbers to the right."""
    if not rows:
        return ""
    columns = list(rows[0])
    cells = [columns, *([shown(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[index]) for line in cells) for index in range(len(columns))]
    numeric = [all(isinstance(row[column], int | float | None) for row in rows) for column in columns]

    def line(texts: Sequence[str]) -> str:
        placed = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(texts, widths, numeric, strict=True)
        )
        return "  ".join(placed).rstrip()

    return "\n".join([line(cells[0]), "  ".join("-" * width for width in widths), *map(line, cells[1:])])


def machine() -> dict[str, Value]:
    """Where the figures are from; without it they say little."""
    return {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}


def finish(name: str, rows: Sequence[Mapping[str, Value]], **figures: Figure) -> None:
    """Prints the table, then the line of JSON: `bench`, `rows`, every further figure, `machine`."""
    print(table(rows), flush=True)
    print(
        json.dumps({"bench": name, "rows": list(rows), **figures, "machine": machine()}, ensure_ascii=False)
    )
