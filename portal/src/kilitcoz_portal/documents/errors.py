"""What can go wrong between a template and its PDF.

DocumentError
├── DocumentTooLarge    document-too-large    more text than a form holds
└── DocumentFailed      document-failed       the template and the values do not fit together
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class DocumentError(Exception):
    """Root. `template` is the file's name, with line and column where they are known; no value is quoted: it
    may be a security word.
    """

    code: ClassVar[str] = "document-error"

    def __init__(self, template: str) -> None:
        super().__init__(f"{template}: {self.code}")
        self.template = template


class DocumentTooLarge(DocumentError):
    """The values, as JSON, are longer than pdf.MAX_JSON."""

    code = "document-too-large"


class DocumentFailed(DocumentError):
    """A fault of ours: a value is missing, or the template is wrong."""

    code = "document-failed"
