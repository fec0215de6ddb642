"""Adding a passkey: what is asked of the browser, what is stored, and which answers are refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connections
from portal.tests import people
from portal.tests.marks import ON_BOTH
from portal.tests.passkeys.authenticator import (
    BACKED_UP,
    BACKUP_ELIGIBLE,
    PRESENT,
    VERIFIED,
    Authenticator,
)
from portal.tests.passkeys.conftest import added
from portal.tests.people import NOW
from webauthn.helpers import base64url_to_bytes

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin.models import Passkey, PasskeyAccount
from kilitcoz_portal.signin.passkeys import registering
from kilitcoz_portal.signin.passkeys.challenges import Deed, Wish
from kilitcoz_portal.signin.passkeys.errors import (
    PasskeyError,
    PasskeyKnown,
    PasskeyLate,
    PasskeyLimit,
    PasskeyRefused,
)

pytestmark = ON_BOTH
WISH = Wish("browser-a", Deed.REGISTER)


def ask(holder: Holder) -> str:
    return registering.options(WISH, holder, "Örnek Sertifika Hizmetleri", NOW)


def register(holder: Holder, answer: str, seconds: float = 5) -> Passkey:
    return registering.register(WISH, holder, "telefonum", answer, NOW + timedelta(seconds=seconds))


def test_what_the_browser_is_asked(ayse: Holder) -> None:
    asked = json.loads(ask(ayse))
    assert asked["rp"] == {"id": "kilit.example", "name": "Örnek Sertifika Hizmetleri"}
    assert [each["alg"] for each in asked["pubKeyCredParams"]] == [-7, -8, -257]
    assert asked["attestation"] == "none"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "preferred"
    assert asked["excludeCredentials"] == []


def test_the_user_handle_says_nothing_of_the_person_and_stays_the_same(ayse: Holder) -> None:
    handles = {json.loads(ask(ayse))["user"]["id"] for _ in range(2)}
    handle = base64url_to_bytes(handles.pop())
    assert not handles
    assert len(handle) == 32
    assert ayse.id_number.encode() not in handle


def test_a_passkey_is_added_and_every_contact_is_told(ayse: Holder) -> None:
    key = Authenticator(count=3, flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP)
    passkey = register(ayse, key.create(ask(ayse)))
    assert (passkey.label, passkey.sign_count, passkey.transports) == ("telefonum", 3, ["internal"])
    assert (passkey.backup_eligible, passkey.backed_up) == (True, True)
    assert AuditEvent.objects.get(event="passkey-added").detail == {"backed_up": True}
    assert Notice.objects.get().kind == "passkey-added"


def test_what_is_there_is_not_offered_again(ayse: Holder) -> None:
    added(ayse)
    asked = json.loads(ask(ayse))
    assert [each["id"] for each in asked["excludeCredentials"]] == [Passkey.objects.get().credential_id]


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"challenge": bytes(32)},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"flags": PRESENT | VERIFIED | BACKED_UP},
        {"client_data": {"crossOrigin": True}},
        {"client_data": {"type": "webauthn.get"}},
        {"key": ec.generate_private_key(ec.SECP384R1())},
        {"statement": {"fmt": "tpm", "attStmt": {}}},
        {"statement": {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x", "x5c": [b"y"]}}},
        {"statement": {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x"}}},
        {"statement": {"fmt": "none", "attStmt": {"alg": -7}}},
    ],
)
def test_a_lie_is_refused_and_nobody_is_told(ayse: Holder, lie: dict[str, Any]) -> None:
    with pytest.raises(PasskeyRefused):
        register(ayse, Authenticator(**lie).create(ask(ayse)))
    assert not Passkey.objects.exists()
    assert not Notice.objects.exists()


def test_an_answer_adds_once(ayse: Holder) -> None:
    answer = Authenticator().create(ask(ayse))
    register(ayse, answer)
    with pytest.raises(PasskeyLate):
        register(ayse, answer)


def test_a_question_lives_five_minutes(ayse: Holder) -> None:
    with pytest.raises(PasskeyLate):
        register(ayse, Authenticator().create(ask(ayse)), seconds=300)


def test_an_answer_for_another_deed_adds_nothing(ayse: Holder) -> None:
    answer = Authenticator().create(ask(ayse))
    with pytest.raises(PasskeyLate):
        registering.register(Wish("browser-a", Deed.LOGIN), ayse, "x", answer, NOW)
    with pytest.raises(PasskeyLate):
        registering.register(Wish("browser-b", Deed.REGISTER), ayse, "x", answer, NOW)


def test_a40_one_passkey_has_one_holder(ayse: Holder) -> None:
    key = added(ayse)
    with pytest.raises(PasskeyKnown):
        register(people.mehmet(), key.but().create(ask(Holder.objects.get(name="Mehmet Demir"))))
    assert Passkey.objects.get().holder == ayse


def test_the_eleventh_is_refused_before_and_after_the_browser_is_asked(ayse: Holder) -> None:
    for _ in range(9):
        added(ayse)
    late = Authenticator().create(ask(ayse))
    added(ayse)
    with pytest.raises(PasskeyLimit):
        ask(ayse)
    with pytest.raises(PasskeyLimit):
        register(ayse, late)
    assert Passkey.objects.count() == 10


def test_of_two_tenth_ones_at_once_one_is_added(ayse: Holder) -> None:
    for _ in range(9):
        added(ayse)
    wishes = [Wish(f"browser-{number}", Deed.REGISTER) for number in range(4)]
    answers = [Authenticator().create(registering.options(wish, ayse, "Örnek", NOW)) for wish in wishes]

    def bring(each: tuple[Wish, str]) -> bool:
        try:
            registering.register(each[0], ayse, "telefonum", each[1], NOW)
        except PasskeyError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(bring, zip(wishes, answers, strict=True))) == 1
    assert PasskeyAccount.objects.count() == 1
