"""What the stand-in reads out of questions, and puts together for answers; and the key that speaks for it."""

from __future__ import annotations

from itertools import count
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from portal.tests.ca import authority as pki

from kilitcoz_portal.ca.cmp import asn1, messages
from kilitcoz_portal.ca.cmp.protection import CMC_CA, Credentials
from kilitcoz_portal.ca.profiles import ProfileName

PROFILES = {"nes-imza": ProfileName.SIGNATURE, "nes-kimlik": ProfileName.AUTHENTICATION}
ACCEPTED, REJECTION, WAITING = 0, 2, 3
SERIALS = count(0x2E00_0000_0000_0000_0000_0000_0000_0001)


def voice(purpose: x509.ObjectIdentifier = CMC_CA) -> Credentials:
    """A key that its certificate lets speak for the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuing = pki.authority().issuing
    name = x509.Name.from_rfc4514_string("CN=Örnek CMP,O=Örnek Sertifika Hizmetleri,C=TR")
    builder = (
        x509.CertificateBuilder(issuing.name, name, key.public_key(), next(SERIALS))
        .not_valid_before(pki.NOW.replace(year=2025))
        .not_valid_after(pki.NOW.replace(year=2030))
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Credentials(key, builder.sign(issuing.key, issuing.hash), (pki_issuer(),))


def pki_issuer() -> x509.Certificate:
    """Who has signed what it issues."""
    found = pki.authority().issuing.certificate
    assert found is not None
    return found


REASONS = {
    "unspecified": x509.ReasonFlags.unspecified,
    "key_compromise": x509.ReasonFlags.key_compromise,
    "affiliation_changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation_of_operation": x509.ReasonFlags.cessation_of_operation,
    "certificate_hold": x509.ReasonFlags.certificate_hold,
}


def asked_for(body: asn1.Body) -> tuple[x509.Name, Any]:
    """Subject and key, and for p10cr and popo by signature the proof of its possession."""
    if body.name == "p10cr":
        request = x509.load_der_x509_csr(body.chosen.untag().dump())
        assert request.is_signature_valid
        return request.subject, request.public_key()
    wish = body.chosen[0]
    assert wish["popo"].name in {"ra_verified", "signature"}
    template = wish["cert_req"]["cert_template"]
    key = load_der_public_key(template["public_key"].untag().dump())
    return name_in(template["subject"]), key


def name_in(name: asn1_x509.Name) -> x509.Name:
    parts = [
        x509.NameAttribute(x509.ObjectIdentifier(each["type"].dotted), each["value"].native)
        for relative in name.chosen
        for each in relative
    ]
    return x509.Name(parts)


def profile_of(message: asn1.Message) -> ProfileName:
    """By its name in the header, or by the key usage that is asked for."""
    for info in message["header"]["general_info"] or ():
        if info["info_type"].native == messages.CERT_PROFILE:
            return PROFILES[info["info_value"].parse(asn1.ProfileNames)[0].native]
    if message["body"].name == "p10cr":
        return ProfileName.AUTHENTICATION
    template = message["body"].chosen[0]["cert_req"]["cert_template"]
    for each in template["extensions"] or ():
        if each["extn_id"].native == "key_usage" and "non_repudiation" in each["extn_value"].parsed.native:
            return ProfileName.SIGNATURE
    return ProfileName.AUTHENTICATION


def response(certificate: x509.Certificate, request_id: int) -> dict[str, Any]:
    made = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    pair = {"cert_or_enc_cert": asn1.CertOrEncCert("certificate", made)}
    return {"cert_req_id": request_id, "status": {"status": ACCEPTED}, "certified_key_pair": pair}


def hash_of(certificate: x509.Certificate) -> bytes:
    algorithm = certificate.signature_hash_algorithm
    assert algorithm is not None
    return certificate.fingerprint(algorithm)


def serial_in(details: asn1.RevDetails) -> int:
    found: int = details["cert_details"]["serial_number"].native
    return found


def refused(failure: str) -> dict[str, Any]:
    return {"status": REJECTION, "status_string": [f"no: {failure}"], "fail_info": {failure}}


def error(failure: str) -> asn1.Body:
    return asn1.Body("error", asn1.ErrorContent({"status_info": refused(failure)}))


def late(body: asn1.Body, *, in_rp: bool) -> asn1.Body:
    """What is said to this rr where it will take a while."""
    if in_rp:
        statuses = [{"status": WAITING} for _ in body.chosen]
        return asn1.Body("rp", asn1.RevRepContent({"status": statuses}))
    return asn1.Body("error", asn1.ErrorContent({"status_info": {"status": WAITING}}))
