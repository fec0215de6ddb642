"""Telling the authority elsewhere what a certificate's status is to be: rr (RFC 4210, 5.3.9; RFC 9483, 4.2).

What is told twice does no harm, so nothing is written down here. A refusal may mean that it was done
before: the authority's own status decides whether what was wanted holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import sleep

from cryptography import x509

from kilitcoz_portal.ca.cmp import asn1, failures, inquiry, messages, reading, talk
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.cmp.reading import Answer, Failure
from kilitcoz_portal.ca.cmp.talk import Waiting
from kilitcoz_portal.ca.errors import CaAnswerUntrusted, CaError, CaRefused, CaUnavailable, StatusFinal
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.trust.reading import FAULTS

_REASONS = {
    Status.ON_HOLD: x509.ReasonFlags.certificate_hold,
    Status.GOOD: x509.ReasonFlags.remove_from_crl,
}
# PKIStatus: accepted, grantedWithMods, revocationWarning, revocationNotification
_DONE = frozenset({0, 1, 4, 5})


def tell(
    certificates: Sequence[x509.Certificate], wanted: CertificateStatus, connection: Connection, now: datetime
) -> None:
    """All of them. Raises StatusFinal, CaRefused, CaUnavailable; what was done until then stays done, and
    does no harm when it is told again.
    """
    for some in _parts(certificates, connection.revocations_at_once):
        answer = _answer(_body(some, wanted), connection, now)
        for certificate, failure in zip(some, _failures(answer, some), strict=True):
            if failure is not None:
                _require(certificate, wanted, failure, connection, now)


def _parts(certificates: Sequence[x509.Certificate], most: int) -> Iterator[Sequence[x509.Certificate]]:
    for start in range(0, len(certificates), most):
        yield certificates[start : start + most]


def _body(certificates: Sequence[x509.Certificate], wanted: CertificateStatus) -> asn1.Body:
    reason = _REASONS.get(wanted.status, wanted.reason)
    invalid_since = wanted.invalid_since if wanted.status is Status.REVOKED else None
    return messages.revocation(certificates, reason, invalid_since)


def _answer(body: asn1.Body, connection: Connection, now: datetime) -> Answer:
    """What the authority says in the end; one that takes its time is asked again in the same transaction
    (RFC 9483, 4.4). Raises CaUnavailable where that is longer than our patience: then it is told anew.
    """
    give_up_at = now + connection.patience
    envelope = Envelope(connection.recipient, messages.new_transaction_id(), now)
    while True:
        request = messages.sealed(body, envelope, connection.credentials)
        answer = talk.ask(request, connection, envelope.sent_at)
        later = _delay_of(answer)
        if later is None:
            return answer
        again_at = envelope.sent_at + timedelta(seconds=later.seconds)
        if again_at > give_up_at:
            raise CaUnavailable("waiting")
        sleep(later.seconds)
        body = messages.poll(messages.WHOLE_ANSWER)
        envelope = replace(envelope, sent_at=again_at, answers=answer.nonce)


def _delay_of(answer: Answer) -> Waiting | None:
    """Also where rp itself says so of one certificate (RFC 4210, 5.3.10)."""
    try:
        if answer.kind == "rp" and talk.WAITING in [each["status"].native for each in answer.body["status"]]:
            return Waiting(talk.SOONEST)
        return talk.delay_of(answer)
    except FAULTS:
        raise CaAnswerUntrusted("malformed") from None


def _failures(answer: Answer, asked: Sequence[x509.Certificate]) -> list[Failure | None]:
    """For each certificate why not, or None where it was done. Raises CaAnswerUntrusted for an answer about
    other certificates.
    """
    try:
        if answer.kind == "error":
            return [reading.failure_of("error", answer.body["status_info"])] * len(asked)
        if answer.kind != "rp" or len(answer.body["status"]) != len(asked):
            raise CaAnswerUntrusted("body")
        _about(answer, asked)
        return [_failure(each) for each in answer.body["status"]]
    except FAULTS:
        raise CaAnswerUntrusted("malformed") from None


def _about(answer: Answer, asked: Sequence[x509.Certificate]) -> None:
    """RFC 4210, 5.3.10: revCerts, where it is there, has them in the order in which they were asked about."""
    named = [each["serial_number"].native for each in answer.body["rev_certs"] or ()]
    if named and named != [each.serial_number for each in asked]:
        raise CaAnswerUntrusted("serial-number")


def _failure(status: asn1.StatusInfo) -> Failure | None:
    if status["status"].native in _DONE:
        return None
    return reading.failure_of("rp", status)


def _require(
    certificate: x509.Certificate,
    wanted: CertificateStatus,
    failure: Failure,
    connection: Connection,
    now: datetime,
) -> None:
    """It was refused: right so, where the authority says already what we wanted it to."""
    try:
        said = inquiry.status_of(certificate, connection, now).status
    except CaUnavailable:
        raise _refusal(failure) from None
    if said is wanted.status:
        return
    if said is Status.REVOKED:
        raise StatusFinal
    raise _refusal(failure)


def _refusal(failure: Failure) -> CaError:
    """To be told again where that may help: also where the authority knows already, and does not tell yet."""
    again = (failures.REPAIRABLE | {"certRevoked"}).intersection(failure.failures)
    return CaUnavailable(min(again)) if again else CaRefused(failure.failures, failure.words)
