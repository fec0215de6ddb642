"""The token every page gets and every act must bring: an HMAC under a key of this process, so nothing is
stored.

A page from before a restart holds a token of the former process; it is refused and the page loads itself
anew.
"""

from __future__ import annotations

import hmac
import secrets


class PageTokens:
    """Makes and checks the tokens of one run of the service."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def new(self) -> str:
        """A token for a page about to be served: `page id . mark`."""
        page = secrets.token_urlsafe(16)
        return f"{page}.{self._mark(page)}"

    def is_ours(self, token: str) -> bool:
        """Whether this process made the token."""
        page, _, mark = token.partition(".")
        return hmac.compare_digest(mark.encode(), self._mark(page).encode())

    def _mark(self, page: str) -> str:
        return hmac.new(self._key, page.encode(), "sha256").hexdigest()
