"""The strangers' tools: what each is told to do, and how long its process takes from start to end.

They do the bare deed, RESET RETRY COUNTER with the PUK given on the command line: nobody looks up whose card
it is, no PUK is rotated, nothing is proved afterwards. Their start-up counts: a person waits for it too.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_GIVE_UP = 120


class PeerFailedError(Exception):
    """A tool did not do its deed. The sentence has what it said, not the command line: secrets are on it."""


@dataclass(frozen=True)
class Peer:
    """One tool. `{reader}`, `{puk}` and `{pin}` in `unblock` are filled in."""

    name: str
    program: str
    unblock: Sequence[str]

    def seconds_to_unblock(self, reader: str, puk: str, pin: str) -> float:
        """One unblock, timed. Raises PeerFailedError."""
        arguments = [part.format(reader=reader, puk=puk, pin=pin) for part in self.unblock]
        started = time.perf_counter()
        ended = subprocess.run(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_GIVE_UP,
            check=False,
        )
        seconds = time.perf_counter() - started
        if ended.returncode:
            raise PeerFailedError(f"{self.name} (status {ended.returncode}): {ended.stdout}{ended.stderr}")
        return seconds


YUBICO_PIV_TOOL = Peer(
    "yubico-piv-tool",
    "yubico-piv-tool",
    ["--reader={reader}", "--action=unblock-pin", "--pin={puk}", "--new-pin={pin}"],
)
YKMAN = Peer(
    "ykman",
    str(Path(sys.executable).parent / "ykman"),
    ["--reader", "{reader}", "piv", "access", "unblock-pin", "--puk", "{puk}", "--new-pin", "{pin}"],
)
PKCS15_TOOL = Peer(
    "pkcs15-tool",
    "pkcs15-tool",
    ["--reader", "{reader}", "--unblock-pin", "--auth-id", "01", "--puk", "{puk}", "--new-pin", "{pin}"],
)
PEERS = (YUBICO_PIV_TOOL, YKMAN, PKCS15_TOOL)
