"""Judging a signed PDF as strangers do: pyHanko's validator, and poppler's pdfsig."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext


def roots(*ders: bytes) -> list[asn1.Certificate]:
    """As the validator wants them."""
    return [asn1.Certificate.load(der) for der in ders]


def reader(pdf: bytes) -> PdfFileReader:
    """Of the file as it is."""
    return PdfFileReader(BytesIO(pdf))


def signature_status(pdf: bytes, anchors: Iterable[asn1.Certificate]) -> PdfSignatureStatus:
    """Of the holder's signature, by what is in the file alone: no network, no other list or answer."""
    anchored = list(anchors)
    found = reader(pdf)
    (signature,) = found.embedded_regular_signatures
    store = DocumentSecurityStore.read_dss(found) if "/DSS" in found.root else None
    context = ValidationContext(
        trust_roots=anchored,
        other_certs=list(store.load_certs()) if store is not None else [],
        allow_fetching=False,
        revocation_mode="soft-fail" if store is None else "hard-fail",
        crls=[each.get_object().data for each in store.crls] if store is not None else [],
        ocsps=[each.get_object().data for each in store.ocsps] if store is not None else [],
    )
    stamped = ValidationContext(trust_roots=anchored, allow_fetching=False)
    return validate_pdf_signature(signature, context, ts_validation_context=stamped)


def timestamp_statuses(pdf: bytes, anchors: Iterable[asn1.Certificate]) -> list[DocumentTimestampStatus]:
    """Of every time stamp of the whole, in order."""
    context = ValidationContext(trust_roots=list(anchors), allow_fetching=False)
    return [validate_pdf_timestamp(each, context) for each in reader(pdf).embedded_timestamp_signatures]


@dataclass(frozen=True)
class Verdict:
    """What pdfsig says of one signature."""

    field: str
    validity: str
    name: str


def pdfsig(pdf: bytes, folder: Path) -> list[Verdict]:
    """Poppler's word on bytes and signatures; whom the certificates belong to, pyHanko judges."""
    file = folder / "asked.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, timeout=60, check=False)
    return [_verdict(part) for part in re.split(r"Signature #\d+:", done.stdout.decode())[1:]]


def _verdict(part: str) -> Verdict:
    def told(name: str) -> str:
        found = re.search(rf"- {name}: (.*)", part)
        return found[1].strip() if found else ""

    return Verdict(
        told("Signature Field Name"), told("Signature Validation"), told("Signer Certificate Common Name")
    )
