"""The value that a login signs: fixed, and nobody's choice but ours."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.authentication import (
    ALGORITHMS_OF,
    SALT_LENGTH,
    SignatureAlgorithm,
    login_challenge,
    signature_block,
    signed_value,
)
from kilitcoz_cards.identity import KeyAlgorithm

ORIGIN = "https://kilit.example"
OP, NONCE = "AAECAwQFBgcICQoLDA0ODw", "EBESExQVFhcYGRobHB0eHw"
ES256, ES384 = SignatureAlgorithm.ES256, SignatureAlgorithm.ES384
PS256, RS256 = SignatureAlgorithm.PS256, SignatureAlgorithm.RS256


def test_the_challenge_is_operation_and_nonce_of_256_random_bits() -> None:
    assert login_challenge(OP, NONCE) == "AAECAwQFBgcICQoLDA0ODwEBESExQVFhcYGRobHB0eHw"
    assert len(login_challenge(OP, NONCE)) == 44


@pytest.mark.parametrize(
    ("algorithm", "hash_name"), [(ES256, "sha256"), (RS256, "sha256"), (PS256, "sha256"), (ES384, "sha384")]
)
def test_the_value_is_the_hash_of_the_origin_and_the_hash_of_the_challenge(
    algorithm: SignatureAlgorithm, hash_name: str
) -> None:
    expected = (
        hashlib.new(hash_name, b"https://kilit.example").digest()
        + hashlib.new(hash_name, b"AAECAwQFBgcICQoLDA0ODwEBESExQVFhcYGRobHB0eHw").digest()
    )
    assert signed_value(ORIGIN, login_challenge(OP, NONCE), algorithm) == expected


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_another_origin_or_challenge_is_another_value(
    origin: str, challenge: str, other_origin: str, other_challenge: str
) -> None:
    same = signed_value(origin, challenge, ES256) == signed_value(other_origin, other_challenge, ES256)
    assert same is ((origin, challenge) == (other_origin, other_challenge))


@pytest.mark.parametrize("key", KeyAlgorithm)
def test_a_block_is_as_long_as_its_key(key: KeyAlgorithm) -> None:
    for algorithm in ALGORITHMS_OF[key]:
        value = signed_value(ORIGIN, login_challenge(OP, NONCE), algorithm)
        assert len(signature_block(key, algorithm, value, bytes(SALT_LENGTH))) == key.block_length


def test_an_rsa_key_signs_by_pss_where_the_card_can() -> None:
    assert ALGORITHMS_OF[KeyAlgorithm.RSA_2048] == (PS256, RS256)
    assert ALGORITHMS_OF[KeyAlgorithm.RSA_3072] == (PS256, RS256)
