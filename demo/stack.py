"""The product's programs as an administrator starts them: the portal with its commands, and the card service.

Each has a folder, a port, and settings in its environment. Secrets go in by stdin, never by argument.
"""

import hashlib
import json
import subprocess
import urllib.error
import urllib.request
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from demo.cast import CALL_CENTRE, ORGANISATION
from demo.children import Child, ChildFailedError, Children, environment, program
from demo.ports import answers

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url: str) -> bytes | None:
    """The body of a page that answers with success, else None."""
    try:
        with _direct.open(url, timeout=2) as answer:
            body: bytes = answer.read()
            return body
    except (urllib.error.URLError, OSError):
        return None


def run_command(
    name: str, arguments: list[str], settings: Mapping[str, str], log: Path, typed: str = ""
) -> str:
    """Runs one of the product's commands to its end; `typed` is its stdin. Returns what it printed.

    Raises ChildFailedError with the last lines of what it said.
    """
    done = subprocess.run(
        [program(name), *arguments],
        env=environment(settings),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as book:
        book.write(f"$ {name} {' '.join(arguments)}\n{done.stderr}")
        if done.returncode != 0:
            book.write(done.stdout)
    if done.returncode != 0:
        raise ChildFailedError(f"`{name} {' '.join(arguments[:2])}` failed (status {done.returncode}).", log)
    return done.stdout


@dataclass
class Portal:
    """The server. `origin` differs from http://localhost:PORT where something stands before it."""

    children: Children
    folder: Path
    port: int
    agent_port: int
    language: str = "tr"
    origin: str = ""
    further: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.origin = self.origin or f"http://localhost:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The portal's environment (docs/operations/configuration.md)."""
        return {
            "KILITCOZ_DATA_DIR": str(self.folder),
            "KILITCOZ_ORIGIN": self.origin,
            "KILITCOZ_AGENT_PORT": str(self.agent_port),
            "KILITCOZ_LANGUAGE": self.language,
            "KILITCOZ_ORGANISATION": ORGANISATION,
            "KILITCOZ_CALL_CENTRE": CALL_CENTRE,
            "KILITCOZ_SMS_GATEWAY": "outbox",
            "KILITCOZ_DEMO": "1",
            **self.further,
        }

    @property
    def outbox(self) -> str:
        """The page of all SMS sent; `?format=json` for programs."""
        return f"{self.origin}/outbox"

    def command(self, *arguments: str, typed: str = "") -> str:
        """Runs `kilitcoz …` to its end; returns what it printed."""
        log = self.children.logs / "kilitcoz.log"
        return run_command("kilitcoz", list(arguments), self.settings, log, typed)

    def start(self) -> Child:
        """Serves until stopped; returns when it is ready."""
        child = self.children.start(
            "portal", [program("kilitcoz"), "serve", "--port", str(self.port)], self.settings
        )
        child.wait_until(lambda: fetch(f"http://localhost:{self.port}/readyz"))
        return child

    def start_signature(self, port: int, certificate: Path, key: Path) -> Child:
        """Serves the origin that asks browsers for a certificate until stopped; returns when it listens."""
        files = ["--certificate", str(certificate), "--key", str(key)]
        command = [program("kilitcoz"), "serve-signature", "--port", str(port), *files]
        child = self.children.start("signature", command, self.settings)
        child.wait_until(lambda: answers(port))
        return child

    def fingerprint(self) -> str:
        """Of the capability-signing keys: SHA-256 over the raw keys in ascending order, in hex."""
        document = json.loads(fetch(f"http://localhost:{self.port}/.well-known/kilitcoz.json") or "{}")
        keys = sorted(urlsafe_b64decode(entry["key"] + "==") for entry in document["keys"])
        return hashlib.sha256(b"".join(keys)).hexdigest()


@dataclass
class CardService:
    """The card service on the holder's PC. `readers`: `pcsc`, or `sim:HOST:PORT` one or more times."""

    children: Children
    folder: Path
    port: int
    readers: list[str]
    language: str = "tr"
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """Its environment."""
        return {"KILITCOZ_AGENT_DIR": str(self.folder), **self.further}

    @property
    def url(self) -> str:
        """Its local page."""
        return f"http://127.0.0.1:{self.port}/"

    def trust(self, portal: Portal) -> None:
        """Pins the portal's keys, as a person does who compared the fingerprint."""
        arguments = ["trust", portal.origin, "--yes", portal.fingerprint()]
        run_command("kilitcoz-agent", arguments, self.settings, self.children.logs / "kilitcoz-agent.log")

    def start(self) -> Child:
        """Runs until stopped; returns when its page answers."""
        readers = [word for reader in self.readers for word in ("--reader", reader)]
        command = [
            program("kilitcoz-agent"),
            "run",
            "--port",
            str(self.port),
            "--lang",
            self.language,
            *readers,
        ]
        child = self.children.start("card-service", command, self.settings)
        child.wait_until(lambda: fetch(self.url))
        return child
