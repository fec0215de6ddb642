"""Why a certificate's state stays as it is.

CertificateError
├── CertificateNotFound   certificate-not-found     no such certificate, or another holder's (A40)
├── NoSuchChange          certificate-no-change     from where it stands, this deed leads nowhere
├── RevokedIsFinal        certificate-final         revoked: nothing changes any more
├── NotAllowed            certificate-not-allowed   not by this role; `held_by` says whose suspension it is
├── NotYetValid           certificate-not-begun     opened before notBefore; `begins` says when
├── EndWrong              certificate-end-wrong     an end of a suspension or a date of a plan that cannot be
├── SubjectIncomplete     certificate-subject       a passport holder's country is not known
└── ProposalRefused       certificate-proposal      nothing asked within a day, or one person for two
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class CertificateError(Exception):
    """Root. `code` is a row of docs/errors.md."""

    code: ClassVar[str] = "certificate-error"

    def __init__(self) -> None:
        super().__init__(self.code)


class CertificateNotFound(CertificateError):
    """For the asker no different from a certificate that never was."""

    code = "certificate-not-found"


class NoSuchChange(CertificateError):
    """`state`: where it stands."""

    code = "certificate-no-change"

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class RevokedIsFinal(CertificateError):
    """RFC 5280, 5.3.1: only a hold is ever lifted."""

    code = "certificate-final"


class NotAllowed(CertificateError):
    """`held_by`: whose suspension it is, empty where it is none."""

    code = "certificate-not-allowed"

    def __init__(self, held_by: str = "") -> None:
        super().__init__()
        self.held_by = held_by


class NotYetValid(CertificateError):
    """`begins`: its notBefore."""

    code = "certificate-not-begun"

    def __init__(self, begins: datetime) -> None:
        super().__init__()
        self.begins = begins


class EndWrong(CertificateError):
    """In the past, too far, or after the certificate's own end."""

    code = "certificate-end-wrong"


class ProposalRefused(CertificateError):
    """A second person approves what a first one asked within a day."""

    code = "certificate-proposal"


class SubjectIncomplete(CertificateError):
    """EN 319 412-1, 5.1.3: a passport's number goes with the country that issued it."""

    code = "certificate-subject"
