"""How a program of the same user knows the running card service from a squatter on its port (A19).

The service writes `service.json` (0600): its port, process id and a random key. Whoever can read that file is
this user. `kilitcoz-agent open` first asks the service for a MAC over a fresh challenge, and only hands a
capability to one that knows the key; the service in turn takes a handed-over capability only with a MAC over
it.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from kilitcoz_agent.settings import write_private

ANSWER_SECONDS = 3.0


@dataclass(frozen=True)
class RunningService:
    """What `service.json` says."""

    port: int
    process_id: int
    key: bytes

    def prove(self, challenge: str) -> str:
        """What the true service answers to a challenge."""
        return self._mac("service", challenge)

    def hand_over_mark(self, capability: str) -> str:
        """What must come with a capability that is handed over."""
        return self._mac("hand-over", capability)

    def _mac(self, purpose: str, text: str) -> str:
        return hmac.new(self.key, f"kilitcoz/1 {purpose}\0{text}".encode(), "sha256").hexdigest()

    def __repr__(self) -> str:
        return f"RunningService(port={self.port}, process_id={self.process_id})"


def announce(path: Path, port: int) -> RunningService:
    """Write down that this process serves at `port`, under a new key."""
    service = RunningService(port, os.getpid(), secrets.token_bytes(32))
    document = {"port": service.port, "process_id": service.process_id, "key": service.key.hex()}
    write_private(path, json.dumps(document) + "\n")
    return service


def withdraw(path: Path) -> None:
    """Remove the announcement of this process; another one's is left alone."""
    running = running_service(path)
    if running is not None and running.process_id == os.getpid():
        path.unlink(missing_ok=True)


def running_service(path: Path) -> RunningService | None:
    """The announced service, alive or not, or None."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return RunningService(
            int(document["port"]), int(document["process_id"]), bytes.fromhex(document["key"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def true_service(path: Path) -> RunningService | None:
    """The announced service, if it answers and knows its key."""
    service = running_service(path)
    return service if service is not None and _proves_itself(service) else None


def _proves_itself(service: RunningService) -> bool:
    """Whether what listens at the announced port is the announced service."""
    challenge = secrets.token_urlsafe(24)
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", f"/api/service?challenge={challenge}")
        answer = json.loads(connection.getresponse().read(4096))
        return hmac.compare_digest(str(answer["proof"]).encode(), service.prove(challenge).encode())
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return False
    finally:
        connection.close()
