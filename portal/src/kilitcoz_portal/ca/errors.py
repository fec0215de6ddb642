"""What an authority can refuse.

CaError
├── NoAuthority         ca-not-founded        the key ceremony has not been held yet
├── AuthorityExists     ca-founded-already    there is one of this name
├── RootKeyRefused      ca-root-key-refused   not the root's key, or not its passphrase
├── KeyUnfit            ca-key-unfit          a key that no certificate of ours is made for
├── RequestReused       ca-request-reused     the same request id for another certificate
├── CertificateUnknown  ca-serial-unknown     no certificate with this serial number
├── StatusFinal         ca-status-final       revoked stays revoked
└── CaUnavailable       ca-unavailable        the authority did not answer; it may be asked again
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class CaError(Exception):
    """Root. `code` is a row of docs/errors.md."""

    code: ClassVar[str] = "ca-error"

    def __init__(self) -> None:
        super().__init__(self.code)


class NoAuthority(CaError):
    """See docs/operations/certificate-authority.md."""

    code = "ca-not-founded"


class AuthorityExists(CaError):
    """A second ceremony would make a second root for the same name."""

    code = "ca-founded-already"


class RootKeyRefused(CaError):
    """Wrong passphrase, or another key than the root's."""

    code = "ca-root-key-refused"


class KeyUnfit(CaError):
    """P-256, P-384, RSA 2048 and 3072 are taken."""

    code = "ca-key-unfit"


class RequestReused(CaError):
    """One request, one certificate."""

    code = "ca-request-reused"


class CertificateUnknown(CaError):
    """Not one of ours."""

    code = "ca-serial-unknown"


class StatusFinal(CaError):
    """RFC 5280, 5.3.1: only certificateHold can be lifted."""

    code = "ca-status-final"


class CaUnavailable(CaError):
    """Nothing was done, or it is not known whether; asking again with the same request id is safe."""

    code = "ca-unavailable"
