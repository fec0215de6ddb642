"""PDF from a Typst template (`.typ`) and values: PDF/UA-1 (ISO 14289-1), that is tagged and readable aloud.

Values go over as JSON in sys.inputs, never into the template's text: whatever stands in them is text, not
markup. A template begins with `#import "/documents/paper.typ": paper, values` and can read no file outside
this package. Nothing is written to disk, no font of the machine is used, and the same `now` gives the same
bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import typst

from kilitcoz_portal.documents.errors import DocumentFailed, DocumentTooLarge
from kilitcoz_portal.documents.printable import printable

PACKAGE = Path(__file__).resolve().parent.parent
MAX_JSON = 200_000  # characters

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]


def render(template: Path, values: Mapping[str, Value], *, now: datetime, root: Path = PACKAGE) -> bytes:
    """The document. `template` lies below `root`. Raises DocumentTooLarge, DocumentFailed."""
    written = json.dumps(_printable(values))
    if len(written) > MAX_JSON:
        raise DocumentTooLarge(template.name)
    try:
        return typst.compile(
            template,
            root=root,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"values": written},
            pdf_standards=["ua-1"],
            timestamp=int(now.timestamp()),
        )
    except RuntimeError as error:  # a TypstError is one; a file that is not there is a bare one
        raise DocumentFailed(_place(template, error)) from None


def _printable(value: Value) -> Value:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_printable(each) for each in value]
    return value


def _place(template: Path, error: RuntimeError) -> str:
    """Where in which file; the rest of the error may quote values."""
    found = re.search(r"[\w.-]+\.typ:\d+:\d+", getattr(error, "diagnostic", ""))
    return found[0] if found else template.name
