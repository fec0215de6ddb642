"""The PIV conversations as exact APDU scripts: identification, and the same card again in the transaction."""

import gzip
from dataclasses import replace

import pytest

from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import (
    CardMalformed,
    CardsError,
    PukCounterChanged,
    TransportError,
    UnexpectedStatus,
    UnknownCard,
    WrongCard,
)
from kilitcoz_cards.families import piv
from kilitcoz_cards.families.piv_proof import general_authenticate
from kilitcoz_cards.identity import Identification, KeyAlgorithm, certificate_hash
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.pin import UNTOLD, PinState
from kilitcoz_cards.testing import Exchange, Script, torn
from kilitcoz_cards.tlv import encode

DER = bytes.fromhex("3003020107")


def identify(ayse, *exchanges: Exchange, challenge: bytes | None = None, slots=()) -> Identification:
    """Play `identify` over these exchanges, all of them."""
    script = Script(*exchanges)
    conversation = piv.identify(challenge, slots, reader="Virtual PCD 00 00", atr="3b8080")
    identification = converse(conversation, script)
    script.assert_finished()
    return identification


def certificate_exchange(tag: str, der: bytes, *, zipped: bool = False) -> Exchange:
    """GET DATA of a certificate that fits one answer."""
    stored = gzip.compress(der) if zipped else der
    answer = encode(0x53, encode(0x70, stored) + encode(0x71, bytes((zipped,))) + b"\xfe\x00")
    return f"00CB3FFF05 5C03{tag} 00", answer.hex() + "9000"


def test_a_card_with_metadata_and_9e_is_identified_in_seven_apdus(ayse) -> None:
    exchanges = (
        ayse.select,
        ayse.chuid,
        ayse.serial,
        ayse.pin_metadata,
        ayse.puk_metadata,
        ayse.key_metadata,
        ayse.proof,
    )
    assert identify(ayse, *exchanges, challenge=ayse.challenge) == ayse.identification


def test_a_serial_number_that_nobody_needs_to_see_is_not_read(ayse) -> None:
    metadata = (ayse.pin_metadata, ayse.puk_metadata, ayse.key_metadata)
    script = Script(ayse.select, ayse.chuid, *metadata, ayse.proof)
    seen = converse(piv.identify(ayse.challenge, want_serial=False), script)
    script.assert_finished()
    assert (seen.card_id, seen.serial, seen.proof) == (ayse.guid, None, ayse.identification.proof)


def test_where_no_key_proves_the_card_its_serial_number_is_read_all_the_same(ayse) -> None:
    no_key = ("00F7009E00", "6A88")
    script = Script(ayse.select, ayse.chuid, ayse.pin_metadata, ayse.puk_metadata, no_key, ayse.serial)
    seen = converse(piv.identify(ayse.challenge, want_serial=False), script)
    script.assert_finished()
    assert (seen.serial, seen.proof) == ("12344821", None)


def test_a_card_without_vendor_commands_tells_its_pin_by_one_verify_without_data(ayse) -> None:
    exchanges = (ayse.select, ayse.chuid, ayse.no_serial, ayse.no_metadata, ayse.pin_status, ayse.proof)
    seen = identify(ayse, *exchanges, challenge=ayse.challenge)
    assert seen == replace(ayse.identification, serial=None, puk=UNTOLD)


@pytest.mark.parametrize(
    ("sw", "state"),
    [
        ("6983", PinState(True, 0)),
        ("63C0", PinState(True, 0)),
        ("63C2", PinState(False, 2)),
        ("9000", PinState(False, None)),
        ("6982", UNTOLD),
        ("6A88", UNTOLD),
    ],
)
def test_the_pin_s_state_is_read_from_each_face(ayse, sw: str, state: PinState) -> None:
    seen = identify(ayse, ayse.select, ayse.chuid, ayse.no_serial, ayse.no_metadata, ("00200080", sw))
    assert seen.pin == state


def test_without_a_challenge_no_key_is_used_and_certificates_are_read(ayse) -> None:
    seen = identify(
        ayse,
        ayse.select,
        ayse.chuid,
        ayse.serial,
        ayse.pin_metadata,
        ayse.puk_metadata,
        certificate_exchange("5FC105", DER),
        ("00CB3FFF05 5C035FC10A 00", "6A82"),
        slots=("9c", "9a"),
    )
    assert seen.certificates == {"9a": certificate_hash(DER)}
    assert seen.proof is None


def test_a_certificate_is_hashed_unzipped(ayse) -> None:
    seen = identify(
        ayse,
        ayse.select,
        ayse.chuid,
        ayse.no_serial,
        ayse.no_metadata,
        ayse.pin_status,
        certificate_exchange("5FC105", DER, zipped=True),
        slots=("9a",),
    )
    assert seen.certificates == {"9a": certificate_hash(DER)}


@pytest.mark.parametrize("sw", ["6A88", "6A80", "6A86", "6A82"])
def test_a_card_whose_metadata_say_that_9e_is_empty_is_not_asked_to_sign(ayse, sw: str) -> None:
    exchanges = (ayse.select, ayse.chuid, ayse.serial, ayse.pin_metadata, ayse.puk_metadata)
    seen = identify(
        ayse,
        *exchanges,
        ("00F7009E00", sw),
        certificate_exchange("5FC105", DER),
        challenge=ayse.challenge,
        slots=("9a",),
    )
    assert seen.proof is None
    assert seen.certificates == {"9a": certificate_hash(DER)}


@pytest.mark.parametrize("sw", [0x6A80, 0x6A86, 0x6A88, 0x6982, 0x6F00])
def test_a_plain_card_without_9e_refuses_all_four_algorithms_and_is_known_by_certificate(
    ayse, sw: int
) -> None:
    card = _Answering({0x87: sw, 0xF7: 0x6D00, 0xF8: 0x6D00, 0x20: 0x6983}, ayse)
    seen = converse(piv.identify(ayse.challenge), card)
    assert seen.proof is None
    assert [command.p1 for command in card.seen if command.ins == 0x87 and not command.cla] == [
        0x11,
        0x07,
        0x14,
        0x05,
    ]
    assert [command.ins for command in card.seen].count(0xF7) == 1
    assert [command.ins for command in card.seen].count(0xF8) == 1


class _Answering:
    """SELECT and CHUID as Ayşe's card, every other instruction with one status word."""

    def __init__(self, by_ins: dict[int, int], ayse) -> None:
        self._by_ins = by_ins
        self._script = {0xA4: ayse.select[1], 0xCB: ayse.chuid[1]}
        self.seen: list[CommandApdu] = []

    def __call__(self, raw: bytes) -> bytes:
        command = CommandApdu.from_bytes(raw)
        self.seen.append(command)
        if command.ins in self._script:
            return bytes.fromhex(self._script[command.ins])
        return b"\x90\x00" if command.cla & 0x10 else self._by_ins[command.ins].to_bytes(2, "big")


@pytest.mark.parametrize("extended", [False, True])
def test_an_rsa_key_is_found_after_the_p256_guess_and_signs_in_either_length(ayse, extended: bool) -> None:
    signature = bytes([7]) * 256
    answer = encode(0x7C, encode(0x82, signature))
    card = _RsaCard(answer, ayse)
    seen = converse(piv.identify(ayse.challenge), card, extended=extended)
    assert seen.proof is not None
    assert (seen.proof.algorithm, seen.proof.signature) == (KeyAlgorithm.RSA_2048, signature)
    after_the_guess = 1 if extended else 3  # one extended APDU; or two chained ones and GET RESPONSE
    assert len(card.seen) == 5 + 1 + after_the_guess


class _RsaCard(_Answering):
    """9E is RSA 2048; no vendor commands."""

    def __init__(self, answer: bytes, ayse) -> None:
        super().__init__({0x87: 0x6A86, 0xF7: 0x6D00, 0xF8: 0x6D00, 0x20: 0x6983}, ayse)
        self._answer = answer
        self._left = b""

    def __call__(self, raw: bytes) -> bytes:
        command = CommandApdu.from_bytes(raw)
        if command.ins == 0xC0:
            self.seen.append(command)
            return self._left + b"\x90\x00"
        if command.ins == 0x87 and command.p1 == 0x07 and not command.cla & 0x10:
            self.seen.append(command)
            if command.ne >= len(self._answer):
                return self._answer + b"\x90\x00"
            self._left = self._answer[256:]
            return self._answer[:256] + bytes((0x61, len(self._left)))
        return super().__call__(raw)


def test_a_card_that_signs_with_another_key_than_asked_is_asked_on(ayse) -> None:
    rsa_answer = encode(0x7C, encode(0x82, bytes(256)))
    seen = identify(
        ayse,
        ayse.select,
        ayse.chuid,
        ayse.serial,
        ayse.pin_metadata,
        ayse.puk_metadata,
        ayse.key_metadata,
        (ayse.proof[0], rsa_answer.hex() + "9000"),
        challenge=ayse.challenge,
    )
    assert seen.proof is None


@pytest.mark.parametrize("sw", ["6A82", "6A81", "6A86", "6D00", "6E00"])
def test_a_card_without_the_application_is_unknown_and_asked_nothing_more(ayse, sw: str) -> None:
    script = Script((ayse.select[0], sw))
    with pytest.raises(UnknownCard):
        converse(piv.identify(ayse.challenge), script)
    script.assert_finished()


def test_a_card_that_refuses_select_for_another_reason_is_named_by_status(ayse) -> None:
    with pytest.raises(UnexpectedStatus, match="SELECT answered 6F00") as refused:
        converse(piv.identify(None), Script((ayse.select[0], "6F00")))
    assert (refused.value.command_name, refused.value.sw) == ("SELECT", 0x6F00)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("6A82", UnknownCard),
        ("9000", UnknownCard),
        ("5305 9000", UnknownCard),
        ("5305 3403010203 9000", CardMalformed),
        ("6982", UnexpectedStatus),
    ],
)
def test_a_card_without_a_chuid_cannot_be_known(ayse, answer: str, error: type[CardsError]) -> None:
    with pytest.raises(error):
        converse(piv.identify(None), Script(ayse.select, (ayse.chuid[0], answer)))


@pytest.mark.parametrize("extended", [False, True])
def test_of_a_chuid_only_the_beginning_is_fetched_and_the_issuer_s_signature_left(
    ayse, extended: bool
) -> None:
    raw = encode(0x53, encode(0x34, bytes.fromhex(ayse.guid)) + encode(0x3E, bytes(2600)))
    chuid = (ayse.chuid[0], raw[:256].hex() + "6100")
    script = Script(ayse.select, chuid, ayse.no_serial, ayse.no_metadata, ayse.pin_status)
    assert converse(piv.identify(None), script, extended=extended).card_id == ayse.guid
    script.assert_finished()


def test_of_a_key_s_metadata_only_the_beginning_is_fetched_and_the_public_key_left(ayse) -> None:
    metadata = bytes.fromhex("010107 02020101 030101") + encode(0x04, bytes(270))
    script = Script(
        ayse.select,
        ayse.chuid,
        ayse.serial,
        ayse.pin_metadata,
        ayse.puk_metadata,
        (ayse.key_metadata[0], metadata[:256].hex() + "611D"),
        ("1087079EFF" + general_authenticate(KeyAlgorithm.RSA_2048, ayse.challenge).data[:255].hex(), "9000"),
        (
            "0087079E0B"
            + general_authenticate(KeyAlgorithm.RSA_2048, ayse.challenge).data[255:].hex()
            + "00",
            "6A80",
        ),
    )
    assert converse(piv.identify(ayse.challenge), script).proof is None
    script.assert_finished()


def test_a_serial_number_of_another_length_is_none_of_that_vendor_s(ayse) -> None:
    exchanges = (ayse.select, ayse.chuid, ("00F8000000", "0102 9000"), ayse.no_metadata, ayse.pin_status)
    assert identify(ayse, *exchanges).serial is None


def test_an_answer_lost_anywhere_in_the_identification_is_card_lost(ayse) -> None:
    exchanges = (
        ayse.select,
        ayse.chuid,
        ayse.serial,
        ayse.pin_metadata,
        ayse.puk_metadata,
        ayse.key_metadata,
        ayse.proof,
    )
    for at in range(len(exchanges)):
        script = Script(*torn(exchanges, at))
        with pytest.raises(TransportError):
            converse(piv.identify(ayse.challenge), script)
        assert len(script.sent) == at + 1


# --- the same card again ---


def accepting(ayse, accepted: bool = True) -> piv.ProofCheck:
    """A check that accepts the script's signature, and only that."""
    return piv.ProofCheck(
        KeyAlgorithm.ECC_P256, ayse.challenge, lambda signature: accepted and signature == ayse.signature
    )


def test_the_same_card_is_known_by_9e_and_puk_counter_in_three_apdus(ayse) -> None:
    script = Script(*ayse.identity)
    converse(piv.same_card(ayse.identification, accepting(ayse)), script)
    script.assert_finished()


def test_where_the_card_does_not_tell_its_puk_tries_they_are_not_asked_for(ayse) -> None:
    script = Script(ayse.select, ayse.proof)
    converse(piv.same_card(replace(ayse.identification, puk=UNTOLD), accepting(ayse)), script)
    script.assert_finished()


@pytest.mark.parametrize("answer", ["0101FF 050100 06020302 9000", "0101FF 9000", "6D00"])
def test_a_puk_counter_that_changed_since_stops_everything(ayse, answer: str) -> None:
    script = Script(ayse.select, ayse.proof, (ayse.puk_metadata[0], answer))
    with pytest.raises(PukCounterChanged):
        converse(piv.same_card(ayse.identification, accepting(ayse)), script)


def test_a22_without_9e_another_guid_is_another_card_and_is_asked_nothing_more(ayse) -> None:
    script = Script(ayse.select, ayse.chuid)
    with pytest.raises(WrongCard):
        converse(piv.same_card(replace(without_key(ayse), card_id="00" * 16)), script)
    script.assert_finished()


@pytest.mark.parametrize("answer", ["6A82", "9000"])
def test_a22_without_9e_a_card_without_a_guid_is_another_card(ayse, answer: str) -> None:
    with pytest.raises(WrongCard):
        converse(piv.same_card(without_key(ayse)), Script(ayse.select, (ayse.chuid[0], answer)))


@pytest.mark.parametrize("answer", ["6A82", "6D00"])
def test_a22_a_card_of_another_kind_is_another_card(ayse, answer: str) -> None:
    with pytest.raises(WrongCard):
        converse(piv.same_card(ayse.identification), Script((ayse.select[0], answer)))


def test_a22_a_copied_guid_with_another_key_is_another_card(ayse) -> None:
    with pytest.raises(WrongCard):
        converse(
            piv.same_card(ayse.identification, accepting(ayse, False)),
            Script(ayse.select, ayse.proof),
        )


@pytest.mark.parametrize("answer", ["6A80", "6A88", "6D00", "9000", "7C028200 9000"])
def test_a22_a_card_that_does_not_sign_is_another_card(ayse, answer: str) -> None:
    with pytest.raises(WrongCard):
        converse(
            piv.same_card(ayse.identification, accepting(ayse)),
            Script(ayse.select, (ayse.proof[0], answer)),
        )


def without_key(ayse) -> Identification:
    """Ayşe's card, had it no 9E."""
    return replace(ayse.identification, proof=None, puk=UNTOLD, certificates={"9a": certificate_hash(DER)})


def test_without_9e_serial_and_certificates_are_compared_again(ayse) -> None:
    script = Script(ayse.select, ayse.chuid, ayse.serial, certificate_exchange("5FC105", DER))
    converse(piv.same_card(without_key(ayse)), script)
    script.assert_finished()


def test_without_9e_a_card_that_told_no_serial_is_not_asked_for_it(ayse) -> None:
    script = Script(ayse.select, ayse.chuid, certificate_exchange("5FC105", DER))
    converse(piv.same_card(replace(without_key(ayse), serial=None)), script)
    script.assert_finished()


@pytest.mark.parametrize("answer", ["6D00", "00BC5DF6 9000"])
def test_a22_without_9e_another_serial_is_another_card(ayse, answer: str) -> None:
    with pytest.raises(WrongCard):
        converse(piv.same_card(without_key(ayse)), Script(ayse.select, ayse.chuid, (ayse.serial[0], answer)))


@pytest.mark.parametrize("der", [b"\x30\x00", b""])
def test_a22_without_9e_another_certificate_or_none_is_another_card(ayse, der: bytes) -> None:
    script = Script(ayse.select, ayse.chuid, ayse.serial, certificate_exchange("5FC105", der))
    with pytest.raises(WrongCard):
        converse(piv.same_card(without_key(ayse)), script)
