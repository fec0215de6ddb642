""" "Bu ben değildim": what the press of one button does, in one transaction over the rooms it concerns."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from kilitcoz_portal.ca.errors import CaError
from kilitcoz_portal.certificates import queries
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.actors import SYSTEM
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders import freezing
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices import undo
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.operations import attempts
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.pages import ending
from kilitcoz_portal.signin import lanes
from kilitcoz_portal.signin.living import End

log = structlog.get_logger(__name__)

UNKNOWN_PER_HOUR = 30  # links that are none, from one network


def it_was_not_me(notice: Notice, now: datetime) -> bool:
    """Freeze the holder, withdraw open operations, end every session, trust no browser, suspend every
    certificate, tell every contact. False where the link was used before: then nothing happens.
    """
    holder = notice.holder
    with transaction.atomic():
        if not undo.use(notice, now):
            return False
        frozen = freezing.freeze(holder.pk, now, kind=notice.kind)
        operations.withdraw_all(holder.pk, now)
        ending.end_all(holder, now, End.NOT_ME)
        lanes.distrust_all(holder, now)
        _suspend_everything(holder, now)
        if frozen:
            notices.tell(holder, Kind.FROZEN, now)
    return True


def _suspend_everything(holder: Holder, now: datetime) -> None:
    """As by the system, so that nobody in this account lifts it, nor does opening the account again.

    An authority that refuses keeps nobody from freezing: then the wish stays open, for the call centre.
    """
    try:
        with transaction.atomic():
            certificates.suspend_all(holder.pk, SYSTEM, Reason.NOT_ME, now)
    except CaError:
        log.exception("suspension-failed", holder=holder.pk)
        return
    if not queries.has_cards_of_others(holder.pk):
        freezing.settle_suspension(holder.pk, now)


def look(secret: str, network: str, now: datetime) -> undo.Link | None:
    """The link, or None: unknown and late ones look alike and count against the network. Past the limit
    nothing is looked up any more; raises LookedTooOften.
    """
    with transaction.atomic():
        count = attempts.locked(f"undo:{network}", now)
        if count.count >= UNKNOWN_PER_HOUR:
            raise LookedTooOften
        link = undo.look(secret, now)
        if link is None:
            attempts.count(count)
    return link


class LookedTooOften(Exception):  # noqa: N818 - the name says what is wrong
    """Somebody behind this network tries links."""

    code = "too-many-attempts"
