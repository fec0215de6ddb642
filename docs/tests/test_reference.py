"""Nothing an administrator, operator or integrator meets is undocumented, and nothing documented is gone."""

import re
from pathlib import Path

from docs.tests import reference

from kilitcoz_portal.config.environment import SETTINGS

DOCS = Path(__file__).parents[1]
TABLE_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
HEADING = re.compile(r"^#{2,4} `([^`]+)`$", re.MULTILINE)


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def sections(document: str) -> dict[str, str]:
    """Text below each heading that is a piece of code."""
    parts = HEADING.split(document)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_setting_of_the_portal_has_a_heading_and_every_heading_is_a_setting() -> None:
    documented = sections(read("operations/configuration.md"))
    assert set(documented) - {"KILITCOZ_AGENT_DIR"} == set(reference.settings())


def test_every_setting_tells_its_default() -> None:
    documented = sections(read("operations/configuration.md"))
    wrong = [
        row.name
        for row in SETTINGS
        if f"Default: {f'`{row.default}`' if row.default else 'empty'}" not in documented[row.name]
    ]
    assert wrong == []


def test_every_command_has_a_heading_and_every_heading_is_a_command() -> None:
    assert set(sections(read("commands.md"))) == set(reference.commands())


def test_every_option_of_a_command_is_described_under_its_heading() -> None:
    documented = sections(read("commands.md"))
    missing = [
        f"{command} {option}"
        for command, options in reference.commands().items()
        for option in options
        if f"`{option}" not in documented[command]
    ]
    assert missing == []


def test_every_error_code_has_a_row_with_cause_and_next_step() -> None:
    document = read("errors.md")
    documented = set(TABLE_ROW.findall(document))
    assert sorted(reference.error_codes() - documented) == []
    rows = [line for line in document.splitlines() if TABLE_ROW.match(line)]
    assert [row for row in rows if row.count("|") != 4 or "| |" in row] == []


def test_no_error_code_is_documented_that_is_gone() -> None:
    documented = TABLE_ROW.findall(read("errors.md"))
    assert [code for code in documented if not reference.is_written_in_the_code(code)] == []
    assert len(documented) == len(set(documented)), "a code has two rows"


def test_every_audit_event_has_a_row_and_every_row_is_an_audit_event() -> None:
    assert sorted(TABLE_ROW.findall(read("audit-events.md"))) == sorted(reference.audit_events())
