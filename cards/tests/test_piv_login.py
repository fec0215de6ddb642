"""A login on a PIV card, command by command: what is read, when a PIN is sent, what is signed."""

import hashlib
from dataclasses import replace

import pytest
from cards.tests.conftest import GUID, SIGNATURE, PivScripts
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from kilitcoz_cards import allowed
from kilitcoz_cards.authentication import SignatureAlgorithm, signed_value
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import CardMalformed, CardsError, NoLoginCertificate, TransportError, UnknownCard
from kilitcoz_cards.families.piv_login import ToSign, look, sign_in
from kilitcoz_cards.families.piv_signing import SigningCard, SigningOutcome, SigningReport
from kilitcoz_cards.identity import Identification, KeyAlgorithm, certificate_hash
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import UNTOLD, Pin, PinState
from kilitcoz_cards.testing import Exchange, Script, torn
from kilitcoz_cards.tlv import encode

ORIGIN, CHALLENGE = "https://kilit.example", "AAECAwQFBgcICQoLDA0ODwEBESExQVFhcYGRobHB0eHw"
CERTIFICATE = bytes.fromhex("300a0402abcd0404deadbeef")
PIN = Pin.from_text("482913")
P256 = ToSign(KeyAlgorithm.ECC_P256, ORIGIN, CHALLENGE, b"s" * 32)
P384, RSA = replace(P256, key=KeyAlgorithm.ECC_P384), replace(P256, key=KeyAlgorithm.RSA_2048)
THREE_LEFT, ONE_LEFT = PinState(False, 3), PinState(False, 1)

CERTIFICATE_9A: Exchange = ("00CB3FFF05 5C035FC105 00", f"5313 700C{CERTIFICATE.hex()} 710100 FE00 9000")
NO_CERTIFICATE_9A: Exchange = ("00CB3FFF05 5C035FC105 00", "6A82")
THREE_TRIES: Exchange = ("00F7008000", "0101FF 050100 06020303 9000")
ONE_TRY: Exchange = ("00F7008000", "0101FF 050100 06020301 9000")
NO_TRY: Exchange = ("00F7008000", "0101FF 050100 06020300 9000")
VERIFY = "0020008008 343832393133FFFF"
VERIFIED: Exchange = (VERIFY, "9000")
DIGEST = hashlib.sha256(
    hashlib.sha256(ORIGIN.encode()).digest() + hashlib.sha256(CHALLENGE.encode()).digest()
).hexdigest()
USE_9A = f"0087119A26 7C2482008120 {DIGEST} 00"
SIGNED: Exchange = (USE_9A, f"7C0A8208{SIGNATURE} 9000")
R_AND_S = (1).to_bytes(32, "big") + (2).to_bytes(32, "big")


@pytest.fixture
def looked_at(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The script of `look`."""
    return ayse.select, ayse.chuid, ayse.serial, THREE_TRIES, CERTIFICATE_9A


@pytest.fixture
def same(ayse: PivScripts) -> tuple[Exchange, ...]:
    """The same card, again, and its PIN's tries."""
    return ayse.select, ayse.chuid, ayse.serial, CERTIFICATE_9A, THREE_TRIES


@pytest.fixture
def whole(same: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """The transaction of a login that goes well."""
    return *same, VERIFIED, SIGNED


CARD = SigningCard(
    Identification(
        family="piv",
        card_id=GUID,
        serial="12344821",
        reader="Virtual PCD 00 00",
        atr="3b8080",
        certificates={"9a": certificate_hash(CERTIFICATE)},
        pin=THREE_LEFT,
    ),
    "9a",
    CERTIFICATE,
)


def says(*exchanges: Exchange, to_sign: ToSign = P256, last: bool = False) -> SigningReport:
    """The report of a transaction that goes exactly so, every command on the login's allow-list."""
    script = Script(*exchanges)
    conversation = sign_in(CARD, PIN, to_sign, may_spend_last_try=last)
    report = converse(allowed.guard(OperationKind.LOGIN, conversation), script)
    script.assert_finished()
    return report


# --- looking ------------------------------------------------------------------------------------------------
def test_a_look_reads_identity_tries_and_the_certificate_of_9a(looked_at: tuple[Exchange, ...]) -> None:
    script = Script(*looked_at)
    conversation = look(reader="Virtual PCD 00 00", atr="3b8080")
    card = converse(allowed.guard(None, conversation), script)
    script.assert_finished()
    assert card == CARD


def test_a_card_without_a_certificate_in_9a_cannot_serve(ayse: PivScripts) -> None:
    script = Script(ayse.select, ayse.chuid, ayse.serial, THREE_TRIES, NO_CERTIFICATE_9A)
    with pytest.raises(NoLoginCertificate):
        converse(look(), script)
    script.assert_finished()


def test_an_empty_object_in_9a_is_no_certificate(ayse: PivScripts) -> None:
    empty = (CERTIFICATE_9A[0], "5300 9000")
    with pytest.raises(NoLoginCertificate):
        converse(look(), Script(ayse.select, ayse.chuid, ayse.serial, THREE_TRIES, empty))


def test_without_vendor_commands_the_tries_are_asked_by_verify_once(ayse: PivScripts) -> None:
    status = ("00200080", "63C2")
    script = Script(ayse.select, ayse.chuid, ayse.no_serial, ayse.no_metadata, status, CERTIFICATE_9A)
    card = converse(look(), script)
    script.assert_finished()
    assert (card.identification.serial, card.identification.pin) == (None, PinState(False, 2))


def test_a_card_of_another_kind_is_unknown() -> None:
    with pytest.raises(UnknownCard):
        converse(look(), Script(("00A4040005 A000000308 00", "6A82")))


@pytest.mark.parametrize("at", range(5))
def test_a_card_torn_while_it_is_looked_at_is_lost(looked_at: tuple[Exchange, ...], at: int) -> None:
    with pytest.raises(TransportError):
        converse(look(), Script(*torn(looked_at, at)))


# --- signing ------------------------------------------------------------------------------------------------
def test_a_login_is_the_same_card_its_tries_one_pin_and_one_signature(whole: tuple[Exchange, ...]) -> None:
    report = says(*whole)
    assert report == SigningReport(
        SigningOutcome.SIGNED, algorithm=SignatureAlgorithm.ES256, signature=R_AND_S
    )


def test_what_is_signed_is_hash_of_origin_and_hash_of_challenge(same: tuple[Exchange, ...]) -> None:
    """A key of another's making verifies it."""
    key = ec.generate_private_key(ec.SECP256R1())
    der = key.sign(bytes.fromhex(DIGEST), ec.ECDSA(utils.Prehashed(hashes.SHA256())))
    answer = encode(0x7C, encode(0x82, der)).hex() + "9000"
    report = says(*same, VERIFIED, (USE_9A, answer))
    r, s = (int.from_bytes(report.signature[cut], "big") for cut in (slice(32), slice(32, 64)))
    value = signed_value(ORIGIN, CHALLENGE, SignatureAlgorithm.ES256)
    key.public_key().verify(utils.encode_dss_signature(r, s), value, ec.ECDSA(hashes.SHA256()))


def test_a_p384_key_signs_by_sha_384(same: tuple[Exchange, ...]) -> None:
    parts = (hashlib.sha384(text.encode()).digest() for text in (ORIGIN, CHALLENGE))
    digest = hashlib.sha384(b"".join(parts)).hexdigest()
    signed = (f"0087149A36 7C3482008130 {digest} 00", f"7C0A8208{SIGNATURE} 9000")
    report = says(*same, VERIFIED, signed, to_sign=P384)
    assert (report.algorithm, len(report.signature)) == (SignatureAlgorithm.ES384, 96)


def extended(exchange: Exchange) -> Exchange:
    """GET DATA of the certificate, where the card takes extended length."""
    command, answer = exchange
    return (command[:-2].replace("FF05", "FF000005") + "0000", answer) if "5FC105" in command else exchange


class RsaCard:
    """A card behind a script's identity: RSA 2048 in 9A, its raw operation; it may look at the padding."""

    def __init__(self, before: tuple[Exchange, ...], *, looks_at_padding: bool) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self._script = Script(*map(extended, before))
        self._left = len(before)
        self._looks = looks_at_padding
        self.signed = 0

    def __call__(self, raw: bytes) -> bytes:
        """One command."""
        if self._left:
            self._left -= 1
            return self._script(raw)
        command = CommandApdu.from_bytes(raw)
        assert command.header.hex() == "0087079a"
        block = command.data[-256:]
        if self._looks and not block.startswith(b"\x00\x01\xff"):
            return bytes.fromhex("6a80")
        self.signed += 1
        numbers = self.key.private_numbers()
        signature = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n)
        return encode(0x7C, encode(0x82, signature.to_bytes(256, "big"))) + b"\x90\x00"


@pytest.mark.parametrize("looks_at_padding", [False, True])
def test_an_rsa_card_signs_by_pss_or_by_pkcs1_where_it_looks_at_the_padding(
    same: tuple[Exchange, ...], looks_at_padding: bool
) -> None:
    card = RsaCard((*same, VERIFIED), looks_at_padding=looks_at_padding)
    report = converse(sign_in(CARD, PIN, RSA), card, extended=True)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    scheme: padding.PSS | padding.PKCS1v15 = padding.PKCS1v15() if looks_at_padding else pss
    expected = SignatureAlgorithm.RS256 if looks_at_padding else SignatureAlgorithm.PS256
    assert (report.outcome, report.algorithm, card.signed) == (SigningOutcome.SIGNED, expected, 1)
    value = signed_value(ORIGIN, CHALLENGE, expected)
    card.key.public_key().verify(report.signature, value, scheme, hashes.SHA256())


# --- tries --------------------------------------------------------------------------------------------------
def test_a_wrong_pin_is_told_with_the_tries_left(same: tuple[Exchange, ...]) -> None:
    assert says(*same, (VERIFY, "63C2")) == SigningReport(SigningOutcome.PIN_WRONG, PinState(False, 2))


def test_a_wrong_pin_of_a_card_that_does_not_count_aloud(same: tuple[Exchange, ...]) -> None:
    assert says(*same, (VERIFY, "6300")) == SigningReport(SigningOutcome.PIN_WRONG, UNTOLD)


def test_a_pin_whose_form_the_card_refuses_is_wrong_and_took_no_try(same: tuple[Exchange, ...]) -> None:
    assert says(*same, (VERIFY, "6A80")) == SigningReport(SigningOutcome.PIN_WRONG, THREE_LEFT)


@pytest.mark.parametrize("sw", ["63C0", "6983"])
def test_the_try_that_blocked_the_card_is_told_as_such(same: tuple[Exchange, ...], sw: str) -> None:
    assert says(*same, (VERIFY, sw)).outcome is SigningOutcome.PIN_BLOCKED


@pytest.mark.parametrize(
    "told", [(ONE_TRY,), (("00F7008000", "6D00"), ("00200080", "63C1")), (("00F7008000", "0101FF 9000"),)]
)
def test_the_last_try_is_not_spent_by_software(
    same: tuple[Exchange, ...], told: tuple[Exchange, ...]
) -> None:
    report = says(*same[:-1], *told)
    assert report.outcome is SigningOutcome.LAST_TRY


def test_the_last_try_is_spent_by_who_says_so(same: tuple[Exchange, ...]) -> None:
    assert says(*same[:-1], ONE_TRY, VERIFIED, SIGNED, last=True).outcome is SigningOutcome.SIGNED


@pytest.mark.parametrize("last", [False, True])
def test_a_blocked_card_is_sent_no_pin(same: tuple[Exchange, ...], last: bool) -> None:
    report = says(*same[:-1], NO_TRY, last=last)
    assert (report.outcome, report.pin.blocked) == (SigningOutcome.PIN_BLOCKED, True)


# --- cards that tear, lie, swap, refuse ---------------------------------------------------------------------
@pytest.mark.parametrize("at", range(7))
def test_a24_torn_at_any_command_nothing_further_is_sent(whole: tuple[Exchange, ...], at: int) -> None:
    assert says(*torn(whole, at)) == SigningReport(SigningOutcome.ABORTED, abort_code="card-lost")


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (1, f"5331 3019D4E739DA739CED39CE739D836858210842108421C84210C3EB 3410{'77' * 16} 3E00FE00 9000"),
        (2, "00BC5DF6 9000"),
        (3, "530D 7006300404020001 710100 FE00 9000"),
        (0, "6A82"),
    ],
    ids=["another GUID", "another serial", "another certificate", "no PIV card any more"],
)
def test_a22_another_card_gets_no_pin(same: tuple[Exchange, ...], place: int, answer: str) -> None:
    script = (*same[:place], (same[place][0], answer))
    assert says(*script) == SigningReport(SigningOutcome.ABORTED, abort_code="wrong-card")


@pytest.mark.parametrize("sw", ["6982", "6A80", "6985", "6F00", "6D00"])
def test_a_key_that_does_not_sign_is_told_as_a_refusal(same: tuple[Exchange, ...], sw: str) -> None:
    assert says(*same, VERIFIED, (USE_9A, sw)).abort_code == "card-refused"


def test_an_rsa_key_that_wants_its_pin_again_is_not_asked_twice(same: tuple[Exchange, ...]) -> None:
    sent: list[bytes] = []

    def card(raw: bytes) -> bytes:
        sent.append(raw)
        if len(sent) <= len(same):
            return bytes.fromhex((same[len(sent) - 1][1] or "").replace(" ", ""))
        return bytes.fromhex("9000" if raw[1] == 0x20 else "6982")

    report = converse(sign_in(CARD, PIN, RSA), card)
    assert report.abort_code == "card-refused"
    assert [command[1] for command in sent].count(0x87) == 1


@pytest.mark.parametrize("sw", ["6982", "6700", "6A86"])
def test_an_answer_to_the_pin_that_says_nothing_ends_it(same: tuple[Exchange, ...], sw: str) -> None:
    assert says(*same, (VERIFY, sw)).abort_code == "card-refused"


@pytest.mark.parametrize(
    "answer",
    ["9000", "7C00 9000", "7C028200 9000", "7C0A8208 3006020101020100 9000", "8208 3006020101020102 9000"],
)
def test_what_is_no_signature_is_not_passed_on(same: tuple[Exchange, ...], answer: str) -> None:
    report = says(*same, VERIFIED, (USE_9A, answer))
    assert (report.abort_code, report.signature) == ("card-malformed", b"")


def test_no_report_shows_a_pin(whole: tuple[Exchange, ...]) -> None:
    assert "482913" not in repr(says(*whole))
    assert "ssss" not in repr(P256)


def test_every_error_of_a_conversation_is_one_of_ours() -> None:
    assert issubclass(NoLoginCertificate, CardsError)
    assert issubclass(CardMalformed, CardsError)
