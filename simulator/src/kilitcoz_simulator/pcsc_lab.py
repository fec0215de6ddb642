"""A PC/SC service of one's own, with virtual readers: real pcscd and vpcd in private namespaces.

    with PcscLab() as lab:
        lab.insert(card)                       # or lab.slots[1].insert(card): two slots by default
        subprocess.run([...], env=os.environ | lab.environment)

pcscd runs in network and mount namespaces of its own, so that neither the machine's service nor a neighbour's
test is disturbed: vpcd listens on all addresses, for whoever connects. Clients outside reach it through
PCSCLITE_CSOCK_NAME; the cards live in this process, so tests can read their logs and tear them out.

Needs root, or a kernel that lets users make namespaces; util-linux, iproute2, Debian's pcscd and
vsmartcard-vpcd.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.errors import LabUnavailable
from kilitcoz_simulator.pcscd_states import readers_with_a_card
from kilitcoz_simulator.serving import CONNECT_SECONDS, VpcdClient
from kilitcoz_simulator.slot import Slot

VPCD_PORT = 35963
SLOTS_PER_READER = 2  # vpcd.h: VICC_MAX_SLOTS of Debian's build; slot n listens on port + n
START_SECONDS = 10.0
SETTLE_SECONDS = 10.0  # pcscd polls readers every 400 ms
POLL_SECONDS = 0.01
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER_NAME = "Virtual PCD"
READER_CONF = "reader.conf.d"
_CONNECT_AND_SEND = (
    "import socket, sys; channel, port = map(int, sys.argv[1:]);"
    f"connection = socket.create_connection(('127.0.0.1', port), {CONNECT_SECONDS});"
    "connection.settimeout(None);"
    "socket.send_fds(socket.socket(fileno=channel), [b'.'], [connection.fileno()])"
)
# All of /run is private: a machine that never started pcscd has no /run/pcscd to mount on.
_IN_NAMESPACE = (
    "ip link set lo up && mount -t tmpfs -o mode=755 none /run && mkdir /run/pcscd"
    " && exec pcscd --foreground --config {}"
)


class PcscLab:
    """pcscd with `slots` slots, each with a Slot to put cards in. `with`, or start() and stop()."""

    def __init__(self, slots: int = SLOTS_PER_READER) -> None:
        self.slots = [Slot(reinsert_after=None) for _ in range(slots)]
        self._clients: list[VpcdClient] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def pid(self) -> int:
        """The process number of pcscd."""
        assert self._process is not None, "the lab is not started"
        return self._process.pid

    @property
    def socket_name(self) -> str:
        """What PCSCLITE_CSOCK_NAME must be for clients of this pcscd."""
        return f"/proc/{self.pid}/root/run/pcscd/pcscd.comm"

    @property
    def environment(self) -> dict[str, str]:
        """To be added to the environment of clients."""
        return {"PCSCLITE_CSOCK_NAME": self.socket_name}

    def reader_name(self, slot: int = 0) -> str:
        """How pcscd calls a slot."""
        reader, number = divmod(slot, SLOTS_PER_READER)
        return f"{_friendly_name(reader)} 00 {number:02X}"

    def insert(self, card: InReader, slot: int = 0, *, settle: bool = True) -> None:
        """Puts a card in; with `settle` returns when pcscd has noticed it, or raises LabUnavailable."""
        if settle and self.slots[slot].seat is not None:
            self.remove(slot)
        self.slots[slot].insert(card)
        if settle:
            self.wait_for(slot, present=True)

    def remove(self, slot: int = 0, *, settle: bool = True) -> None:
        """Takes the card out; with `settle` returns when pcscd has noticed it, or raises LabUnavailable."""
        self.slots[slot].remove()
        if settle:
            self.wait_for(slot, present=False)

    def wait_for(self, slot: int, *, present: bool) -> None:
        """Returns when pcscd sees a card in the slot, or none; LabUnavailable after some seconds."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while (self.reader_name(slot) in readers_with_a_card(self.socket_name)) is not present:
            if time.monotonic() > deadline:
                raise LabUnavailable("pcscd did not notice the card" if present else "pcscd keeps the card")
            time.sleep(POLL_SECONDS)

    def start(self) -> Self:
        """Starts pcscd and waits for its socket. Raises LabUnavailable."""
        require_lab()
        self._folder = tempfile.TemporaryDirectory(prefix="kilitcoz-pcsc-")
        _write_configuration(Path(self._folder.name), len(self.slots))
        self._launch()
        for number, slot in enumerate(self.slots):
            self._clients.append(VpcdClient(slot, self._connect_to(number)).start())
        return self

    def stop(self) -> None:
        """Takes all cards out and ends pcscd."""
        for client in self._clients:
            client.stop()
        self._clients.clear()
        self._end_process()
        if self._folder is not None:
            self._folder.cleanup()

    def restart_pcscd(self) -> None:
        """Ends pcscd and starts another one; the cards come back by themselves. `socket_name` changes."""
        self._end_process()
        self._launch()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self) -> None:
        assert self._folder is not None
        inside = ["sh", "-c", _IN_NAMESPACE.format(Path(self._folder.name, READER_CONF))]
        command = [*_unshare(), "setpriv", "--pdeathsig", "KILL", *inside]
        with Path(self._folder.name, "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  (a fixed command)
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not Path(self.socket_name).exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end_process()
                raise LabUnavailable("pcscd did not start")
            time.sleep(POLL_SECONDS)

    def _end_process(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        self._process.kill()
        self._process.wait()

    def _connect_to(self, slot: int) -> Callable[[], socket.socket]:
        return lambda: connect_inside(self.pid, _port(slot))


def require_lab() -> None:
    """Raises LabUnavailable with what is missing on this machine, in words for its user."""
    for program in ("unshare", "nsenter", "setpriv", "ip", "pcscd"):
        if shutil.which(program) is None:
            raise LabUnavailable(f"{program} is not installed")
    if not DRIVER.exists():
        raise LabUnavailable("the virtual reader (Debian package vsmartcard-vpcd) is not installed")
    if subprocess.run([*_unshare(), "true"], capture_output=True, check=False).returncode != 0:  # noqa: S603
        raise LabUnavailable("this user may not make namespaces; root may")


def connect_inside(pid: int, port: int) -> socket.socket:
    """A TCP connection to 127.0.0.1:port in a process' network namespace. Raises OSError.

    A helper enters the namespace, connects, and hands the connected socket back (SCM_RIGHTS).
    """
    ours, theirs = socket.socketpair()
    as_user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    enter = ["nsenter", f"--target={pid}", "--net", *as_user]
    helper = [sys.executable, "-I", "-S", "-c", _CONNECT_AND_SEND, str(theirs.fileno()), str(port)]
    with ours, theirs:
        done = subprocess.run(  # noqa: S603  (a fixed command)
            [*enter, *helper], pass_fds=[theirs.fileno()], capture_output=True, check=False
        )
        if done.returncode != 0:
            raise ConnectionRefusedError(f"nothing listens on port {port} in the namespace of {pid}")
        _, (descriptor,), _, _ = socket.recv_fds(ours, 1, 1)
    return socket.socket(fileno=descriptor)


def _unshare() -> list[str]:
    """The namespaces; who is not root becomes root in a user namespace of its own."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *as_root, "--net", "--mount"]


def _port(slot: int) -> int:
    return VPCD_PORT + slot


def _friendly_name(reader: int) -> str:
    return f"{READER_NAME} {reader + 1}" if reader else READER_NAME


def _write_configuration(folder: Path, slots: int) -> None:
    """reader.conf for so many slots: a virtual reader for every two, each with a driver file of its own.

    pcscd loads one driver file once, and vpcd keeps its slots by number in a static table: two readers on
    the same file would share them. pcscd numbers readers per driver file, so their names differ too.
    """
    (folder / READER_CONF).mkdir()
    for reader in range((slots + SLOTS_PER_READER - 1) // SLOTS_PER_READER):
        driver = Path(shutil.copy(DRIVER, folder / f"vpcd-{reader}.so"))
        port = _port(SLOTS_PER_READER * reader)
        (folder / READER_CONF / f"vpcd-{reader}").write_text(
            f'FRIENDLYNAME "{_friendly_name(reader)}"\nDEVICENAME /dev/null:0x{port:X}\n'
            f"LIBPATH {driver}\nCHANNELID 0x{port:X}\n"
        )
