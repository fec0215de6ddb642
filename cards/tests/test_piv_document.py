"""A document's signature on a PIV card, command by command; a stranger's library reads what is signed."""

import hashlib

import pytest
from asn1crypto import cms, tsp
from cards.tests.conftest import GUID, SIGNATURE, PivScripts
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kilitcoz_cards import allowed, signed_attributes
from kilitcoz_cards.authentication import SignatureAlgorithm
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import NoSignatureCertificate
from kilitcoz_cards.families.piv_document import Attributes, look, sign
from kilitcoz_cards.families.piv_signing import SigningCard, SigningOutcome, SigningReport
from kilitcoz_cards.identity import Identification, KeyAlgorithm, certificate_hash
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import Pin, PinState
from kilitcoz_cards.signatures import signature_input
from kilitcoz_cards.testing import Exchange, Script, torn

CERTIFICATE = bytes.fromhex("300a0402abcd0404deadbeef")
DOCUMENT_HASH = hashlib.sha256("E-Onay metni, ğüşıöç".encode()).digest()
ATTRIBUTES = signed_attributes.make(DOCUMENT_HASH, CERTIFICATE)
PIN = Pin.from_text("482913")
THREE_LEFT = PinState(False, 3)

CERTIFICATE_9C: Exchange = ("00CB3FFF05 5C035FC10A 00", f"5313 700C{CERTIFICATE.hex()} 710100 FE00 9000")
THREE_TRIES: Exchange = ("00F7008000", "0101FF 050100 06020303 9000")
ONE_TRY: Exchange = ("00F7008000", "0101FF 050100 06020301 9000")
VERIFY = "0020008008 343832393133FFFF"
USE_9C = f"0087119C26 7C2482008120 {hashlib.sha256(ATTRIBUTES).hexdigest()} 00"
SIGNED: Exchange = (USE_9C, f"7C0A8208{SIGNATURE} 9000")
CARD = SigningCard(
    Identification(
        family="piv",
        card_id=GUID,
        serial="12344821",
        reader="Virtual PCD 00 00",
        atr="3b8080",
        certificates={"9c": certificate_hash(CERTIFICATE)},
        pin=THREE_LEFT,
    ),
    "9c",
    CERTIFICATE,
)


@pytest.fixture
def whole(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The transaction of a signature that goes well."""
    return ayse.select, ayse.chuid, ayse.serial, CERTIFICATE_9C, THREE_TRIES, (VERIFY, "9000"), SIGNED


def says(
    *exchanges: Exchange, key: KeyAlgorithm = KeyAlgorithm.ECC_P256, last: bool = False
) -> SigningReport:
    """The report of a transaction that goes exactly so, every command on the signature's allow-list."""
    script = Script(*exchanges)
    conversation = sign(CARD, PIN, Attributes(key, ATTRIBUTES), may_spend_last_try=last)
    report = converse(allowed.guard(OperationKind.SIGN, conversation), script)
    script.assert_finished()
    return report


# --- what is signed -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("digest", [DOCUMENT_HASH, hashlib.sha384(b"text").digest()])
def test_the_attributes_are_those_of_pades_and_no_others(digest: bytes) -> None:
    der = signed_attributes.make(digest, CERTIFICATE)
    read = cms.CMSAttributes.load(der, strict=True)
    values = {each["type"].native: each["values"] for each in read}
    assert set(values) == {"content_type", "message_digest", "signing_certificate_v2"}
    assert values["content_type"].native == ["data"]
    assert values["message_digest"].native == [digest]
    (identifier,) = tsp.SigningCertificateV2.load(values["signing_certificate_v2"][0].dump())["certs"]
    assert identifier["hash_algorithm"]["algorithm"].native == "sha256"
    assert identifier["cert_hash"].native == hashlib.sha256(CERTIFICATE).digest()


def test_the_attributes_are_der_as_a_stranger_s_library_writes_them() -> None:
    again = cms.CMSAttributes([each.copy() for each in cms.CMSAttributes.load(ATTRIBUTES)])
    assert again.dump(force=True) == ATTRIBUTES


def test_a_signature_is_the_same_card_its_tries_one_pin_and_9c_once(
    whole: tuple[Exchange, ...],
) -> None:
    report = says(*whole)
    assert report.outcome is SigningOutcome.SIGNED
    assert report.algorithm is SignatureAlgorithm.ES256
    assert report.signature.hex().upper() == SIGNATURE.replace(" ", "").upper()


def test_what_a_p384_key_is_given_is_a_sha_384_digest(whole: tuple[Exchange, ...]) -> None:
    digest = hashlib.sha384(ATTRIBUTES).hexdigest()
    signed = (f"0087149C36 7C3482008130 {digest} 00", f"7C0A8208{SIGNATURE} 9000")
    report = says(*whole[:-1], signed, key=KeyAlgorithm.ECC_P384)
    assert report.algorithm is SignatureAlgorithm.ES384


@pytest.mark.parametrize(
    ("algorithm", "bits"), [(KeyAlgorithm.RSA_2048, 2048), (KeyAlgorithm.RSA_3072, 3072)]
)
def test_an_rsa_key_is_given_a_digest_info_in_pkcs1_padding(algorithm: KeyAlgorithm, bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    numbers = key.private_numbers()
    block = int.from_bytes(signature_input(algorithm, ATTRIBUTES), "big")
    signature = pow(block, numbers.d, numbers.public_numbers.n).to_bytes(bits // 8, "big")
    key.public_key().verify(signature, ATTRIBUTES, padding.PKCS1v15(), hashes.SHA256())


def test_every_kind_of_key_has_one_way_to_sign_a_document() -> None:
    assert set(signed_attributes.ALGORITHM_OF) == set(KeyAlgorithm)
    for key, algorithm in signed_attributes.ALGORITHM_OF.items():
        assert algorithm.hash_name == key.hash_name


# --- refusals -----------------------------------------------------------------------------------------------
def test_a_card_without_a_certificate_in_9c_cannot_sign(ayse: PivScripts) -> None:
    nothing = (CERTIFICATE_9C[0], "6A82")
    script = Script(ayse.select, ayse.chuid, ayse.serial, THREE_TRIES, nothing)
    with pytest.raises(NoSignatureCertificate):
        converse(look(), script)
    script.assert_finished()


def test_a_look_reads_identity_tries_and_the_certificate_of_9c(ayse: PivScripts) -> None:
    script = Script(ayse.select, ayse.chuid, ayse.serial, THREE_TRIES, CERTIFICATE_9C)
    looking = look(reader="Virtual PCD 00 00", atr="3b8080")
    assert converse(allowed.guard(OperationKind.SIGN, looking), script) == CARD
    script.assert_finished()


def test_a_wrong_pin_signs_nothing(whole: tuple[Exchange, ...]) -> None:
    assert says(*whole[:5], (VERIFY, "63C2")) == SigningReport(SigningOutcome.PIN_WRONG, PinState(False, 2))


def test_the_last_try_is_not_spent_by_software(whole: tuple[Exchange, ...]) -> None:
    assert says(*whole[:4], ONE_TRY).outcome is SigningOutcome.LAST_TRY


def test_another_certificate_than_the_one_looked_at_gets_no_pin(whole: tuple[Exchange, ...]) -> None:
    another = (CERTIFICATE_9C[0], "530D 7006300404020001 710100 FE00 9000")
    assert says(*whole[:3], another).abort_code == "wrong-card"


@pytest.mark.parametrize("sw", ["6982", "6A80", "6F00"])
def test_a_key_that_does_not_sign_is_told_as_a_refusal_and_not_asked_twice(
    whole: tuple[Exchange, ...], sw: str
) -> None:
    assert says(*whole[:-1], (USE_9C, sw)).abort_code == "card-refused"


@pytest.mark.parametrize("at", range(7))
def test_a24_torn_at_any_command_nothing_further_is_sent(whole: tuple[Exchange, ...], at: int) -> None:
    assert says(*torn(whole, at)) == SigningReport(SigningOutcome.ABORTED, abort_code="card-lost")
