"""The one certificate in a file that a stranger sends, or why it is none.

UploadRefused
├── UploadMissing         upload-missing          no file, or an empty one
├── UploadTooLarge        upload-too-large        more than uploads.MOST_BYTES
├── UploadIsKey           upload-is-key           a private key, which nobody should ever send
├── UploadSeveral         upload-several          several certificates
└── UploadNotCertificate  upload-not-certificate  anything else
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from asn1crypto.pkcs12 import Pfx
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.core.files.uploadedfile import UploadedFile

from kilitcoz_portal.pages.uploads import MOST_BYTES
from kilitcoz_portal.trust.errors import CertificateMalformed
from kilitcoz_portal.trust.reading import FAULTS, Read, from_file


class UploadRefused(Exception):
    """Root: `code` has a row among the pages' messages."""

    code = "upload-refused"


class UploadMissing(UploadRefused):
    """Nothing came."""

    code = "upload-missing"


class UploadTooLarge(UploadRefused):
    """Larger than any certificate."""

    code = "upload-too-large"


class UploadIsKey(UploadRefused):
    """Somebody sent what must stay with them. It was not kept."""

    code = "upload-is-key"


class UploadSeveral(UploadRefused):
    """Which one is meant is not guessed."""

    code = "upload-several"


class UploadNotCertificate(UploadRefused):
    """Broken, or another kind of file."""

    code = "upload-not-certificate"


def certificate_in(file: UploadedFile[bytes] | None) -> Read:
    """Raises UploadRefused."""
    if file is None or not file.size:
        raise UploadMissing
    if file.size > MOST_BYTES:
        raise UploadTooLarge
    raw = file.read()
    if _is_key(raw):
        raise UploadIsKey
    try:
        found = from_file(raw)
        if len(found) > 1:
            raise UploadSeveral
        return Read.of_der(found[0])
    except (CertificateMalformed, *FAULTS):
        raise UploadNotCertificate from None


def _is_key(raw: bytes) -> bool:
    """PEM, DER (PKCS#8, PKCS#1, SEC 1), or a PKCS#12 file, which is made to carry one."""
    if b"PRIVATE KEY-----" in raw:
        return True
    return _is_pkcs12(raw) or _is_der_key(raw)


def _is_pkcs12(raw: bytes) -> bool:
    try:
        return bool(Pfx.load(raw, strict=True)["version"].native == "v3")
    except FAULTS:
        return False


def _is_der_key(raw: bytes) -> bool:
    try:
        load_der_private_key(raw, password=None)
    except TypeError:  # it asks for a passphrase
        return True
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
