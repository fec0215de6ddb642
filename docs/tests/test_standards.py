"""docs/standards.md is complete, and each of its rows says by what it is held or why it is not."""

import re
from pathlib import Path

import pytest

STANDARDS = (Path(__file__).parents[1] / "standards.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d.]+(?: and [\d.]+)?) \| (.+) \| ([a-z ]+) \| (.+) \|$", re.MULTILINE)
ASVS, NIST = (ROW.findall(part) for part in STANDARDS.split("\n## NIST")[:2])
# How many requirements each section of ASVS 5.0.0 has.
SECTIONS = {
    "2.1": 3, "2.2": 3, "2.3": 5, "2.4": 2,
    "3.1": 1, "3.2": 3, "3.3": 5, "3.4": 8, "3.5": 8, "3.6": 1, "3.7": 5,
    "6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2,
    "8.1": 4, "8.2": 4, "8.3": 3, "8.4": 2,
    "11.1": 4, "11.2": 5, "11.3": 5, "11.4": 4, "11.5": 2, "11.6": 2, "11.7": 2,
    "14.1": 2, "14.2": 8, "14.3": 3,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4,
}  # fmt: skip
NAMED_TEST = re.compile(r"`test_\w+`")
NAMED_FILE = re.compile(r"`(?:[\w-]+/)+[\w-]+\.py`")


def test_every_requirement_of_the_chapters_has_one_row() -> None:
    every = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [number for number, *_ in ASVS] == every
    assert NIST


@pytest.mark.parametrize("row", ASVS + NIST, ids=lambda row: row[0])
def test_a_row_names_code_and_test_or_says_why_not(row: tuple[str, str, str, str]) -> None:
    _, _, state, held_by = row
    assert state in {"met", "partly", "not met", "does not apply"}
    if state in {"met", "partly"}:
        assert NAMED_FILE.search(held_by)
        assert NAMED_TEST.search(held_by)
    if state != "met":
        assert "because" in held_by
