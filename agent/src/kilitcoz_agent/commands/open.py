"""`kilitcoz-agent open kilitcoz://op#cap=…`: the second door, called by the desktop for a link of our scheme.

The capability goes to the card service of this very user, proved by its key (local_key), or to one started
now. What squats on the usual port gets nothing, not even the capability.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
import webbrowser
from urllib.parse import urlsplit

from kilitcoz_agent.errors import CapabilityRefused, ServiceNotStarted
from kilitcoz_agent.local_key import ANSWER_SECONDS, RunningService, true_service
from kilitcoz_agent.settings import AgentFiles

SCHEME = "kilitcoz"
CAPABILITY = re.compile(r"cap=([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
START_SECONDS = 10.0


def open_address(files: AgentFiles, address: str, *, browser: bool = True) -> str:
    """Hand the capability in `address` over and show the local page; returns the page's address.

    Raises CapabilityRefused for an address that is not ours, ServiceNotStarted.
    """
    capability = capability_of(address)
    service = true_service(files.service) or start_service(files)
    hand_over(service, capability)
    page = f"http://127.0.0.1:{service.port}/"
    if browser:
        webbrowser.open(page)
    return page


def capability_of(address: str) -> str:
    """The capability in an address of our scheme. Raises CapabilityRefused."""
    parts = urlsplit(address)
    match = CAPABILITY.fullmatch(parts.fragment)
    if parts.scheme != SCHEME or parts.netloc != "op" or parts.path not in ("", "/") or match is None:
        raise CapabilityRefused("capability-invalid")
    return match[1]


def start_service(files: AgentFiles) -> RunningService:
    """Start a card service that outlives this command. Raises ServiceNotStarted."""
    subprocess.Popen(
        [sys.executable, "-m", "kilitcoz_agent", "run"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        service = true_service(files.service)
        if service is not None:
            return service
        time.sleep(0.1)
    raise ServiceNotStarted


def hand_over(service: RunningService, capability: str) -> None:
    """Give the capability to the service; what it thinks of it stands on its page."""
    origin = f"http://127.0.0.1:{service.port}"
    headers = {
        "origin": origin,
        "content-type": "application/json",
        "x-kilitcoz-mark": service.hand_over_mark(capability),
    }
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("POST", "/api/hand-over", json.dumps({"capability": capability}), headers)
        connection.getresponse().read(4096)
    except (OSError, http.client.HTTPException):
        raise ServiceNotStarted from None
    finally:
        connection.close()
