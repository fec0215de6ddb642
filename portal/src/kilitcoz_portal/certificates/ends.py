"""What time does to certificates: they expire, suspensions end, planned revocations come due. Called by
`kilitcoz sweep` and `kilitcoz work`; each card in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from kilitcoz_portal.certificates import changing, clock, publishing, services
from kilitcoz_portal.certificates.actors import SYSTEM
from kilitcoz_portal.certificates.models import Certificate, Role, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.certificates.states import FINAL
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import About

END_TOLD = timedelta(days=3)  # before a suspension ends, the holder is told
REVOKED, RESUMED = "revoked", "resumed"  # KILITCOZ_SUSPENSION_ENDS_IN

_Due = Callable[[datetime], Q]
_Deed = Callable[[list[Certificate], datetime], object]


def sweep(now: datetime) -> int:
    """Everything that is due; how many certificates changed."""
    changed = sum(_each_card(due(now), deed, now) for due, deed in _DUE)
    publishing.carry_out(now)
    clock.watch(now)
    return changed


def is_revoked_at_the_end(certificate: Certificate) -> bool:
    """What the end of its suspension brings. After "it was not me" never a certificate in use again."""
    return settings.KILITCOZ_SUSPENSION_ENDS_IN == REVOKED or certificate.held_by == Role.SYSTEM


def _each_card(due: Q, deed: _Deed, now: datetime) -> int:
    rows = _in_order(Certificate.objects.filter(due))
    changed = 0
    for _card, group in groupby(list(rows), key=lambda each: each.card_id):
        with transaction.atomic():
            still = [each.pk for each in group]
            locked = _in_order(Certificate.objects.select_for_update(of=("self",)).filter(due, pk__in=still))
            certificates = list(locked.select_related("card", "holder"))
            if certificates:
                deed(certificates, now)
            changed += len(certificates)
    return changed


def _in_order(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return rows.order_by("card_id", "pk")


def _expire(certificates: Iterable[Certificate], now: datetime) -> None:
    for each in certificates:
        changing.expire(each, now)


def _revoke_as_planned(certificates: list[Certificate], now: datetime) -> None:
    for reason, group in groupby(certificates, key=lambda each: each.planned_reason):
        services.revoke(list(group), SYSTEM, Reason(reason), now)


def _end_suspensions(certificates: list[Certificate], now: datetime) -> None:
    over = [each for each in certificates if is_revoked_at_the_end(each)]
    if over:
        services.revoke(over, SYSTEM, Reason.SUSPENSION_OVER, now)
    rest = [each for each in certificates if each not in over]
    if rest:
        services.resume(rest, SYSTEM, now)


def _tell_of_the_end(certificates: list[Certificate], now: datetime) -> None:
    card = certificates[0].card
    Certificate.objects.filter(pk__in=[each.pk for each in certificates]).update(end_told_at=now)
    notices.tell(card.holder, Kind.SUSPENSION_ENDING, now, About(card.last_four))


_DUE: tuple[tuple[_Due, _Deed], ...] = (
    (lambda now: Q(not_after__lte=now) & ~Q(state__in=FINAL), _expire),
    (lambda now: Q(revocation_planned_at__lte=now), _revoke_as_planned),
    (lambda now: Q(state=State.SUSPENDED, suspended_until__lte=now), _end_suspensions),
    (
        lambda now: Q(
            state=State.SUSPENDED,
            end_told_at=None,
            suspended_until__lte=now + END_TOLD,
            suspended_until__gt=now,
        ),
        _tell_of_the_end,
    ),
)
