"""A clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Clock:
    """The moment that both sides have."""

    moment: datetime

    def now(self) -> datetime:
        """As it stands."""
        return self.moment

    def later(self, **by: float) -> datetime:
        """Moved on; the new moment."""
        self.moment += timedelta(**by)
        return self.moment
