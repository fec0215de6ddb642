"""The messages: each is read back as written, and what breaks its table is refused by the member's name."""

import json
import types
import typing
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_cards import messages
from kilitcoz_cards.errors import MessageMalformed
from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.messages import (
    Abort,
    Capability,
    CardDecision,
    Claim,
    Decision,
    DocumentSignature,
    DocumentToSign,
    Empty,
    Event,
    Identification,
    KeyAlgorithm,
    KeyWanted,
    LoginAnswer,
    LoginClaim,
    LoginDecision,
    LoginToken,
    MadeKey,
    MadeKeys,
    ManagementAnswer,
    ManagementChallenge,
    Message,
    Network,
    NewCertificates,
    OperationKind,
    Outcome,
    PairAnswer,
    PairRequest,
    Proof,
    Refusal,
    Release,
    RenewalPlan,
    Result,
    ResultAnswer,
    RiskyCommand,
    Sealed,
    SealedRelease,
    SignatureAlgorithm,
    SignClaim,
    SignDecision,
    SigningKey,
    StateAnswer,
    WellKnown,
    WrittenCertificates,
)
from kilitcoz_cards.pin import UNTOLD, PinRules, PinState, Puk

OP = "AAECAwQFBgcICQoLDA0ODw"
IDENTIFICATION = Identification(
    family="piv",
    card_id="5a1e0c7d9b3f4e2a8c6d1f0b7e5a3c29",
    serial="12344821",
    reader="Örnek Okuyucu 00 00",
    atr="3bfd1300008131fe158073c021c057597562694b657940",
    certificates={"9a": "ab" * 32},
    pin=PinState(blocked=True, retries_left=0),
    puk=UNTOLD,
    proof=Proof("9e", KeyAlgorithm.ECC_P256, b"\x30\x06\x02\x01\x01\x02\x01\x02"),
)
CAPABILITY = Capability(
    iss="https://kilit.example",
    op=OP,
    kind=OperationKind.UNLOCK,
    card="cd" * 32,
    card_label="…4821",
    nonce="EBESExQVFhcYGRobHB0eHw",
    num="42",
    hpke=bytes(32),
    iat=1_763_900_000,
    exp=1_763_900_600,
    lang="tr",
)
RELEASE = Release(7, (Puk.from_text("31415926"), Puk.from_text("27182818")), Puk.from_text("27182818"), True)
RESULT = Result(
    fence=7,
    events=(
        Event(RiskyCommand.CHANGE_PUK, 0, StatusWord(0x9000)),
        Event(RiskyCommand.RESET_RETRY_COUNTER, None, None),
    ),
    puk=UNTOLD,
    pin=UNTOLD,
    outcome=Outcome.LOST,
    abort_code="card-lost",
)
LOGIN_CAPABILITY = replace(CAPABILITY, kind=OperationKind.LOGIN, card=None, card_label=None)
TOKEN = LoginToken(b"\x30" * 500, SignatureAlgorithm.ES256, b"\x01" * 64)
ACCEPTED = LoginAnswer("succeeded", "c" * 43, "https://kilit.example/donus/" + OP, None)
SIGN_CAPABILITY = replace(CAPABILITY, kind=OperationKind.SIGN)
DOCUMENT = DocumentToSign("E-Onay metni – Ayşe Yılmaz", b"d" * 32, b"\x31" * 100)
SIGN_DECISION = SignDecision(CardDecision.PROCEED, "s" * 43, "…4821", DOCUMENT)
MESSAGES: list[Message] = [
    CAPABILITY,
    LOGIN_CAPABILITY,
    Claim(bytes(32), "0.1.0", None),
    Claim(bytes(32), "0.1.0", IDENTIFICATION),
    Decision(
        CardDecision.PROCEED, "s" * 43, "…4821", "F3", bytes(91), {"9a": "ab" * 32}, PinRules(6, 8, "digits")
    ),
    RELEASE,
    RESULT,
    Result(None, (), UNTOLD, UNTOLD, Outcome.ABORTED, "wrong-card"),
    PairRequest("ABCD2345"),
    PairAnswer("e30.e30.c2ln"),
    LoginClaim(bytes(32), "0.1.0", card_found=True),
    LoginDecision("s" * 43, "Firefox · Linux", Network.SAME),
    LoginDecision("s" * 43, None, Network.UNKNOWN),
    TOKEN,
    ACCEPTED,
    LoginAnswer("succeeded", None, None, "042917"),
    SIGN_CAPABILITY,
    SignClaim(bytes(32), "0.1.0", None),
    SignClaim(bytes(32), "0.1.0", "ab" * 32),
    SIGN_DECISION,
    SignDecision(CardDecision.NO_CARD, "s" * 43, None, None),
    SignDecision(CardDecision.WRONG_CARD, "s" * 43, "…4821", None),
    DocumentSignature(b"\x30" * 70),
    RenewalPlan(
        (KeyWanted("9c", KeyAlgorithm.ECC_P256, None), KeyWanted("9a", KeyAlgorithm.RSA_2048, bytes(91)))
    ),
    ManagementChallenge(ManagementAlgorithm.AES_256, bytes(16)),
    ManagementAnswer(bytes(16)),
    MadeKeys((MadeKey("9c", KeyAlgorithm.ECC_P256, bytes(91), b"\x30" * 70),)),
    NewCertificates({"9c": b"\x30" * 500}),
    WrittenCertificates({"9c": "ab" * 32}),
    Sealed(bytes(48)),
    Empty(),
    SealedRelease(7, bytes(64)),
    ResultAnswer("succeeded", "c" * 43, "https://kilit.example/donus/" + OP),
    ResultAnswer("in_doubt", None, None),
    Abort("wrong-card"),
    StateAnswer("failed"),
    Refusal("operation-expired", "expired"),
    Refusal("capability-refused"),
    WellKnown("https://kilit.example", (SigningKey("0123456789abcdef", bytes(32)),)),
]
KINDS = [type(message) for message in MESSAGES]


def _name(value: object) -> str | None:
    return type(value).__name__ if isinstance(value, Message) else None


@pytest.mark.parametrize("message", MESSAGES, ids=_name)
def test_a_message_is_read_back_as_it_was_written(message: Message) -> None:
    assert type(message).from_json(message.to_json()) == message
    assert type(message).from_members(json.loads(message.to_json())) == message
    assert json.loads(message.to_json()) == message.to_members()


@pytest.mark.parametrize("kind", sorted(set(KINDS), key=lambda kind: kind.__name__))
def test_a_table_has_the_members_of_its_class(kind: type[Message]) -> None:
    assert set(kind.TABLE) == {field.name for field in fields(typing.cast("Any", kind))}


def test_every_message_is_tried_here() -> None:
    public = {getattr(messages, name) for name in messages.__all__}
    classes = {each for each in public if isinstance(each, type) and not isinstance(each, types.GenericAlias)}
    assert {each for each in classes if issubclass(each, Message)} - {Message} == set(KINDS)


@pytest.mark.parametrize("message", MESSAGES, ids=_name)
def test_an_unknown_member_is_refused(message: Message) -> None:
    members = message.to_members() | {"puk_hint": "31"}
    with pytest.raises(MessageMalformed) as refused:
        type(message).from_members(members)
    assert refused.value.member == "puk_hint"


@pytest.mark.parametrize("message", MESSAGES, ids=_name)
def test_a_missing_member_is_refused_by_name(message: Message) -> None:
    for name in message.to_members():
        members = message.to_members()
        del members[name]
        if name in type(message).OPTIONAL:
            continue
        with pytest.raises(MessageMalformed) as refused:
            type(message).from_members(members)
        assert refused.value.member == name


@pytest.mark.parametrize("message", MESSAGES, ids=_name)
@pytest.mark.parametrize("junk", [[], {}, 1.5, "\x00", "x" * 70_000, -1, True, b"".decode()])
def test_a_member_of_another_form_is_refused_or_read_back_as_it_was(message: Message, junk: object) -> None:
    for name in message.to_members():
        members = message.to_members() | {name: junk}
        try:
            read = type(message).from_members(members)
        except MessageMalformed:
            continue
        assert read.to_members() == members


@pytest.mark.parametrize(
    ("message", "changes", "member"),
    [
        (CAPABILITY, {"exp": CAPABILITY.iat + 601}, "exp"),
        (CAPABILITY, {"exp": CAPABILITY.iat}, "exp"),
        (CAPABILITY, {"iat": True}, "iat"),
        (CAPABILITY, {"iat": 1.0}, "iat"),
        (CAPABILITY, {"iss": "https://kilit.example/path"}, "iss"),
        (CAPABILITY, {"iss": "javascript:alert(1)"}, "iss"),
        (CAPABILITY, {"aud": "someone-else"}, "aud"),
        (CAPABILITY, {"op": OP + "\n"}, "op"),
        (CAPABILITY, {"op": "short"}, "op"),
        (CAPABILITY, {"kind": "inspect"}, "kind"),
        (CAPABILITY, {"num": "4२"}, "num"),
        (CAPABILITY, {"num": 42}, "num"),
        (CAPABILITY, {"card": "CD" * 32}, "card"),
        (CAPABILITY, {"hpke": "A" * 42}, "hpke"),
        (CAPABILITY, {"hpke": "A" * 42 + "B"}, "hpke"),  # 32 bytes, but not their canonical spelling
        (CAPABILITY, {"hpke": "A" * 43 + "="}, "hpke"),
        (CAPABILITY, {"hpke": "+" * 43}, "hpke"),
        (CAPABILITY, {"hpke": "ş" * 43}, "hpke"),
        (CAPABILITY, {"lang": "de"}, "lang"),
        (CAPABILITY, {"kind": "login"}, "card"),
        (CAPABILITY, {"kind": "sign", "card": None}, "card"),
        (SIGN_DECISION, {"decision": "not_blocked"}, "decision"),
        (SIGN_DECISION, {"decision": "wrong_card"}, "document"),
        (SIGN_DECISION, {"document": None}, "document"),
        (LOGIN_CAPABILITY, {"card": "cd" * 32}, "card"),
        (LOGIN_CAPABILITY, {"card_label": "…4821"}, "card"),
        (TOKEN, {"algorithm": "none"}, "algorithm"),
        (TOKEN, {"algorithm": "HS256"}, "algorithm"),
        (TOKEN, {"algorithm": "es256"}, "algorithm"),
        (TOKEN, {"format": "web-eid:2.0"}, "format"),
        (TOKEN, {"format": "web-eid:1.0 "}, "format"),
        (TOKEN, {"signature": ""}, "signature"),
        (TOKEN, {"signature": "A" * 684}, "signature"),
        (TOKEN, {"unverified_certificate": "A" * 21848}, "unverified_certificate"),
        (ACCEPTED, {"confirmation": "12345"}, "confirmation"),
        (ACCEPTED, {"confirmation": "12345६"}, "confirmation"),
        (ACCEPTED, {"return_url": "javascript:alert(1)"}, "return_url"),
        (RELEASE, {"candidates": []}, "candidates"),
        (RELEASE, {"candidates": ["MTIzNDU2Nzg", "MjIzNDU2Nzg", "MzIzNDU2Nzg"]}, "candidates"),
        (RELEASE, {"candidates": ["MTIzNDU2Nzg", "MTIzNDU2Nzg"]}, "candidates"),
        (RELEASE, {"candidates": ["", "MTIzNDU2Nzg"]}, "candidates[0]"),
        (RELEASE, {"rotate": False}, "rotate"),
        (RELEASE, {"fence": -1}, "fence"),
        (RELEASE, {"fence": 2**53}, "fence"),
        (RESULT, {"events": [{}] * 9}, "events"),
        (RESULT, {"events": [{"command": "sign", "candidate": None, "sw": None}]}, "events[0].command"),
        (RESULT, {"events": [{"command": "verify", "candidate": 2, "sw": None}]}, "events[0].candidate"),
        (RESULT, {"events": [{"command": "verify", "candidate": None, "sw": "63c2"}]}, "events[0].sw"),
        (RESULT, {"puk": {"blocked": 0, "retries_left": None}}, "puk.blocked"),
        (RESULT, {"abort_code": "Not A Slug"}, "abort_code"),
    ],
)
def test_what_breaks_a_limit_is_refused_by_its_path(message: Message, changes: Any, member: str) -> None:
    with pytest.raises(MessageMalformed) as refused:
        type(message).from_members(message.to_members() | changes)
    assert refused.value.member == member


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"code":"a","code":"b"}',
        b'{"code":NaN}',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"[" * 60_000,
        b'{"code":' + b"9" * 5000 + b"}",
        b'{"code":"' + b"a" * 70_000 + b'"}',
        b'{"code":"a\\ud800"}',
    ],
    ids=range(12),
)
def test_what_is_no_strict_json_is_refused(raw: bytes) -> None:
    with pytest.raises(MessageMalformed):
        Abort.from_json(raw)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(raw: bytes) -> None:
    for kind in set(KINDS):
        try:
            kind.from_json(raw)
        except MessageMalformed:
            continue


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(MESSAGES), st.data())
def test_any_json_in_a_member_s_place_is_its_form_or_refused(message: Message, data: st.DataObject) -> None:
    members = message.to_members()
    if not members:
        return
    members[data.draw(st.sampled_from(sorted(members)))] = data.draw(JUNK)
    try:
        read = type(message).from_members(members)
    except MessageMalformed:
        return
    assert read.to_members() == {
        name: each for name, each in members.items() if each is not None or name not in type(message).OPTIONAL
    }


def test_pin_rules_that_no_pin_can_keep_are_malformed() -> None:
    decision = next(message for message in MESSAGES if isinstance(message, Decision))
    members = decision.to_members() | {"pin_rules": {"min_length": 8, "max_length": 6, "alphabet": "digits"}}
    with pytest.raises(MessageMalformed) as refused:
        Decision.from_members(members)
    assert refused.value.member == "pin_rules"


def test_what_was_refused_is_not_quoted() -> None:
    members = RELEASE.to_members() | {"new": "MzE0MTU5MjY gizli"}
    with pytest.raises(MessageMalformed) as refused:
        Release.from_members(members)
    assert "MzE0" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_puk_travels_as_base64url_of_its_bytes_and_shows_in_no_repr() -> None:
    assert RELEASE.to_members()["new"] == "MjcxODI4MTg"
    assert "27182818" not in repr(RELEASE)
    assert "MjcxODI4MTg" not in repr(RELEASE)


def test_a_refusal_without_state_leaves_it_out() -> None:
    assert Refusal("capability-refused").to_json() == b'{"code":"capability-refused"}'


def test_an_ellipsis_goes_as_utf_8() -> None:
    assert '"card_label":"…4821"'.encode() in CAPABILITY.to_json()


@pytest.mark.parametrize(
    "code", ["ABCD234", "ABCD23456", "abcd2345", "ABCD2340", "ABCDO345", "ABCDI345", "ABCDL345"]
)
def test_a_pairing_code_has_eight_signs_and_no_look_alikes(code: str) -> None:
    with pytest.raises(MessageMalformed):
        PairRequest.from_members({"pairing_code": code})
