"""The one question to E-Onay: did this holder once sign that later applications need no signature?

E-Onay's room (`approval`) lies above this one. Whoever composes both, pages and cli, hands its answer to
receiving, and to services.check; where E-Onay is not offered, nobody has given it.
"""

from __future__ import annotations

from collections.abc import Callable

from kilitcoz_portal.holders.models import Holder

ConsentGiven = Callable[[Holder], bool]


def not_offered(_holder: Holder) -> bool:
    """The answer of an installation without E-Onay: everybody signs on paper."""
    return False
