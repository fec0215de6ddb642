"""The browser's side: receipts, capability, pairing code, cancelling, coming back; A18b, A40."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.tests import cast
from portal.tests.card_service import CardService
from portal.tests.cast import AYSES_BROWSER, KEREMS_BROWSER, NOW
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import Capability, OperationKind, card_hash
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.operations import bearers, queries
from kilitcoz_portal.operations import capability as capabilities
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import (
    CapabilityRefused,
    OperationExpired,
    OperationNotFound,
    OperationOpenElsewhere,
    OperationState,
    ReceiptRefused,
)
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.vault import receipts

pytestmark = ON_BOTH

LATE = NOW + timedelta(seconds=600)


def begun(enrolled: cast.Enrolled, browser: str = AYSES_BROWSER) -> Operation:
    """An operation that awaits its code."""
    return operations.start(enrolled.holder, enrolled.card, OperationKind.UNLOCK, browser, "tr", NOW)


def test_an_operation_has_unguessable_names_and_a_number_to_compare() -> None:
    operation = begun(cast.card_of(cast.ayse()))
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", operation.pk)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", operation.nonce)
    assert re.fullmatch(r"[0-9]{2}", operation.number)
    assert operation.expires_at - operation.created_at == timedelta(seconds=600)


def test_nobody_begins_an_operation_with_another_holders_card() -> None:
    enrolled = cast.card_of(cast.ayse())
    with pytest.raises(OperationNotFound):
        operations.start(cast.mehmet(), enrolled.card, OperationKind.UNLOCK, KEREMS_BROWSER, "tr", NOW)


def test_the_receipt_must_be_for_this_operation_this_card_and_this_hour() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = begun(enrolled)
    ref = enrolled.card.ref
    wrong = [
        receipts.issue("X" * 22, ref, NOW),
        receipts.issue(operation.pk, "piv:" + "0" * 32, NOW),
        receipts.issue(operation.pk, ref, NOW - timedelta(seconds=600)),
        "",
    ]
    for receipt in wrong:
        with pytest.raises(ReceiptRefused):
            operations.authorise(operation.pk, AYSES_BROWSER, receipt, NOW)
    assert Operation.objects.get().state == State.AWAITING_CODE
    receipt = receipts.issue(operation.pk, ref, NOW)
    assert operations.authorise(operation.pk, AYSES_BROWSER, receipt, NOW).state == State.AUTHORISED


def test_without_the_code_there_is_no_capability_and_no_pairing_code() -> None:
    operation = begun(cast.card_of(cast.ayse()))
    with pytest.raises(OperationState):
        operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    with pytest.raises(OperationState):
        operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW)


def test_the_capability_is_a_signed_jwt_that_names_all_the_card_service_needs() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    text = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    header = jwt.get_unverified_header(text)
    assert header == {"alg": "EdDSA", "kid": keys().kid, "typ": "kilitcoz-capability+jwt"}
    said = Capability.from_members(jwt.decode(text, options={"verify_signature": False}))
    assert (said.op, said.nonce, said.num) == (operation.pk, operation.nonce, operation.number)
    assert said.card == card_hash("piv", enrolled.card.card_id)
    assert said.card_label == "…4821"
    assert said.exp - said.iat == 600


def test_a17_what_is_not_our_capability_is_refused() -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    text = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    claims = jwt.decode(text, options={"verify_signature": False})
    forged = [
        jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims | {"iss": "https://thief.example"}, keys().signing, algorithm="EdDSA"),
        jwt.encode(claims | {"aud": "somebody"}, keys().signing, algorithm="EdDSA"),
        jwt.encode(claims | {"more": 1}, keys().signing, algorithm="EdDSA"),
        text[:-4],
        "a.b.c",
        "",
    ]
    for presented in forged:
        with pytest.raises(CapabilityRefused):
            capabilities.check(presented, operation.pk, NOW)
    with pytest.raises(CapabilityRefused):
        capabilities.check(text, "X" * 22, NOW)
    with pytest.raises(CapabilityRefused):
        capabilities.check(text, operation.pk, LATE)
    assert capabilities.check(text, operation.pk, NOW).op == operation.pk


NAMES = ["watch", "authorise", "capability", "pairing", "cancel", "complete"]
DEEDS: list[Callable[[str, str], object]] = [
    lambda op, browser: queries.watch(op, browser, NOW),
    lambda op, browser: operations.authorise(op, browser, "1.x", NOW),
    lambda op, browser: operations.issue_capability(op, browser, NOW),
    lambda op, browser: operations.issue_pairing_code(op, browser, NOW),
    lambda op, browser: operations.cancel(op, browser, NOW),
    lambda op, browser: operations.complete(op, browser, "x", NOW),
]


@pytest.mark.parametrize("deed", DEEDS, ids=NAMES)
def test_a40_another_browsers_operation_is_not_found_and_the_books_know(
    deed: Callable[[str, str], object],
) -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    before = Operation.objects.values().get()
    with pytest.raises(OperationNotFound):
        deed(operation.pk, KEREMS_BROWSER)
    assert AuditEvent.objects.filter(event="foreign-object-asked", operation_id=operation.pk).count() == 1
    with pytest.raises(OperationNotFound):
        deed("X" * 22, KEREMS_BROWSER)
    assert AuditEvent.objects.filter(event="foreign-object-asked").count() == 1
    assert Operation.objects.values().get() == before


def test_a18b_the_completion_secret_serves_the_browser_that_began_alone() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    answer = CardService(capability, enrolled.simulated, NOW).unlock()
    assert answer.completion is not None
    assert answer.return_url == f"http://127.0.0.1:8000/donus/{operation.pk}"
    for browser, completion in ((KEREMS_BROWSER, answer.completion), (AYSES_BROWSER, "x" * 43)):
        with pytest.raises(OperationNotFound):
            operations.complete(operation.pk, browser, completion, NOW)
    done = operations.complete(operation.pk, AYSES_BROWSER, answer.completion, NOW)
    again = operations.complete(operation.pk, AYSES_BROWSER, answer.completion, LATE)
    assert done.completed_at == again.completed_at == NOW


def test_an_open_operation_has_no_completion_even_for_who_guesses_it() -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    with pytest.raises(OperationNotFound):
        operations.complete(operation.pk, AYSES_BROWSER, bearers.completion(operation), NOW)


def test_ten_minutes_later_everything_is_over() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    watched = queries.watch(operation.pk, AYSES_BROWSER, LATE)
    assert (watched.state, watched.code, watched.is_open) == ("expired", "operation-expired", False)
    for deed in (operations.issue_capability, operations.issue_pairing_code):
        with pytest.raises(OperationExpired):
            deed(operation.pk, AYSES_BROWSER, LATE)
    assert Operation.objects.get().state == State.EXPIRED
    assert AuditEvent.objects.filter(event="operation-expired").count() == 1


def test_a_new_operation_takes_the_place_of_a_late_one() -> None:
    enrolled = cast.card_of(cast.ayse())
    first = begun(enrolled, KEREMS_BROWSER)
    with pytest.raises(OperationOpenElsewhere):
        begun(enrolled)
    second = operations.start(enrolled.holder, enrolled.card, OperationKind.UNLOCK, AYSES_BROWSER, "tr", LATE)
    assert second.pk != first.pk
    first.refresh_from_db()
    assert first.state == State.EXPIRED


def test_the_holder_can_give_up_until_a_secret_is_out() -> None:
    enrolled = cast.card_of(cast.ayse())
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    service = CardService(capability, enrolled.simulated, NOW)
    service.claim()
    service.release()
    with pytest.raises(OperationState):
        operations.cancel(operation.pk, AYSES_BROWSER, NOW)
    service.abort("holder-left")
    other = cast.authorised(enrolled)
    assert operations.cancel(other.pk, AYSES_BROWSER, NOW).state == State.CANCELLED
    assert operations.cancel(other.pk, AYSES_BROWSER, NOW).state == State.CANCELLED
    with pytest.raises(OperationState):
        operations.issue_capability(other.pk, AYSES_BROWSER, NOW)


def test_a_row_of_an_operation_opens_nothing() -> None:
    operation = cast.authorised(cast.card_of(cast.ayse()))
    code = operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW)
    rows = str(Operation.objects.values()) + str(operation.pairing_codes.values())
    for secret in (AYSES_BROWSER, code, bearers.session(operation), bearers.completion(operation)):
        assert secret not in rows


def test_the_holder_ends_what_another_browser_left_open_but_not_a_release_and_not_another_holders() -> None:
    enrolled = cast.card_of(cast.ayse())
    assert operations.withdraw(enrolled.holder, enrolled.card, NOW) is None
    left_open = begun(enrolled, KEREMS_BROWSER)
    with pytest.raises(OperationNotFound):
        operations.withdraw(cast.mehmet(), enrolled.card, NOW)
    withdrawn = operations.withdraw(enrolled.holder, enrolled.card, NOW)
    assert withdrawn is not None
    assert (withdrawn.pk, withdrawn.state) == (left_open.pk, State.CANCELLED)
    operation = cast.authorised(enrolled)
    capability = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    service = CardService(capability, enrolled.simulated, NOW)
    service.claim()
    service.release()
    with pytest.raises(OperationState):
        operations.withdraw(enrolled.holder, enrolled.card, NOW)
    late = operations.withdraw(enrolled.holder, enrolled.card, NOW + timedelta(hours=1))
    assert late is not None
    assert late.state == State.IN_DOUBT
