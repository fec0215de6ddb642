"""`pair`: from the typed code to the capability. Wrong codes are counted per network address and all
together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from kilitcoz_cards.messages import PairAnswer, PairRequest
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.audit.services import record
from kilitcoz_portal.operations import attempts, bearers, capability
from kilitcoz_portal.operations.access import audit, is_late, locked, one_transaction
from kilitcoz_portal.operations.errors import OperationError, PairingCodeRefused, TooManyAttempts
from kilitcoz_portal.operations.models import PairingCode, State

REPEAT = timedelta(seconds=30)  # a lost answer may be asked for again so long, while nobody has claimed
EVERYONE = 20  # all addresses together may guess so many times what one may


@one_transaction
def pair(request: PairRequest, address: str, now: datetime) -> PairAnswer | OperationError:
    """The capability behind a code; one use. Raises PairingCodeRefused (unknown, used, late: not told apart)
    and TooManyAttempts, which also a right code meets once the address, or everyone together, guessed too
    often.
    """
    limit = settings.KILITCOZ_PAIRING_HOURLY
    here, everyone = attempts.locked(f"pair:{address}"[:80], now), attempts.locked("pair", now)
    if here.count >= limit or everyone.count >= EVERYONE * limit:
        return TooManyAttempts()
    code = PairingCode.objects.filter(code_hash=bearers.pairing_hash(request.pairing_code)).first()
    answer = _use(code, now) if code else None
    if answer is None:
        attempts.count(here)
        attempts.count(everyone)
        record(Event.PAIRING_REFUSED, now=now, operation_id=code.operation_id if code else "")
        return PairingCodeRefused()
    return answer


def _use(code: PairingCode, now: datetime) -> PairAnswer | None:
    """Under the operation's lock, so that a code is used once however many ask at once."""
    operation = locked(code.operation_id)
    code.refresh_from_db()
    repeated = code.used_at is not None and now < code.used_at + REPEAT
    fresh = code.used_at is None or repeated
    if not fresh or operation.state != State.AUTHORISED or now >= code.expires_at or is_late(operation, now):
        return None
    if not repeated:
        code.used_at = now
        code.save(update_fields=["used_at"])
        operation.paired = True
        operation.save(update_fields=["paired"])
        audit(Event.PAIRED, operation, now)
    return PairAnswer(capability.make(operation, now))
