"""One exchange: a request as octets, its answer checked, and what it amounts to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from cryptography import x509

from kilitcoz_portal.ca.cmp import asn1, reading, transfer
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.reading import Answer, Failure
from kilitcoz_portal.ca.errors import CaAnswerUntrusted
from kilitcoz_portal.trust.reading import FAULTS

log = structlog.get_logger("kilitcoz_portal.ca.cmp")

# PKIStatus, RFC 4210, 5.2.3
ACCEPTED, GRANTED_WITH_MODS, REJECTION, WAITING = range(4)
REVOCATION_NOTIFICATION = 5
SOONEST, _LONGEST = 1, 24 * 3600  # seconds


@dataclass(frozen=True)
class Made:
    """Certificates came: the one that answers, and any that came beside it in the same answer."""

    certificate: x509.Certificate
    request_id: int
    others: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """Later: after so many seconds."""

    seconds: int


@dataclass(frozen=True)
class Confirmed:
    """pkiConf."""


Outcome = Made | Waiting | Confirmed | Failure


def ask(request: bytes, connection: Connection, now: datetime) -> Answer:
    """Send it, and believe the answer only where it is one. Raises CaUnavailable and what is under it."""
    raw = transfer.send(request, connection.address)
    try:
        return reading.read(raw, request, connection.pinned, now)
    except CaAnswerUntrusted as error:
        log.warning("cmp-answer-untrusted", reason=error.reason, bytes=len(raw))
        raise


def outcome_of(answer: Answer) -> Outcome:
    """What an answer in a transaction for a certificate amounts to. Raises CaAnswerUntrusted for a body that
    does not belong there.
    """
    try:
        if later := delay_of(answer):
            return later
        if answer.kind in {"ip", "cp"}:
            return _of_response(answer)
        if answer.kind == "error":
            return reading.failure_of("error", answer.body["status_info"])
    except FAULTS:
        raise CaAnswerUntrusted("malformed") from None
    if answer.kind == "pkiconf":
        return Confirmed()
    raise CaAnswerUntrusted("body")


def delay_of(answer: Answer) -> Waiting | None:
    """Whether the whole answer is late (RFC 9483, 4.4); an error may say "waiting", too. Raises FAULTS for a
    malformed body.
    """
    if answer.kind == "poll_rep":
        return Waiting(_bounded(max(each["check_after"].native for each in answer.body)))
    if answer.kind == "error" and answer.body["status_info"]["status"].native == WAITING:
        return Waiting(SOONEST)
    return None


def _bounded(seconds: int) -> int:
    """Never so soon that asking would be a loop, never so late that nobody remembers."""
    return min(max(seconds, SOONEST), _LONGEST)


def _of_response(answer: Answer) -> Outcome:
    """RFC 4210, 5.3.4: one wish, one response; whatever comes beside it is surplus."""
    responses = list(answer.body["response"])
    first = responses[0]
    status = first["status"]["status"].native
    if status == WAITING:
        return Waiting(SOONEST)
    if status not in {ACCEPTED, GRANTED_WITH_MODS}:
        return reading.failure_of(answer.kind, first["status"])
    certificate, *others = [_certificate(each) for each in responses if each["certified_key_pair"]]
    key = certificate.public_key()
    beside = [each for each in answer.certificates if each.public_key() == key and each != certificate]
    return Made(certificate, first["cert_req_id"].native, (*others, *beside))


def _certificate(response: asn1.CertResponse) -> x509.Certificate:
    chosen = response["certified_key_pair"]["cert_or_enc_cert"]
    if chosen.name != "certificate":
        raise CaAnswerUntrusted("encrypted")  # for keys that only decrypt; ours sign
    return x509.load_der_x509_certificate(chosen.chosen.untag().dump())
