"""Placeholders of a request: `{phone}`, `{text}`, `{purpose}`, `{id}`, and `{secret.NAME}`.

Each is put in where it stands in the encoding of that place, so that no text can become anything but text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{([a-z]+(?:\.[A-Za-z0-9_]+)?)\}")
OF_A_MESSAGE = frozenset({"phone", "text", "purpose", "id"})
SECRET = "secret."  # noqa: S105 - what a placeholder of a secret begins with

Encode = Callable[[str], str]


def names(template: Any) -> set[str]:
    """Placeholders anywhere in a template: a text, or tables and lists of them."""
    if isinstance(template, str):
        return set(PLACEHOLDER.findall(template))
    if isinstance(template, Mapping):
        return set().union(*(names(part) for part in template.values()))
    if isinstance(template, list):
        return set().union(*(names(part) for part in template))
    return set()


def filled(template: str, values: Mapping[str, str], encode: Encode = str) -> str:
    """The text with its placeholders' values, each encoded. KeyError for a placeholder without a value."""
    return PLACEHOLDER.sub(lambda found: encode(values[found.group(1)]), template)


def filled_throughout(template: Any, values: Mapping[str, str]) -> Any:
    """The same in every text of a JSON document; keys, numbers and the document's form stay as they are."""
    if isinstance(template, str):
        return filled(template, values)
    if isinstance(template, Mapping):
        return {key: filled_throughout(part, values) for key, part in template.items()}
    if isinstance(template, list):
        return [filled_throughout(part, values) for part in template]
    return template
