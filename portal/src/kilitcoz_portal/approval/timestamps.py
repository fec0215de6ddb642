"""RFC 3161 time stamps from the authority of KILITCOZ_TSA_URL, each checked before it is used.

Rule kept here: a time stamp counts only if it is over our bytes, repeats our nonce, tells our time, and is
signed by an authority of KILITCOZ_TSA_ANCHORS whose certificate is good now and for nothing but this.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import structlog
from asn1crypto import algos, cms, core, tsp, x509
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from kilitcoz_portal.approval.errors import (
    TimestampError,
    TimestampRefused,
    TimestampUnavailable,
    TimestampWrong,
)
from kilitcoz_portal.trust.at_once import at_once
from kilitcoz_portal.trust.fetching import Errand, NotFetched, fetch
from kilitcoz_portal.trust.reading import FAULTS, from_file

log = structlog.get_logger("kilitcoz_portal.approval")

MEDIA_TYPE = "application/timestamp-query"  # RFC 3161, 3.4
MOST_BYTES = 64 * 1024
MOST_DIFFERENCE = timedelta(minutes=5)
NONCE_BITS = 63


class _Response(core.Sequence):
    """TimeStampResp (RFC 3161, 2.4.2): asn1crypto's own knows no refusal, which comes without a token."""

    _fields: ClassVar[list[tuple[object, ...]]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class Stamper(TimeStamper):
    """Asks the configured authority."""

    def __init__(self, now: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
        self._now = now
        self.certificates: list[x509.Certificate] = []  # of what it gave last

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """As `stamp`; it never waits."""
        return self.stamp(message_digest, md_algorithm)

    def stamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """A token over this digest. Raises a TimestampError."""
        try:
            der = self._asked(digest, algorithm)
        except TimestampError as failure:
            log.warning("timestamp-failed", code=failure.code, reason=failure.reason)
            raise
        self.certificates = certificates_of(cms.ContentInfo.load(der))
        return cms.ContentInfo.load(der)  # read anew: what was taken apart is put together very slowly

    def _asked(self, digest: bytes, algorithm: str) -> bytes:
        """The token, DER."""
        nonce = secrets.randbits(NONCE_BITS)
        imprint = tsp.MessageImprint(
            {"hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}), "hashed_message": digest}
        )
        wish = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
        try:
            return self._checked(_sent(wish.dump()), imprint, nonce)
        except FAULTS:
            raise TimestampWrong("encoding") from None

    def _checked(self, answer: bytes, imprint: tsp.MessageImprint, nonce: int) -> bytes:
        response = _Response.load(answer, strict=True)
        if response["status"]["status"].native not in {"granted", "granted_with_mods"}:
            raise TimestampRefused(str(response["status"]["fail_info"].native or "status"))
        der: bytes = response["time_stamp_token"].dump()
        token = cms.ContentInfo.load(der)
        if token["content_type"].native != "signed_data":
            raise TimestampWrong("content-type")
        told = token["content"]["encap_content_info"]["content"].parsed
        if told["message_imprint"].dump() != imprint.dump():
            raise TimestampWrong("imprint")
        if told["nonce"].native != nonce:
            raise TimestampWrong("nonce")
        if abs(told["gen_time"].native - self._now) > MOST_DIFFERENCE:
            raise TimestampWrong("time")
        self._require_signature(token["content"], imprint["hashed_message"].native)
        return der

    def _require_signature(self, signed: cms.SignedData, digest: bytes) -> None:
        """By an authority of ours, whose certificate says that it stamps times (RFC 3161, 2.3)."""
        context = ValidationContext(trust_roots=anchors(), moment=self._now, revocation_mode="none")
        try:
            told = at_once(validate_tst_signed_data(signed, context, lambda _algorithm: digest))
        except SignatureValidationError as failure:
            raise TimestampWrong("signature") from failure
        if not (told["valid"] and told["intact"]) or told.get("trust_problem_indic") is not None:
            raise TimestampWrong("certificate")


def certificates_of(token: cms.ContentInfo) -> list[x509.Certificate]:
    """Those that came with a token: the authority's, and perhaps its issuers'."""
    return [each.chosen for each in token["content"]["certificates"]]


def anchors() -> list[x509.Certificate]:
    """Those that the administrator named; none where the file is missing."""
    file: Path | None = settings.KILITCOZ_TSA_ANCHORS
    if file is None or not file.is_file():
        raise TimestampWrong("anchors-missing")
    return [x509.Certificate.load(der) for der in from_file(file.read_bytes())]


def _sent(wish: bytes) -> bytes:
    errand = Errand(settings.KILITCOZ_TSA_URL, MOST_BYTES, wish, MEDIA_TYPE)
    try:
        return fetch(errand, private_addresses=True)
    except NotFetched as failure:
        raise TimestampUnavailable(failure.reason) from None
