"""A counterpart that is not ours: an authority kept by `openssl`, with its lists and its responder.

Its clock is the real one, so these tests ask with the real time.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

CONFIGURATION = """
[ca]
default_ca = ours
[ours]
dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
crlnumber = {folder}/crlnumber
new_certs_dir = {folder}
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = sha256
default_days = 30
default_crl_days = 1
policy = any
unique_subject = no
string_mask = utf8only
[any]
countryName = optional
givenName = optional
surname = optional
commonName = supplied
serialNumber = optional
[req]
distinguished_name = nobody
string_mask = utf8only
utf8 = yes
prompt = no
[nobody]
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[holder]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
authorityInfoAccess = OCSP;URI:{ocsp}
crlDistributionPoints = URI:{crl}
1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements
[statements]
first = SEQUENCE:compliance
[compliance]
id = OID:0.4.0.1862.1.1
[responder]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
authorityKeyIdentifier = keyid
[responder_with_no_check]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
authorityKeyIdentifier = keyid
1.3.6.1.5.5.7.48.1.5 = ASN1:NULL
"""
AYSE = "/C=TR/GN=Ayşe/SN=Yılmaz/CN=Ayşe Yılmaz/serialNumber=TINTR-10000000146"
ROOT = "/C=TR/CN=Openssl Kökü"
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass(frozen=True)
class OpensslAuthority:
    """An authority whose books are in `folder`. Its certificates point to a responder at `port` of this
    machine, and to the list at `crl`.
    """

    folder: Path
    port: int

    @classmethod
    def found(cls, folder: Path, *, port: int, crl: str) -> OpensslAuthority:
        """A new one."""
        folder.mkdir(parents=True)
        ocsp = f"http://127.0.0.1:{port}/"
        (folder / "ca.cnf").write_text(CONFIGURATION.format(folder=folder, ocsp=ocsp, crl=crl))
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1001\n")
        (folder / "crlnumber").write_text("01\n")
        made = cls(folder, port)
        made._run(
            "req -utf8 -x509 -days 60 -extensions authority -keyout ca.key -out ca.pem",
            "-subj",
            ROOT,
            *NEW_KEY,
        )
        return made

    @property
    def der(self) -> bytes:
        """Its own certificate."""
        return _der(self.folder / "ca.pem")

    def issue(self, name: str = "ayse", subject: str = AYSE, extensions: str = "holder") -> bytes:
        """A certificate (DER); it is kept as `name`.pem, its key as `name`.key."""
        self._run(f"req -utf8 -out {name}.csr -keyout {name}.key", "-subj", subject, *NEW_KEY)
        self._run(f"ca -batch -notext -utf8 -in {name}.csr -out {name}.pem -extensions {extensions}")
        return _der(self.folder / f"{name}.pem")

    def revoke(self, name: str = "ayse", reason: str = "keyCompromise") -> None:
        """From now on its lists, and responders started later, say so."""
        self._run(f"ca -revoke {name}.pem -crl_reason {reason}")

    def forget(self) -> None:
        """As if it had never issued anything."""
        (self.folder / "index.txt").write_text("")

    def crl(self) -> bytes:
        """Its list as it is now (PEM)."""
        self._run("ca -gencrl -out list.pem")
        return (self.folder / "list.pem").read_bytes()

    @contextmanager
    def responder(self, signer: str = "ca") -> Iterator[None]:
        """`openssl ocsp` as a server, for as long as the context lasts."""
        command = f"openssl ocsp -port {self.port} -index index.txt -CA ca.pem -nmin 5"
        command += f" -rsigner {signer}.pem -rkey {signer}.key"
        with (
            (self.folder / "ocsp.log").open("ab") as log,
            subprocess.Popen(command.split(), cwd=self.folder, stdout=subprocess.PIPE, stderr=log) as process,
        ):
            try:
                assert process.stdout is not None
                assert any(line.startswith(b"ACCEPT") for line in process.stdout)
                yield
            finally:
                process.terminate()

    def _run(self, words: str, *more: str) -> None:
        command = ["openssl", *words.split(), "-config", "ca.cnf", *more]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


def _der(file: Path) -> bytes:
    return x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
