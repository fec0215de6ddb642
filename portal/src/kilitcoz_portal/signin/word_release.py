"""The call centre's one-time release: eight characters that an operator reads to a caller after checking who
calls. In a recovery of the security word they are the second proof (NIST SP 800-63B-4, 4.2.1: a CSP's agent).

Good for a day and for one recovery. A stranger's guesses do not use it up: each browser has few
(word_recovery), all together as many as make 31^8 codes no easier.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET
from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import freezing, holds
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.signin.errors import RecoveryHeld
from kilitcoz_portal.signin.models import WordRelease

LENGTH = 8  # 31^8: 39 bits
LIFE = timedelta(hours=24)
GUESSES_ALLOWED = 100  # in all (NIST SP 800-63B-4, 3.2.2)


def make(holder: Holder, now: datetime, *, by: str) -> str:
    """A release, as it is read out (`K7MP Q2RW`); an earlier one is worth nothing from now on. The holder is
    told at every contact.

    Raises HolderFrozen, and RecoveryHeld where the phone was changed in the last 72 hours: no recovery would
    go through.
    """
    if until := holds.phone_held_until(holder, now):
        raise RecoveryHeld(until)
    one_time = random_code()
    with transaction.atomic():
        freezing.locked_open(holder.pk)
        _live(holder.pk, now).update(expires_at=now)
        WordRelease.objects.create(
            holder=holder,
            code_mac=_mac(holder.pk, one_time),
            made_by=by[:80],
            made_at=now,
            expires_at=now + LIFE,
        )
        notices.tell(holder, Kind.WORD_RECOVERY, now)
        audit.record(Event.WORD_RELEASED, now=now, holder_id=holder.pk, detail={"by": by[:80]})
    return f"{one_time[:4]} {one_time[4:]}"


def use(holder_id: int, typed: str, now: datetime) -> bool:
    """Whether this is the holder's live release; then it is used up. The work is the same for a holder who
    has none, and for nobody (0).
    """
    live = _live(holder_id, now)
    counted = live.filter(guesses__lt=GUESSES_ALLOWED).update(guesses=F("guesses") + 1) == 1
    release = live.first()
    expected = release.code_mac if release and counted else ""
    right = hmac.compare_digest(_mac(holder_id, plain(typed)), expected)
    return right and live.update(used_at=now) == 1


def random_code() -> str:
    """Eight characters without look-alikes."""
    return "".join(secrets.choice(PAIRING_CODE_ALPHABET) for _ in range(LENGTH))


def plain(typed: str) -> str:
    """A code as people type it: in any case, with spaces or hyphens."""
    return "".join(each for each in typed.upper() if each.isalnum())


def _live(holder_id: int, now: datetime) -> QuerySet[WordRelease]:
    return WordRelease.objects.filter(holder_id=holder_id, used_at=None, expires_at__gt=now)


def _mac(holder_id: int, one_time: str) -> str:
    return salted_hmac("kilitcoz.signin.release", f"{holder_id}\0{one_time}", algorithm="sha256").hexdigest()
