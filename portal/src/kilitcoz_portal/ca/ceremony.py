"""The key ceremony: a root whose key leaves the house, and an issuing authority whose key stays.

The root signs the issuing authority and its own first list. Its private key is written once, encrypted under
a passphrase, for a safe; the portal keeps no copy.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.db import transaction

from kilitcoz_portal.ca import authorities, crl, keys, lists, names
from kilitcoz_portal.ca.certificates import Order, make, new_serial_number
from kilitcoz_portal.ca.errors import AuthorityExists, RootKeyRefused
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.ca.signing import Issuer

ROOT = "kok"
LIST_LIFE = timedelta(days=360)
LEAST_PASSPHRASE = 15  # characters (NIST SP 800-63B-4, 3.1.1.2)


@dataclass(frozen=True)
class Founding:
    """What is decided at the ceremony. `name` stands in addresses; `root_key`: where the root's key is
    written, encrypted under `passphrase`.
    """

    name: str
    organisation: str
    organisation_id: str
    root_key: Path
    passphrase: str = field(repr=False)


def found(founding: Founding, now: datetime) -> Authority:
    """Make both keys, certificates and lists. Raises AuthorityExists; FileExistsError where the root key's
    file is there already; KeyFileUnsafe.
    """
    if Authority.objects.filter(name=founding.name).exists() or keys.exists(founding.name):
        raise AuthorityExists
    moment = now.replace(microsecond=0)
    root = _root(founding, moment)
    _put_away(founding, root)
    issuing = _issuing(founding, root, moment)
    assert root.certificate is not None
    assert issuing.certificate is not None
    with transaction.atomic():
        authority = Authority.objects.create(
            name=founding.name,
            certificate=issuing.certificate.public_bytes(Encoding.DER),
            root=root.certificate.public_bytes(Encoding.DER),
            root_list=_root_list(root, moment),
            created_at=now,
        )
        lists.publish(authority, now)
    return authority


def renew_root_list(root_key: bytes, passphrase: str, now: datetime) -> datetime:
    """The root's next list, good until the moment returned. `root_key`: the encrypted PEM from the safe.
    Raises NoAuthority, RootKeyRefused.
    """
    with transaction.atomic():
        authority = authorities.locked()
        root = _opened(authority, root_key, passphrase)
        last = x509.load_der_x509_crl(bytes(authority.root_list))
        number = last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number + 1
        authority.root_list = _root_list(root, now.replace(microsecond=0), number)
        authority.save(update_fields=["root_list"])
    return now.replace(microsecond=0) + LIST_LIFE


def _opened(authority: Authority, root_key: bytes, passphrase: str) -> Issuer:
    """The root as it was at the ceremony, from the safe."""
    certificate = x509.load_der_x509_certificate(bytes(authority.root))
    try:
        key = load_pem_private_key(root_key, passphrase.encode())
    except (ValueError, TypeError):
        raise RootKeyRefused from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise RootKeyRefused
    return Issuer(certificate.subject, key, certificate)


def _root(founding: Founding, now: datetime) -> Issuer:
    name = names.authority(founding.organisation, founding.organisation_id, f"Kök {now.year}")
    key = ec.generate_private_key(ec.SECP384R1())
    order = Order(ProfileName.ROOT, name, key.public_key(), new_serial_number(), now)
    return Issuer(name, key, make(order, Issuer(name, key), None))


def _issuing(founding: Founding, root: Issuer, now: datetime) -> Issuer:
    name = names.authority(founding.organisation, founding.organisation_id, f"NES {now.year}")
    key = keys.signing_key(founding.name)
    order = Order(ProfileName.ISSUING, name, key.public_key(), new_serial_number(), now)
    return Issuer(name, key, make(order, root, authorities.addresses(ROOT)))


def _root_list(root: Issuer, now: datetime, number: int = 1) -> bytes:
    edition = crl.Edition(number, now, now + LIST_LIFE, authorities.addresses(ROOT).crl, of_authorities=True)
    return crl.assemble([], edition, root)


def _put_away(founding: Founding, root: Issuer) -> None:
    """Written where nothing stands yet, for nobody else's eyes."""
    assert isinstance(root.key, ec.EllipticCurvePrivateKey)
    encryption = BestAvailableEncryption(founding.passphrase.encode())
    pem = root.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    descriptor = os.open(founding.root_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
