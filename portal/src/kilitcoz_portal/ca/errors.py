"""What an authority can refuse.

CaError
├── NoAuthority         ca-not-founded        the key ceremony has not been held yet
├── AuthorityExists     ca-founded-already    there is one of this name
├── RootKeyRefused      ca-root-key-refused   not the root's key, or not its passphrase
├── KeyUnfit            ca-key-unfit          a key that no certificate of ours is made for
├── RequestReused       ca-request-reused     the same request id for another certificate
├── CertificateUnknown  ca-serial-unknown     no certificate with this serial number
├── StatusFinal         ca-status-final       revoked stays revoked
├── CaUnavailable       ca-unavailable        the authority did not answer; it may be asked again
│   ├── CaWaiting          ca-waiting            it has the request, and wants to be asked later
│   ├── CaAnswerUntrusted  ca-answer-untrusted   what came back is not provably its answer
│   └── CaNotConfigured    ca-not-configured     settings of the authority elsewhere are missing or wrong
├── CaRefused           ca-refused            the authority said no
├── CertificateWrong    ca-certificate-wrong  the authority made another certificate than the one asked for
├── CaInDoubt           ca-in-doubt           nobody knows whether it made one; a person must look
└── NothingInDoubt      ca-nothing-in-doubt   there is nothing to give up
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class CaError(Exception):
    """Root. `code` is a row of docs/errors.md."""

    code: ClassVar[str] = "ca-error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code} ({detail})" if detail else self.code)


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
    """Nothing was done, or it is not known whether; asking again with the same request id is safe. `reason`
    names what happened on the way.
    """

    code = "ca-unavailable"

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class CaWaiting(CaUnavailable):
    """RFC 4210, 5.3.22: not before `until`."""

    code = "ca-waiting"

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat(timespec="seconds"))
        self.until = until


class CaAnswerUntrusted(CaUnavailable):
    """An answer that is malformed, unsigned, signed by a stranger, or to another question; it counts as
    none.
    """

    code = "ca-answer-untrusted"


class CaNotConfigured(CaUnavailable):
    """`reason`: which setting, and what is wrong with it; never its value. Nothing was sent."""

    code = "ca-not-configured"


class CaRefused(CaError):
    """`failures`: PKIFailureInfo by its names; `words`: what the authority says about it."""

    code = "ca-refused"

    def __init__(self, failures: tuple[str, ...] = (), words: str = "") -> None:
        super().__init__("; ".join(part for part in (", ".join(failures), words) if part))
        self.failures, self.words = failures, words


class CertificateWrong(CaError):
    """`fault`: public-key, subject, issuer, validity. The certificate was rejected, and is used for
    nothing.
    """

    code = "ca-certificate-wrong"

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class CaInDoubt(CaError):
    """A request without an answer, of which the authority knows nothing more. `transaction`: in hex."""

    code = "ca-in-doubt"

    def __init__(self, transaction: str) -> None:
        super().__init__(transaction)
        self.transaction = transaction


class NothingInDoubt(CaError):
    """Only a request is given up of which the authority knows nothing more."""

    code = "ca-nothing-in-doubt"
