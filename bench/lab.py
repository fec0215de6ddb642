"""A PC/SC service of our own: pcscd with the virtual reader vpcd, in its own network and mount namespaces.

The machine's pcscd, if there is one, never sees it. Programs outside reach it by the environment that
`Lab.client` returns; the virtual card runs inside: vpcd listens on all addresses of the network it is in.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.children import Child, Children

VPCD_ADDRESS = "127.0.0.1:35963"  # 0x8C7B, the port in Debian's /etc/reader.conf.d/vpcd
INSIDE = "ip link set lo up && mount -t tmpfs tmpfs /run/pcscd && exec pcscd --foreground --error"


@dataclass(frozen=True)
class Lab:
    """A running PC/SC service. Its processes end with `children`."""

    children: Children
    pcscd: Child

    @property
    def socket(self) -> Path:
        """pcscd's socket, as seen from outside its mount namespace."""
        return Path(f"/proc/{self.pcscd.pid}/root/run/pcscd/pcscd.comm")

    @property
    def client(self) -> Mapping[str, str]:
        """The environment in which a PC/SC client speaks to this service."""
        return {"PCSCLITE_CSOCK_NAME": str(self.socket)}

    def start_inside(self, name: str, command: Sequence[str]) -> Child:
        """Starts a process that shares the lab's network (not its mounts)."""
        user = () if os.geteuid() == 0 else ("--user", "--preserve-credentials")
        return self.children.start(name, ["nsenter", f"--target={self.pcscd.pid}", *user, "--net", *command])


@contextmanager
def lab(logs: Path) -> Iterator[Lab]:
    """A PC/SC service with two empty readers (vpcd has two slots). Raises ChildFailedError."""
    Path("/run/pcscd").mkdir(exist_ok=True)
    namespaces = ["--net", "--mount"] if os.geteuid() == 0 else ["--map-root-user", "--net", "--mount"]
    with Children(logs) as children:
        pcscd = children.start("pcscd", ["unshare", *namespaces, "sh", "-c", INSIDE])
        running = Lab(children, pcscd)
        pcscd.wait_until(running.socket.is_socket)
        yield running
