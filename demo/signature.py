"""The demo's "E-imzalı Giriş": the card's login certificate lies in a file for a browser to import, and an
origin asks for it.

A virtual card gives its key away for this, as no real card would: browsers on this machine cannot see it.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from kilitcoz_simulator import keys
from kilitcoz_simulator.issuing import AUTHENTICATION, IssuedCard

PASSWORD = "demo"  # noqa: S105 - of a file that is the demo's own invention
TLS_LIFE = timedelta(days=365)


@dataclass(frozen=True)
class ForBrowsers:
    """What somebody needs to try it: the origin, and the file to import."""

    origin: str
    certificate: Path
    password: str


def export_login_certificate(issued: IssuedCard, authority: Path, path: Path) -> None:
    """The key and certificate of slot 9A as PKCS#12, with PASSWORD, and the authorities of that folder."""
    key = keys.from_der(issued.state.keys[AUTHENTICATION].private_der)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    bundle = pkcs12.serialize_key_and_certificates(
        b"Kilitcoz demo",
        key,
        issued.certificates[AUTHENTICATION],
        [x509.load_der_x509_certificate(each.read_bytes()) for each in sorted(authority.glob("*.cer"))],
        BestAvailableEncryption(PASSWORD.encode()),
    )
    path.touch(mode=0o600)
    path.write_bytes(bundle)


def make_tls_files(folder: Path) -> tuple[Path, Path]:
    """Certificate and key of the origin on this machine, self-made: browsers will warn. Kept if there."""
    certificate, key_file = folder / "tls.pem", folder / "tls.key"
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        key_file.touch(mode=0o600)
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        certificate.write_bytes(_for_this_machine(key, datetime.now(UTC)).public_bytes(Encoding.PEM))
    return certificate, key_file


def _for_this_machine(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + TLS_LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
