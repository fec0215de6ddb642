"""A PKCS#11 token (SoftHSM2) spoken to as every other card: made at a desk, logged in with, unlocked."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pkcs11
import pytest
from agent.tests.desk_counterpart import NEW_PUK, CounterpartDesk
from agent.tests.stage import Actors, Stage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kilitcoz_agent.operation.cryptograms import by_factory
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.readers.options import readers_from_options
from kilitcoz_agent.readers.port import Readers
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import TransportError, UnexpectedStatus
from kilitcoz_cards.families import PIV, piv_factory, piv_personalise, plain_puk
from kilitcoz_cards.families.piv_keys import signature_of, use_key
from kilitcoz_cards.families.piv_personalise import DeskCard
from kilitcoz_cards.families.piv_writing import generate_key, put_certificate
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import CommandApdu, ResponseApdu, StatusWord
from kilitcoz_cards.messages import OperationKind, Outcome, Release
from kilitcoz_cards.pin import Pin, Puk
from kilitcoz_cards.reference_data import verify

MODULE = next(
    (
        path
        for path in ("/usr/lib/softhsm/libsofthsm2.so",)
        if Path(path).exists() and shutil.which("softhsm2-util")
    ),
    None,
)
pytestmark = pytest.mark.skipif(MODULE is None, reason="Debian package softhsm2 is not installed")

T = TypeVar("T")
PIN, SO_PIN = "60274193", "12345678"
P256 = KeyAlgorithm.ECC_P256
_labels = count(1)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tokens, for this process only."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    return folder


@pytest.fixture
def token(tokens: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """Readers in which one token is that nobody has used. SoftHSM reads where its tokens are whenever it
    begins; the portal's tests have theirs.
    """
    monkeypatch.setenv("SOFTHSM2_CONF", str(tokens / "softhsm2.conf"))
    for old in (tokens / "tokens").iterdir():
        shutil.rmtree(old)
    label = f"Kart{next(_labels)}"
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        label,
        "--so-pin",
        SO_PIN,
        "--pin",
        "123456",
    ]
    subprocess.run(command, check=True, capture_output=True)
    readers = readers_from_options([f"token:{MODULE}"])
    pkcs11.lib(MODULE).reinitialize()  # SoftHSM looks for tokens when it begins
    yield readers
    readers.close()


def name_of(readers: Readers) -> str:
    """The slot that has the token in it."""
    return next(status.name for status in readers.statuses() if status.card_present)


def say(
    readers: Readers, conversation: Conversation[T], kind: OperationKind = OperationKind.PERSONALISE
) -> T:
    """One transaction."""
    with readers.transaction(name_of(readers)) as card:
        return converse(guard(kind, conversation), card.transmit, extended=takes_extended_length(card.atr))


def numbered(readers: Readers) -> DeskCard:
    """The blank token with a number."""
    seen = say(readers, piv_personalise.look(b"c"))
    assert seen.is_blank
    say(readers, piv_personalise.number(seen, secrets.token_bytes(16), [by_factory]))
    return say(readers, piv_personalise.look(b"c"))


def unlocked(readers: Readers, *candidates: str, pin: str = PIN) -> Outcome:
    """The vault's PUK and a PIN, as an unlock sets them."""

    def nobody() -> Conversation[None]:
        yield from ()

    release = Release(1, tuple(map(Puk.from_text, candidates)), Puk.from_text(NEW_PUK), rotate=True)
    return say(readers, plain_puk.unlock(nobody(), release, Pin.from_text(pin)), OperationKind.UNLOCK).outcome


def test_a_token_becomes_its_holder_s_at_the_desk(token: Readers, tmp_path: Path) -> None:
    async def story(zeynep: Actors) -> None:
        zeynep.follow_link()
        await zeynep.reaches(Phase.DESK)
        zeynep.does(Act.BEGIN)
        await zeynep.reaches(Phase.DONE)

    with Stage(tmp_path) as stage:
        desk = CounterpartDesk(stage.portal.card, time.time())
        stage.portal, stage.readers = desk, token
        stage.trust.pin(desk.pinned)
        stage.play(story)
    token = readers_from_options([f"token:{MODULE}"])  # the card service has closed its own
    seen = say(token, piv_personalise.look(b"c"))
    assert set(seen.certificates) == {"9a", "9c", "9e"}
    assert seen.proof is not None
    assert unlocked(token, SO_PIN) is Outcome.SECRET_REFUSED
    assert unlocked(token, NEW_PUK) is Outcome.PIN_SET


@pytest.mark.parametrize("algorithm", [P256, KeyAlgorithm.ECC_P384, KeyAlgorithm.RSA_2048])
def test_keys_made_on_a_token_sign_for_who_has_the_pin(token: Readers, algorithm: KeyAlgorithm) -> None:
    seen = numbered(token)
    made = say(token, piv_personalise.make_keys(seen, {"9a": algorithm, "9e": algorithm}, [by_factory]))
    assert unlocked(token, SO_PIN) is Outcome.PIN_SET
    block = b"\x00\x01" + b"\xff" * (algorithm.block_length - 2)
    block = block if algorithm.is_rsa else block[: algorithm.block_length]
    with token.transaction(name_of(token)) as card:
        command = use_key(0x9A, algorithm, block).to_bytes(extended=True)
        assert ResponseApdu.from_bytes(card.transmit(command)).sw == 0x6982
        card.transmit(verify(PIV.pin, Pin.from_text(PIN)).to_bytes())
        answer = ResponseApdu.from_bytes(card.transmit(command))
    signature = signature_of(algorithm, answer.data)
    key = load_der_public_key(made["9a"])
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        plain = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n)
        assert plain == int.from_bytes(block, "big")
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        digest = hashes.SHA384() if algorithm is KeyAlgorithm.ECC_P384 else hashes.SHA256()
        key.verify(signature, block, ec.ECDSA(utils.Prehashed(digest)))


def test_a_wrong_puk_costs_one_answer_and_the_next_candidate_is_tried(token: Readers) -> None:
    assert unlocked(token, "99999999", SO_PIN) is Outcome.PIN_SET
    assert unlocked(token, SO_PIN, NEW_PUK) is Outcome.PIN_SET


def test_a_wrong_pin_is_refused_and_the_right_one_taken(token: Readers) -> None:
    assert unlocked(token, SO_PIN) is Outcome.PIN_SET
    with token.transaction(name_of(token)) as card:
        wrong = card.transmit(verify(PIV.pin, Pin.from_text("000000")).to_bytes())
        right = card.transmit(verify(PIV.pin, Pin.from_text(PIN)).to_bytes())
    assert ResponseApdu.from_bytes(wrong).sw.retries_left == 2
    assert ResponseApdu.from_bytes(right).sw.is_success


def test_a_login_does_not_outlive_its_transaction(token: Readers) -> None:
    seen = numbered(token)
    say(token, piv_personalise.make_keys(seen, {"9a": P256}, [by_factory]))
    unlocked(token, SO_PIN)
    with token.transaction(name_of(token)) as card:
        card.transmit(verify(PIV.pin, Pin.from_text(PIN)).to_bytes())
    with token.transaction(name_of(token)) as card:
        answer = card.transmit(use_key(0x9A, P256, bytes(32)).to_bytes())
    assert ResponseApdu.from_bytes(answer).sw == 0x6982


def test_nothing_is_written_without_the_management_key(token: Readers) -> None:
    with pytest.raises(UnexpectedStatus, match="6982"):
        say(token, generate_key("9a", P256))
    with pytest.raises(UnexpectedStatus, match="6982"):
        say(token, put_certificate("9a", b"0" * 64))


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00F8000000", 0x6D00),
        ("00F7008000", 0x6D00),
        ("00FFFFFF230C9B20" + "00" * 32, 0x6D00),
        ("00CB3FFF055C035FC10500", 0x6A82),
        ("0087119A26" + "7C2482008120" + "00" * 32 + "00", 0x6982),
        ("0087119D26" + "7C2482008120" + "00" * 32 + "00", 0x6A80),
        ("0087119A02 0000", 0x6A80),
        ("00870C9B047C02810000", 0x6A86),
        ("00870A9B047C02820000", 0x6982),
        ("0024008108" + "31" * 8, 0x6A80),
        ("0024008110" + "ff" * 16, 0x63C2),
    ],
)
def test_what_a_token_does_not_do_is_answered_as_a_card_answers(
    token: Readers, command: str, sw: int
) -> None:
    with token.transaction(name_of(token)) as card:
        assert ResponseApdu.from_bytes(card.transmit(bytes.fromhex(command))).sw == StatusWord(sw)


def test_a_slot_without_a_token_and_a_file_that_is_no_module(token: Readers, tmp_path: Path) -> None:
    empty = next(status.name for status in token.statuses() if not status.card_present)
    for name in (empty, "no such slot"):
        with pytest.raises(TransportError), token.transaction(name) as card:
            card.transmit(CommandApdu(0, 0xA4, 4, 0).to_bytes())
    (tmp_path / "no-module.so").write_bytes(b"\x7fELF")
    with pytest.raises(ValueError, match="PKCS#11 module"):
        readers_from_options([f"token:{tmp_path / 'no-module.so'}"])
    assert Puk.from_text(SO_PIN) == piv_factory.PUK
