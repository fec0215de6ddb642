"""Lanes (OWASP, "device cookies"): a browser that once logged in fully has its own tries; all unknown
browsers share one lane per holder. So who merely knows a number can close that lane, never the holder's own.

The cookie names rows of TrustedBrowser, one for each holder who uses the browser, and is signed: a name alone
opens nothing. Each full login makes a new name, so that a copied cookie ends with the holder's next login.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import QuerySet

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import TrustedBrowser

UNKNOWN_BROWSERS = "unknown"
HOLDERS_PER_BROWSER = 4  # a family's computer; who logged in longest ago is left out
_BETWEEN = "."


def presented(cookie: str, now: datetime) -> list[TrustedBrowser]:
    """The trust that this cookie carries, with the holders; empty for none, a forged, late or revoked one."""
    names = _names(cookie)
    return list(_live(now).filter(name__in=names).select_related("holder")) if names else []


def browser_of(id_number: str, cookie: str, now: datetime) -> TrustedBrowser | None:
    """The trust for the holder with this number, as typed. Looks nobody up by the number."""
    typed = entries.plain_id_number(id_number)
    return next((each for each in presented(cookie, now) if each.holder.id_number == typed), None)


def is_known(cookie: str, holder: Holder, now: datetime) -> bool:
    """Whether the browser with this cookie once logged in as this holder and is still trusted."""
    return _live(now).filter(name__in=_names(cookie), holder=holder).exists()


def browsers_of(holder: Holder, now: datetime) -> list[TrustedBrowser]:
    """The holder's trusted browsers, last seen first."""
    return list(_live(now).filter(holder=holder).order_by("-last_seen_at"))


def trust(cookie: str, holder: Holder, now: datetime) -> str:
    """Call it at the end of a full login: the browser's new cookie, of which only this browser knows."""
    name, names = secrets.token_urlsafe(16), _names(cookie)
    with transaction.atomic():
        mine = _live(now).filter(name__in=names, holder=holder)
        earlier = mine.order_by("pk").first()
        if earlier is None:
            TrustedBrowser.objects.create(name=name, holder=holder, created_at=now, last_seen_at=now)
            audit.record(Event.BROWSER_TRUSTED, now=now, holder_id=holder.pk)
        else:
            mine.exclude(pk=earlier.pk).update(revoked_at=now)
            mine.filter(pk=earlier.pk).update(name=name, last_seen_at=now)
        others = _live(now).filter(name__in=names).exclude(holder=holder).values_list("name", flat=True)
        kept = [name, *(each for each in names if each in set(others))]
    return _signer().sign(_BETWEEN.join(kept[:HOLDERS_PER_BROWSER]))


def distrust(browser: TrustedBrowser, now: datetime) -> None:
    """This browser is a stranger again for its holder."""
    _revoke(TrustedBrowser.objects.filter(pk=browser.pk), browser.holder_id, now)


def distrust_all(holder: Holder, now: datetime) -> None:
    """Every browser is a stranger again for this holder."""
    _revoke(TrustedBrowser.objects.filter(holder=holder), holder.pk, now)


def lane_of(browser: TrustedBrowser | None) -> str:
    """The lane's name in the counts and in audit events."""
    return f"browser-{browser.pk}" if browser else UNKNOWN_BROWSERS


def forget_old(now: datetime) -> None:
    """Clear away browsers that have not been seen for so long that they are strangers."""
    TrustedBrowser.objects.filter(last_seen_at__lte=_oldest(now)).delete()


def _revoke(browsers: QuerySet[TrustedBrowser], holder_id: int, now: datetime) -> None:
    with transaction.atomic():
        count = browsers.filter(revoked_at=None).update(revoked_at=now)
        if count:
            audit.record(Event.BROWSERS_DISTRUSTED, now=now, holder_id=holder_id, detail={"count": count})


def _live(now: datetime) -> QuerySet[TrustedBrowser]:
    return TrustedBrowser.objects.filter(revoked_at=None, last_seen_at__gt=_oldest(now))


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=settings.KILITCOZ_TRUST_DAYS)


def _names(cookie: str) -> list[str]:
    try:
        return _signer().unsign(cookie).split(_BETWEEN)[:HOLDERS_PER_BROWSER]
    except BadSignature:
        return []


def _signer() -> Signer:
    return Signer(salt="kilitcoz.signin.lanes")
