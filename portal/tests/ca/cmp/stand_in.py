"""A stand-in for a certificate authority elsewhere that speaks CMP: ours, and no product.

It issues with a real key, keeps transactions, certificates and their states as RFC 4210 has it, and tells
of them by OCSP. And it can be unwell: lose questions or answers, take its time, issue again what it was
asked again, and lie. It shares the messages' ASN.1 with what it tests; that both are right is proved by
OpenSSL, which speaks to each of them (test_openssl.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.ocsp import OCSPResponseStatus
from portal.tests.ca import authority as pki
from portal.tests.ca.cmp.bodies import (
    ACCEPTED,
    REASONS,
    SERIALS,
    WAITING,
    asked_for,
    error,
    hash_of,
    late,
    pki_issuer,
    profile_of,
    refused,
    response,
    serial_in,
    voice,
)

from kilitcoz_portal.ca import ocsp
from kilitcoz_portal.ca.certificates import Order, make
from kilitcoz_portal.ca.cmp import asn1, messages, protection, reading
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.cmp.protection import Credentials
from kilitcoz_portal.ca.extensions import Addresses
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.signing import Issuer


class Asked(StrEnum):
    """What happens to one exchange."""

    ANSWER = "answer"
    LOSE_QUESTION = "lose-question"
    LOSE_ANSWER = "lose-answer"
    BUSY = "busy"  # HTTP 503


class Again(StrEnum):
    """What it makes of a request whose transaction it knows."""

    SAME_ANSWER = "same-answer"
    IN_USE = "in-use"
    ISSUE_ANEW = "issue-anew"  # which it must not


@dataclass
class Issued:
    """A certificate and what is said of it."""

    certificate: x509.Certificate
    confirmed: bool = False
    reason: x509.ReasonFlags | None = None
    since: datetime | None = None


@dataclass
class Transaction:
    """One transaction for a certificate. `polls`: how often it says "later" before it says anything else."""

    made: list[Issued]
    answer: bytes = b""
    polls: int = 0
    closed: bool = False


@dataclass
class StandIn:
    """`url` is where it is reached (for its certificates). `lie` changes what is about to be signed."""

    url: str
    registration_authority: x509.Certificate
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    again: Again = Again.SAME_ANSWER
    polls: int = 0
    check_after: int = 1
    weather: list[Asked] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)  # kind of body → PKIFailureInfo
    one_at_a_time: bool = False
    late: int = 0  # how often it says "later" of a revocation before it looks at it
    late_in_rp: bool = False  # the first time by rp, as RFC 4210 has it, not by error
    lie: Callable[[dict[str, Any], asn1.Body], asn1.Body] | None = None
    subject: x509.Name | None = None  # in place of the one asked for
    public_key: ec.EllipticCurvePublicKey | None = None
    also: list[x509.Certificate] = field(default_factory=list)  # sent along in extraCerts
    starts: datetime | None = None  # in place of now
    issuing: Issuer = field(default_factory=lambda: pki.authority().issuing)
    same_serial: bool = False
    keeps_unconfirmed: bool = False  # which it must not
    twice: bool = False  # two certificates in one answer
    hold_is_revoked: bool = False  # it does not revoke what is on hold
    names_serial: int | None = None  # in revCerts, in place of the right one
    tells: bool = True  # of states, by OCSP
    last_invalidity: datetime | None = None
    in_the_end: str = ""  # PKIFailureInfo of the answer to who has waited
    seen: list[tuple[str, bytes]] = field(default_factory=list)  # kind of body, octets
    issued: dict[int, Issued] = field(default_factory=dict)
    transactions: dict[bytes, Transaction] = field(default_factory=dict)
    put_off: dict[bytes, asn1.Body] = field(default_factory=dict)  # revocations it has not looked at
    voice: Credentials = field(default_factory=voice)

    def answer(self, raw: bytes) -> bytes | None:
        """To a message as it came; None: it was lost, on the way there or back."""
        message = reading.parse(raw)
        weather = self.weather.pop(0) if self.weather else Asked.ANSWER
        self.seen.append((message["body"].name, raw))
        if weather is Asked.LOSE_QUESTION:
            return None
        protection.verify(message, [self.registration_authority], self.clock())
        answer = self._answer(message, raw)
        return None if weather is Asked.LOSE_ANSWER else answer

    def _answer(self, message: asn1.Message, raw: bytes) -> bytes:
        kind = message["body"].name
        if kind in self.refuses:
            return self._sealed(error(self.refuses[kind]), message)
        verbs: dict[str, Callable[[asn1.Message], bytes]] = {
            "ir": self._request,
            "p10cr": self._request,
            "poll_req": self._poll,
            "cert_conf": self._confirm,
            "error": self._withdrawn,
            "rr": self._revoke,
            "genm": lambda asked: self._sealed(asn1.Body("genp", asked["body"].chosen), asked),
        }
        return verbs[kind](message)

    def _request(self, message: asn1.Message) -> bytes:
        known = self.transactions.get(self._id(message))
        if known is not None and self.again is Again.IN_USE:
            return self._sealed(error("transactionIdInUse"), message)
        if known is not None and self.again is Again.SAME_ANSWER:
            return known.answer
        started = known or Transaction([], polls=self.polls)
        started.made.append(self._make(message))
        if self.twice:
            started.made.append(self._make(message))
        self.transactions[self._id(message)] = started
        body = self._state_of(started, message)
        started.answer = self._sealed(body, message, honest=True)
        return self._sealed(body, message)

    def _poll(self, message: asn1.Message) -> bytes:
        if self._id(message) in self.put_off:
            return self._poll_revocation(message)
        started = self.transactions.get(self._id(message))
        if started is None or started.closed:
            return self._sealed(error("badRequest"), message)
        started.polls -= 1
        if started.polls >= 0:
            return self._sealed(self._later(0), message)
        return self._sealed(self._state_of(started, message), message)

    def _poll_revocation(self, message: asn1.Message) -> bytes:
        self.late -= 1
        if self.late > 0:
            return self._sealed(self._later(-1), message)
        return self._revoked(message, self.put_off.pop(self._id(message)))

    def _later(self, request_id: int) -> asn1.Body:
        later = [{"cert_req_id": request_id, "check_after": self.check_after}]
        return asn1.Body("poll_rep", asn1.PollRepContent(later))

    def _state_of(self, started: Transaction, message: asn1.Message) -> asn1.Body:
        request_id = -1 if message["body"].name == "p10cr" else 0
        if started.polls > 0:
            responses = [{"cert_req_id": request_id, "status": {"status": WAITING}}]
        elif self.in_the_end:
            responses = [{"cert_req_id": request_id, "status": refused(self.in_the_end)}]
        else:
            made = started.made if self.twice else started.made[-1:]
            responses = [response(each.certificate, request_id) for each in made]
        kind = "cp" if message["body"].name == "p10cr" else "ip"
        return asn1.Body(kind, asn1.CertRepMessage({"response": responses}))

    def _confirm(self, message: asn1.Message) -> bytes:
        started = self.transactions.get(self._id(message))
        status = message["body"].chosen[0]
        if started is None:
            return self._sealed(error("badRequest"), message)
        if started.closed:
            return self._sealed(error("certConfirmed"), message)
        started.closed = True
        rejected = (
            status["status_info"].native is not None and status["status_info"]["status"].native != ACCEPTED
        )
        for each in started.made:
            confirmed = not rejected and hash_of(each.certificate) == status["cert_hash"].native
            each.confirmed = confirmed
            if not confirmed and not self.keeps_unconfirmed:  # RFC 4210: what is not confirmed does not stay
                each.reason, each.since = x509.ReasonFlags.cessation_of_operation, self.clock()
        return self._sealed(asn1.Body("pkiconf", asn1.NULL), message)

    def _withdrawn(self, message: asn1.Message) -> bytes:
        started = self.transactions.get(self._id(message))
        if started is None:
            return self._sealed(error("badRequest"), message)
        started.closed = True
        for each in started.made:
            each.reason, each.since = x509.ReasonFlags.cessation_of_operation, self.clock()
        return self._sealed(asn1.Body("pkiconf", asn1.NULL), message)

    def _revoke(self, message: asn1.Message) -> bytes:
        if self.late:
            self.put_off[self._id(message)] = message["body"]
            return self._sealed(late(message["body"], in_rp=self.late_in_rp), message)
        return self._revoked(message, message["body"])

    def _revoked(self, message: asn1.Message, asked: asn1.Body) -> bytes:
        details = list(asked.chosen)
        if self.one_at_a_time and len(details) > 1:
            return self._sealed(error("badRequest"), message)
        statuses = [self._change(each) for each in details]
        named = [
            {
                "issuer": messages.directory_name(pki_issuer().subject),
                "serial_number": self.names_serial or serial_in(each),
            }
            for each in details
        ]
        body = asn1.RevRepContent({"status": statuses, "rev_certs": named})
        return self._sealed(asn1.Body("rp", body), message)

    def _change(self, details: asn1.RevDetails) -> dict[str, Any]:
        found = self.issued.get(serial_in(details))
        entry = {
            each["extn_id"].native: each["extn_value"].parsed.native for each in details["crl_entry_details"]
        }
        wanted, self.last_invalidity = entry["crl_reason"], entry.get("invalidity_date")
        if found is None:
            return refused("badCertId")
        held = found.reason is x509.ReasonFlags.certificate_hold
        if wanted == "remove_from_crl":
            if not held:
                return refused("badRequest")
            found.reason = found.since = None
            return {"status": ACCEPTED}
        from_hold = held and wanted != "certificate_hold" and not self.hold_is_revoked
        if found.reason is not None and not from_hold:
            return refused("certRevoked")
        found.reason, found.since = REASONS[wanted], self.clock()
        return {"status": ACCEPTED}

    def _make(self, message: asn1.Message) -> Issued:
        subject, key = asked_for(message["body"])
        return self.issue(self.subject or subject, self.public_key or key, profile_of(message))

    def issue(
        self, subject: x509.Name, key: Any, profile: ProfileName = ProfileName.AUTHENTICATION
    ) -> Issued:
        """A certificate, and its row."""
        order = Order(
            profile,
            subject,
            key,
            next(iter(self.issued)) if self.same_serial else next(SERIALS),
            (self.starts or self.clock()).replace(microsecond=0),
            pki.STATEMENTS if profile is ProfileName.SIGNATURE else None,
        )
        addresses = Addresses(f"{self.url}/nes.cer", f"{self.url}/nes.crl", f"{self.url}/ocsp")
        made = Issued(make(order, self.issuing, addresses))
        self.issued[made.certificate.serial_number] = made
        return made

    def ocsp(self, raw: bytes) -> bytes:
        """To an OCSP request."""
        if not self.tells:
            return ocsp.refusal(OCSPResponseStatus.TRY_LATER)
        question = ocsp.read(raw)
        found = self.issued.get(question.serial_number)
        state = ocsp.State(good=found is not None and found.reason is None)
        if found is not None and found.reason is not None and found.since is not None:
            state = ocsp.State(False, found.since.replace(microsecond=0), found.reason)
        now = self.clock().replace(microsecond=0)
        return ocsp.answer(question, state, pki.responder(), now)

    def withdraw_unconfirmed(self) -> None:
        """RFC 4210: its patience with those who do not confirm is over."""
        for each in self.issued.values():
            if not each.confirmed:
                each.reason, each.since = x509.ReasonFlags.cessation_of_operation, self.clock()

    def confirmed(self) -> list[int]:
        """Serial numbers of what is confirmed and not revoked for good."""
        on_hold = x509.ReasonFlags.certificate_hold
        return [
            serial
            for serial, each in self.issued.items()
            if each.confirmed and (each.reason is None or each.reason is on_hold)
        ]

    def _sealed(self, body: asn1.Body, asked: asn1.Message, *, honest: bool = False) -> bytes:
        header = asked["header"]
        what = {
            "transaction_id": header["transaction_id"].native,
            "answers": header["sender_nonce"].native,
            "sent_at": self.clock(),
            "credentials": self.voice,
        }
        if self.lie is not None and not honest:
            body = self.lie(what, body)
        voice = what.pop("credentials")
        envelope = Envelope(self.registration_authority.subject, **what)
        if self.also:
            voice = Credentials(voice.key, voice.certificate, (*voice.chain, *self.also))
        return messages.sealed(body, envelope, voice)

    @staticmethod
    def _id(message: asn1.Message) -> bytes:
        found: bytes = message["header"]["transaction_id"].native
        return found
