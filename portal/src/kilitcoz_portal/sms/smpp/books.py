"""What an SMSC tells when no worker waits for it, receipts and late answers: written into the journal from
the session's thread.
"""

from __future__ import annotations

import asyncio

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from kilitcoz_portal.outgoing import receipts
from kilitcoz_portal.outgoing.gateways import AnswerLost, GatewayFault
from kilitcoz_portal.sms.smpp.pdus import Receipt

log = structlog.get_logger(__name__)

DELIVERED = "DELIVRD"
MISSED = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})
PAUSES = (0.0, 0.2, 1.0, 3.0)  # a receipt can be faster than the worker that writes the acceptance down

_writing: set[asyncio.Task[None]] = set()


async def receipt(gateway: str, found: Receipt) -> bool:
    """Write it down; False where the database does not take it. Of messages that are not in the journal, and
    of states in between, there is nothing to write.
    """
    if found.state != DELIVERED and found.state not in MISSED:
        return True
    try:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            if await asyncio.to_thread(_receipt, gateway, found):
                return True
    except DatabaseError:
        log.exception("receipt-not-written", gateway=gateway)
        return False
    log.info("receipt-of-unknown-message", gateway=gateway)
    return True


def late_answer(gateway: str, reference: str, name: str, fault: GatewayFault | None) -> None:
    """Settle what was given up as in doubt."""
    if isinstance(fault, AnswerLost):
        return
    writing = asyncio.create_task(asyncio.to_thread(_late_answer, gateway, reference, name, fault))
    _writing.add(writing)
    writing.add_done_callback(_writing.discard)


def _receipt(gateway: str, found: Receipt) -> bool:
    try:
        delivered = found.state == DELIVERED
        return receipts.received(
            gateway, found.message_id, timezone.now(), delivered=delivered, code="undelivered"
        )
    finally:
        connections.close_all()


def _late_answer(gateway: str, reference: str, name: str, fault: GatewayFault | None) -> None:
    try:
        receipts.late_answer(gateway, reference, name, timezone.now(), code=fault.code if fault else "")
    finally:
        connections.close_all()
