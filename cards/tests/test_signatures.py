"""Encodings around a bare private operation, checked by keys of another's making."""

import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.signatures import emsa_pkcs1_v1_5, emsa_pss, mgf1, raw_ecdsa
from kilitcoz_cards.tlv import encode

P256_MAX = 2**256 - 1


@pytest.fixture(scope="module", params=[2048, 3072])
def key(request: pytest.FixtureRequest) -> rsa.RSAPrivateKey:
    """An RSA key of a size that PIV has."""
    return rsa.generate_private_key(65537, request.param)


def raw(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """What a card does: block^d mod n."""
    numbers = key.private_numbers()
    return pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n).to_bytes(len(block), "big")


@pytest.mark.parametrize(
    "salt", [bytes(32), b"\xff" * 32, secrets.token_bytes(32)], ids=["0", "ff", "random"]
)
def test_a_raw_operation_over_pss_is_a_pss_signature(key: rsa.RSAPrivateKey, salt: bytes) -> None:
    digest = bytes(range(32))
    signature = raw(key, emsa_pss(digest, key.key_size // 8, salt))
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    key.public_key().verify(signature, digest, scheme, utils.Prehashed(hashes.SHA256()))


def test_the_salt_of_a_pss_signature_is_the_one_given(key: rsa.RSAPrivateKey) -> None:
    length = key.key_size // 8
    once, again = (emsa_pss(bytes(32), length, salt) for salt in (b"a" * 32, b"b" * 32))
    assert once != again
    assert once == emsa_pss(bytes(32), length, b"a" * 32)


def test_a_raw_operation_over_pkcs1_is_a_pkcs1_signature(key: rsa.RSAPrivateKey) -> None:
    digest = bytes(range(32))
    signature = raw(key, emsa_pkcs1_v1_5(digest, key.key_size // 8))
    key.public_key().verify(signature, digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))


@given(st.binary(max_size=40), st.integers(0, 200))
def test_a_mask_is_as_long_as_asked_and_begins_like_a_longer_one(seed: bytes, length: int) -> None:
    assert len(mgf1(seed, length)) == length
    assert mgf1(seed, length + 33)[:length] == mgf1(seed, length)


@given(st.integers(1, P256_MAX), st.integers(1, P256_MAX))
def test_der_becomes_r_and_s_of_fixed_length(r: int, s: int) -> None:
    der = utils.encode_dss_signature(r, s)
    assert raw_ecdsa(der, 32) == r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30\x00",
        encode(0x30, encode(0x02, b"\x01")),
        encode(0x30, encode(0x02, b"\x01") * 3),
        encode(0x30, encode(0x02, b"\x01") + encode(0x04, b"\x01")),
        encode(0x30, encode(0x02, b"\x00") + encode(0x02, b"\x01")),  # r = 0
        encode(0x30, encode(0x02, b"\x01") + encode(0x02, b"\xff")),  # s < 0
        encode(0x30, encode(0x02, b"\x01" + bytes(32)) + encode(0x02, b"\x01")),  # 33 bytes
        encode(0x30, encode(0x02, b"") + encode(0x02, b"\x01")),
        encode(0x31, encode(0x02, b"\x01") * 2),
        utils.encode_dss_signature(1, 2)[:-1],
    ],
    ids=range(11),
)
def test_what_is_no_ecdsa_signature_is_refused(der: bytes) -> None:
    with pytest.raises(CardMalformed):
        raw_ecdsa(der, 32)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_signature_or_refused(der: bytes) -> None:
    try:
        assert len(raw_ecdsa(der, 32)) == 64
    except CardMalformed:
        return
