"""The authority elsewhere as the settings KILITCOZ_CMP_* describe it, read anew for each call: files are
replaced while the portal runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings

from kilitcoz_portal import keyfiles
from kilitcoz_portal.ca import keys
from kilitcoz_portal.ca.cmp.protection import Credentials
from kilitcoz_portal.ca.cmp.transfer import LOOPBACK, Address
from kilitcoz_portal.ca.errors import CaNotConfigured
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.signing import SignerKey
from kilitcoz_portal.keyfiles import KeyFileUnsafe

HOLDERS = frozenset({ProfileName.SIGNATURE, ProfileName.AUTHENTICATION, ProfileName.CARD})


@dataclass(frozen=True)
class Connection:
    """`recipient`: the authority's name. `pinned`: its certificates, and those of whom it lets speak.
    `profiles`: its own names of ours. `patience`: how long a call waits where it says "waiting".
    `revocations_at_once`: how many in one message.
    """

    address: Address
    credentials: Credentials
    recipient: x509.Name
    pinned: tuple[x509.Certificate, ...]
    profiles: Mapping[ProfileName, str]
    patience: timedelta
    revocations_at_once: int


def configured() -> Connection:
    """Raises CaNotConfigured, and CaUnavailable where a token holds our key and is away."""
    return Connection(
        address=Address(_url(), settings.KILITCOZ_CMP_SECONDS, _tls_file()),
        credentials=_credentials(),
        recipient=_name(settings.KILITCOZ_CMP_RECIPIENT),
        pinned=_certificates("KILITCOZ_CMP_TRUST_FILE", settings.KILITCOZ_CMP_TRUST_FILE),
        profiles=_profiles(settings.KILITCOZ_CMP_PROFILES),
        patience=timedelta(seconds=settings.KILITCOZ_CMP_PATIENCE),
        revocations_at_once=max(1, settings.KILITCOZ_CMP_REVOCATIONS_AT_ONCE),
    )


def _url() -> str:
    """https, for names and ID numbers travel in it; http for this machine alone."""
    url: str = settings.KILITCOZ_CMP_URL
    parts = urlsplit(url)
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    ):
        raise CaNotConfigured("KILITCOZ_CMP_URL: an https address")
    return url


def _tls_file() -> str:
    path: str = settings.KILITCOZ_CMP_TLS_FILE
    if path:
        _certificates("KILITCOZ_CMP_TLS_FILE", path)
    return path


def _credentials() -> Credentials:
    key = _key("KILITCOZ_CMP_KEY_FILE", settings.KILITCOZ_CMP_KEY_FILE)
    own, *chain = _certificates("KILITCOZ_CMP_CERT_FILE", settings.KILITCOZ_CMP_CERT_FILE)
    if own.public_key() != key.public_key():
        raise CaNotConfigured("KILITCOZ_CMP_CERT_FILE: the first certificate is not the key's")
    return Credentials(key, own, tuple(chain))


def _key(name: str, path: str) -> SignerKey:
    try:
        return keys.read(keyfiles.load(Path(path)))
    except (OSError, KeyFileUnsafe):
        raise CaNotConfigured(f"{name}: no file with mode 600") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CaNotConfigured(
            f"{name}: no EC or RSA key in PEM, unencrypted, nor the address of one"
        ) from None


def _certificates(name: str, path: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(Path(path).read_bytes()))
    except (OSError, ValueError):
        raise CaNotConfigured(f"{name}: no certificates in PEM") from None


def _name(text: str) -> x509.Name:
    try:
        name = x509.Name.from_rfc4514_string(text)
    except ValueError:
        raise CaNotConfigured("KILITCOZ_CMP_RECIPIENT: a name as in RFC 4514") from None
    if not list(name):
        raise CaNotConfigured("KILITCOZ_CMP_RECIPIENT: empty")
    return name


def _profiles(named: Mapping[str, str]) -> dict[ProfileName, str]:
    try:
        found = {ProfileName(name): theirs for name, theirs in named.items()}
    except ValueError:
        raise CaNotConfigured("KILITCOZ_CMP_PROFILES: unknown profile") from None
    if not found.keys() <= HOLDERS:
        raise CaNotConfigured("KILITCOZ_CMP_PROFILES: profiles of holders and cards alone")
    return found
