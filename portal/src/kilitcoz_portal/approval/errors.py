"""What can be refused here.

ApprovalError
├── NotOffered              consent-not-offered       no time-stamping authority is configured
├── ConsentGivenAlready     consent-given-already     one that was not withdrawn is enough
├── ConsentNotFound         consent-not-found         unknown, or another holder's (A40)
├── NoCertificate           sign-certificate-missing  no card of the holder has a certificate to sign with
├── CertificateNotOpen      certificate-not-open      its card was not opened for use yet
├── SignatureWrong          sign-signature-wrong      not by this certificate's key over these attributes
├── SignatureUnexpected     sign-withdrawn            the consent does not await a signature any more
└── TimestampError
    ├── TimestampUnavailable  timestamp-unavailable   the authority did not answer, or not in time
    ├── TimestampRefused      timestamp-refused       it answered, and gave none
    └── TimestampWrong        timestamp-wrong         not over our bytes, or not to be believed
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class ApprovalError(Exception):
    """Root. `code` is a row of docs/errors.md; `reason` names the rule, for the books."""

    code: ClassVar[str] = "approval-error"

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{self.code}: {reason}" if reason else self.code)
        self.reason = reason


class NotOffered(ApprovalError):
    """KILITCOZ_TSA_URL is empty: a signature without a time would soon prove nothing."""

    code = "consent-not-offered"


class ConsentGivenAlready(ApprovalError):
    """There is one in force."""

    code = "consent-given-already"


class ConsentNotFound(ApprovalError):
    """For the asker no different from one that never was."""

    code = "consent-not-found"


class NoCertificate(ApprovalError):
    """Neither from this installation nor enrolled."""

    code = "sign-certificate-missing"


class CertificateNotOpen(ApprovalError):
    """Produced, or on its way to the holder."""

    code = "certificate-not-open"


class SignatureWrong(ApprovalError):
    """The card service sent something else than the card's signature."""

    code = "sign-signature-wrong"


class SignatureUnexpected(ApprovalError):
    """It was signed, given up or cleared away meanwhile."""

    code = "sign-withdrawn"


class TimestampError(ApprovalError):
    """No time stamp that counts; it is asked for again later."""

    code = "timestamp-error"


class TimestampUnavailable(TimestampError):
    """Down, slow, or not a time-stamping authority at all."""

    code = "timestamp-unavailable"


class TimestampRefused(TimestampError):
    """RFC 3161, 2.4.2: a status other than granted."""

    code = "timestamp-refused"


class TimestampWrong(TimestampError):
    """Another imprint, another nonce, another time, or a certificate that does not count."""

    code = "timestamp-wrong"
