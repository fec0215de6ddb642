"""Why a certificate is not believed.

TrustError
├── CertificateMalformed      certificate-malformed        not one DER certificate of sane size
├── CertificateNotTrusted     certificate-not-trusted      no valid path to an anchor (RFC 5280, 6.1)
├── CertificateNotYetValid    certificate-not-yet-valid    its validity has not begun (4.1.2.5)
├── CertificateExpired        certificate-expired          its validity is over (4.1.2.5)
├── CertificateWeak           certificate-weak             a key or signature that is not of today
├── CertificateUsageWrong     certificate-usage-wrong      made for something else (4.2.1.3, .9, .12)
├── CertificatePolicyMissing  certificate-policy-missing   under none of the accepted policies (4.2.1.4)
├── CertificateNotQualified   certificate-not-qualified    without QcCompliance (EN 319 412-5, 4.2.1)
├── CertificateRevoked        certificate-revoked          its issuer took it back, for good
├── CertificateSuspended      certificate-suspended        on hold: its holder can have it opened
├── CertificateStatusUnknown  certificate-status-unknown   nobody who may say so says that it is good
└── CertificateNamesNobody    certificate-names-nobody     no identity number that we take in its subject
"""
# ruff: noqa: N818 -- the names say what is wrong

from __future__ import annotations

from typing import ClassVar


class TrustError(Exception):
    """Root of all refusals. `code` is a row of docs/errors.md; `reason` names the rule that refused, for
    operators and the books, and says nothing of the person. `sentence`, where there is one, is the path
    validator's own; it may quote names, so that it is for the administrator's screen alone.
    """

    code: ClassVar[str] = "trust-error"

    def __init__(self, reason: str = "", sentence: str = "") -> None:
        super().__init__(f"{self.code}: {reason}" if reason else self.code)
        self.reason = reason
        self.sentence = sentence


class CertificateMalformed(TrustError):
    """Not DER, too large, or with parts that contradict its form."""

    code = "certificate-malformed"


class CertificateNotTrusted(TrustError):
    """No chain of valid signatures and permissions leads to an anchor of this installation."""

    code = "certificate-not-trusted"


class CertificateNotYetValid(TrustError):
    """notBefore is still to come."""

    code = "certificate-not-yet-valid"


class CertificateExpired(TrustError):
    """notAfter is over."""

    code = "certificate-expired"


class CertificateWeak(TrustError):
    """An RSA key below 2048 bits, a curve nobody uses, or a signature by SHA-1."""

    code = "certificate-weak"


class CertificateUsageWrong(TrustError):
    """Key usage or extended key usage does not allow this; or it is a certificate authority's."""

    code = "certificate-usage-wrong"


class CertificatePolicyMissing(TrustError):
    """None of the policies of KILITCOZ_TRUST_POLICIES holds for it."""

    code = "certificate-policy-missing"


class CertificateNotQualified(TrustError):
    """No statement of its issuer that it is a qualified certificate."""

    code = "certificate-not-qualified"


class CertificateRevoked(TrustError):
    """It, or an authority in its path, was revoked."""

    code = "certificate-revoked"


class CertificateSuspended(TrustError):
    """It is on hold."""

    code = "certificate-suspended"


class CertificateStatusUnknown(TrustError):
    """Neither an OCSP answer nor a CRL that counts could be had."""

    code = "certificate-status-unknown"


class CertificateNamesNobody(TrustError):
    """The subject has no serialNumber of a form that we take (EN 319 412-1, 5.1.3), or more than one."""

    code = "certificate-names-nobody"
