"""What ties messages, proofs and cards to one operation, byte by byte as docs/unlock-protocol.md has it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards.messages import b64u_decode, b64u_encode, card_hash, hpke_info, proof_challenge


def test_the_info_of_claim_decision_and_token() -> None:
    assert hpke_info("claim", "OP", "NONCE") == b"kilitcoz/1 claim\x00OP\x00NONCE"
    assert hpke_info("decision", "OP", "NONCE") == b"kilitcoz/1 decision\x00OP\x00NONCE"
    assert hpke_info("login", "OP", "NONCE") == b"kilitcoz/1 login\x00OP\x00NONCE"


def test_the_info_of_a_release_has_its_fence() -> None:
    assert hpke_info("release", "OP", "NONCE", 17) == b"kilitcoz/1 release\x00OP\x00NONCE\x0017"


@pytest.mark.parametrize(
    ("label", "op", "fence"),
    [
        ("release", "OP", None),
        ("claim", "OP", 1),
        ("login", "OP", 1),
        ("result", "OP", None),
        ("claim", "O\x00P", None),
        ("claim", "ÖP", None),
    ],
)
def test_an_info_that_could_mean_two_things_is_not_made(label: str, op: str, fence: int | None) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- four reasons, one refusal
        hpke_info(label, op, "NONCE", fence)


def test_the_card_signs_operation_and_nonce() -> None:
    assert proof_challenge("OP", "NONCE") == b"kilitcoz/1 card-proof\x00OP\x00NONCE"


def test_a_card_is_named_by_the_hash_of_family_and_id() -> None:
    assert card_hash("piv", "5a1e") == hashlib.sha256(b"piv:5a1e").hexdigest()


@given(st.binary(max_size=64))
def test_base64url_is_read_back(raw: bytes) -> None:
    text = b64u_encode(raw)
    assert "=" not in text
    assert b64u_decode(text) == raw


@pytest.mark.parametrize("text", ["A", "AB==", "AB", "A+", "A/", "A B", "ÄB", "AAA\n"])
def test_other_spellings_of_base64url_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        b64u_decode(text)
