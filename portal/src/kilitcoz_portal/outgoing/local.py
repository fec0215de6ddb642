"""What gateways that keep messages in this house have in common."""

from __future__ import annotations

from typing import ClassVar


class LocalGateway:
    """Keeps messages at once, in the caller's transaction; nothing of it is open, or takes time."""

    name: ClassVar[str]
    is_local: ClassVar[bool] = True
    seconds: ClassVar[float] = 0.0

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing is open."""
