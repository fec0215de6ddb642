"""How every benchmark ends: a table, then one line of JSON with every figure and the machine it is from."""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("django", "granian", "argon2-cffi", "cryptography", "httpx", "uvicorn", "yubikey-manager")

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
    """Where and when the figures are from; without it they say little."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{package: version(package) for package in PACKAGES},
    }


def _commit() -> str | None:
    """The tree's commit, with a plus sign where something in it was changed since."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ended.stdout.strip() or None


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def finish(name: str, rows: Sequence[Mapping[str, Value]], **figures: Figure) -> None:
    """Prints the table, then the line of JSON: `bench`, `rows`, every further figure, `machine`."""
    print(table(rows), flush=True)
    print(
        json.dumps({"bench": name, "rows": list(rows), **figures, "machine": machine()}, ensure_ascii=False)
    )
