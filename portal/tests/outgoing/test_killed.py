"""A worker killed at each of its writes: the message is in doubt or in the queue, and handed over once at
most.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal.tests import killing
from portal.tests.carriers import Carrier, carry_sms, work, work_through
from portal.tests.killing import Commits, Killed
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.outgoing import services, sweeping
from kilitcoz_portal.outgoing.gateways import GatewayFault, NotAccepted, Parcel
from kilitcoz_portal.outgoing.models import GatewayRest, Message, Priority, State
from kilitcoz_portal.outgoing.services import Letter
from kilitcoz_portal.sms.channel import SMS

pytestmark = ON_BOTH

MINUTE = timedelta(minutes=1)


def queued() -> None:
    services.queue(SMS, Letter("+905321234567", "login", "kod 123456"), Priority.CODE, NOW)


def forget_all() -> None:
    Message.objects.all().delete()
    GatewayRest.objects.all().delete()


def writes_of_one_delivery(faults: list[GatewayFault], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many there are to be killed at."""
    carry_sms(monkeypatch, Carrier("first", faults=list(faults)), Carrier("second"))
    queued()
    with killing.counted_writes(Commits()) as writes:
        work(NOW)
    forget_all()
    return writes.seen


@pytest.mark.parametrize("faults", [[], [NotAccepted("gateway-unreachable")]], ids=["taken", "failed-over"])
def test_a13_killed_at_every_write_a_message_is_handed_over_once_at_most(
    faults: list[GatewayFault], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = writes_of_one_delivery(faults, monkeypatch)
    assert most >= 2
    for kill_at in range(1, most + 1):
        for after in (False, True):
            first, second = Carrier("first", faults=list(faults)), Carrier("second")
            carry_sms(monkeypatch, first, second)
            queued()
            with pytest.raises(Killed), killing.counted_writes(Commits(kill_at, after)):
                work(NOW)
            killing.restarted()
            sweeping.sweep(SMS, NOW + MINUTE)
            work_through(NOW + MINUTE, NOW + 2 * MINUTE)
            taken = len(first.taken) + len(second.taken)
            message = Message.objects.get()
            assert taken <= 1
            assert message.state == (State.ACCEPTED if message.accepted_at else State.IN_DOUBT)
            assert taken == 1 or message.state == State.IN_DOUBT
            assert message.text == ""
            forget_all()


def test_a13_killed_while_the_gateway_has_it_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deadly(Carrier):
        def send(self, parcel: Parcel) -> str:
            super().send(parcel)
            raise Killed

    carrier = Deadly()
    carry_sms(monkeypatch, carrier)
    queued()
    with pytest.raises(Killed):
        work(NOW)
    assert Message.objects.get().state == State.SENDING
    assert sweeping.sweep(SMS, NOW + timedelta(seconds=20)).in_doubt == 0  # its lease is not over
    assert sweeping.sweep(SMS, NOW + MINUTE).in_doubt == 1
    work_through(NOW + MINUTE, NOW + 3 * MINUTE)
    assert len(carrier.handed) == 1
    assert (Message.objects.get().state, Message.objects.get().text) == (State.IN_DOUBT, "")
