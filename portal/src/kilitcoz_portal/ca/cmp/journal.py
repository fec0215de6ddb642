"""Writing the journal: each verb one transaction of its own, on the disk when it returns.

Never inside another transaction: what is sent after the verb could not be rolled back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.db.models import F, Q

from kilitcoz_portal import durability
from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.ca.cmp.models import Enrolment, Step, Surplus
from kilitcoz_portal.ca.cmp.states import FINAL, NEXT, OPEN
from kilitcoz_portal.ca.errors import CaUnavailable, CertificateUnknown, NothingInDoubt


@contextmanager
def _on_disk() -> Iterator[None]:
    with transaction.atomic(durable=True):
        durability.insist()
        yield
    durability.on_disk()


def serial_of(certificate: x509.Certificate) -> str:
    """As the port has it."""
    return f"{certificate.serial_number:x}"


def certificate_of(row: Enrolment | Surplus) -> x509.Certificate:
    """The one that came."""
    assert row.der is not None
    return x509.load_der_x509_certificate(bytes(row.der))


def issued(serial_number: str) -> x509.Certificate:
    """One that counts. Raises CertificateUnknown."""
    row = Enrolment.objects.filter(serial_number=serial_number, step=Step.CONFIRMED).first()
    if row is None:
        raise CertificateUnknown
    return certificate_of(row)


def newest(request_id: str) -> Enrolment | None:
    """The last attempt at this wish."""
    return Enrolment.objects.filter(request_id=request_id).order_by("-attempt").first()


def begin(row: Enrolment) -> Enrolment:
    """Write down a new attempt. Raises CaUnavailable where another process has done so at the same moment."""
    with _on_disk():
        _, is_new = Enrolment.objects.get_or_create(
            request_id=row.request_id, attempt=row.attempt, defaults=_columns(row)
        )
    if not is_new:
        raise CaUnavailable("busy")
    return Enrolment.objects.get(request_id=row.request_id, attempt=row.attempt)


def take(row: Enrolment, now: datetime, lease: timedelta) -> Enrolment:
    """Take it up: nobody else works on it for as long as `lease`. Raises CaUnavailable: somebody does."""
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    with _on_disk():
        taken = Enrolment.objects.filter(free, pk=row.pk, fence=row.fence).update(
            fence=F("fence") + 1, busy_until=now + lease
        )
    if not taken:
        raise CaUnavailable("busy")
    row.refresh_from_db()
    return row


def put_down(row: Enrolment) -> None:
    """Done with it for now."""
    Enrolment.objects.filter(pk=row.pk, fence=row.fence).update(busy_until=None)


def count(row: Enrolment, what: str, by: int = 1) -> None:
    """`sends` or `confirms`, before the sending; or back, where nothing was sent. Raises CaUnavailable for a
    worker whose lease has gone to another.
    """
    with _on_disk():
        _update(row, **{what: getattr(row, what) + by})


def move(row: Enrolment, to: Step, now: datetime, **columns: Any) -> None:
    """Into the next state, with what belongs to it. Raises CaUnavailable as above."""
    assert to in NEXT[Step(row.step)], f"{row.step} → {to}"
    if to in FINAL:
        columns["ended_at"] = now
    if to == Step.ENDED:
        columns["serial_number"] = None  # it counts for nothing; another attempt may bring the same one
    with _on_disk():
        _update(row, step=to, **columns)


def doubted(row: Enrolment, now: datetime) -> None:
    """The authority knows nothing of it: told once, however often it is asked again."""
    if row.doubted_at is None:
        with _on_disk():
            _update(row, doubted_at=now)
            alarm(row, "request-in-doubt", now)


def give_up(request_id: str, by: str, now: datetime) -> None:
    """A person says that nothing will come of the wish's open request any more; asked again, another is
    begun. Raises NothingInDoubt where it has its certificate, has ended, or is being worked on.
    """
    row = newest(request_id)
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    ended = {"step": Step.ENDED, "ended_at": now, "fault": f"given up by {by}"[:250]}
    if row is None:
        raise NothingInDoubt
    with _on_disk():
        open_one = Enrolment.objects.filter(free, pk=row.pk, step__in=OPEN)
        if not open_one.update(fence=F("fence") + 1, **ended):
            raise NothingInDoubt
        alarm(row, "request-given-up", now, by=by)


def held(row: Enrolment, now: datetime) -> None:
    """The authority has put it on hold."""
    with _on_disk():
        _update(row, held_at=now)


def surplus(row: Enrolment, found: Iterable[x509.Certificate], now: datetime) -> None:
    """Write down certificates that came beside the one that counts, with an alarm for each new one."""
    for certificate in found:
        der = certificate.public_bytes(Encoding.DER)
        with _on_disk():
            defaults = {"enrolment": row, "der": der, "found_at": now}
            _, is_new = Surplus.objects.get_or_create(serial_number=serial_of(certificate), defaults=defaults)
            if is_new:
                alarm(row, "surplus-certificate", now, serial=serial_of(certificate))


def alarm(row: Enrolment, what: str, now: datetime, **more: str) -> None:
    """Inside a transaction: a person should look."""
    detail: audit.Detail = {"what": what, "transaction": row.transaction_id, "profile": row.profile, **more}
    audit.record(Event.CA_ALARM, now=now, detail=detail)


def _update(row: Enrolment, **columns: Any) -> None:
    changed = Enrolment.objects.filter(pk=row.pk, fence=row.fence, step=row.step).update(**columns)
    if not changed:
        raise CaUnavailable("overtaken")
    for name, value in columns.items():
        setattr(row, name, value)


def _columns(row: Enrolment) -> dict[str, Any]:
    names = [field.attname for field in Enrolment._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in names if name not in {"request_id", "attempt"}}
