"""A passkey in place of an SMS code: right once, for one browser and one deed; and every lie is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.db import connections
from portal.tests import people
from portal.tests.marks import ON_BOTH
from portal.tests.passkeys.authenticator import (
    BACKED_UP,
    BACKUP_ELIGIBLE,
    PRESENT,
    VERIFIED,
    Authenticator,
    PrivateKey,
)
from portal.tests.passkeys.conftest import added
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import Passkey
from kilitcoz_portal.signin.passkeys import asserting
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import PasskeyCloned, PasskeyError, PasskeyLate, PasskeyRefused
from kilitcoz_portal.vault import receipts

pytestmark = ON_BOTH
LOGIN = Wish("browser-a", Deed.LOGIN)
UNLOCK = Wish("browser-a", Deed.UNLOCK, "operation-one", "4821")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def ask(holder: Holder, wish: Wish = LOGIN, now: datetime = NOW) -> str:
    return asserting.options(wish, holder, now)


def refused(holder: Holder, answer: str, wish: Wish = LOGIN) -> str:
    """Why it was, as the audit trail tells."""
    with pytest.raises(PasskeyRefused) as refusal:
        asserting.check(wish, holder, answer, after(5))
    assert AuditEvent.objects.filter(event="passkey-refused").latest("pk").detail["why"] == refusal.value.why
    return refusal.value.why


def test_the_holders_passkey_is_asked_for_with_verification(ayse: Holder, key: Authenticator) -> None:
    asked = json.loads(ask(ayse))
    assert asked["rpId"] == "kilit.example"
    assert asked["userVerification"] == "required"
    assert [each["id"] for each in asked["allowCredentials"]] == [Passkey.objects.get().credential_id]
    assert asked["allowCredentials"][0]["transports"] == ["internal"]


def test_the_right_answer_is_accepted_once(ayse: Holder, key: Authenticator) -> None:
    answer = key.get(ask(ayse))
    assert asserting.check(LOGIN, ayse, answer, after(10)).label == "telefonum"
    assert Passkey.objects.get().last_used_at == after(10)
    with pytest.raises(PasskeyLate):
        asserting.check(LOGIN, ayse, answer, after(11))


@pytest.mark.parametrize(
    "private",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["es256", "eddsa", "rs256"],
)
def test_three_algorithms_serve(ayse: Holder, private: PrivateKey) -> None:
    key = added(ayse, Authenticator(private))
    asserting.check(LOGIN, ayse, key.get(ask(ayse)), after(1))


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"origin": "https://kilit.example.evil"}, "assertion"),
        ({"origin": "https://www.kilit.example"}, "assertion"),
        ({"rp_id": "evil.example"}, "assertion"),
        ({"challenge": bytes(32)}, "assertion"),
        ({"flags": PRESENT}, "assertion"),
        ({"flags": VERIFIED}, "assertion"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "assertion"),
        ({"credential_id": bytes(32)}, "unknown-credential"),
        ({"user_handle": bytes(32)}, "foreign-credential"),
        ({"flags": PRESENT | VERIFIED | BACKUP_ELIGIBLE}, "backup-eligibility"),
        ({"flags": PRESENT | VERIFIED | BACKED_UP}, "assertion"),
        ({"client_data": {"crossOrigin": True}}, "cross-origin"),
        ({"client_data": {"topOrigin": "https://evil.example"}}, "cross-origin"),
        ({"client_data": {"type": "webauthn.create"}}, "assertion"),
    ],
)
def test_a_lie_is_refused(ayse: Holder, key: Authenticator, lie: dict[str, Any], why: str) -> None:
    assert refused(ayse, key.but(**lie).get(ask(ayse))) == why


def test_a_refused_answer_has_used_up_the_question(ayse: Holder, key: Authenticator) -> None:
    question = ask(ayse)
    refused(ayse, key.but(flags=PRESENT).get(question))
    with pytest.raises(PasskeyLate):
        asserting.check(LOGIN, ayse, key.get(question), after(6))


def test_a06_an_answer_of_one_browser_is_refused_in_another(ayse: Holder, key: Authenticator) -> None:
    answer = key.get(ask(ayse))
    other = Wish("browser-b", Deed.LOGIN)
    with pytest.raises(PasskeyLate):
        asserting.check(other, ayse, answer, after(5))
    ask(ayse, other)
    assert refused(ayse, answer, other) == "assertion"


@pytest.mark.parametrize(
    "other",
    [
        Wish("browser-a", Deed.UNLOCK, "operation-two", "4821"),
        Wish("browser-a", Deed.UNLOCK, "operation-one", "9999"),
        Wish("browser-a", Deed.STEP_UP, "operation-one", "4821"),
        Wish("browser-a", Deed.LOGIN),
    ],
)
def test_a07_an_answer_for_one_operation_and_card_serves_no_other(
    ayse: Holder, key: Authenticator, other: Wish
) -> None:
    answer = key.get(ask(ayse, UNLOCK))
    if other.deed != UNLOCK.deed or other.operation_id != UNLOCK.operation_id:
        ask(ayse, other)
    assert refused(ayse, answer, other) == "assertion"


def test_an_unlocks_answer_buys_a_receipt_for_its_operation_and_card(
    ayse: Holder, key: Authenticator
) -> None:
    receipt = asserting.check_unlock(UNLOCK, ayse, key.get(ask(ayse, UNLOCK)), "piv:00", after(10))
    assert receipts.is_valid(receipt, "operation-one", "piv:00", after(20))
    assert not receipts.is_valid(receipt, "operation-two", "piv:00", after(20))


@pytest.mark.parametrize(("seconds", "accepted"), [(299, True), (300, False)])
def test_a_question_lives_five_minutes(
    ayse: Holder, key: Authenticator, seconds: int, accepted: bool
) -> None:
    answer = key.get(ask(ayse))
    if accepted:
        asserting.check(LOGIN, ayse, answer, after(seconds))
    else:
        with pytest.raises(PasskeyLate):
            asserting.check(LOGIN, ayse, answer, after(seconds))


def test_a_newer_question_replaces_the_older(ayse: Holder, key: Authenticator) -> None:
    older = ask(ayse)
    ask(ayse)
    assert refused(ayse, key.get(older)) == "assertion"


def test_a40_another_holders_passkey_proves_nothing(ayse: Holder, key: Authenticator) -> None:
    kerem = added(people.mehmet())
    assert refused(ayse, kerem.get(ask(ayse))) == "foreign-credential"
    assert refused(ayse, kerem.but(user_handle=key.user_handle).get(ask(ayse))) == "foreign-credential"


def test_a_counter_that_goes_back_is_refused_and_written_down(ayse: Holder) -> None:
    key = added(ayse, Authenticator(count=7))
    copy = key.but()
    asserting.check(LOGIN, ayse, key.get(ask(ayse)), after(1))
    with pytest.raises(PasskeyCloned):
        asserting.check(LOGIN, ayse, copy.get(ask(ayse)), after(2))
    assert AuditEvent.objects.latest("pk").detail == {"deed": "login", "why": "counter"}
    asserting.check(LOGIN, ayse, key.get(ask(ayse)), after(3))


def test_a_counter_that_falls_to_zero_is_refused(ayse: Holder) -> None:
    key = added(ayse, Authenticator(count=7))
    with pytest.raises(PasskeyCloned):
        asserting.check(LOGIN, ayse, key.but(count=0, step=0).get(ask(ayse)), after(1))


def test_a_forged_counter_does_not_look_like_a_copy(ayse: Holder) -> None:
    key = added(ayse, Authenticator(count=7))
    forger = key.but(count=0, key=ec.generate_private_key(ec.SECP256R1()))
    assert refused(ayse, forger.get(ask(ayse))) == "assertion"


def test_a_passkey_without_a_counter_serves_again_and_again(ayse: Holder) -> None:
    key = added(ayse, Authenticator(step=0))
    for second in range(3):
        asserting.check(LOGIN, ayse, key.get(ask(ayse)), after(second))


def test_the_backup_state_is_kept_as_last_seen(ayse: Holder) -> None:
    key = added(ayse, Authenticator(flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE))
    assert not Passkey.objects.get().backed_up
    synced = key.but(flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP)
    asserting.check(LOGIN, ayse, synced.get(ask(ayse)), after(1))
    assert Passkey.objects.get().backed_up


def test_a09_an_answer_sent_in_parallel_is_accepted_once(ayse: Holder, key: Authenticator) -> None:
    answer = key.get(ask(ayse))

    def bring(_: int) -> bool:
        try:
            asserting.check(LOGIN, ayse, answer, after(5))
        except PasskeyError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(bring, range(20))) == 1
