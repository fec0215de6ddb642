"""What a holder knows a browser by: its name, the system it runs on, and roughly where it is.

Read from what every request says of itself, so it helps to recognise and proves nothing. User-Agent strings
and whole addresses are not kept.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

# First match wins: most browsers also call themselves by the names further down (RFC 9110, 10.1.5).
_BROWSERS = (
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """Proper names, or empty where nothing is known. `network` is the address without its end."""

    browser: str = ""
    system: str = ""
    network: str = ""


def describe(user_agent: str, address: str) -> Device:
    """The device behind a request's User-Agent and address."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent), shortened(address))


def shortened(address: str) -> str:
    """`88.231.14.…` or `2a02:e0:1234:…`: the /24 or /48, which tells a town and no household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return ":".join(f"{int(group, 16):x}" for group in parsed.exploded.split(":")[:3]) + ":…"
        parsed = parsed.ipv4_mapped
    return str(parsed).rpartition(".")[0] + ".…"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")
