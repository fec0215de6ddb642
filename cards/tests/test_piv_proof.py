"""What 9E is given to sign, and what passes for its signature. Real keys check the encodings."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.families.piv_keys import signature_of
from kilitcoz_cards.families.piv_proof import general_authenticate
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.signatures import signature_input
from kilitcoz_cards.tlv import encode, find

CHALLENGE = b"kilitcoz/1 card-proof\x00operation\x00nonce"


@pytest.mark.parametrize(
    ("algorithm", "bits"), [(KeyAlgorithm.RSA_2048, 2048), (KeyAlgorithm.RSA_3072, 3072)]
)
def test_an_rsa_card_s_raw_operation_makes_a_pkcs1_signature(algorithm: KeyAlgorithm, bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    numbers = key.private_numbers()
    message = int.from_bytes(signature_input(algorithm, CHALLENGE), "big")
    signature = pow(message, numbers.d, numbers.public_numbers.n).to_bytes(bits // 8, "big")
    key.public_key().verify(signature, CHALLENGE, padding.PKCS1v15(), hashes.SHA256())
    assert signature_of(algorithm, encode(0x7C, encode(0x82, signature))) == signature


@pytest.mark.parametrize(
    ("algorithm", "curve", "hash_algorithm"),
    [
        (KeyAlgorithm.ECC_P256, ec.SECP256R1(), hashes.SHA256()),
        (KeyAlgorithm.ECC_P384, ec.SECP384R1(), hashes.SHA384()),
    ],
)
def test_an_ecdsa_card_signs_the_digest_as_strong_as_its_key(
    algorithm: KeyAlgorithm, curve: ec.EllipticCurve, hash_algorithm: hashes.HashAlgorithm
) -> None:
    key = ec.generate_private_key(curve)
    digest = signature_input(algorithm, CHALLENGE)
    signature = key.sign(digest, ec.ECDSA(utils.Prehashed(hash_algorithm)))
    key.public_key().verify(signature, CHALLENGE, ec.ECDSA(hash_algorithm))
    assert signature_of(algorithm, encode(0x7C, encode(0x82, signature))) == signature


@pytest.mark.parametrize(
    ("algorithm", "header", "length"),
    [
        (KeyAlgorithm.ECC_P256, "0087119e", 32),
        (KeyAlgorithm.ECC_P384, "0087149e", 48),
        (KeyAlgorithm.RSA_2048, "0087079e", 256),
        (KeyAlgorithm.RSA_3072, "0087059e", 384),
    ],
)
def test_the_command_names_algorithm_and_9e_and_asks_for_the_response(
    algorithm: KeyAlgorithm, header: str, length: int
) -> None:
    command = general_authenticate(algorithm, CHALLENGE)
    assert command.header.hex() == header
    assert find(command.data, 0x7C, 0x82) == b""
    assert len(find(command.data, 0x7C, 0x81) or b"") == length


def test_a_hash_is_as_strong_as_its_key() -> None:
    assert {each.value: (each.hash_name, each.is_rsa) for each in KeyAlgorithm} == {
        "ecc-p256": ("sha256", False),
        "ecc-p384": ("sha384", False),
        "rsa-2048": ("sha256", True),
        "rsa-3072": ("sha256", True),
    }


@pytest.mark.parametrize("answer", [b"", b"\x7c\x00", encode(0x7C, encode(0x82, b"")), encode(0x7C, b"\x82")])
@pytest.mark.parametrize("algorithm", KeyAlgorithm)
def test_an_answer_without_a_signature_is_refused(algorithm: KeyAlgorithm, answer: bytes) -> None:
    with pytest.raises(CardMalformed):
        signature_of(algorithm, answer)


def test_a_signature_of_another_key_s_length_is_refused() -> None:
    with pytest.raises(CardMalformed):
        signature_of(KeyAlgorithm.RSA_3072, encode(0x7C, encode(0x82, bytes(256))))
    with pytest.raises(CardMalformed):
        signature_of(KeyAlgorithm.ECC_P256, encode(0x7C, encode(0x82, bytes(256))))
