"""The machine's own PC/SC service with its virtual reader (pcscd, vsmartcard-vpcd), for `--card pcsc`.

vpcd takes whoever connects, so two demos would fight for one slot: the first locks vpcd's configuration file.
"""

import contextlib
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from demo.children import Children
from demo.ports import answers

VPCD_PORT = 35963
READER = "Virtual PCD 00 00"
SOCKET = Path("/run/pcscd/pcscd.comm")
CONFIGURATION = Path("/etc/reader.conf.d/vpcd")


class PcscUnavailableError(Exception):
    """This machine's PC/SC service cannot take the virtual card; the sentence says why and what to do."""


@contextlib.contextmanager
def virtual_reader(children: Children, progress: Callable[[str], None]) -> Iterator[str]:
    """The address at which vpcd takes the card, for as long as the context lasts.

    Starts pcscd where none runs (which needs root). Raises PcscUnavailableError, ChildFailedError.
    """
    with _reserved():
        if not _service_answers():
            progress("no pcscd runs on this machine: starting one, which ends with the demo")
            _start_service(children)
        elif not answers(VPCD_PORT):
            raise PcscUnavailableError(
                "pcscd runs, but without the virtual reader. Restart it, so that it reads "
                f"{CONFIGURATION}: systemctl restart pcscd"
            )
        yield f"127.0.0.1:{VPCD_PORT}"


@contextlib.contextmanager
def _reserved() -> Iterator[None]:
    if not CONFIGURATION.exists():
        raise PcscUnavailableError("the virtual reader is not installed: apt-get install -y vsmartcard-vpcd")
    with CONFIGURATION.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PcscUnavailableError(
                "another demo has this machine's virtual reader. End it, or start this one with --card sim."
            ) from None
        yield


def _service_answers() -> bool:
    """Whether a pcscd takes connections; where systemd starts it on demand, this starts it."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(SOCKET))
        except OSError:
            return False
    return True


def _start_service(children: Children) -> None:
    if os.geteuid() != 0:
        raise PcscUnavailableError(
            "no pcscd runs on this machine, and starting one needs root. As root: pcscd -f, "
            "or start the demo with --card sim."
        )
    SOCKET.parent.mkdir(exist_ok=True)
    service = children.start("pcscd", ["pcscd", "--foreground"])
    service.wait_until(lambda: _service_answers() and answers(VPCD_PORT), seconds=10)
