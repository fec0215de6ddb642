"""PKIFailureInfo (RFC 4210, 5.2.3) for those who run the portal: what the authority means, and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "badAlg": "it does not take our signature algorithm; ask which key it wants",
        "badMessageCheck": "it cannot verify our signature; is KILITCOZ_CMP_CERT_FILE what it registered?",
        "badRequest": "it does not allow this request; ask what its profile lets a registration authority do",
        "badTime": "our clocks differ; set this machine's by NTP",
        "badCertId": "it does not know the certificate; was it issued by another authority?",
        "badDataFormat": "it cannot read the message; ask for its log of this transaction",
        "wrongAuthority": "the message was for another; correct KILITCOZ_CMP_RECIPIENT or KILITCOZ_CMP_URL",
        "incorrectData": "something in the message is not as it has it; ask for its log of this transaction",
        "missingTimeStamp": "it wants a time stamp that no message of this profile has",
        "badPOP": "it wants the card's own proof of the key; ask it to accept raVerified from us",
        "certRevoked": "the certificate is revoked already",
        "certConfirmed": "the certificate is confirmed already",
        "wrongIntegrity": "it expects another kind of protection; ask it for signatures",
        "badRecipientNonce": "it lost the thread of the transaction; the portal asks again by itself",
        "timeNotAvailable": "its clock is out of order; tell it",
        "unacceptedPolicy": "it does not issue under this policy; name its profile in KILITCOZ_CMP_PROFILES",
        "unacceptedExtension": "it takes no extensions from us; name its profile in KILITCOZ_CMP_PROFILES",
        "addInfoNotAvailable": "it lacks information about the holder; ask what has to be registered first",
        "badSenderNonce": "it lost the thread of the transaction; the portal asks again by itself",
        "badCertTemplate": "subject, key or extensions are not as it wants them; ask for its profile",
        "signerNotTrusted": "it does not know our certificate; have KILITCOZ_CMP_CERT_FILE registered there",
        "transactionIdInUse": "it has this transaction already; the portal asks for its answer by itself",
        "unsupportedVersion": "it does not speak cmp2000; ask for an address that does",
        "notAuthorized": "we may not do this there; ask for the rights of a registration authority",
        "systemUnavail": "it is not working now; try again later",
        "systemFailure": "it failed inside; try again later, and tell it",
        "duplicateCertReq": "it has had this request before; the portal asks for its answer by itself",
    }
)


# Failures that pass by themselves; and those that pass when somebody has set clocks, keys or rights right. A
# certificate is asked for again by people; a revocation has to be said again and again, until it is heard.
PASSING = frozenset({"systemUnavail", "systemFailure", "timeNotAvailable"})
REPAIRABLE = PASSING | {
    "badMessageCheck",
    "badRecipientNonce",
    "badSenderNonce",
    "badTime",
    "notAuthorized",
    "signerNotTrusted",
    "wrongAuthority",
    "wrongIntegrity",
}


def in_words(failure: str) -> str:
    """What the authority means by this name."""
    return _MEANINGS.get(failure, "a reason that RFC 4210 does not name; ask for its log of this transaction")
