"""PAdES over bytes (ETSI EN 319 142-1): a PDF with room for a signature, the CMS signature that goes into it,
the validation data and the time stamp of the whole that keep it.

Pure functions, but for the time stamps, which `stamper` gets. Every step appends to the file: what was signed
stays as it was, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from kilitcoz_portal.trust.at_once import at_once

FIELD = "E-Onay"
ROOM = 2 * 32 * 1024  # hex digits: certificates and a time stamp take less than 16 KiB
# ISO 14289-1, 7.18.1: a field that nobody sees must be hidden, or lie outside the page.
_UNSEEN = InvisSigSettings(set_print_flag=False, set_hidden_flag=True, box_out_of_bounds=True)


@dataclass(frozen=True)
class Prepared:
    """A PDF with an empty signature. `document_hash`: of all bytes but `start` to `end`, where the signature
    goes.
    """

    pdf: bytes
    document_hash: bytes
    start: int
    end: int


@dataclass(frozen=True)
class Evidence:
    """What a validator needs in years to come."""

    certificates: Sequence[x509.Certificate]
    crls: Sequence[crl.CertificateList]
    ocsps: Sequence[ocsp.OCSPResponse]

    def and_certificates(self, further: Sequence[x509.Certificate]) -> Evidence:
        """The same, and these."""
        return replace(self, certificates=[*self.certificates, *further])


def prepare(pdf: bytes, *, signer: str, reason: str, hash_name: str, now: datetime) -> Prepared:
    """Append a signature field and an empty signature that claims to be made `now`."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    spec = SigFieldSpec(FIELD, invis_sig_settings=_UNSEEN, readable_field_name=reason)
    embedding = PdfCMSEmbedder(new_field_spec=spec).write_cms(FIELD, writer)
    next(embedding)
    placeholder = SignatureObject(
        timestamp=now, subfilter=SigSeedSubFilter.PADES, name=signer, reason=reason, bytes_reserved=ROOM
    )
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    digest, output = embedding.send(SigIOSetup(md_algorithm=hash_name))
    return Prepared(
        output.getvalue(), digest.document_digest, digest.reserved_region_start, digest.reserved_region_end
    )


def embed(prepared: Prepared, signature: bytes) -> bytes:
    """The PDF with the CMS signature in the place that was kept for it."""
    output = BytesIO(prepared.pdf)
    digest = PreparedByteRangeDigest(prepared.document_hash, prepared.start, prepared.end)
    digest.fill_reserved_region(output, signature)
    return output.getvalue()


def with_evidence(pdf: bytes, evidence: Evidence) -> bytes:
    """Append the document security store (ISO 32000-2, 12.8.4.3)."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    contents = PdfFileReader(BytesIO(pdf)).embedded_signatures[-1].pkcs7_content.hex().encode("ascii")
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        contents,
        certs=evidence.certificates,
        crls=evidence.crls,
        ocsps=evidence.ocsps,
    )
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def with_document_timestamp(pdf: bytes, stamper: TimeStamper) -> bytes:
    """Append a time stamp of the whole file (B-LTA). Raises what the stamper raises."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    stamping = PdfTimeStamper(stamper, invis_settings=_UNSEEN).async_timestamp_pdf(
        writer, "sha256", bytes_reserved=ROOM
    )
    output: BytesIO = at_once(stamping)
    return output.getvalue()
