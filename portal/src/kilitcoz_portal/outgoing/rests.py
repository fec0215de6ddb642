"""Which gateways are awake. One that failed rests, each time twice as long, up to half a minute; the first
message that gets through ends it. Kept in the database, so that every worker knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F

from kilitcoz_portal.outgoing.gateways import Gateway
from kilitcoz_portal.outgoing.models import GatewayRest

FIRST = timedelta(seconds=2)
LONGEST = timedelta(seconds=30)


def awake(gateways: Iterable[Gateway], now: datetime) -> list[Gateway]:
    """Those which may be asked now, in the given order."""
    resting = set(GatewayRest.objects.filter(until__gt=now).values_list("name", flat=True))
    return [gateway for gateway in gateways if gateway.name not in resting]


def next_awake_at(gateways: Iterable[Gateway], now: datetime) -> datetime:
    """When the first of them may be asked again; `now` where one may be already."""
    ends = dict(GatewayRest.objects.filter(until__gt=now).values_list("name", "until"))
    return min((ends.get(gateway.name, now) for gateway in gateways), default=now)


def failed(gateway: Gateway, now: datetime) -> None:
    """It did not take a message: let it rest."""
    row, _ = GatewayRest.objects.get_or_create(name=gateway.name, defaults={"until": now})
    pause = min(FIRST * 2 ** min(row.failures, 10), LONGEST)
    GatewayRest.objects.filter(pk=row.pk).update(failures=F("failures") + 1, until=now + pause)


def worked(gateway: Gateway) -> None:
    """It took a message: all is well."""
    GatewayRest.objects.filter(name=gateway.name).delete()
