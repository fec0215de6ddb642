"""Against a real SMSC in a process of its own: what goes over the wire, and what stands in the journal."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from demo.ports import free_port
from django.utils import timezone
from portal.tests.carriers import carry_sms, work
from portal.tests.people import NOW
from portal.tests.sms.smpp.conftest import Connect
from portal.tests.sms.smpp.counterparts import RealSmsc, real_smsc, wait_for
from portal.tests.sms.smpp.telephone import shown

from kilitcoz_portal.outgoing.gateways import AnswerLost, NotAccepted, Parcel, Refused
from kilitcoz_portal.outgoing.models import Message, State
from kilitcoz_portal.sms import services

TEXT = "Işıklı Çağdaş: giriş kodunuz 123456. Kodu kimseye söylemeyin.\n\n@kilit.example #123456"


@pytest.fixture
def port() -> Iterator[int]:
    with ExitStack() as held:
        yield free_port(held)


@pytest.fixture
def smsc(port: int) -> Iterator[RealSmsc]:
    with real_smsc(port) as running:
        yield running


def parcel(text: str = TEXT, reference: str = "r") -> Parcel:
    return Parcel(reference, "+905321234567", "login", NOW, text)


def queue() -> int:
    return services.queue_code("+905321234567", TEXT, purpose="login", now=timezone.now())


def state() -> str:
    return Message.objects.get().state


def test_the_phone_shows_the_very_turkish_text(smsc: RealSmsc, port: int, connect: Connect) -> None:
    name = connect(port).send(parcel())
    assert smsc.next("bound")["bound"] == "kilitcoz"
    told = smsc.next("octets")
    assert name == told["name"]
    assert told["source"] == [5, 0, "KILITCOZ"]
    assert told["destination"] == [1, 1, "905321234567"]
    assert told["receipt"] == 1
    assert shown(told["data_coding"], told["esm_class"], bytes.fromhex(told["octets"])) == (TEXT, None)


@pytest.mark.parametrize("alphabet", ["turkish", "ucs2", "plain"])
def test_a_long_text_arrives_in_parts_that_make_the_whole(
    smsc: RealSmsc, port: int, connect: Connect, alphabet: str
) -> None:
    text = f"{TEXT} " * 5
    name = connect(port, alphabet=alphabet).send(parcel(text))
    parts = []
    while not parts or len(parts) < parts[0][1][1]:
        told = smsc.next("octets")
        seen, of = shown(told["data_coding"], told["esm_class"], bytes.fromhex(told["octets"]))
        assert of is not None
        parts.append((seen, of, told["name"]))
    assert [of[2] for _, of, _ in parts] == list(range(1, len(parts) + 1))
    marks = str.maketrans("ığşçİ", "igscI") if alphabet == "plain" else {}
    assert "".join(seen for seen, _, _ in parts) == text.translate(marks)
    assert name == parts[-1][2]


def test_throttled_is_to_be_tried_again_and_refused_is_not(
    smsc: RealSmsc, port: int, connect: Connect
) -> None:
    gateway = connect(port)
    smsc.do(do="throttle")
    with pytest.raises(NotAccepted, match="gateway-busy"):
        gateway.send(parcel())
    smsc.do(do="refuse")
    with pytest.raises(Refused, match="gateway-refused"):
        gateway.send(parcel())
    smsc.do(do="accept")
    assert gateway.send(parcel())


def test_a13_an_smsc_that_restarts_is_found_again_and_nothing_is_doubled(port: int, connect: Connect) -> None:
    with real_smsc(port) as smsc:
        gateway = connect(port)
        assert gateway.send(parcel("bir"))
        smsc.next("octets")
    wait_for(lambda: gateway._session is None)
    with pytest.raises(NotAccepted, match="gateway-unreachable"):
        gateway.send(parcel("iki"))
    with real_smsc(port) as smsc:
        wait_for(lambda: gateway._session)
        assert gateway.send(parcel("iki"))
        assert gateway.send(parcel("son"))
        assert smsc.all_until("octets", b"iki".hex()) == 0
        assert smsc.all_until("octets", b"son".hex()) == 0


def test_a13_an_smsc_that_dies_with_the_message_leaves_doubt(port: int, connect: Connect) -> None:
    with real_smsc(port) as smsc, ThreadPoolExecutor(1) as worker:
        gateway = connect(port)
        smsc.do(do="hold")
        sending = worker.submit(gateway.send, parcel())
        smsc.next("octets")
        smsc.process.kill()
        with pytest.raises(AnswerLost, match="answer-lost"):
            sending.result()


def test_no_more_messages_than_the_window_has_room_for_are_unanswered(
    smsc: RealSmsc, port: int, connect: Connect
) -> None:
    gateway = connect(port, window=2, timeout=1)
    smsc.do(do="hold")
    with ThreadPoolExecutor(6) as workers:
        ends = [workers.submit(gateway.send, parcel(str(number))) for number in range(6)]
        faults = [end.exception() for end in ends]
    kinds = [type(fault) for fault in faults]
    assert set(kinds) <= {AnswerLost, NotAccepted}
    assert 2 <= kinds.count(AnswerLost) < 6
    smsc.do(do="accept")
    gateway.send(parcel("son"))
    reached = smsc.all_until("octets", b"son".hex())
    assert reached == kinds.count(AnswerLost)  # what was told as not accepted never left


def test_messages_follow_each_other_no_faster_than_the_rate(
    smsc: RealSmsc, port: int, connect: Connect
) -> None:
    gateway = connect(port, per_second=20)
    wait_for(lambda: gateway._session)
    began = gateway._loop.time()
    with ThreadPoolExecutor(5) as workers:
        list(workers.map(gateway.send, [parcel(str(number)) for number in range(11)]))
    assert gateway._loop.time() - began >= 10 / 20


def test_leaving_it_takes_leave(smsc: RealSmsc, port: int, connect: Connect) -> None:
    gateway = connect(port)
    smsc.next("bound")
    wait_for(lambda: gateway._session)
    gateway.close()
    assert smsc.next("unbound")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("database")
class TestInTheJournal:
    """What the SMSC tells stands in the journal, on either database."""

    @pytest.mark.parametrize(
        ("told", "end", "code"), [("DELIVRD", State.DELIVERED, ""), ("UNDELIV", State.FAILED, "undelivered")]
    )
    def test_a_receipt_is_noted_and_acknowledged(
        self,
        smsc: RealSmsc,
        port: int,
        connect: Connect,
        monkeypatch: pytest.MonkeyPatch,
        told: str,
        end: State,
        code: str,
    ) -> None:
        carry_sms(monkeypatch, connect(port))
        queue()
        work(timezone.now())
        assert state() == State.ACCEPTED
        smsc.do(receipt=smsc.next("octets")["name"], state=told)
        assert smsc.next("acknowledged") == {"acknowledged": 0}
        assert (state(), Message.objects.get().code) == (end, code)

    def test_a13_an_answer_that_comes_late_settles_the_doubt_and_nothing_is_sent_twice(
        self, smsc: RealSmsc, port: int, connect: Connect, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gateway = connect(port, timeout=1)
        carry_sms(monkeypatch, gateway)
        smsc.do(do="hold")
        queue()
        work(timezone.now())
        assert state() == State.IN_DOUBT
        smsc.do(release=True)
        wait_for(lambda: state() == State.ACCEPTED)
        assert Message.objects.get().gateway_id == smsc.next("octets")["name"]

    def test_a_receipt_of_a_message_that_nobody_knows_is_acknowledged_too(
        self, smsc: RealSmsc, port: int, connect: Connect
    ) -> None:
        connect(port)
        smsc.next("bound")
        smsc.do(receipt="x", state="DELIVRD")
        assert smsc.next("acknowledged") == {"acknowledged": 0}
