"""How a service's answer is read: rules over its status, its body, or a place in its JSON (RFC 6901)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


@dataclass(frozen=True)
class Reply:
    """What came back. The body may carry anything, so it has no place in a repr."""

    status: int
    body: str = field(repr=False)

    @cached_property
    def document(self) -> Any:
        """The body as JSON, or None."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def at(self, pointer: str) -> str | None:
        """What stands at the JSON pointer, as text; None where nothing does, or no plain value."""
        value = self.document
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            else:
                return None
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else None


class Pattern(BaseModel):
    """A regular expression to be found in the body, or in what stands at a place of its JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body: str | None = None
    json_at: str | None = Field(default=None, alias="json", pattern=r"^(/[^/]*)+$")
    is_: list[str] = Field(default=[], alias="is")
    matches: str | None = None

    @field_validator("body", "matches")
    @classmethod
    def _is_an_expression(cls, expression: str | None) -> str | None:
        try:
            re.compile(expression or "")
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from None
        return expression

    @model_validator(mode="after")
    def _says_what_it_wants_of_json(self) -> Pattern:
        if (self.json_at is None) != (not self.is_ and self.matches is None):
            raise ValueError('"json" goes with "is" or "matches", and they with it')
        return self

    def found(self, reply: Reply) -> bool:
        """Whether all that is asked for holds."""
        if self.body is not None and not re.search(self.body, reply.body):
            return False
        if self.json_at is None:
            return True
        value = reply.at(self.json_at)
        if value is None or (self.is_ and value not in self.is_):
            return False
        return self.matches is None or re.search(self.matches, value) is not None


class Rule(Pattern):
    """A pattern, and the statuses for which it counts; none named: any."""

    status: list[int] = []

    def holds(self, reply: Reply) -> bool:
        """Whether the reply is of this kind."""
        return (not self.status or reply.status in self.status) and self.found(reply)


class IdAt(BaseModel):
    """Where the service tells its own name for the message: a group of an expression, or a place in JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body: str | None = None
    json_at: str | None = Field(default=None, alias="json", pattern=r"^(/[^/]*)+$")

    @field_validator("body")
    @classmethod
    def _has_one_group(cls, expression: str | None) -> str | None:
        try:
            groups = re.compile(expression or "()").groups
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from None
        if groups != 1:
            raise ValueError("needs one group: the name is what it finds")
        return expression

    def read(self, reply: Reply) -> str:
        """The name, or "" where the reply has none."""
        if self.json_at is not None:
            return reply.at(self.json_at) or ""
        found = re.search(self.body, reply.body) if self.body else None
        return found.group(1) if found else ""
