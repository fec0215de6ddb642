"""Reading a PDF as others do: poppler's commands, and pyHanko's reader for its objects."""

from __future__ import annotations

import subprocess
from io import BytesIO

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader


def text_of(pdf: bytes) -> str:
    """What pdftotext reads, in reading order."""
    return _said("pdftotext", "-", "-", pdf=pdf)


def fonts_of(pdf: bytes) -> list[str]:
    """A line of pdffonts for each font: name, type, encoding, emb sub uni, object."""
    return _said("pdffonts", "-", pdf=pdf).splitlines()[2:]


def structure_of(pdf: bytes) -> str:
    """The tags, indented, as pdfinfo shows them."""
    return _said("pdfinfo", "-struct", "-", pdf=pdf)


def catalogue_of(pdf: bytes) -> DictionaryObject:
    """The document's catalogue (ISO 32000-1, 7.7.2)."""
    catalogue = PdfFileReader(BytesIO(pdf)).root
    assert isinstance(catalogue, DictionaryObject)
    return catalogue


def _said(*command: str, pdf: bytes) -> str:
    done = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=30)
    return done.stdout.decode("utf-8", "replace")
