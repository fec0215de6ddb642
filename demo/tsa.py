"""A time-stamping authority for trying out (RFC 3161): a small HTTP server around `openssl ts -reply`.

It says what it is in its own name: nothing that it stamps proves anything to anybody. Runs in a thread of
whoever needs it; `python -m demo.tsa FOLDER PORT` runs it alone.
"""

import datetime as dt
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANISATION = "Örnek Sertifika Hizmetleri (deneme)"
ROOT_NAME = "Deneme Zaman Damgası Kökü"
NAME = "Deneme Zaman Damgası – hukuki değeri yoktur"
POLICY = "1.3.6.1.4.1.99999.1.1"
MOST_BYTES = 64 * 1024
CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_digest = sha256
default_policy = {policy}
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """Files of one authority: key and certificate of the stamps, and the root for whoever is to trust it."""

    folder: Path

    @property
    def anchors(self) -> Path:
        """For KILITCOZ_TSA_ANCHORS."""
        return self.folder / "root.pem"

    def stamp(self, query: bytes) -> bytes:
        """The answer of `openssl ts` to a TimeStampReq; it refuses in its own words what it cannot read."""
        with tempfile.TemporaryDirectory() as place:
            asked, answered = Path(place) / "asked.tsq", Path(place) / "answered.tsr"
            asked.write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "own"]
            command += ["-queryfile", str(asked), "-out", str(answered)]
            command += ["-signer", str(self.folder / "tsa.pem"), "-inkey", str(self.folder / "tsa.key")]
            subprocess.run(command, check=True, capture_output=True, timeout=20)
            return answered.read_bytes()


def of_folder(folder: Path) -> Authority | None:
    """The one that was founded in this folder before."""
    return Authority(folder) if (folder / "tsa.cnf").is_file() else None


def found(folder: Path, now: dt.datetime, life: dt.timedelta = dt.timedelta(days=365)) -> Authority:
    """A new authority in this folder, its certificates good from an hour before `now`."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(ROOT_NAME, root_key, root_key, now, life)
    stamps = _certificate(NAME, key, root_key, now, life)
    (folder / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "tsa.pem").write_bytes(stamps.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tsa.key").write_bytes(secret)
    (folder / "tsa.key").chmod(0o600)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder, policy=POLICY))
    return Authority(folder)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(_name(ROOT_NAME), _name(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + life)
        .add_extension(x509.BasicConstraints(ca=key is issuer_key, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if key is not issuer_key:  # RFC 3161, 2.3: for this purpose alone, and critical
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


class TimestampServer:
    """`with TimestampServer(authority.stamp) as server:`; `answer` may be a liar's."""

    def __init__(self, answer: Callable[[bytes], bytes], port: int = 0) -> None:
        class Handler(BaseHTTPRequestHandler):
            """POST of a query, answered by a reply."""

            def do_POST(self) -> None:
                """RFC 3161, 3.4."""
                length = int(self.headers.get("Content-Length", "0"))
                if not 0 < length <= MOST_BYTES:
                    self.send_error(413)
                    return
                reply = answer(self.rfile.read(length))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """For KILITCOZ_TSA_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def main() -> None:
    """Found an authority in FOLDER and serve it at PORT until stopped."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    authority = found(folder, dt.datetime.now(dt.UTC))
    with TimestampServer(authority.stamp, port) as server:
        print(f"stamping at {server.url}: {NAME}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
