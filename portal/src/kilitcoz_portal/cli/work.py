"""`kilitcoz work`: the process that hands queued messages to their gateways, opens what an authority owes
and reminds holders; and what sweep does for messages.
"""

from __future__ import annotations

import signal
from datetime import datetime
from types import FrameType
from typing import Annotated

import structlog
import typer
from django.utils import timezone

from kilitcoz_portal.mail.channel import MAIL
from kilitcoz_portal.outgoing import sweeping
from kilitcoz_portal.outgoing.crew import Crew
from kilitcoz_portal.sms import alarms, budgets
from kilitcoz_portal.sms.channel import SMS

log = structlog.get_logger(__name__)

CHANNELS = (SMS, MAIL)


def work(
    threads: Annotated[int, typer.Option(help="Messages that may be on their way at once.")] = 4,
) -> None:
    """Send queued messages until stopped, and each half minute what `sweep` does for them, for openings that
    an authority owes, for reminders, and for the time stamps of E-Onay. SIGTERM and Ctrl-C let what is on its
    way end first; started anew after a kill, it puts in doubt what was on its way then. Not needed where
    messages stay in the house.
    """
    crew = Crew(CHANNELS, threads, _sweep)

    def stop(_number: int, _frame: FrameType | None) -> None:
        crew.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    typer.echo(f"working, at most {threads} messages at once")
    if not crew.run():
        raise typer.Exit(1)


def _sweep() -> None:
    """Messages, and what is due to certificates and consents; these keep no message from its way."""
    from kilitcoz_portal.cli import due

    sweep_messages(timezone.now())
    for sweep in due.soon():
        try:
            sweep(timezone.now())
        except Exception:
            log.exception("certificates-not-swept", what=sweep.__module__)


def sweep_messages(now: datetime) -> str:
    """Settle what dead workers left, forget what is old, and see whether codes come back; in words."""
    swept = [sweeping.sweep(channel, now) for channel in CHANNELS]
    sweeping.forget_tasks(now)
    budgets.forget(now)
    alarms.watch_conversion(now)
    doubts, late = sum(each.in_doubt for each in swept), sum(each.late for each in swept)
    return f"{doubts} messages in doubt, {late} late"
