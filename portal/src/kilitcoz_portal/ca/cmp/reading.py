"""What the authority answers: bounded, taken apart, and checked before anything in it is believed.

The checks come in the order of RFC 9483, 3.5: size and form, protection, transaction, nonces, time. Of an
answer that fails one nothing else is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509

from kilitcoz_portal.ca.cmp import asn1, protection
from kilitcoz_portal.ca.cmp.messages import NONCE_BYTES
from kilitcoz_portal.ca.errors import CaAnswerUntrusted
from kilitcoz_portal.trust.reading import FAULTS

MOST_BYTES = 128 * 1024  # an answer with a chain has three to ten thousand
MOST_CERTIFICATES = 16
_VERSIONS = frozenset({2, 3})  # cmp2000, cmp2021
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Answer:
    """An answer that counts: what kind of body, the body, whom it came from, and its octets."""

    kind: str
    body: Any
    nonce: bytes
    certificates: tuple[x509.Certificate, ...]
    raw: bytes


@dataclass(frozen=True)
class Failure:
    """PKIStatusInfo of what is no success: the names of PKIFailureInfo, and the authority's words."""

    kind: str
    failures: tuple[str, ...]
    words: str


def parse(raw: bytes) -> asn1.Message:
    """A message in all its parts. Raises CaAnswerUntrusted: size, malformed."""
    if not 0 < len(raw) <= MOST_BYTES:
        raise CaAnswerUntrusted("size")
    try:
        message: asn1.Message = asn1.Message.load(raw, strict=True)
        for part in ("header", "body", "protection"):
            message[part].native  # noqa: B018 - asn1crypto parses lazily; this is where it would complain
        if len(message["extra_certs"] or ()) > MOST_CERTIFICATES:
            raise CaAnswerUntrusted("size")
        protection.certificates_of(message)
    except FAULTS:
        raise CaAnswerUntrusted("malformed") from None
    return message


def read(raw: bytes, request: bytes, pinned: Sequence[x509.Certificate], now: datetime) -> Answer:
    """The answer to our request, both as octets. Raises CaAnswerUntrusted."""
    message, asked = parse(raw), asn1.Message.load(request)["header"]
    try:
        protection.verify(message, pinned, now)
        _belongs(message["header"], asked)
        _in_time(message["header"], asked, now)
        return Answer(
            kind=message["body"].name,
            body=message["body"].chosen,
            nonce=message["header"]["sender_nonce"].native,
            certificates=tuple(protection.certificates_of(message)),
            raw=raw,
        )
    except FAULTS:
        raise CaAnswerUntrusted("malformed") from None


def _belongs(header: asn1.Header, asked: asn1.Header) -> None:
    """Same transaction, our nonce repeated, one of its own (RFC 4210, 5.1.1)."""
    if header["pvno"].native not in _VERSIONS:
        raise CaAnswerUntrusted("version")
    if header["transaction_id"].native != asked["transaction_id"].native:
        raise CaAnswerUntrusted("transaction")
    if header["recip_nonce"].native != asked["sender_nonce"].native:
        raise CaAnswerUntrusted("nonce")
    if len(header["sender_nonce"].native or b"") < NONCE_BYTES:
        raise CaAnswerUntrusted("nonce")


def _in_time(header: asn1.Header, asked: asn1.Header, now: datetime) -> None:
    """Said after we asked and before now, as far as clocks agree; a request that was sent again may be
    answered with what was said the first time.
    """
    said = header["message_time"].native
    if said is None:
        raise CaAnswerUntrusted("time")
    if not asked["message_time"].native - CLOCKS_DIFFER <= said <= now + CLOCKS_DIFFER:
        raise CaAnswerUntrusted("time")


def failure_of(kind: str, status_info: asn1.StatusInfo) -> Failure:
    """What the authority gives as its reason; `kind`: in which body."""
    named = sorted(status_info["fail_info"].native or ())
    words = " ".join(status_info["status_string"].native or ())
    printable = "".join(each if each.isprintable() else " " for each in words)
    return Failure(kind, tuple(str(each) for each in named), printable[:200])
