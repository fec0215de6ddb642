"""Keys in a token: they sign, they stay, and what goes wrong is told by its name."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from hypothesis import given
from hypothesis import strategies as st
from portal.tests.hsm.softhsm import PIN, SoftToken, library
from pytest_django import Settings

from kilitcoz_portal.hsm import keys
from kilitcoz_portal.hsm.addresses import KeyAddress
from kilitcoz_portal.hsm.errors import (
    HsmError,
    KeyMissing,
    KeyThere,
    ModuleUnusable,
    PinRefused,
    TokenMissing,
)
from kilitcoz_portal.hsm.keys import KeyKind, TokenKey
from kilitcoz_portal.keyfiles import KeyFileUnsafe

MESSAGE = "Ayşe Işıl Yılmaz".encode() * 100


@pytest.mark.parametrize("kind", list(KeyKind))
@pytest.mark.parametrize("algorithm", [hashes.SHA256(), hashes.SHA384()])
def test_what_the_token_signs_pyca_verifies(
    token: SoftToken, kind: KeyKind, algorithm: hashes.SHA256 | hashes.SHA384
) -> None:
    key = keys.generate(KeyAddress(token.label, "nes"), kind)
    signature, public = key.sign_message(MESSAGE, algorithm), key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, MESSAGE, ec.ECDSA(algorithm))
    else:
        public.verify(signature, MESSAGE, padding.PKCS1v15(), algorithm)


def test_the_private_half_never_leaves(token: SoftToken) -> None:
    keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    with pytest.raises(pkcs11.UserAlreadyLoggedIn):
        library().get_token(token_label=token.label).open(user_pin=PIN)
    with library().get_token(token_label=token.label).open() as session:
        private = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY)
        assert (private[pkcs11.Attribute.SENSITIVE], private[pkcs11.Attribute.EXTRACTABLE]) == (True, False)
        with pytest.raises(pkcs11.AttributeSensitive):
            private[pkcs11.Attribute.VALUE]


def test_a_key_is_found_again_by_its_address(token: SoftToken) -> None:
    made = keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    assert keys.open_key(KeyAddress.parse(str(made.address))).public_key() == made.public_key()


def test_a_second_key_of_the_same_name_is_refused(token: SoftToken) -> None:
    first = keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    with pytest.raises(KeyThere):
        keys.generate(first.address, KeyKind.P384)
    assert keys.open_key(first.address).public_key() == first.public_key()


def test_a_destroyed_key_is_gone_with_both_halves(token: SoftToken) -> None:
    key = keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    keys.destroy(key.address)
    assert token.objects() == []
    with pytest.raises(KeyMissing):
        keys.open_key(key.address)


def test_a_session_that_was_lost_is_opened_anew(token: SoftToken) -> None:
    key = keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    library().reinitialize()
    verify(key)


def test_a_token_that_was_taken_away_is_told_and_comes_back_with_nothing(token: SoftToken) -> None:
    key = keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
    token.taken_away()
    for _ in range(2):
        with pytest.raises(HsmError) as refused:
            key.sign_message(MESSAGE, hashes.SHA256())
        assert refused.value.code in {"token-fault", "token-missing"}


def test_a_wrong_pin_is_tried_once_and_never_again_in_this_process(token: SoftToken) -> None:
    token.pin_file.write_text("000000")
    for _ in range(2):
        with pytest.raises(PinRefused):
            keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)
        token.pin_file.write_text(PIN)  # which nobody reads any more


def test_the_pin_comes_from_the_environment_where_there_is_no_file(
    token: SoftToken, settings: Settings
) -> None:
    settings.KILITCOZ_PKCS11_PIN_FILE, settings.KILITCOZ_SECRETS = None, {"PKCS11_PIN": PIN}
    verify(keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256))


def test_without_a_pin_the_token_is_not_asked(token: SoftToken, settings: Settings) -> None:
    settings.KILITCOZ_PKCS11_PIN_FILE, settings.KILITCOZ_SECRETS = None, {}
    with pytest.raises(PinRefused):
        keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)


def test_a_pin_file_that_others_can_read_is_refused(token: SoftToken) -> None:
    token.pin_file.chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256)


def test_a_token_that_is_not_there_is_told(token: SoftToken) -> None:
    with pytest.raises(TokenMissing):
        keys.open_key(KeyAddress("başka", "nes"))


@pytest.mark.parametrize("module", [None, Path("/nowhere.so"), Path(__file__)])
def test_a_module_that_is_none_is_told(token: SoftToken, settings: Settings, module: Path | None) -> None:
    settings.KILITCOZ_PKCS11_MODULE = module
    with pytest.raises(ModuleUnusable):
        keys.open_key(KeyAddress(token.label, "nes"))


def test_no_pin_is_in_what_is_shown_of_a_key(token: SoftToken) -> None:
    assert PIN not in repr(keys.generate(KeyAddress(token.label, "nes"), KeyKind.P256))


@given(st.text(min_size=1), st.text(min_size=1))
def test_an_address_is_read_as_it_was_written(token: str, label: str) -> None:
    assert KeyAddress.parse(str(KeyAddress(token, label))) == KeyAddress(token, label)


@pytest.mark.parametrize(
    "written", ["", "pkcs11:", "pkcs11:token=a", "file:token=a;object=b", "pkcs11:token"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        KeyAddress.parse(written)


def verify(key: TokenKey) -> None:
    public = key.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(key.sign_message(MESSAGE, hashes.SHA256()), MESSAGE, ec.ECDSA(hashes.SHA256()))
