"""A certificate from the authority elsewhere: one wish, one certificate, whatever is lost on the way.

The request is written down before it is sent, and sent again as it was, in the same transaction (RFC 4210,
5.1.1), for as long as its answer is missing; the certificate counts for us once it is written down, and for
the authority once it is confirmed (5.3.18): what was made and never confirmed, it withdraws. A refusal of
what was sent *again* says nothing of the first time: then the authority is asked for the answer it owes us
(pollReq), and if it has none the transaction is ended by us, which it confirms, before another is begun.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from kilitcoz_portal.ca.cmp import asn1, failures, inquiry, journal, messages, talk, wishes
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.cmp.models import Enrolment, Step
from kilitcoz_portal.ca.cmp.reading import Answer, Failure
from kilitcoz_portal.ca.cmp.states import FINAL
from kilitcoz_portal.ca.cmp.talk import Confirmed, Made, Outcome, Waiting
from kilitcoz_portal.ca.cmp.transfer import NotSent
from kilitcoz_portal.ca.errors import (
    CaAnswerUntrusted,
    CaError,
    CaInDoubt,
    CaRefused,
    CaUnavailable,
    CaWaiting,
    CertificateWrong,
)
from kilitcoz_portal.ca.models import Status
from kilitcoz_portal.ca.port import CertificateRequest

log = structlog.get_logger("kilitcoz_portal.ca.cmp")

EXCHANGES_IN_A_CALL = 4  # request, poll, confirmation, hold: a lease is long enough for each to time out
_MOST_ATTEMPTS_IN_A_CALL = 2


@dataclass
class Worker:
    """One call's work on one transaction. `now` moves on with the time that it waits."""

    row: Enrolment
    connection: Connection
    now: datetime
    give_up_at: datetime

    def work(self) -> Enrolment:
        """On to the end, or to the error that says why not."""
        while self.row.step not in FINAL:
            _STEPS[Step(self.row.step)](self)
        return self.row

    def send(self) -> None:
        """SENT: for the first time, or again because no answer was written down."""
        repeated = self.row.sends > 0
        journal.count(self.row, "sends")
        try:
            answer = talk.ask(bytes(self.row.request), self.connection, self.now)
        except NotSent:
            journal.count(self.row, "sends", -1)
            raise
        outcome = talk.outcome_of(answer)
        if isinstance(outcome, Failure) and repeated:
            journal.move(self.row, Step.DOUBT, self.now, fault=_told(outcome))
        else:
            self._take(answer, outcome)

    def poll(self) -> None:
        """WAITING: not before it wants to be asked (RFC 9483, 4.4)."""
        if self.row.poll_at is not None and self.row.poll_at > self.now:
            self._wait(self.row.poll_at)
        answer = self._ask(messages.poll(self._request_id()))
        outcome = talk.outcome_of(answer)
        if isinstance(outcome, Failure) and outcome.kind == "error":
            journal.move(self.row, Step.DOUBT, self.now, fault=_told(outcome))
        else:
            self._take(answer, outcome)

    def settle(self) -> None:
        """DOUBT: what became of the first time? Asked for, or ended by us."""
        answer = self._ask(messages.poll(self._request_id()))
        outcome = talk.outcome_of(answer)
        if not isinstance(outcome, Failure):
            self._take(answer, outcome)
            return
        ended = talk.outcome_of(self._ask(messages.withdrawal("no answer came")))
        if isinstance(ended, Confirmed):
            self._end(f"withdrawn after {self.row.fault}", "request-withdrawn")
            return
        journal.doubted(self.row, self.now)
        raise CaInDoubt(self.row.transaction_id)

    def confirm(self) -> None:
        """ANSWERED: until the authority knows that we have it."""
        journal.count(self.row, "confirms")
        outcome = talk.outcome_of(
            self._ask(messages.confirmation(journal.certificate_of(self.row), self._request_id()))
        )
        known = isinstance(outcome, Failure) and "certConfirmed" in outcome.failures
        if isinstance(outcome, Confirmed) or known:
            journal.move(self.row, Step.CONFIRMED, self.now)
        elif isinstance(outcome, Failure):
            self._ask_for_status(outcome)
        else:
            raise CaAnswerUntrusted("body")

    def reject(self) -> None:
        """REJECTED: until the authority knows that it is not what we asked for."""
        wrong = self.row.fault
        body = messages.confirmation(
            journal.certificate_of(self.row), self._request_id(), refused=f"wrong {wrong}"
        )
        outcome = talk.outcome_of(self._ask(body))
        if isinstance(outcome, Made | Waiting):
            raise CaAnswerUntrusted("body")
        self._end(wrong, "certificate-wrong")
        raise CertificateWrong(wrong)

    def _take(self, answer: Answer, outcome: Outcome) -> None:
        """What an answer to the request, whenever it came, leads to."""
        if isinstance(outcome, Made):
            self._keep(answer, outcome)
        elif isinstance(outcome, Waiting):
            poll_at = self.now + timedelta(seconds=outcome.seconds)
            journal.move(self.row, Step.WAITING, self.now, answer=answer.raw, poll_at=poll_at)
        elif isinstance(outcome, Failure):
            journal.move(self.row, Step.ENDED, self.now, answer=answer.raw, fault=_told(outcome))
            raise _refusal(outcome)
        else:
            raise CaAnswerUntrusted("body")

    def _keep(self, answer: Answer, made: Made) -> None:
        fault = wishes.fault_of(made.certificate, self.row, self.connection.pinned, self.now)
        columns = {
            "answer": answer.raw,
            "der": made.certificate.public_bytes(Encoding.DER),
            "cert_req_id": made.request_id,
        }
        if fault:
            journal.move(self.row, Step.REJECTED, self.now, fault=fault, **columns)
            return
        serial = journal.serial_of(made.certificate)
        others = [each for each in made.others if each != made.certificate]
        try:
            journal.move(self.row, Step.ANSWERED, self.now, serial_number=serial, **columns)
        except CaUnavailable:
            self._overtaken(made.certificate)
            raise
        journal.surplus(self.row, others, self.now)

    def _overtaken(self, late: x509.Certificate) -> None:
        """Another worker had an answer meanwhile. If it was another certificate, ours is one too many."""
        kept = Enrolment.objects.get(pk=self.row.pk)
        if kept.serial_number not in {None, journal.serial_of(late)}:
            journal.surplus(kept, [late], self.now)

    def _ask_for_status(self, refused: Failure) -> None:
        """The confirmation was refused: perhaps because an earlier one arrived. What does the authority say
        of the certificate itself?
        """
        status = inquiry.status_of(journal.certificate_of(self.row), self.connection, self.now).status
        if status is Status.REVOKED:
            self._end(f"withdrawn by the authority: {_told(refused)}", "certificate-withdrawn")
        elif self.row.confirms > 1:
            log.warning("cmp-confirmed-by-status", serial=self.row.serial_number, refused=refused.failures)
            journal.move(self.row, Step.CONFIRMED, self.now)
        else:
            raise CaRefused(refused.failures, refused.words)

    def _end(self, fault: str, what: str) -> None:
        with transaction.atomic(durable=True):
            journal.alarm(self.row, what, self.now)
        journal.move(self.row, Step.ENDED, self.now, fault=fault[:250])

    def _wait(self, until: datetime) -> None:
        """Within this call where its patience allows that. Raises CaWaiting."""
        if until > self.give_up_at:
            raise CaWaiting(until)
        sleep((until - self.now).total_seconds())
        self.now = until

    def _ask(self, body: asn1.Body) -> Answer:
        """A further message of the transaction, made anew each time: it changes nothing if it comes twice."""
        answers = asn1.Message.load(bytes(self.row.answer))["header"] if self.row.answer else None
        envelope = Envelope(
            recipient=self.connection.recipient,
            transaction_id=bytes.fromhex(self.row.transaction_id),
            sent_at=self.now,
            answers=answers["sender_nonce"].native if answers is not None else None,
        )
        return talk.ask(
            messages.sealed(body, envelope, self.connection.credentials), self.connection, self.now
        )

    def _request_id(self) -> int:
        """As the authority has named it, or as we did."""
        if self.row.cert_req_id is not None:
            return self.row.cert_req_id
        return wishes.request_id_of(bytes(self.row.request))


_STEPS: Mapping[Step, Callable[[Worker], None]] = {
    Step.SENT: Worker.send,
    Step.WAITING: Worker.poll,
    Step.DOUBT: Worker.settle,
    Step.ANSWERED: Worker.confirm,
    Step.REJECTED: Worker.reject,
}


def enrol(request: CertificateRequest, connection: Connection, now: datetime) -> Enrolment:
    """The wish's one transaction that was confirmed, begun or taken up where it stood. Raises RequestReused,
    CaUnavailable and what is under it, CaRefused, CertificateWrong, CaInDoubt.
    """
    for _ in range(_MOST_ATTEMPTS_IN_A_CALL):
        row = resume(wishes.attempt(request, connection, now), connection, now)
        if row.step == Step.CONFIRMED:
            return row
    raise CaUnavailable("attempts")


def resume(row: Enrolment, connection: Connection, now: datetime) -> Enrolment:
    """One transaction, on to its end. Raises as `enrol`."""
    if row.step in FINAL:
        return row
    lease = connection.patience + timedelta(seconds=connection.address.seconds * EXCHANGES_IN_A_CALL)
    row = journal.take(row, now, lease)
    try:
        return Worker(row, connection, now, now + connection.patience).work()
    finally:
        journal.put_down(row)


def _refusal(failure: Failure) -> CaError:
    """What the caller is told of it: nothing was made."""
    passing = failures.PASSING.intersection(failure.failures)
    return CaUnavailable(min(passing)) if passing else CaRefused(failure.failures, failure.words)


def _told(failure: Failure) -> str:
    return ("; ".join((*failure.failures, failure.words)))[:200]
