"""The time-stamping authority down, slow or lying: the signature is kept, and stamped later."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from demo import tsa
from demo.tsa import TimestampServer
from portal.tests.approval.consenting import Signatory, Signing, give
from portal.tests.approval.validating import reader, roots, signature_status, timestamp_statuses
from portal.tests.marks import ON_BOTH
from pytest_django import Settings

from kilitcoz_portal.approval import queries, stamping
from kilitcoz_portal.approval.models import Consent, Level
from kilitcoz_portal.approval.timestamps import anchors
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.trust import fetching

pytestmark = ON_BOTH


def with_another_imprint(authority: tsa.Authority, query: bytes) -> bytes:
    """A stamp over other bytes."""
    asked = tsp.TimeStampReq.load(query)
    asked["message_imprint"]["hashed_message"] = b"x" * len(asked["message_imprint"]["hashed_message"].native)
    return authority.stamp(asked.dump(force=True))


def with_another_nonce(authority: tsa.Authority, query: bytes) -> bytes:
    """A stamp that answers somebody else's question."""
    asked = tsp.TimeStampReq.load(query)
    asked["nonce"] = asked["nonce"].native + 1
    return authority.stamp(asked.dump(force=True))


def without_nonce(authority: tsa.Authority, query: bytes) -> bytes:
    """One that could be a year old."""
    asked = tsp.TimeStampReq.load(query)
    plain = tsp.TimeStampReq(
        {"version": 1, "message_imprint": asked["message_imprint"].copy(), "cert_req": True}
    )
    return authority.stamp(plain.dump())


def refusing(authority: tsa.Authority, query: bytes) -> bytes:
    """A hash that the authority does not take."""
    asked = tsp.TimeStampReq.load(query)
    asked["message_imprint"] = {"hash_algorithm": {"algorithm": "md5"}, "hashed_message": b"x" * 16}
    return authority.stamp(asked.dump(force=True))


def with_a_bit_turned(authority: tsa.Authority, query: bytes) -> bytes:
    """Its last byte is the signature's."""
    answer = bytearray(authority.stamp(query))
    answer[-1] ^= 1
    return bytes(answer)


def garbage(_authority: tsa.Authority, _query: bytes) -> bytes:
    """Of no form at all."""
    return b"<html>It works!</html>"


LIES = {
    "another imprint": (with_another_imprint, "timestamp-wrong"),
    "another nonce": (with_another_nonce, "timestamp-wrong"),
    "no nonce": (without_nonce, "timestamp-wrong"),
    "a bit turned": (with_a_bit_turned, "timestamp-wrong"),
    "garbage": (garbage, "timestamp-wrong"),
    "a refusal": (refusing, "timestamp-refused"),
}


@contextmanager
def asked_at(
    settings: Settings, stamps: tsa.Authority, answer: Callable[[bytes], bytes] | None
) -> Iterator[None]:
    """This installation asks this server; None: nobody listens there."""
    settings.KILITCOZ_TSA_ANCHORS = stamps.anchors
    with TimestampServer(answer or stamps.stamp) as server:
        settings.KILITCOZ_TSA_URL = server.url
        if answer is not None:
            yield
    if answer is None:
        yield


def is_signed_and_waits(signing: Signing, code: str) -> None:
    """Nothing half done: in force, B-B, and why it is not stamped is on record."""
    consent = signing.consent
    assert (consent.level, consent.timestamp, consent.stamp_error) == (Level.B_B, None, code)
    assert queries.consent_given(consent.holder)
    (signature,) = reader(bytes(consent.pdf or b"")).embedded_regular_signatures
    assert signature.signer_info["unsigned_attrs"].native is None
    assert AuditEvent.objects.get(event="consent-stamp-failed").detail["code"] == code


@pytest.mark.parametrize(("lie", "code"), LIES.values(), ids=LIES.keys())
def test_a_lying_authority_s_stamp_is_thrown_away_and_an_honest_one_s_taken_later(
    ayses: Signatory,
    now: datetime,
    settings: Settings,
    stamps: tsa.Authority,
    lie: Callable[[tsa.Authority, bytes], bytes],
    code: str,
) -> None:
    with asked_at(settings, stamps, lambda query: lie(stamps, query)):
        signing, answer = give(ayses, now)
    assert answer.operation_state == "succeeded"
    is_signed_and_waits(signing, code)
    assert stamping.stamp_due(now) == 0  # not yet: it was put off
    with asked_at(settings, stamps, stamps.stamp):
        assert stamping.stamp_due(now + stamping.FIRST_PAUSE) == 1
    assert (signing.consent.level, signing.consent.stamp_error) == (Level.B_LTA, "")


def test_an_authority_that_is_down_is_asked_ever_more_slowly(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    with asked_at(settings, stamps, None):
        signing, _ = give(ayses, now)
        is_signed_and_waits(signing, "timestamp-unavailable")
        pauses = []
        for _ in range(3):
            due = signing.consent.stamp_due_at
            assert due is not None
            stamping.stamp_due(due)
            after = signing.consent.stamp_due_at
            assert after is not None
            pauses.append(after - due)
    assert pauses == [stamping.FIRST_PAUSE * 2, stamping.FIRST_PAUSE * 4, stamping.FIRST_PAUSE * 8]


def test_an_authority_that_is_too_slow_counts_as_down(
    ayses: Signatory,
    now: datetime,
    settings: Settings,
    stamps: tsa.Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.3)
    answered = threading.Event()

    def slow(query: bytes) -> bytes:
        answered.wait(20)
        return stamps.stamp(query)

    with asked_at(settings, stamps, slow):
        signing, _ = give(ayses, now)
        answered.set()
    is_signed_and_waits(signing, "timestamp-unavailable")


def test_an_authority_whose_certificate_has_ended_is_not_believed(
    ayses: Signatory, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    ended = tsa.found(tmp_path / "ended", now - timedelta(days=3), timedelta(days=1))
    with asked_at(settings, ended, ended.stamp):
        signing, _ = give(ayses, now)
    is_signed_and_waits(signing, "timestamp-wrong")


def test_an_authority_that_nobody_named_is_not_believed(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority, tmp_path: Path
) -> None:
    stranger = tsa.found(tmp_path / "stranger", now)
    with asked_at(settings, stamps, stranger.stamp):
        signing, _ = give(ayses, now)
    is_signed_and_waits(signing, "timestamp-wrong")


def test_an_authority_that_tells_another_time_is_not_believed(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    later = now + timedelta(hours=1)  # our clock, that is: openssl's is right
    with asked_at(settings, stamps, stamps.stamp):
        signing, _ = give(ayses, later)
    is_signed_and_waits(signing, "timestamp-wrong")


def test_without_anchors_no_stamp_is_believed(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    with asked_at(settings, stamps, stamps.stamp):
        settings.KILITCOZ_TSA_ANCHORS = None
        signing, _ = give(ayses, now)
    is_signed_and_waits(signing, "timestamp-wrong")


@dataclass
class OnlyTheFirst:
    """Stamps once, then falls silent."""

    stamps: tsa.Authority
    asked: int = 0

    def __call__(self, query: bytes) -> bytes:
        """One answer."""
        self.asked += 1
        return self.stamps.stamp(query) if self.asked == 1 else b""


def test_a_signature_whose_archive_stamp_fails_stays_at_b_t_and_keeps_its_first_stamp(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    with asked_at(settings, stamps, OnlyTheFirst(stamps)):
        signing, _ = give(ayses, now)
    first = bytes(signing.consent.timestamp or b"")
    assert (signing.consent.level, signing.consent.stamp_error) == (Level.B_T, "timestamp-wrong")
    trusted = [*roots(bytes(Authority.objects.get().root)), *anchors()]
    status = signature_status(bytes(signing.consent.pdf or b""), trusted)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    with asked_at(settings, stamps, stamps.stamp):
        stamping.stamp_due(now + stamping.FIRST_PAUSE)
    assert (signing.consent.level, bytes(signing.consent.timestamp or b"")) == (Level.B_LTA, first)


def test_before_the_stamp_s_certificate_ends_another_stamp_goes_around_it_all(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    with asked_at(settings, stamps, stamps.stamp):
        signing, _ = give(ayses, now)
        due, before = signing.consent.stamp_due_at, bytes(signing.consent.pdf or b"")
        assert due is not None
        assert timedelta(days=270) < due - now < timedelta(days=276)
        Consent.objects.update(stamp_due_at=now)  # as if that day had come; openssl lives today
        assert stamping.stamp_due(now) == 1
    after = bytes(signing.consent.pdf or b"")
    assert after.startswith(before)
    statuses = timestamp_statuses(after, anchors())
    assert [(each.valid, each.intact) for each in statuses] == [(True, True), (True, True)]
    assert signing.consent.level == Level.B_LTA


def test_one_consent_is_stamped_by_one_worker(
    ayses: Signatory, now: datetime, settings: Settings, stamps: tsa.Authority
) -> None:
    with asked_at(settings, stamps, None):
        signing, _ = give(ayses, now)
    later = now + stamping.FIRST_PAUSE
    Consent.objects.update(stamp_due_at=later + stamping.LEASE)  # another worker's lease
    with asked_at(settings, stamps, stamps.stamp):
        assert not stamping.stamp(signing.consent_id, later)
        assert signing.consent.level == Level.B_B
        assert stamping.stamp_due(later + stamping.LEASE) == 1  # which died


def test_the_test_authority_says_what_it_is(stamps: tsa.Authority) -> None:
    said = subprocess.run(
        ["openssl", "x509", "-in", stamps.folder / "tsa.pem", "-noout", "-subject", "-nameopt", "utf8"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert "hukuki değeri yoktur" in said
