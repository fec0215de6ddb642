"""What the world is told of a certificate: OpenSSL asks at the public addresses, as anybody would.
`openssl crl` reads the list, `openssl ocsp` asks the responder; they must agree at every step (A39).
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from demo.stack import fetch

from e2e.installation import Installation

REVOKED = re.compile(
    r"Serial Number: ([0-9A-F]+)(?:(?!Serial Number).)*?CRL Reason Code:\s+([^\n]+)", re.DOTALL
)


@dataclass
class World:
    """Asks about one certificate. Files of the question lie in `folder`."""

    place: Installation
    certificate: x509.Certificate
    folder: Path

    def __post_init__(self) -> None:
        self._write("card.pem", self.certificate)
        for name in ("kok", "nes"):
            der = fetch(f"{self.place.origin}/pki/{name}.cer")
            assert der is not None
            self._write(f"{name}.pem", x509.load_der_x509_certificate(der))

    def says(self) -> str:
        """`good`, or why not, in the words of RFC 5280; both sources say it."""
        listed, answered = self._list(), self._ocsp()
        assert listed == answered, (listed, answered)
        return listed

    def _write(self, name: str, certificate: x509.Certificate) -> None:
        (self.folder / name).write_bytes(certificate.public_bytes(Encoding.PEM))

    def _list(self) -> str:
        der = fetch(f"{self.place.origin}/pki/nes.crl")
        assert der is not None
        (self.folder / "nes.crl").write_bytes(der)
        # its signature too: `crl -CAfile` says "verify OK"
        text = self._openssl(
            "crl", "-inform", "DER", "-in", "nes.crl", "-text", "-noout", "-CAfile", "nes.pem"
        )
        assert "verify OK" in text
        entries = {int(serial, 16): reason.strip() for serial, reason in REVOKED.findall(text)}
        return _word(entries.get(self.certificate.serial_number, "good"))

    def _ocsp(self) -> str:
        url = f"{self.place.origin}/ocsp"
        asked = ["ocsp", "-issuer", "nes.pem", "-cert", "card.pem", "-url", url, "-CAfile", "kok.pem"]
        text = self._openssl(*asked)
        assert "Response verify OK" in text
        if "card.pem: good" in text:
            return "good"
        reason = re.search(r"Reason: (\S+)", text)
        assert reason is not None, text
        return _word(reason[1])

    def _openssl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout + done.stderr


def _word(reason: str) -> str:
    """`Certificate Hold` and `certificateHold` are one."""
    return reason.replace(" ", "").lower()
