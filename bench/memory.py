"""How much memory a program takes: its process and all that it started, from /proc (smaps_rollup).

RSS counts shared pages in every process that maps them; PSS shares them out, so PSS may be added up.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Memory:
    """Of one process, in MiB. `peak_rss` is the highest it ever was."""

    pid: int
    rss: float
    pss: float
    peak_rss: float

    @classmethod
    def of(cls, pid: int) -> Self:
        """Now. Raises OSError where the process is gone."""
        rollup = _kib(Path(f"/proc/{pid}/smaps_rollup"))
        peak = _kib(Path(f"/proc/{pid}/status"))["VmHWM"]
        return cls(pid, rollup["Rss"] / KIB_PER_MIB, rollup["Pss"] / KIB_PER_MIB, peak / KIB_PER_MIB)


def family(pid: int) -> Iterator[int]:
    """The process and its descendants."""
    yield pid
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


@dataclass(frozen=True)
class Total:
    """Of a program, in MiB: its processes together, and the largest of them."""

    processes: int
    rss: float
    pss: float
    largest_rss: float
    peak_rss: float  # of the process that had the highest

    @classmethod
    def of(cls, pid: int) -> Self:
        """Now: the process and its descendants; one that ends meanwhile is left out."""
        found = []
        for each in list(family(pid)):
            with suppress(FileNotFoundError, ProcessLookupError):
                found.append(Memory.of(each))
        return cls(
            processes=len(found),
            rss=sum(each.rss for each in found),
            pss=sum(each.pss for each in found),
            largest_rss=max(each.rss for each in found),
            peak_rss=max(each.peak_rss for each in found),
        )


def processor_seconds(pid: int) -> float:
    """User and system time of a process and its descendants so far (proc(5), stat, fields 14 and 15)."""
    ticks = 0
    for each in list(family(pid)):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _kib(path: Path) -> dict[str, int]:
    """`Name:   123 kB` lines."""
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if len(words) == 3 and words[2] == "kB"}
