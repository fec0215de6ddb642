"""The parts a screen is made of, as data. `static/page.js` has one builder for each kind; it knows nothing
else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def problem(heading: str, items: Sequence[Block]) -> Block:
    """The box at the top; each item {text, field?, code?}."""
    return {"kind": "problem", "heading": heading, "items": list(items)}


def text(sentence: str, look: str = "") -> Block:
    """A paragraph; look: lead, about or none."""
    return {"kind": "text", "text": sentence, "look": look}


def note(sentence: str, look: str = "note", heading: str | None = None) -> Block:
    """A marked paragraph; look: note or good."""
    return {"kind": "note", "text": sentence, "look": look, "heading": heading}


def number(value: str, sentence: str) -> Block:
    """The number to compare."""
    return {"kind": "number", "value": value, "text": sentence}


def fingerprint(digest: str, sentence: str) -> Block:
    """A hash in hex, in groups of four that two people can compare."""
    groups = [digest[place : place + 4] for place in range(0, len(digest), 4)]
    return {"kind": "fingerprint", "groups": groups, "text": sentence}


def facts(rows: Sequence[tuple[str, str]]) -> Block:
    """Terms and what they are here."""
    return {"kind": "facts", "rows": [{"term": term, "text": value} for term, value in rows]}


def steps(items: Sequence[tuple[str, str]]) -> Block:
    """What is done, under way (now) and to come (todo)."""
    return {"kind": "steps", "items": [{"text": sentence, "state": state} for sentence, state in items]}


def button(
    label: str, *, action: str | None = None, href: str | None = None, look: str = "secondary"
) -> Block:
    """One button: it does an act or goes somewhere. look: primary or secondary."""
    return {"label": label, "action": action, "href": href, "look": look}


def buttons(*items: Block) -> Block:
    """Buttons in a row."""
    return {"kind": "buttons", "items": list(items)}


def field(name: str, label: str, *, secret: bool, hint: str | None = None, error: str | None = None) -> Block:
    """One input; `secret` ones are hidden and take digits."""
    return {"name": name, "label": label, "secret": secret, "hint": hint, "error": error}


def form(
    action: str,
    submit: str,
    fields: Sequence[Block],
    *,
    reveal: Block | None = None,
    aside: Sequence[Block] = (),
) -> Block:
    """Fields, the button that sends them, further buttons `aside` of it.

    reveal: {show, hide}, the labels of the button that shows the PINs.
    """
    return {
        "kind": "form",
        "action": action,
        "submit": submit,
        "fields": list(fields),
        "reveal": reveal,
        "aside": list(aside),
    }


def option(value: str, label: str, detail: str, *, place: int, checked: bool = False) -> Block:
    """One of several."""
    return {"value": value, "label": label, "detail": detail, "checked": checked, "id": f"option-{place}"}


def choice(
    action: str, name: str, legend: str, options: Sequence[Block], submit: str, fields: Sequence[Block] = ()
) -> Block:
    """Choose one of several, and perhaps fill in a field."""
    return {
        "kind": "choice",
        "action": action,
        "name": name,
        "legend": legend,
        "options": list(options),
        "submit": submit,
        "fields": list(fields),
    }


def box(heading: str, texts: Sequence[str], ok: Block) -> Block:
    """The information box of figure 9."""
    return {"kind": "box", "heading": heading, "texts": list(texts), "button": ok}
