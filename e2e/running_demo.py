"""A demo as its readers meet it: known by its line of JSON and, for the CAPTCHA, its folder."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from demo.cast import Person

from e2e.installation import CODE, Enrolled

ROOT = Path(__file__).parents[1]
SECONDS_TO_END = 15


@dataclass
class RunningDemo:
    """A demo, known by nothing but its line of JSON (and, for the CAPTCHA, its folder)."""

    process: subprocess.Popen[str]
    folder: Path
    says: dict[str, Any]

    @property
    def origin(self) -> str:
        return str(self.says["portal"])

    @property
    def holder(self) -> Enrolled:
        known = self.says["holder"]
        person = Person(known["name"], known["id_number"], known["phone"])
        # a walk needs no more of its holder than these two; the card's secrets are nobody's here
        return cast(Enrolled, Known(person, known["security_word"]))

    def newest_code(self, phone: str) -> str:
        with urllib.request.urlopen(f"{self.says['outbox']}?format=json") as answer:
            sent = json.load(answer)
        found = (CODE.search(message["text"]) for message in sent if message["to"] == phone)
        return next(each.group(1) for each in found if each is not None)

    def picture_text(self, check: str) -> str:
        with contextlib.closing(sqlite3.connect(self.folder / "portal" / "portal.sqlite3")) as database:
            query = "SELECT picture_text FROM signin_humancheck WHERE id = ?"
            return str(database.execute(query, (check,)).fetchone()[0])

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS_TO_END)


@dataclass
class Known:
    """What the line of JSON says of the holder."""

    person: Person
    word: str


@contextlib.contextmanager
def demo(folder: Path, *options: str) -> Iterator[RunningDemo]:
    """Starts a demo in `folder` and ends it."""
    command = [sys.executable, "-P", "-m", "demo", "--json", "--data", str(folder), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            says = json.loads(cast(IO[str], process.stdout).readline())
            yield RunningDemo(process, folder, says)
        finally:
            process.terminate()
