"""What is said, read by another ASN.1 (pyasn1-alt-modules' RFC 9480), and what is heard, in any shape."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from portal.tests.ca.authority import AYSE, NOW
from portal.tests.ca.cmp.bodies import voice
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import StandIn
from portal.tests.ca.cmp.wishes import new_key, wish
from pyasn1.codec.der import decoder, encoder
from pyasn1_alt_modules import rfc9480

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import asn1, messages, reading
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.cmp.protection import Credentials
from kilitcoz_portal.ca.errors import CaAnswerUntrusted, KeyUnfit
from kilitcoz_portal.ca.port import CertificateRequest
from kilitcoz_portal.ca.profiles import ProfileName

RECIPIENT = x509.Name.from_rfc4514_string("CN=Örnek,C=TR")
VOICE = voice()
MADE = VOICE.certificate
BODIES = {
    "ir": messages.initialization(AYSE.subject(), new_key()),
    "certConf": messages.confirmation(MADE, 0),
    "pollReq": messages.poll(-1),
    "rr": messages.revocation([MADE, MADE], x509.ReasonFlags.remove_from_crl),
    "genm": messages.question(),
    "error": messages.withdrawal("no answer came"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_every_message_of_ours_is_one_to_another_reader(kind: str) -> None:
    envelope = Envelope(RECIPIENT, b"t" * 16, NOW, b"n" * 16, "nes-imza")
    raw = messages.sealed(BODIES[kind], envelope, VOICE)
    message, rest = decoder.decode(raw, asn1Spec=rfc9480.PKIMessage())
    assert not rest
    assert message["body"].getName() == kind
    assert bytes(message["header"]["transactionID"]) == b"t" * 16
    assert bytes(message["header"]["recipNonce"]) == b"n" * 16
    assert encoder.encode(message) == raw


def test_an_ir_asks_for_what_was_wished(elsewhere: StandIn, clock: Clock, db: None) -> None:
    authority().issue(wish(ProfileName.AUTHENTICATION), clock.now())
    _, raw = elsewhere.seen[0]
    message, _ = decoder.decode(raw, asn1Spec=rfc9480.PKIMessage())
    (asked,) = message["body"]["ir"]
    assert asked["popo"].getName() == "raVerified"
    names = [str(each["extnID"]) for each in asked["certReq"]["certTemplate"]["extensions"]]
    assert names == ["2.5.29.15", "2.5.29.32", "2.5.29.37"]


def test_where_the_authority_has_a_name_for_the_profile_no_extensions_are_asked_for(
    elsewhere: StandIn, clock: Clock, db: None
) -> None:
    authority().issue(wish(ProfileName.SIGNATURE), clock.now())
    header = asn1.Message.load(elsewhere.seen[0][1])["header"]
    (info,) = header["general_info"]
    assert info["info_type"].native == messages.CERT_PROFILE
    assert info["info_value"].parse(asn1.ProfileNames).native == ["nes-imza"]
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "cert_conf"]


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)],
    ids=["p384", "rsa"],
)
def test_keys_of_other_kinds_sign_too(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    name = x509.Name.from_rfc4514_string("CN=RA,C=TR")
    builder = x509.CertificateBuilder(name, name, key.public_key(), 77).not_valid_before(NOW)
    certificate = builder.not_valid_after(NOW.replace(year=2030)).sign(key, hashes.SHA256())
    speaks = Credentials(key, certificate)
    asked = messages.sealed(messages.question(), Envelope(RECIPIENT, b"t" * 16, NOW), VOICE)
    nonce = asn1.Message.load(asked)["header"]["sender_nonce"].native
    answer = messages.sealed(messages.question(), Envelope(RECIPIENT, b"t" * 16, NOW, nonce), speaks)
    assert reading.read(answer, asked, [certificate], NOW).kind == "genm"
    with pytest.raises(CaAnswerUntrusted, match="signer"):
        reading.read(answer, asked, [MADE], NOW)
    with pytest.raises(CaAnswerUntrusted, match="signer"):
        reading.read(answer, asked, [certificate], NOW.replace(year=2031))


def signed_by_the_card(asked: CertificateRequest, key: ec.EllipticCurvePrivateKey) -> CertificateRequest:
    """With PKCS#10, of this key."""
    request = x509.CertificateSigningRequestBuilder().subject_name(AYSE.subject()).sign(key, hashes.SHA256())
    return replace(asked, csr=request.public_bytes(Encoding.DER))


def test_where_the_card_has_signed_a_request_it_is_passed_on(
    elsewhere: StandIn, clock: Clock, db: None
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    asked = signed_by_the_card(replace(wish(), public_key=public), key)
    certificate = x509.load_der_x509_certificate(authority().issue(asked, clock.now()))
    assert certificate.public_key() == key.public_key()
    assert [kind for kind, _ in elsewhere.seen] == ["p10cr", "cert_conf"]


@pytest.mark.parametrize("csr", [b"\x30\x00", None], ids=["no-request", "of-another-key"])
def test_a_request_that_is_not_the_cards_is_refused(
    elsewhere: StandIn, clock: Clock, db: None, csr: bytes | None
) -> None:
    asked = signed_by_the_card(wish(), ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(KeyUnfit):
        authority().issue(replace(asked, csr=csr or asked.csr), clock.now())
    assert elsewhere.seen == []


ANSWER = messages.sealed(messages.confirmation(MADE, 0), Envelope(RECIPIENT, b"t" * 16, NOW), VOICE)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_bytes_however_strange_raise_anything_else(data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(ANSWER)))
    raw = ANSWER[:cut] + data.draw(st.binary(max_size=40)) + ANSWER[cut + data.draw(st.integers(0, 40)) :]
    try:
        reading.read(raw, ANSWER, [MADE], NOW)
    except CaAnswerUntrusted as error:
        assert error.reason  # noqa: PT017 - most of them; what is left is the message itself


@pytest.mark.parametrize(
    "raw", [b"", b"\x30", b"\x30\x80" * 20_000, b"\x30\x84\xff\xff\xff\xff", b"0" * 200_000]
)
def test_what_is_no_message_is_told_so(raw: bytes) -> None:
    with pytest.raises(CaAnswerUntrusted, match=r"malformed|size"):
        reading.parse(raw)
