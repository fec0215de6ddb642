"""OpenSSL's CMP on both sides: its mock server for the portal, its client for the stand-in."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from portal.tests.ca import authority as pki
from portal.tests.ca.cmp.bodies import pki_issuer, voice
from portal.tests.ca.cmp.served import RECIPIENT, RegistrationAuthority

SECONDS = 30
_LISTENING = re.compile(rb"ACCEPT \S*?:(\d+)")


def _pem(path: Path, *certificates: x509.Certificate) -> str:
    path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in certificates))
    return str(path)


@dataclass(frozen=True)
class MockServer:
    """Where it listens, and what it writes down."""

    url: str
    log: Path

    def heard(self) -> list[str]:
        """The kinds of the messages that came, in their order."""
        return re.findall(r"DEBUG: received (\w+)", self.log.read_text(errors="replace"))


@contextmanager
def mock_server(
    folder: Path, ours: RegistrationAuthority, certificate: x509.Certificate, *options: str
) -> Iterator[MockServer]:
    """`openssl cmp -port`: it answers every request with this certificate."""
    speaks = voice()
    key = folder / "voice.key"
    key.write_bytes(speaks.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    command = [
        *("openssl", "cmp", "-config", "", "-verbosity", "8", "-port", "0", "-srv_key", str(key)),
        *("-srv_cert", _pem(folder / "voice.pem", speaks.certificate)),
        *("-srv_untrusted", _pem(folder / "issuing.pem", pki_issuer())),
        *("-srv_trusted", _pem(folder / "trusted.pem", ours.certificate)),
        *("-rsp_cert", _pem(folder / "made.pem", certificate), "-accept_raverified", *options),
    ]
    log = folder / "mock.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL) as server,
    ):
        try:
            yield MockServer(f"http://127.0.0.1:{_port(server, log)}/", log)
        finally:
            server.terminate()
            server.wait(SECONDS)


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    while server.poll() is None:
        if found := _LISTENING.search(log.read_bytes()):
            return int(found.group(1))
    raise AssertionError(log.read_text())


def client(url: str, folder: Path, ours: RegistrationAuthority, *options: str) -> str:
    """`openssl cmp` once, as registration authority; what it says. Raises AssertionError where it failed."""
    root, *_ = reversed(pki.authority().certificates)
    command = [
        *("openssl", "cmp", "-config", "", "-server", url, "-recipient", _slashes(RECIPIENT)),
        *("-cert", str(ours.cert_file), "-key", str(ours.key_file), "-ignore_keyusage"),
        *(
            "-trusted",
            _pem(folder / "root.pem", root),
            "-untrusted",
            _pem(folder / "chain.pem", pki_issuer()),
        ),
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def _slashes(name: str) -> str:
    """A name as OpenSSL's command line has it."""
    return "/" + "/".join(reversed(name.split(",")))
