"""From B-B to B-T to B-LTA, and a further time stamp before the last one's certificate ends.

A time stamp takes the network, so it is nobody's transaction: one worker leases a consent by a conditional
UPDATE, asks, and writes what came. What failed is asked for again, ever more slowly; the signature is kept
whatever the authority does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from asn1crypto import cms
from django.db import transaction
from django.db.models import F

from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_portal.approval import evidence, pades, signatures, signed_data, timestamps
from kilitcoz_portal.approval.errors import TimestampError
from kilitcoz_portal.approval.models import Consent, Level
from kilitcoz_portal.approval.services import is_offered
from kilitcoz_portal.approval.timestamps import Stamper
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.trust.errors import TrustError

log = structlog.get_logger("kilitcoz_portal.approval")

LEASE = timedelta(minutes=2)  # longer than two time stamps may take
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
RENEWED_BEFORE = timedelta(days=90)  # the end of the last time stamp's certificate
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Stamped:
    """What a step came to. `due`: when the next one is."""

    pdf: bytes
    level: Level
    timestamp: bytes
    due: datetime


def stamp_due(now: datetime) -> int:
    """All that is due; how many got a time stamp. Where no authority is configured, none."""
    if not is_offered():
        return 0
    due = Consent.objects.filter(stamp_due_at__lte=now).order_by("stamp_due_at")
    return sum(stamp(consent_id, now) for consent_id in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


def stamp(consent_id: str, now: datetime) -> bool:
    """Bring this one as far as it goes; whether it got any further. Never raises for what the authority
    does.
    """
    lease = now + LEASE
    mine = Consent.objects.filter(pk=consent_id)
    if mine.filter(stamp_due_at__lte=now).update(stamp_due_at=lease) != 1:
        return False  # another worker has it, or nothing is to be done
    consent = mine.get()
    try:
        reached = _with_signature_timestamp(consent, now)
        _write(consent, reached, lease, now)
        _write(consent, _with_archive_timestamp(consent, reached, now), reached.due, now)
    except (TimestampError, TrustError) as failure:
        _put_off(consent, failure.code, now)
        return consent.level != mine.values_list("level", flat=True).get()
    return True


def _with_signature_timestamp(consent: Consent, now: datetime) -> Stamped:
    """B-T: the one that it has, or a new one."""
    assert consent.signature is not None
    value = bytes(consent.signature)
    if consent.timestamp is not None:
        return Stamped(bytes(consent.pdf or b""), Level(consent.level), bytes(consent.timestamp), now + LEASE)
    hash_name = SignatureAlgorithm(consent.algorithm).hash_name
    stamped = Stamper(now).stamp(hashlib.new(hash_name, value).digest(), hash_name)
    signature = signatures.signature_of(consent, value, now)
    token = stamped.dump()
    pdf = pades.embed(signatures.prepared_of(consent), signed_data.write(signature, token))
    return Stamped(pdf, Level.B_T, token, now + LEASE)


def _with_archive_timestamp(consent: Consent, reached: Stamped, now: datetime) -> Stamped:
    """B-LTA; of one that is there already, the next time stamp around it all."""
    pdf = reached.pdf
    if reached.level is not Level.B_LTA:
        found = evidence.collect(bytes(consent.certificate), now)
        of_stamp = timestamps.certificates_of(cms.ContentInfo.load(reached.timestamp))
        pdf = pades.with_evidence(pdf, found.and_certificates(of_stamp))
    stamper = Stamper(now)
    pdf = pades.with_document_timestamp(pdf, stamper)
    end = min(each.not_valid_after for each in stamper.certificates)
    due = max(end - RENEWED_BEFORE, now + LONGEST_PAUSE)
    return Stamped(pdf, Level.B_LTA, reached.timestamp, due)


def _write(consent: Consent, reached: Stamped, lease: datetime, now: datetime) -> None:
    """Only while the lease is ours: a worker that was too slow writes nothing."""
    with transaction.atomic():
        written = Consent.objects.filter(pk=consent.pk, stamp_due_at=lease).update(
            pdf=reached.pdf,
            level=reached.level,
            timestamp=reached.timestamp,
            stamp_due_at=reached.due,
            stamp_tries=0,
            stamp_error="",
        )
        if written == 1 and reached.pdf != bytes(consent.pdf or b""):
            _audit(Event.CONSENT_STAMPED, consent, now, level=reached.level)


def _put_off(consent: Consent, code: str, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(consent.stamp_tries, 10), LONGEST_PAUSE)
    with transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(
            stamp_due_at=now + pause, stamp_tries=F("stamp_tries") + 1, stamp_error=code
        )
        _audit(Event.CONSENT_STAMP_FAILED, consent, now, code=code)
    log.warning("consent-not-stamped", code=code, tries=consent.stamp_tries + 1)


def _audit(event: Event, consent: Consent, now: datetime, **detail: str) -> None:
    record(event, now=now, holder_id=consent.holder_id, detail={"consent": consent.pk, **detail})
