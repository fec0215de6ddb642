"""The key ceremony: a root whose key leaves the house or stays in a token, and an issuing authority whose key
is the portal's to use.

The root signs the issuing authority and its own first list. Whatever fails on the way, no key and no file of
the ceremony is left behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
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
from kilitcoz_portal.ca.signing import HeldKey, Issuer, SignerKey
from kilitcoz_portal.hsm import keys as hsm
from kilitcoz_portal.hsm.addresses import SCHEME, KeyAddress
from kilitcoz_portal.hsm.keys import KeyKind

ROOT = "kok"
LIST_LIFE = timedelta(days=360)
LEAST_PASSPHRASE = 15  # characters (NIST SP 800-63B-4, 3.1.1.2)


@dataclass(frozen=True)
class Founding:
    """What is decided at the ceremony. `name` stands in addresses. `root_key`: the file that the root's key
    is written to, encrypted under `passphrase`; with `token` (a label) all keys are made in that token, and
    files hold their addresses. `kind`: of the issuing key; the root's is P-384, or RSA like it.
    """

    name: str
    organisation: str
    organisation_id: str
    root_key: Path
    passphrase: str = field(default="", repr=False)
    token: str = ""
    kind: KeyKind = KeyKind.P256


def found(founding: Founding, now: datetime) -> Authority:
    """Make both keys, certificates and lists. Raises AuthorityExists; FileExistsError where the root key's
    file is there already; KeyFileUnsafe; HsmError.
    """
    if Authority.objects.filter(name=founding.name).exists() or keys.exists(founding.name):
        raise AuthorityExists
    moment = now.replace(microsecond=0)
    with _undone_on_failure() as undo:
        root = _root(founding, moment, undo)
        issuing = _issuing(founding, root, moment, undo)
        return _kept(founding, root, issuing, now)


def renew_root_list(root_key: bytes, passphrase: str, now: datetime) -> datetime:
    """The root's next list, good until the moment returned. `root_key`: the file's content, encrypted PEM or
    the key's address. Raises NoAuthority, RootKeyRefused, HsmError.
    """
    with transaction.atomic():
        authority = authorities.locked()
        root = _opened(authority, root_key, passphrase)
        last = x509.load_der_x509_crl(bytes(authority.root_list))
        number = last.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number + 1
        authority.root_list = _root_list(root, now.replace(microsecond=0), number)
        authority.save(update_fields=["root_list"])
    return now.replace(microsecond=0) + LIST_LIFE


def lies_in_token(root_key: bytes) -> bool:
    """Whether this is the content of a file that only says where the root's key is."""
    return root_key.startswith(SCHEME.encode())


def _kept(founding: Founding, root: Issuer, issuing: Issuer, now: datetime) -> Authority:
    assert root.certificate is not None
    assert issuing.certificate is not None
    with transaction.atomic():
        authority = Authority.objects.create(
            name=founding.name,
            certificate=issuing.certificate.public_bytes(Encoding.DER),
            root=root.certificate.public_bytes(Encoding.DER),
            root_list=_root_list(root, now.replace(microsecond=0)),
            created_at=now,
        )
        lists.publish(authority, now)
    return authority


def _opened(authority: Authority, root_key: bytes, passphrase: str) -> Issuer:
    """The root as it was at the ceremony, from the safe or the token."""
    certificate = x509.load_der_x509_certificate(bytes(authority.root))
    try:
        key: object = (
            hsm.open_key(KeyAddress.parse(root_key.decode()))
            if lies_in_token(root_key)
            else load_pem_private_key(root_key, passphrase.encode())
        )
    except (ValueError, TypeError):
        raise RootKeyRefused from None
    if not isinstance(key, SignerKey) or key.public_key() != certificate.public_key():
        raise RootKeyRefused
    return Issuer(certificate.subject, key, certificate)


def _root(founding: Founding, now: datetime, undo: ExitStack) -> Issuer:
    name = names.authority(founding.organisation, founding.organisation_id, f"Kök {now.year}")
    kind = KeyKind.RSA3072 if founding.kind is KeyKind.RSA3072 else KeyKind.P384
    key: SignerKey
    if founding.token:
        key = _in_token(founding, f"{founding.name}-{ROOT}", kind, founding.root_key, undo)
    else:
        key = keys.make(kind)
        _write(founding.root_key, _encrypted(key, founding.passphrase), undo)
    order = Order(ProfileName.ROOT, name, key.public_key(), new_serial_number(), now)
    return Issuer(name, key, make(order, Issuer(name, key), None))


def _issuing(founding: Founding, root: Issuer, now: datetime, undo: ExitStack) -> Issuer:
    """Its key, and the one that signs OCSP answers for it."""
    name = names.authority(founding.organisation, founding.organisation_id, f"NES {now.year}")
    labels = (founding.name, authorities.responder_key(founding.name))
    for label in labels:
        if founding.token:
            _in_token(founding, label, founding.kind, keys.place(label), undo)
        else:
            _write(keys.place(label), keys.pem(keys.make(founding.kind)), undo)
    key = keys.signing_key(founding.name)
    order = Order(ProfileName.ISSUING, name, key.public_key(), new_serial_number(), now)
    return Issuer(name, key, make(order, root, authorities.addresses(ROOT)))


def _root_list(root: Issuer, now: datetime, number: int = 1) -> bytes:
    edition = crl.Edition(number, now, now + LIST_LIFE, authorities.addresses(ROOT).crl, of_authorities=True)
    return crl.assemble([], edition, root)


def _in_token(founding: Founding, label: str, kind: KeyKind, file: Path, undo: ExitStack) -> hsm.TokenKey:
    address = KeyAddress(founding.token, label)
    key = hsm.generate(address, kind)
    undo.callback(hsm.destroy, address)
    _write(file, f"{address}\n".encode(), undo)
    return key


def _encrypted(key: HeldKey, passphrase: str) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))


def _write(path: Path, written: bytes, undo: ExitStack) -> None:
    """Where nothing stands yet, for nobody else's eyes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    undo.callback(path.unlink)
    with os.fdopen(descriptor, "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _undone_on_failure() -> Iterator[ExitStack]:
    """What is called back where the ceremony fails, and forgotten where it does not."""
    with ExitStack() as undo:
        yield undo
        undo.pop_all()
