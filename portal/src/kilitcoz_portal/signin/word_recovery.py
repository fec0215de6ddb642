"""A forgotten security word: number and human check, then a second proof, then a code to the registered
phone, then a new word. All in one browser, each step with its own end.

The second proof comes before the SMS, so that who merely knows a number can make nobody's phone ring (A12),
and until it is right every number gets the same answers for the same work (A04). Proof and phone together are
what NIST SP 800-63B-4, 4.2.2.2 asks of a recovery at AAL2.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from kilitcoz_portal.audit import services as audit
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.holders import holds
from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices import services as notices
from kilitcoz_portal.notices.kinds import Kind
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.signin import (
    allowances,
    codes,
    lanes,
    new_word,
    recovery_letter,
    tries,
    word_release,
    words,
)
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import (
    NoRecovery,
    ProofUsedUp,
    ProofWrong,
    RecoveryHeld,
    RecoverySlowed,
    SignInError,
)
from kilitcoz_portal.signin.models import WordRecovery

TRIES_ALLOWED = 5
BEGUN_PER_NETWORK = 20  # in an hour
HOUR = timedelta(hours=1)


class Stage(StrEnum):
    """How far a recovery is."""

    BEGUN = "begun"  # a number was given, a human check solved
    PROVED = "proved"  # the second proof was right
    CONFIRMED = "confirmed"  # the phone's code was right
    DONE = "done"
    ENDED = "ended"


class Proof(StrEnum):
    """The second proof. A login by card is the third kind, and no recovery: who is in changes the word."""

    RELEASE = "release"  # the call centre's code
    LETTER = "letter"  # the application number, and the code in the e-mail that it had sent


NEXT = {Stage.BEGUN: Stage.PROVED, Stage.PROVED: Stage.CONFIRMED, Stage.CONFIRMED: Stage.DONE}
LIFE = {
    Stage.BEGUN: timedelta(minutes=30),  # an e-mail may take a while
    Stage.PROVED: timedelta(minutes=15),
    Stage.CONFIRMED: timedelta(minutes=10),
    Stage.DONE: timedelta(0),
    Stage.ENDED: timedelta(0),
}


def begin(id_number: str, browser: str, network: str, now: datetime) -> None:
    """After a solved human check: this browser begins, whoever's the number is. Nothing is sent.

    Raises RecoverySlowed: too many began from that network (addresses.network_of) in the last hour.
    """
    if not allowances.take(f"word-recovery:{network}", BEGUN_PER_NETWORK, HOUR, now):
        raise RecoverySlowed
    holder = holders.by_id_number(id_number)
    with transaction.atomic():
        WordRecovery.objects.filter(browser=browser).delete()
        WordRecovery.objects.create(
            id=secrets.token_urlsafe(16),
            browser=browser,
            subject=words.subject_of(id_number),
            holder=holder,
            stage=Stage.BEGUN,
            begun_at=now,
            expires_at=now + LIFE[Stage.BEGUN],
        )
        detail: audit.Detail = {"enrolled": holder is not None}
        audit.record(
            Event.WORD_RECOVERY_BEGUN, now=now, holder_id=holder.pk if holder else None, detail=detail
        )


def running(browser: str, now: datetime) -> WordRecovery | None:
    """This browser's recovery, in whichever stage, as long as that lives."""
    live = WordRecovery.objects.filter(browser=browser, stage__in=NEXT, expires_at__gt=now)
    return live.select_related("holder").first()


def move_to(recovery: WordRecovery, browser: str) -> None:
    """The browser's session was made anew at a step, and has another name now."""
    WordRecovery.objects.filter(pk=recovery.pk).update(browser=browser)


def ask_letter(
    recovery: WordRecovery, application_number: str, now: datetime, *, page: str, language: str
) -> None:
    """Send the e-mail if the number is that of the holder's application and there is an address. Whether it
    was sent is not told. `page`: where its code is typed; `language`: of who asks.

    Raises ProofUsedUp: asked for too often in this browser; the recovery is over.
    """
    mine = _at(recovery, Stage.BEGUN, now).filter(letters__lt=recovery_letter.ASKED_PER_RECOVERY)
    if mine.update(letters=F("letters") + 1) != 1:
        end(recovery, now, ProofUsedUp.code)
        raise ProofUsedUp
    with transaction.atomic():
        code = recovery_letter.send(recovery, application_number, now, page=page, language=language)
        if code:
            mac, until = _letter_mac(recovery, code), now + recovery_letter.LIFE
            _at(recovery, Stage.BEGUN, now).update(letter_mac=mac, letter_expires_at=until)


def prove_by_release(recovery: WordRecovery, typed: str, now: datetime, about: About) -> Holder:
    """The call centre's code. As `prove_by_letter`."""
    _charge(recovery, now)
    right = word_release.use(recovery.holder_id or 0, typed, now)
    return _judge(recovery, Proof.RELEASE, now, about, right=right)


def prove_by_letter(recovery: WordRecovery, typed: str, now: datetime, about: About) -> Holder:
    """The e-mail's code: the holder whose phone is asked next.

    Raises NoRecovery, ProofWrong, ProofUsedUp; HolderFrozen, and RecoveryHeld where the phone was changed in
    the last 72 hours: then the recovery is over.
    """
    _charge(recovery, now)
    good = recovery.letter_expires_at is not None and now < recovery.letter_expires_at
    mac = _letter_mac(recovery, word_release.plain(typed))
    right = hmac.compare_digest(mac, recovery.letter_mac) and good
    return _judge(recovery, Proof.LETTER, now, about, right=right)


def wish(recovery: WordRecovery) -> Wish:
    """What the SMS code is bound to: this browser and this recovery."""
    return Wish(recovery.browser, Purpose.WORD, recovery.pk)


def confirm(recovery: WordRecovery, typed: str, now: datetime) -> None:
    """The code of the SMS. Raises as codes.check does; NoRecovery."""
    codes.check(wish(recovery), typed, now)
    if not _step(recovery, Stage.PROVED, now):
        raise NoRecovery


def end(recovery: WordRecovery, now: datetime, why: str) -> None:
    """The recovery is over, for this reason."""
    with transaction.atomic():
        WordRecovery.objects.filter(pk=recovery.pk).update(stage=Stage.ENDED, expires_at=now)
        detail: audit.Detail = {"code": why}
        audit.record(Event.WORD_RECOVERY_ENDED, now=now, holder_id=recovery.holder_id, detail=detail)


def finish(
    recovery: WordRecovery, word: str, now: datetime, about: About, also: Callable[[], object]
) -> None:
    """The new word. `also` is done in the same transaction: the page ends the holder's sessions.

    Lanes that the old word closed are open again; a word closed for good (tries.CEILING) only where the call
    centre had its part in this.

    Raises NoRecovery, the SecurityWordWeak of the rule the word breaks, HolderFrozen, SignInBusy.
    """
    holder = _holder(recovery)
    word_hash = new_word.prepared(holder, word)
    with transaction.atomic():
        if not _step(recovery, Stage.CONFIRMED, now):
            raise NoRecovery
        new_word.put(holder, word_hash, now, by=f"recovery-{recovery.proved_by}", about=about)
        free = tries.free if recovery.proved_by == Proof.RELEASE else tries.free_lanes
        free(recovery.subject)
        lanes.distrust_all(holder, now)
        also()


def forget_old(now: datetime) -> None:
    """Clear away recoveries that ended a day ago."""
    WordRecovery.objects.filter(expires_at__lte=now - timedelta(days=1)).delete()


def _charge(recovery: WordRecovery, now: datetime) -> None:
    """Take one of the five tries before anything is compared."""
    left = _at(recovery, Stage.BEGUN, now).filter(tries__lt=TRIES_ALLOWED)
    if left.update(tries=F("tries") + 1) != 1:
        raise NoRecovery
    recovery.refresh_from_db()


def _judge(recovery: WordRecovery, proof: Proof, now: datetime, about: About, *, right: bool) -> Holder:
    event = Event.WORD_PROOF_ACCEPTED if right else Event.WORD_PROOF_REFUSED
    detail: audit.Detail = {"by": proof, "try": recovery.tries}
    audit.record(event, now=now, holder_id=recovery.holder_id, detail=detail)
    if not right:
        raise _wrong(recovery, now)
    holder = _holder(recovery)
    if holder.frozen_at is not None:
        end(recovery, now, HolderFrozen.code)
        raise HolderFrozen
    if until := holds.phone_held_until(holder, now):
        end(recovery, now, RecoveryHeld.code)
        raise RecoveryHeld(until)
    with transaction.atomic():
        if not _step(recovery, Stage.BEGUN, now, proved_by=proof):
            raise NoRecovery
        if proof is Proof.LETTER:  # a release was told when it was made
            notices.tell(holder, Kind.WORD_RECOVERY, now, about)
    return holder


def _wrong(recovery: WordRecovery, now: datetime) -> SignInError:
    if left := TRIES_ALLOWED - recovery.tries:
        return ProofWrong(left)
    end(recovery, now, ProofUsedUp.code)
    return ProofUsedUp()


def _holder(recovery: WordRecovery) -> Holder:
    """As it stands now. Raises NoRecovery where there is none: no such recovery gets past its proof."""
    holder = holders.holder(recovery.holder_id or 0)
    if holder is None:
        raise NoRecovery
    return holder


def _step(recovery: WordRecovery, stage: Stage, now: datetime, **more: str) -> bool:
    """From this stage to the next; False where another request was first, or it is too late."""
    further = NEXT[stage]
    return _at(recovery, stage, now).update(stage=further, expires_at=now + LIFE[further], **more) == 1


def _at(recovery: WordRecovery, stage: Stage, now: datetime) -> QuerySet[WordRecovery]:
    return WordRecovery.objects.filter(pk=recovery.pk, stage=stage, expires_at__gt=now)


def _letter_mac(recovery: WordRecovery, one_time: str) -> str:
    return salted_hmac("kilitcoz.signin.letter", f"{recovery.pk}\0{one_time}", algorithm="sha256").hexdigest()
