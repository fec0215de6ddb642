"""Against an SMSC that refuses, mumbles, falls silent, hangs up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError
from portal.tests.certified import certified
from portal.tests.people import NOW
from portal.tests.sms.smpp.conftest import PASSWORD, Connect
from portal.tests.sms.smpp.counterparts import (
    DELIVER_SM,
    ENQUIRE_LINK,
    RESPONSE,
    SUBMIT_SM,
    UNBIND,
    Asked,
    LyingSmsc,
    honest,
    lying_smsc,
    pdu,
    wait_for,
)

from kilitcoz_portal.outgoing import receipts
from kilitcoz_portal.outgoing.gateways import AnswerLost, GatewayFault, NotAccepted, Parcel, Refused
from kilitcoz_portal.sms.smpp import gateway as gateway_module

PARCEL = Parcel("r", "+905321234567", "login", NOW, "giriş kodunuz 123456")
RECEIPT_OF_47 = b"\0\1\1905321234567\0\5\0KILITCOZ\0\4\0\0\0\0\0\0\0\0\x12id:47 stat:DELIVRD"


@pytest.fixture
def smsc() -> Iterator[LyingSmsc]:
    with lying_smsc() as running:
        yield running


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "BIND_WAIT", 2.0)
    monkeypatch.setattr(gateway_module, "FIRST_PAUSE", 0.05)


def to_submits(answer: Callable[[Asked], list[bytes]]) -> Callable[[Asked], list[bytes]]:
    """Honest, but for messages."""
    return lambda asked: answer(asked) if asked.command == SUBMIT_SM else honest(asked)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (0x58, NotAccepted("gateway-busy")),  # ESME_RTHROTTLED
        (0x14, NotAccepted("gateway-busy")),  # ESME_RMSGQFUL
        (0x0B, Refused("gateway-refused")),  # ESME_RINVDSTADR
        (0x455, Refused("gateway-refused")),  # one of the SMSC's own making
        (0x08, AnswerLost("answer-unclear")),  # ESME_RSYSERR: it may have been on its way
        (0xFF, AnswerLost("answer-unclear")),  # ESME_RUNKNOWNERR
    ],
)
def test_a13_a_status_is_a_refusal_only_where_that_is_certain(
    smsc: LyingSmsc, connect: Connect, status: int, fault: GatewayFault
) -> None:
    smsc.answers = to_submits(lambda asked: [asked.reply(status)])
    with pytest.raises(type(fault), match=fault.code):
        connect(smsc.port).send(PARCEL)


def test_a_generic_nack_is_a_refusal(smsc: LyingSmsc, connect: Connect) -> None:
    smsc.answers = to_submits(lambda asked: [pdu(RESPONSE, 0x03, asked.sequence)])
    with pytest.raises(Refused):
        connect(smsc.port).send(PARCEL)


def test_a_refused_bind_is_told_without_the_password_and_tried_again(
    smsc: LyingSmsc, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    smsc.answers = lambda asked: [asked.reply(0x0E)]
    gateway = connect(smsc.port)
    with pytest.raises(NotAccepted, match="gateway-unreachable"):
        gateway.send(PARCEL)
    assert "smpp-bind-refused" in caplog.text
    assert "0x0000000e" in caplog.text
    assert PASSWORD not in caplog.text
    assert PASSWORD.encode() in smsc.heard[0].body
    smsc.answers = honest
    wait_for(lambda: gateway._session)
    assert gateway.send(PARCEL) == "4711"
    assert smsc.binds >= 2


def test_nobody_there_took_nothing(connect: Connect) -> None:
    with lying_smsc() as gone:
        port = gone.port
    with pytest.raises(NotAccepted, match="gateway-unreachable"):
        connect(port).send(PARCEL)


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: [],
        lambda asked: [asked.reply(sequence_off(asked))],
        lambda asked: [b"\0\0\0\1garbage without end"],
        lambda asked: [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
    ],
    ids=["silence", "another's answer", "garbage", "another protocol"],
)
def test_a13_what_is_no_answer_leaves_doubt(
    smsc: LyingSmsc, connect: Connect, answer: Callable[[Asked], list[bytes]]
) -> None:
    gateway = connect(smsc.port, timeout=1)
    smsc.answers = to_submits(answer)
    with pytest.raises(AnswerLost, match="answer-lost"):
        gateway.send(PARCEL)
    smsc.answers = honest
    wait_for(lambda: gateway._session)
    assert gateway.send(PARCEL) == "4711"


def sequence_off(asked: Asked) -> int:
    """No status: it makes `reply` answer another's question."""
    object.__setattr__(asked, "sequence", asked.sequence + 1000)
    return 0


def test_a13_hung_up_before_the_answer_leaves_doubt_and_the_session_comes_back(
    smsc: LyingSmsc, connect: Connect
) -> None:
    gateway = connect(smsc.port)
    smsc.answers = to_submits(lambda asked: [])
    with ThreadPoolExecutor(1) as worker:
        sending = worker.submit(gateway.send, PARCEL)
        wait_for(lambda: any(asked.command == SUBMIT_SM for asked in smsc.heard))
        smsc.hang_up()
        with pytest.raises(AnswerLost, match="answer-lost"):
            sending.result()
    smsc.answers = honest
    wait_for(lambda: smsc.binds == 2 and gateway._session)
    assert gateway.send(PARCEL) == "4711"


def test_a_silent_line_is_asked_and_one_without_an_answer_is_given_up(
    smsc: LyingSmsc, connect: Connect
) -> None:
    gateway = connect(smsc.port, enquire_every=0.1, timeout=0.5)
    wait_for(lambda: sum(asked.command == ENQUIRE_LINK for asked in smsc.heard) >= 3)
    assert smsc.binds == 1
    smsc.answers = lambda asked: [] if asked.command == ENQUIRE_LINK else honest(asked)
    wait_for(lambda: smsc.binds >= 2)
    smsc.answers = honest
    wait_for(lambda: gateway._session)
    assert gateway.send(PARCEL) == "4711"


def test_its_own_questions_are_answered_and_its_leave_is_taken(smsc: LyingSmsc, connect: Connect) -> None:
    gateway = connect(smsc.port)
    wait_for(lambda: gateway._session)
    smsc.say(pdu(ENQUIRE_LINK, 0, 77))
    smsc.say(pdu(0x0103, 0, 78))  # data_sm: nothing that we know
    smsc.say(pdu(UNBIND, 0, 79))
    wait_for(lambda: smsc.binds == 2)
    said = {asked.sequence: (asked.command, asked.status) for asked in smsc.heard if asked.sequence >= 77}
    assert said == {77: (ENQUIRE_LINK | RESPONSE, 0), 78: (RESPONSE, 3), 79: (UNBIND | RESPONSE, 0)}


def test_a_short_message_from_a_phone_is_acknowledged_and_forgotten(
    smsc: LyingSmsc, connect: Connect
) -> None:
    gateway = connect(smsc.port)
    wait_for(lambda: gateway._session)
    smsc.say(pdu(DELIVER_SM, 0, 77, b"\0\1\1905321234567\0\5\0KILITCOZ\0\0\0\0\0\0\0\0\0\0\2hi"))
    wait_for(lambda: Asked(DELIVER_SM | RESPONSE, 0, 77, b"\0") in smsc.heard)


def test_a_receipt_that_the_database_does_not_take_is_to_come_again(
    smsc: LyingSmsc, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(receipts, "received", full)
    gateway = connect(smsc.port)
    wait_for(lambda: gateway._session)
    smsc.say(pdu(DELIVER_SM, 0, 77, RECEIPT_OF_47))
    wait_for(lambda: Asked(DELIVER_SM | RESPONSE, 0x64, 77, b"\0") in smsc.heard)  # ESME_RX_T_APPN


def test_part_of_a_long_text_that_was_taken_leaves_doubt(smsc: LyingSmsc, connect: Connect) -> None:
    parts = iter([0, 0x0B])
    smsc.answers = to_submits(lambda asked: [asked.reply(next(parts), b"1\0")])
    with pytest.raises(AnswerLost, match="partly-accepted"):
        connect(smsc.port).send(Parcel("r", "+905321234567", "x", NOW, "ğ" * 200))


def test_no_text_is_in_any_log(smsc: LyingSmsc, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    smsc.answers = to_submits(lambda asked: [asked.reply(0x0B)])
    with pytest.raises(Refused):
        connect(smsc.port).send(PARCEL)
    assert "smpp-refused" in caplog.text
    assert "123456" not in caplog.text
    assert "5321234567" not in caplog.text


def test_over_tls_the_smsc_must_be_the_one_that_is_named(connect: Connect, tmp_path: Path) -> None:
    trust, authority = certified(tmp_path)
    with lying_smsc(trust) as smsc:
        assert connect(smsc.port, tls=True, ca_file=str(authority)).send(PARCEL) == "4711"
        with pytest.raises(NotAccepted, match="gateway-unreachable"):
            connect(smsc.port, tls=True).send(PARCEL)  # signed by nobody we know
        assert smsc.binds == 1
