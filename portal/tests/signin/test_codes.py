"""SMS codes: bound, short-lived, few tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections
from portal.tests import people
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import codes
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import (
    CodeLate,
    CodeUsedUp,
    CodeWrong,
    NothingAsked,
    SendCapReached,
    SendTooSoon,
    SignInError,
)
from kilitcoz_portal.signin.models import CodeRequest, SendBudget
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox
from kilitcoz_portal.vault import receipts

LOGIN = Wish("browser-a", Purpose.LOGIN)
UNLOCK = Wish("browser-a", Purpose.UNLOCK, "operation-one")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def send(wish: Wish, holder: Holder, now: datetime = NOW) -> str:
    """Send and read the code off the phone."""
    codes.send(wish, holder, lambda code: f"kod {code}\n\n@kilit.example #{code}", now)
    return outbox()[0]["code"]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_is_accepted_once(ayse: Holder) -> None:
    code = send(LOGIN, ayse)
    codes.check(LOGIN, code, after(10))
    with pytest.raises(NothingAsked):
        codes.check(LOGIN, code, after(11))


def test_only_a_keyed_hash_is_stored(ayse: Holder) -> None:
    code = send(LOGIN, ayse)
    assert code not in CodeRequest.objects.get().code_mac
    assert not AuditEvent.objects.filter(detail__icontains=code).exists()


def test_an_unlocks_code_buys_a_receipt_for_its_operation_and_card(ayse: Holder) -> None:
    code = send(UNLOCK, ayse)
    receipt = codes.check_unlock(UNLOCK, code, "piv:00", after(10))
    assert receipts.is_valid(receipt, "operation-one", "piv:00", after(20))
    assert not receipts.is_valid(receipt, "operation-two", "piv:00", after(20))


def test_a05_a_code_sent_again_kills_the_old_one_and_keeps_the_failures(ayse: Holder) -> None:
    first = send(LOGIN, ayse)
    with pytest.raises(CodeWrong) as refusal:
        codes.check(LOGIN, wrong(first), after(5))
    assert refusal.value.tries_left == 4
    second = send(LOGIN, ayse, after(60))
    if first != second:
        with pytest.raises(CodeWrong) as refusal:
            codes.check(LOGIN, first, after(61))
        assert refusal.value.tries_left == 3
    codes.check(LOGIN, second, after(62))


def test_a05_ten_sendings_a_day_each_a_minute_apart(ayse: Holder) -> None:
    for minute in range(10):
        send(LOGIN, ayse, after(60 * minute))
        if minute < 9:
            with pytest.raises(SendTooSoon) as refusal:
                send(LOGIN, ayse, after(60 * minute + 47.5))
            assert refusal.value.wait_seconds == 13
    with pytest.raises(SendCapReached):
        send(LOGIN, ayse, after(3600))
    assert OutboxMessage.objects.count() == 10
    send(LOGIN, ayse, after(24 * 3600))


def test_a06_a_code_of_one_session_is_refused_in_another(ayse: Holder) -> None:
    code = send(LOGIN, ayse)
    with pytest.raises(NothingAsked):
        codes.check(Wish("browser-b", Purpose.LOGIN), code, after(5))


def test_a06_even_where_the_other_session_asked_for_one_too(ayse: Holder) -> None:
    code = send(LOGIN, ayse)
    other = Wish("browser-b", Purpose.LOGIN)
    if send(other, people.mehmet(), after(1)) != code:
        with pytest.raises(CodeWrong):
            codes.check(other, code, after(5))


def test_a07_a_login_code_does_not_unlock_and_an_unlock_code_does_not_log_in(ayse: Holder) -> None:
    login, unlock = send(LOGIN, ayse), send(UNLOCK, ayse, after(1))
    for wish, code in ((UNLOCK, login), (LOGIN, unlock)):
        if login != unlock:
            with pytest.raises(CodeWrong):
                codes.check(wish, code, after(5))
    with pytest.raises(NothingAsked):
        codes.check(Wish("browser-a", Purpose.UNLOCK, "operation-two"), unlock, after(6))


def test_a08_a_sixth_guess_is_refused_even_if_right(ayse: Holder) -> None:
    code = send(LOGIN, ayse)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refusal:
            codes.check(LOGIN, wrong(code), after(5))
        assert refusal.value.tries_left == left
    with pytest.raises(CodeUsedUp):
        codes.check(LOGIN, wrong(code), after(5))
    with pytest.raises(CodeUsedUp):
        codes.check(LOGIN, code, after(5))
    with pytest.raises(CodeUsedUp):
        send(LOGIN, ayse, after(70))


@pytest.mark.parametrize(("seconds", "accepted"), [(299, True), (300, False), (301, False)])
def test_a08_a_code_at_301_seconds_is_refused(ayse: Holder, seconds: int, accepted: bool) -> None:
    code = send(LOGIN, ayse)
    if accepted:
        codes.check(LOGIN, code, after(seconds))
    else:
        with pytest.raises(CodeLate):
            codes.check(LOGIN, code, after(seconds))


def test_a09_two_hundred_guesses_in_parallel_are_five(ayse: Holder) -> None:
    code = send(LOGIN, ayse)

    def guess(number: int) -> str:
        try:
            codes.check(LOGIN, f"{number:06d}" if f"{number:06d}" != code else "999999", after(5))
        except SignInError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "accepted"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(200)))
    assert answers.count("sms-code-wrong") == 4
    assert answers.count("sms-code-used-up") == 196
    assert AuditEvent.objects.filter(event="code-refused").count() == 5
    assert CodeRequest.objects.get().tries == 5


def test_a09_the_right_code_sent_in_parallel_is_accepted_once(ayse: Holder) -> None:
    code = send(LOGIN, ayse)

    def enter(_: int) -> bool:
        try:
            codes.check(LOGIN, code, after(5))
        except SignInError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enter, range(20))) == 1


def test_a12_a_flood_of_sendings_sends_one(ayse: Holder) -> None:
    def ask(number: int) -> bool:
        try:
            codes.send(Wish(f"browser-{number}", Purpose.LOGIN), ayse, lambda code: code, NOW)
        except SendTooSoon:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 1
    assert OutboxMessage.objects.count() == 1


def test_a12_a_foreign_phone_gets_nothing_and_nothing_is_charged(
    database: str, transactional_db: None
) -> None:
    holder = people.ayse(phone="+4915112345678")
    with pytest.raises(PhoneNotAllowed):
        send(LOGIN, holder)
    assert OutboxMessage.objects.count() == 0
    assert SendBudget.objects.count() == 0


def test_waiting_tells_what_the_countdown_shows(ayse: Holder) -> None:
    assert codes.waiting(LOGIN, NOW) is None
    send(LOGIN, ayse)
    waiting = codes.waiting(LOGIN, after(43))
    assert waiting == codes.Waiting(seconds_left=257, resend_in=17, tries_left=5)
    assert codes.waiting(LOGIN, after(400)) == codes.Waiting(seconds_left=0, resend_in=0, tries_left=5)
