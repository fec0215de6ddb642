"""The processes of one demo: started with a log each, watched, and ended together.

No child outlives its parent, however the parent ends: the kernel sends it SIGTERM then (setpriv --pdeathsig).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

END_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")  # util-linux, which every Debian has
LOG_LINES_SHOWN = 12
SECONDS_TO_END = 5.0

Answer = TypeVar("Answer")


class ChildFailedError(Exception):
    """A child ended, or did not become ready. The sentence holds its log's last lines."""

    def __init__(self, what: str, log: Path) -> None:
        super().__init__(f"{what} The end of {log}:\n{tail(log)}")
        self.log = log


def tail(log: Path, lines: int = LOG_LINES_SHOWN) -> str:
    """The last lines of a log, indented; a sentence where there are none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        text = ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:]) or "    (it said nothing)"


def program(name: str) -> str:
    """The path of a command of this virtual environment, e.g. `kilitcoz-agent`."""
    return str(Path(sys.executable).parent / name)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with `settings`, without our own of old; no proxy for loopback."""
    ours = ("KILITCOZ_", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONUNBUFFERED": "1", "NO_PROXY": "localhost,127.0.0.1,::1", **settings}


@dataclass
class Child:
    """One running process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def check(self) -> None:
        """Raises ChildFailedError if the process has ended."""
        if (status := self.process.poll()) is not None:
            raise ChildFailedError(f"{self.name} ended by itself (status {status}).", self.log)

    def wait_until(self, ready: Callable[[], Answer | None], seconds: float = 30.0) -> Answer:
        """The first true answer of `ready`, asked every few milliseconds while the child lives."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            self.check()
            if answer := ready():
                return answer
            time.sleep(0.02)
        raise ChildFailedError(f"{self.name} was not ready within {seconds:.0f} s.", self.log)

    def stop(self) -> None:
        """SIGTERM to the child's whole group, SIGKILL to what is left after a while. Does nothing twice."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            try:
                self.process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                continue
            return


@dataclass
class Children:
    """All of them, in the order of their start; ended in the reverse order."""

    logs: Path
    running: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], settings: Mapping[str, str] | None = None) -> Child:
        """Starts `command` in a session of its own, so that a terminal's Ctrl-C reaches the parent alone."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*END_WITH_PARENT, *command],
                env=environment(settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self.running.append(child)
        return child

    def check(self) -> None:
        for child in self.running:
            child.check()

    def stop(self) -> None:
        while self.running:
            self.running.pop().stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
