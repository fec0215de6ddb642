"""Tests and files that documents name exist, and the threat model claims no more than the tests show."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FOLDERS = {
    "cards": "cards/tests",
    "simulator": "simulator/tests",
    "agent": "agent/tests",
    "portal": "portal/tests",
    "e2e": "e2e",
    "docs": "docs/tests",
}
DEFINED = re.compile(r"^\s*(?:async )?def (test_\w+)\(", re.MULTILINE)
NAMED = re.compile(r"`(test_\w+)`")
NAMED_FILE = re.compile(r"`((?:[\w-]+/)+[\w-]+\.(?:py|pml))`")
CASE = re.compile(r"^\| A(\d\db?) \| .* \| (.*) \|$", re.MULTILINE)


def defined_tests() -> dict[str, set[str]]:
    """Names of all test functions, by the part they test."""
    found: dict[str, set[str]] = defaultdict(set)
    for ring, folder in FOLDERS.items():
        for path in (ROOT / folder).rglob("*.py"):
            found[ring].update(DEFINED.findall(path.read_text(encoding="utf-8")))
    return found


TESTS = defined_tests()
SOURCES = {
    str(path)
    for folder in ("agent", "bench", "cards", "demo", "docs", "e2e", "portal", "simulator")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".pml"}
}
DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_a_document_names_exists(document: Path) -> None:
    named = set(NAMED.findall(document.read_text(encoding="utf-8")))
    assert named - set().union(*TESTS.values()) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_source_file_a_document_names_exists(document: Path) -> None:
    """Paths are written from anywhere: `vault/services.py` is enough."""
    named = set(NAMED_FILE.findall(document.read_text(encoding="utf-8")))
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in SOURCES)] == []


def test_the_threat_model_claims_what_the_tests_show() -> None:
    cases = CASE.findall((ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8"))
    assert {number for number, _ in cases} == {*(f"{number:02}" for number in range(1, 41)), "18b"}
    wrong = []
    for number, state in cases:
        showing = {
            ring
            for ring, names in TESTS.items()
            if any(each.startswith(f"test_a{number}_") for each in names)
        }
        held = re.match(r"held: ([\w, ]+)", state)
        claimed = set(held[1].split(", ")) if held else set()
        if not claimed <= showing or (not claimed and showing):
            wrong.append(f"A{number}: says {sorted(claimed)}, tests in {sorted(showing)}")
    assert wrong == []
