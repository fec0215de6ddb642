"""Beginning an activation, its end, and what an authority owes from an earlier one.

Rules kept here: nothing is sent to a card before its certificates begin; a certificate is opened in the
transaction that takes the card service's word for its first PIN, or later by a row of that transaction; what
an authority cannot do never undoes what the card has done.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.activation import queries
from kilitcoz_portal.activation.errors import NotBegun, NothingToOpen, WordLoginNeeded
from kilitcoz_portal.activation.models import OwedOpening
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.errors import CertificateError
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.errors import HolderFrozen
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.notices.services import About
from kilitcoz_portal.operations import results
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation

log = structlog.get_logger(__name__)

_NOTHING_WAITS = "activation-nothing"
_NEVER = (CertificateError, HolderFrozen)
"""What somebody decided meanwhile: asking again would go round it."""


def start(
    holder: Holder,
    card: Card,
    browser: str,
    language: str,
    now: datetime,
    *,
    by_word: bool,
    beyond_phone: bool = False,
) -> Operation:
    """A new activation of this card, or the same browser's open one. `by_word`: the session was opened by
    "Şifreli Giriş"; `beyond_phone` as operations.permission has it.

    Raises WordLoginNeeded, NothingToOpen, NotBegun, and what operations.services.start raises.
    """
    if card.holder_id == holder.pk:  # of another's, no more is told than "not found" (A40)
        require(card, now, by_word=by_word)
    kind = OperationKind.ACTIVATE
    return operations.start(holder, card, kind, browser, language, now, beyond_phone=beyond_phone)


def require(card: Card, now: datetime, *, by_word: bool) -> None:
    """That this card's first PIN may be set now. Raises WordLoginNeeded, NothingToOpen, NotBegun."""
    if not by_word:
        raise WordLoginNeeded
    for owed in OwedOpening.objects.filter(queries.STILL_OWED, operation__card=card):
        settle(owed.pk, now)
    waiting = queries.waiting(card)
    if not waiting:
        raise NothingToOpen
    if now < queries.begins(waiting):
        raise NotBegun(queries.begins(waiting))


def first_pin_set(operation: Operation, now: datetime) -> None:
    """The end of an activation, in its transaction: the certificates are open and the holder is told so; or,
    where they cannot be, that there is a new PIN.
    """
    waiting = queries.waiting(operation.enrolled_card)
    code = _open(waiting, operation, now) if waiting else _NOTHING_WAITS
    if code is None:
        return
    if code == _LATER:
        OwedOpening.objects.create(operation=operation, owed_at=now)
    results.tell_of_new_pin(operation, now)


def sweep(now: datetime) -> int:
    """Open what is still owed; how many cards were opened."""
    owed = OwedOpening.objects.filter(queries.STILL_OWED).values_list("pk", flat=True)
    return sum(settle(each, now) for each in list(owed))


@transaction.atomic
def settle(owed_id: int, now: datetime) -> bool:
    """Open what this row owes, if it still may be: what was changed since then is left as it is."""
    rows = OwedOpening.objects.select_for_update(of=("self",)).select_related("operation__card")
    owed = rows.filter(queries.STILL_OWED, pk=owed_id).first()
    if owed is None:
        return False
    waiting = queries.waiting(owed.operation.enrolled_card)
    waiting = [each for each in waiting if each.state_at <= owed.owed_at]
    code = _open(waiting, owed.operation, now) if waiting else _NOTHING_WAITS
    if code is None:
        owed.done_at = now
    elif code != _LATER:
        owed.given_up = code
    owed.save(update_fields=["done_at", "given_up"])
    return code is None


_LATER = "later"


def _open(waiting: list[Certificate], operation: Operation, now: datetime) -> str | None:
    """None: they are open. _LATER: the authority could not, and may be asked again. Else why they never will
    be.
    """
    about = About(operation_id=operation.pk, language=operation.language)
    try:
        with transaction.atomic():
            certificates.open_for_use(waiting, now, about)
    except DatabaseError:
        raise  # nothing of this transaction is done, and the card service asks again
    except _NEVER as refusal:
        log.warning("opening-refused", operation_id=operation.pk, code=refusal.code)
        return refusal.code
    except Exception:
        log.exception("opening-failed", operation_id=operation.pk)
        return _LATER
    return None
