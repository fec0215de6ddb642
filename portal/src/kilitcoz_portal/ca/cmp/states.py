"""The journal's states as a literal table; journal.move is the one function that applies it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kilitcoz_portal.ca.cmp.models import Step

OPEN = frozenset({Step.SENT, Step.WAITING, Step.DOUBT})  # without a certificate yet
FINAL = frozenset({Step.CONFIRMED, Step.ENDED})

NEXT: Mapping[Step, frozenset[Step]] = MappingProxyType(
    {
        Step.SENT: frozenset({Step.WAITING, Step.DOUBT, Step.ANSWERED, Step.REJECTED, Step.ENDED}),
        Step.WAITING: frozenset({Step.WAITING, Step.DOUBT, Step.ANSWERED, Step.REJECTED, Step.ENDED}),
        Step.DOUBT: frozenset({Step.WAITING, Step.ANSWERED, Step.REJECTED, Step.ENDED}),
        Step.ANSWERED: frozenset({Step.CONFIRMED, Step.ENDED}),
        Step.REJECTED: frozenset({Step.ENDED}),
        Step.CONFIRMED: frozenset(),
        Step.ENDED: frozenset(),
    }
)
