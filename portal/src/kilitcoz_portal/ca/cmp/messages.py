"""What we say to the authority: headers and bodies of requests, put together and protected.

RFC 9483, 3 for what every message carries, 4 and 5.3 for each body: we are a registration authority, which
asks on others' behalf and has seen for itself that they hold their keys.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, csr, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from kilitcoz_portal.ca.cmp import asn1, crmf, protection
from kilitcoz_portal.ca.cmp.protection import Credentials

PVNO = 2  # cmp2000: nothing that we say needs cmp2021 (RFC 9483, 3.1)
NONCE_BYTES = 16
CERT_PROFILE = "1.3.6.1.5.5.7.4.21"  # id-it-certProfile, RFC 9480, 2.4
CA_CERTS = "1.3.6.1.5.5.7.4.17"  # id-it-caCerts, RFC 9480, 2.14
REQUEST_ID = 0  # of the one request in an ir
P10_REQUEST_ID = -1  # RFC 9483, 4.1.4
WHOLE_ANSWER = -1  # in pollReq, where what is late is not about one certificate (RFC 9483, 4.4)
REJECTION = 2  # PKIStatus, RFC 4210, 5.2.3


@dataclass(frozen=True)
class Envelope:
    """What the header says beside the body. `answers`: the senderNonce of the message that this one answers.
    `profile`: by which the certificate is to be made, where the authority has names for that.
    """

    recipient: x509.Name
    transaction_id: bytes
    sent_at: datetime
    answers: bytes | None = None
    profile: str = ""


def new_transaction_id() -> bytes:
    """128 random bits (RFC 4210, 5.1.1)."""
    return secrets.token_bytes(16)


def sealed(body: asn1.Body, envelope: Envelope, credentials: Credentials) -> bytes:
    """The whole message, DER, protected with our key."""
    return protection.protect(_header(envelope, credentials), body, credentials)


def _header(envelope: Envelope, credentials: Credentials) -> asn1.Header:
    """RFC 9483, 3.1."""
    header: dict[str, Any] = {
        "pvno": PVNO,
        "sender": directory_name(credentials.certificate.subject),
        "recipient": directory_name(envelope.recipient),
        "message_time": envelope.sent_at.replace(microsecond=0),
        "protection_alg": {"algorithm": credentials.algorithm},
        "transaction_id": envelope.transaction_id,
        "sender_nonce": secrets.token_bytes(NONCE_BYTES),
    }
    if credentials.key_id is not None:
        header["sender_kid"] = credentials.key_id
    if envelope.answers is not None:
        header["recip_nonce"] = envelope.answers
    if envelope.profile:
        named = asn1.ProfileNames([envelope.profile])
        header["general_info"] = [{"info_type": CERT_PROFILE, "info_value": named}]
    return asn1.Header(header)


def directory_name(name: x509.Name) -> asn1_x509.GeneralName:
    """A name as headers and CertId have it."""
    return asn1_x509.GeneralName("directory_name", asn1_name(name))


def asn1_name(name: x509.Name) -> asn1_x509.Name:
    """From the one library to the other."""
    return asn1_x509.Name.load(name.public_bytes())


def initialization(
    subject: x509.Name, public_key: bytes, extensions: Sequence[tuple[x509.ExtensionType, bool]] = ()
) -> asn1.Body:
    """ir for a key that we have seen being made on its card: raVerified (RFC 9483, 5.3.1; RFC 4211, 4).
    `public_key`: SubjectPublicKeyInfo, DER. `extensions`: each with whether it is critical.
    """
    template: dict[str, Any] = {
        "subject": asn1_name(subject),
        "public_key": keys.PublicKeyInfo.load(public_key),
    }
    if extensions:
        template["extensions"] = [_extension(value, critical) for value, critical in extensions]
    wish = {"cert_req_id": REQUEST_ID, "cert_template": template}
    popo = crmf.ProofOfPossession("ra_verified", asn1.NULL)
    return asn1.Body("ir", crmf.CertReqMessages([{"cert_req": wish, "popo": popo}]))


def from_pkcs10(request: bytes) -> asn1.Body:
    """p10cr (RFC 9483, 4.1.4): the card itself has signed the request (PKCS#10, DER)."""
    return asn1.Body("p10cr", csr.CertificationRequest.load(request))


def confirmation(certificate: x509.Certificate, request_id: int, refused: str = "") -> asn1.Body:
    """certConf (RFC 4210, 5.3.18): accepted, or `refused` for a reason in words. Raises ValueError for a
    certificate whose signature has no hash of its own.
    """
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None:
        raise ValueError("hashAlg is cmp2021's")
    status: dict[str, Any] = {
        "cert_hash": certificate.fingerprint(algorithm),
        "cert_req_id": request_id,
    }
    if refused:
        status["status_info"] = _rejection("incorrectData", refused)
    return asn1.Body("cert_conf", asn1.CertConfirmContent([status]))


def poll(request_id: int) -> asn1.Body:
    """pollReq (RFC 9483, 4.4)."""
    return asn1.Body("poll_req", asn1.PollReqContent([{"cert_req_id": request_id}]))


def withdrawal(words: str) -> asn1.Body:
    """error from us: the transaction ends, and what it made does not count (RFC 9483, 3.6.4)."""
    return asn1.Body("error", asn1.ErrorContent({"status_info": _rejection("badRequest", words)}))


def revocation(
    certificates: Sequence[x509.Certificate], reason: x509.ReasonFlags, invalid_since: datetime | None = None
) -> asn1.Body:
    """rr (RFC 9483, 4.2): one RevDetails for each; remove_from_crl lifts a hold."""
    entry: list[x509.ExtensionType] = [x509.CRLReason(reason)]
    if invalid_since is not None:
        entry.append(x509.InvalidityDate(invalid_since.astimezone(UTC).replace(tzinfo=None, microsecond=0)))
    details = [
        {
            "cert_details": {"serial_number": each.serial_number, "issuer": asn1_name(each.issuer)},
            "crl_entry_details": [_extension(value, critical=False) for value in entry],
        }
        for each in certificates
    ]
    return asn1.Body("rr", asn1.RevReqContent(details))


def question() -> asn1.Body:
    """genm (RFC 9483, 4.3.1): which certificates does the authority have? Whoever answers is there."""
    return asn1.Body("genm", asn1.Infos([{"info_type": CA_CERTS}]))


def _extension(value: x509.ExtensionType, critical: bool) -> dict[str, Any]:
    encoded = core.ParsableOctetString(value.public_bytes())
    return {"extn_id": value.oid.dotted_string, "critical": critical, "extn_value": encoded}


def _rejection(failure: str, words: str) -> dict[str, Any]:
    return {"status": REJECTION, "status_string": [words], "fail_info": {failure}}
