"""The gateways' file (TOML): a table for each gateway that is elsewhere.

Whatever is wrong in it is told at the start, with the line; secrets stand elsewhere and are never shown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ValidationError

_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w\"'.-]+)\s*=")
_SEVERAL_LINES = re.compile(r'"""|\'\'\'')

Settings = TypeVar("Settings", bound=BaseModel)
Path_ = tuple[str, ...]


class GatewaysFileWrong(Exception):  # noqa: N818 - named after what is wrong, as all errors here
    """The gateways' file cannot be read, or does not say what it must. Never carries a secret's value."""

    code: ClassVar[str] = "sms-gateways-file-wrong"

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        super().__init__(f"{self.code}: {path}: {'; '.join(faults)}")


class GatewaysFile:
    """The file, read and parsed. Raises GatewaysFileWrong."""

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            text = Path(path).read_text(encoding="utf-8")
            self.tables: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise GatewaysFileWrong(path, [str(error)]) from None
        except (OSError, UnicodeDecodeError):
            raise GatewaysFileWrong(path, ["cannot be read"]) from None
        self._lines = lines_of(text)

    def settings(self, name: str, kinds: dict[str, type[Settings]]) -> Settings:
        """The table of this name, checked as its `kind` wants it. Raises GatewaysFileWrong."""
        table = self.tables[name]
        kind = table.get("kind") if isinstance(table, dict) else None
        if kind not in kinds:
            raise GatewaysFileWrong(self._path, [self._told((name, "kind"), f"one of {', '.join(kinds)}")])
        try:
            return kinds[kind].model_validate(table)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            faults = [self._told((name, *map(str, fault["loc"])), fault["msg"]) for fault in found]
            raise GatewaysFileWrong(self._path, faults) from None

    def _told(self, place: Path_, what: str) -> str:
        """`line 7: name.timeout: …`, the line being the nearest that the file has."""
        known = next((place[:end] for end in range(len(place), 0, -1) if place[:end] in self._lines), ())
        line = self._lines.get(known, 1)
        return f"line {line}: {'.'.join(place)}: {what.removeprefix('Value error, ')}"


def lines_of(text: str) -> dict[Path_, int]:
    """The line on which each table and key of a TOML text begins; keys inside `{ … }` have their table's."""
    found: dict[Path_, int] = {}
    table: Path_ = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            if header := _HEADER.match(line):
                table = _parts(header.group(1))
                found.setdefault(table, number)
            elif key := _KEY.match(line):
                found.setdefault((*table, *_parts(key.group(1))), number)
        for quotes in _SEVERAL_LINES.findall(line):
            inside = "" if inside == quotes else inside or quotes
    return found


def _parts(dotted: str) -> Path_:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
