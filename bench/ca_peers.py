"""OpenSSL in the authority's place: `openssl ocsp -port` and `openssl ca -gencrl`, with its keys and data."""

import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo.children import Child, Children
from demo.ports import free_port

CONFIGURATION = """
[ca]
default_ca = nes
[nes]
database = {index}
certificate = {folder}/nes.pem
private_key = {key}
default_md = sha256
default_crl_days = 1
crlnumber = {folder}/crlnumber
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
"""


@dataclass(frozen=True)
class OpenSsl:
    """`folder` is its own; `data` the portal's, with the keys."""

    folder: Path
    data: Path

    def prepare(self) -> None:
        """The certificates, as it reads them."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        from kilitcoz_portal.ca import authorities

        found = authorities.authority()
        self.folder.mkdir(exist_ok=True)
        responder = authorities.responder(found, datetime.now(UTC)).certificate
        issuer = x509.load_der_x509_certificate(bytes(found.certificate))
        for name, certificate in (("nes", issuer), ("responder", responder)):
            (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))

    def respond(self, index: Path, children: Children, core: int) -> tuple[Child, int]:
        """An OCSP responder at a port; returns when it says that it waits: a connection that asks nothing
        keeps it from all others for good.
        """
        port = free_port()
        command = ["taskset", "--cpu-list", str(core), "openssl", "ocsp", "-port", str(port)]
        files = ["-index", str(index), "-CA", "nes.pem", "-rsigner", "responder.pem"]
        key = ["-rkey", str(self.data / "ca" / "nes-ocsp.key")]
        where = ["env", "-C", str(self.folder)]
        child = children.start("openssl-ocsp", [*where, *command, *files, *key])
        child.wait_until(lambda: b"waiting for" in child.log.read_bytes() or None, seconds=120)
        return child, port

    def list_seconds(self, index: Path, core: int) -> float:
        """How long `openssl ca -gencrl` takes from start to end."""
        (self.folder / "crlnumber").write_text("01\n", encoding="ascii")
        configuration = self.folder / "ca.conf"
        key = self.data / "ca" / "nes.key"
        text = CONFIGURATION.format(index=index, folder=self.folder, key=key)
        configuration.write_text(text, encoding="utf-8")
        command = ["openssl", "ca", "-gencrl", "-config", str(configuration), "-out", "list.pem"]
        began = time.perf_counter()
        pinned = ["taskset", "--cpu-list", str(core), *command]
        subprocess.run(pinned, check=True, capture_output=True, cwd=self.folder)
        return time.perf_counter() - began
