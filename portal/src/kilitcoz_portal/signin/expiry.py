"""Clearing away what counts no more. The sweep does it, so that no login spends time on it."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.signin import (
    allowances,
    human,
    lanes,
    living,
    loss_reports,
    networks,
    tries,
    word_recovery,
)


def sweep(now: datetime) -> None:
    """Sessions and human checks that are late, counts that are over, browsers that are strangers again."""
    living.sweep(now)
    human.forget_old(now)
    tries.forget_old(now)
    networks.forget_old(now)
    lanes.forget_old(now)
    word_recovery.forget_old(now)
    loss_reports.forget_old(now)
    allowances.forget_old(now)
