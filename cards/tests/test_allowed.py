"""The allow-list: an unlock can do what an unlock does, and nothing else (A21)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards import allowed
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import ForbiddenCommand, TransportError
from kilitcoz_cards.families import BY_NAME
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.signatures import emsa_pkcs1_v1_5
from kilitcoz_cards.testing import LOST, Script

UNLOCK, ACTIVATE = OperationKind.UNLOCK, OperationKind.ACTIVATE
CHANGE_PIN, LOGIN = OperationKind.CHANGE_PIN, OperationKind.LOGIN
PERSONALISE, RENEW = OperationKind.PERSONALISE, OperationKind.RENEW
KINDS = [None, *OperationKind]
SIGN = OperationKind.SIGN
PADDED = emsa_pkcs1_v1_5(bytes(32), 256).hex()
BY_9C = "0087119C26" + "7C2482008120" + "00" * 32 + "00"

READING = [
    "00A4040005A00000030800",
    "00CB3FFF055C035FC10200",
    "00CB3FFF055C035FC10500",
    "00F8000000",
    "00F7008000",
    "00F7008100",
    "00F7009E00",
    "00200080",
    "0087119E26" + "00" * 38 + "00",
]
FORBIDDEN = {
    "PSO: COMPUTE DIGITAL SIGNATURE": "002A9E9A20" + "00" * 32 + "00",
    "INTERNAL AUTHENTICATE": "0088000020" + "00" * 32 + "00",
    "GENERAL AUTHENTICATE with 9A over anything": "0087119A26" + "00" * 38 + "00",
    "GENERAL AUTHENTICATE with 9D": "0087119D26" + "7C2482008120" + "00" * 32 + "00",
    "9C over more than a hash": "0087119C27" + "7C2582008121" + "00" * 33 + "00",
    "a key agreement with 9C": "0087119C26" + "7C2482008520" + "00" * 32 + "00",
    "RSA by 9C over what is not padded": "0087079C00010A" + "7C820106820081820100" + "00" * 256 + "0000",
    "a key agreement with 9A": "0087119A26" + "7C2482008520" + "00" * 32 + "00",
    "9A over more than a hash": "0087119A27" + "7C2582008121" + "00" * 33 + "00",
    "9A over less than a hash": "0087119A25" + "7C238200811F" + "00" * 31 + "00",
    "GENERAL AUTHENTICATE with the signing key 9C": "0087119C26" + "00" * 38 + "00",
    "GENERAL AUTHENTICATE with the management key, the card proving itself": "0087039B047C02800000",
    "GENERAL AUTHENTICATE with an algorithm not ours": "0087069E26" + "00" * 38 + "00",
    "SELECT another applet": "00A4040006A00000015100 00",
    "SELECT by file identifier": "00A40000023F00",
    "PUT DATA of nothing": "00DB3FFF075C035FC1025300",
    "PUT DATA of the printed information": "00DB3FFF085C035FC109530101",
    "PUT DATA of a certificate of 9D": "00DB3FFF085C035FC10B530101",
    "GENERATE ASYMMETRIC KEY PAIR in 9D": "0047009D05AC03800111 00",
    "GENERATE ASYMMETRIC KEY PAIR of RSA 1024": "0047009A05AC03800106 00",
    "GENERATE ASYMMETRIC KEY PAIR without a PIN": "0047009C08AC06800111AA010100",
    "IMPORT ASYMMETRIC KEY": "00FE119C220620" + "00" * 32,
    "MOVE KEY": "00F69A9C",
    "SET MANAGEMENT KEY to triple DES": "00FFFFFF1B039B18" + "00" * 24,
    "SET MANAGEMENT KEY with a touch": "00FFFFFE230C9B20" + "00" * 32,
    "GET DATA of the printed information": "00CB3FFF055C035FC10900",
    "VERIFY of the PUK": "00200081",
    "VERIFY of the global PIN": "0020000008" + "31" * 8,
    "VERIFY that resets the status": "0020FF80",
    "RESET of the application": "00FB0000",
    "SET PIN RETRIES": "00FA0303",
    "metadata of the key management key": "00F7009D00",
    "ATTEST": "00F99A0000",
    "GET RESPONSE by itself": "00C0000000",
    "the same on another channel": "01200080",
    "the same with chaining": "10CB3FFF055C035FC102",
    "RESET RETRY COUNTER with the PIN alone (P1=02)": "002C028008" + "31" * 8,
    "RESET RETRY COUNTER of another length": "002C008008" + "31" * 8,
}


def command(wire: str) -> CommandApdu:
    """From hex."""
    return CommandApdu.from_bytes(bytes.fromhex(wire))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wire", READING)
def test_reading_is_allowed_in_every_operation(kind: OperationKind | None, wire: str) -> None:
    allowed.check(kind, command(wire))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FORBIDDEN)
def test_a21_nothing_else_is(kind: OperationKind | None, name: str) -> None:
    with pytest.raises(ForbiddenCommand):
        allowed.check(kind, command(FORBIDDEN[name]))


@pytest.mark.parametrize(
    ("wire", "kinds"),
    [
        ("0024008110" + "31" * 16, {UNLOCK, ACTIVATE, PERSONALISE}),
        ("002C008010" + "31" * 16, {UNLOCK, ACTIVATE, PERSONALISE}),
        ("0024008010" + "31" * 16, {CHANGE_PIN}),
        ("0020008008" + "31" * 8, {UNLOCK, ACTIVATE, CHANGE_PIN, LOGIN, PERSONALISE, SIGN, RENEW}),
        ("0087119A26" + "7C2482008120" + "00" * 32 + "00", {LOGIN, RENEW}),
        ("0087149A36" + "7C3482008130" + "00" * 48 + "00", {LOGIN, RENEW}),
        ("0087079A00010A" + "7C820106820081820100" + "00" * 256 + "0000", {LOGIN}),
        (BY_9C, {SIGN, RENEW}),
        ("0087149C36" + "7C3482008130" + "00" * 48 + "00", {SIGN, RENEW}),
        ("0087079C00010A" + "7C820106820081820100" + PADDED + "0000", {SIGN, RENEW}),
        ("0087059A00018A" + "7C820186820081820180" + "00" * 384 + "0000", {LOGIN}),
        ("0087039B047C02810000", {PERSONALISE, RENEW}),
        ("00870C9B147C128210" + "00" * 16, {PERSONALISE, RENEW}),
        ("0047009C05AC03800111 00", {PERSONALISE, RENEW}),
        ("0047009E05AC03800107 00", {PERSONALISE}),
        ("00DB3FFF085C035FC102530101", {PERSONALISE}),
        ("00DB3FFF085C035FC10A530101", {PERSONALISE, RENEW}),
        ("00F7009C00", {PERSONALISE, RENEW}),
        ("00FFFFFF230C9B20" + "00" * 32, {PERSONALISE}),
    ],
)
def test_what_carries_a_secret_is_allowed_where_it_belongs(wire: str, kinds: set[OperationKind]) -> None:
    for kind in KINDS:
        if kind in kinds:
            allowed.check(kind, command(wire))
        else:
            with pytest.raises(ForbiddenCommand):
                allowed.check(kind, command(wire))


@given(st.binary(min_size=4, max_size=4), st.binary(max_size=20))
def test_what_is_allowed_has_a_header_of_the_list(header: bytes, data: bytes) -> None:
    any_command = CommandApdu(*header, data)
    headers = {bytes.fromhex(each.header) for row in allowed.ALLOWED.values() for each in row}
    for kind in KINDS:
        try:
            allowed.check(kind, any_command)
        except ForbiddenCommand:
            continue
        assert header in headers


def test_a_forbidden_command_is_not_sent_and_the_conversation_learns_it() -> None:
    def sly() -> Conversation[str]:
        yield command("00F8000000")
        try:
            yield command(FORBIDDEN["GENERAL AUTHENTICATE with the signing key 9C"])
        except ForbiddenCommand as forbidden:
            return forbidden.code
        return "signed"

    script = Script(("00F8000000", "6D00"))
    assert converse(allowed.guard(UNLOCK, sly()), script) == "command-forbidden"
    script.assert_finished()


def test_a_forbidden_command_that_is_not_handled_ends_the_conversation() -> None:
    def sly() -> Conversation[None]:
        yield command(FORBIDDEN["PUT DATA of nothing"])

    with pytest.raises(ForbiddenCommand, match=r"^00db3fff$"):
        converse(allowed.guard(UNLOCK, sly()), Script())


def test_a_lost_answer_passes_through_the_guard() -> None:
    def asking() -> Conversation[str]:
        try:
            yield command("00F8000000")
        except TransportError as lost:
            return lost.code
        return "answered"

    assert converse(allowed.guard(None, asking()), Script(("00F8000000", LOST))) == "card-lost"


def test_a21_a_login_uses_one_key_and_neither_sets_nor_unblocks_anything() -> None:
    beyond_reading = [each.header for each in allowed.ALLOWED[LOGIN] if each not in allowed.READING]
    assert beyond_reading == ["00 20 00 80", "00 87 11 9A", "00 87 14 9A", "00 87 07 9A", "00 87 05 9A"]


def test_a21_who_makes_a_card_its_holder_s_uses_none_of_the_holder_s_keys() -> None:
    using = [each.header for each in allowed.ALLOWED[PERSONALISE] if each.header.startswith("00 87")]
    assert {header.split()[3] for header in using} == {"9B", "9E"}


def test_a21_a_document_s_signature_uses_one_key_and_neither_sets_nor_unblocks_anything() -> None:
    beyond_reading = [each.header for each in allowed.ALLOWED[SIGN] if each not in allowed.READING]
    assert beyond_reading == ["00 20 00 80", "00 87 11 9C", "00 87 14 9C", "00 87 07 9C", "00 87 05 9C"]


def test_a21_a_second_signature_in_one_transaction_is_not_sent() -> None:
    def greedy() -> Conversation[str]:
        yield command(BY_9C)
        try:
            yield command("0087149C36" + "7C3482008130" + "00" * 48 + "00")
        except ForbiddenCommand as forbidden:
            return forbidden.code
        return "signed twice"

    script = Script((BY_9C, "9000"))
    assert converse(allowed.guard(SIGN, greedy()), script) == "command-forbidden"
    script.assert_finished()


def test_a21_no_key_that_signs_documents_is_one_to_log_in_with() -> None:
    for family in BY_NAME.values():
        assert not {"9c", "9d", "9e"} & set(family.login_slots)
