"""httpx without its command line (rich, pygments: 6 MiB), which it imports where those are installed.

`None` in sys.modules makes that import fail as it does where they are missing; httpx expects it.
"""

import sys

sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the import system's own convention

import httpx  # noqa: E402 - after the line above, or it would be of no use

__all__ = ["httpx"]
