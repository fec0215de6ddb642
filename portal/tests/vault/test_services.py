"""The vault's verbs: adopting, arming, sealing, settling, sweeping, restoring."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from portal.tests.marks import ON_BOTH
from portal.tests.vault import armed
from portal.tests.vault.armed import CARD, NOW, OPERATION
from pytest_django import Settings

from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import decisions, queries, receipts, services
from kilitcoz_portal.vault.errors import (
    FenceStale,
    InsideTransaction,
    PukMalformed,
    RefusalCode,
    SecretKnown,
    SecretUnknown,
)
from kilitcoz_portal.vault.models import Budget, CardSecret, JournalEntry
from kilitcoz_portal.vault.services import Armed, Refused
from kilitcoz_portal.vault.settlement import Answer
from kilitcoz_portal.vault.states import SecretState

pytestmark = ON_BOTH

OTHER_OPERATION = "C" * 22
LATER = NOW + timedelta(minutes=10)


def test_a_puk_in_the_vault_is_in_no_column_as_it_is() -> None:
    armed.adopt()
    row = CardSecret.objects.values().get()
    assert armed.PUK.encode() not in b"".join(bytes(each) for each in row.values() if isinstance(each, bytes))
    assert armed.PUK not in str(row)


def test_a_card_is_adopted_once_and_only_with_a_puk_it_can_have() -> None:
    armed.adopt()
    with pytest.raises(SecretKnown):
        armed.adopt(puk="87654321")
    for impossible in ("", "123456789"):
        with pytest.raises(PukMalformed):
            services.adopt(armed.OTHER_CARD, "piv", Puk.from_text(impossible), NOW)


def test_r8_a_release_is_not_sealed_before_its_intent_is_committed() -> None:
    armed.adopt()
    with transaction.atomic():
        assert armed.arm() == Armed(1)
        with pytest.raises(InsideTransaction):
            services.seal_release(CARD, OPERATION, 1, armed.NONCE)
    assert armed.release().candidates == (Puk.from_text(armed.PUK),)


def test_r1_every_retry_has_the_same_pending_secret() -> None:
    armed.adopt()
    armed.arm()
    first = armed.release()
    armed.arm()
    assert armed.release() == first
    assert services.sweep(LATER) == 1
    assert armed.arm(operation_id=OTHER_OPERATION, now=LATER) == Armed(2)
    second = armed.release(operation_id=OTHER_OPERATION, fence=2)
    assert second.candidates == (first.candidates[0], first.new)
    assert second.new == first.new
    assert first.new != first.candidates[0]
    assert len(first.new) == 8
    assert first.new.reveal().isdigit()


def test_r2_the_charge_is_durable_before_anything_is_sent() -> None:
    armed.adopt()
    armed.arm(tries=None)
    assert CardSecret.objects.get().tries == 2
    services.settle(CARD, OPERATION, 1, [], None, NOW)
    assert CardSecret.objects.get().tries == 2


def test_r3_the_reserve_is_refused_and_stays_refused() -> None:
    armed.adopt()
    assert armed.arm(tries=1) == Refused(RefusalCode.MANUAL)
    assert armed.arm(tries=3) == Refused(RefusalCode.MANUAL)
    assert CardSecret.objects.get().state == "manual"
    assert queries.look(CARD, 3, NOW).refusal is SecretState.MANUAL


def test_a_card_with_no_puk_tries_is_said_to_be_exhausted_until_it_has_some_again() -> None:
    armed.adopt()
    assert queries.look(CARD, 0, NOW).refusal is SecretState.PUK_BLOCKED
    assert armed.arm(tries=0) == Refused(RefusalCode.PUK_EXHAUSTED)
    assert armed.arm(tries=None) == Refused(RefusalCode.PUK_EXHAUSTED)
    assert armed.arm(tries=3) == Armed(1)


def test_r9_a_worker_with_an_older_fence_or_another_operation_cannot_commit() -> None:
    armed.adopt()
    armed.arm()
    services.sweep(LATER)
    armed.arm(operation_id=OTHER_OPERATION, now=LATER)
    for operation_id, fence in ((OPERATION, 1), (OPERATION, 2), (OTHER_OPERATION, 1), (OTHER_OPERATION, 3)):
        with pytest.raises(FenceStale):
            services.settle(CARD, operation_id, fence, [], None, LATER)
        with pytest.raises(FenceStale):
            services.end_lease(CARD, operation_id, fence, LATER)


def test_r9_while_a_lease_runs_another_operation_is_told_to_wait() -> None:
    armed.adopt()
    armed.arm()
    assert armed.arm(operation_id=OTHER_OPERATION) == Refused(RefusalCode.BUSY)
    just_after = NOW + timedelta(seconds=services.LEASE)
    assert armed.arm(operation_id=OTHER_OPERATION, now=just_after) == Refused(RefusalCode.NOT_IDENTIFIED)
    assert CardSecret.objects.get().state == "doubt"
    assert armed.arm(operation_id=OTHER_OPERATION, now=just_after) == Armed(2)


def test_r6_a_claim_older_than_the_newest_result_serves_no_release() -> None:
    armed.adopt()
    old = armed.request(operation_id=OTHER_OPERATION)
    armed.arm()
    services.settle(CARD, OPERATION, 1, [], None, NOW)
    assert services.arm(old, NOW) == Refused(RefusalCode.NOT_IDENTIFIED)
    assert armed.arm(operation_id=OTHER_OPERATION) == Armed(2)


def test_the_same_worker_asking_again_gets_its_lease_anew() -> None:
    armed.adopt()
    armed.arm()
    soon = NOW + timedelta(seconds=60)
    armed.arm(now=soon)
    assert CardSecret.objects.get().lease_until == int(soon.timestamp()) + services.LEASE
    assert Budget.objects.get(scope=f"card:{CARD}").count == 1


def test_r7_a_report_after_the_lease_counts_while_no_newer_release_exists() -> None:
    armed.adopt()
    armed.arm()
    services.sweep(LATER)
    done = [Answer("change_puk", 0, 0x9000), Answer("reset_retry_counter", None, 0x9000)]
    assert services.settle(CARD, OPERATION, 1, done, None, LATER).state is SecretState.KNOWN
    assert services.settle(CARD, OPERATION, 1, [], None, LATER).state is SecretState.KNOWN
    assert CardSecret.objects.get().version == 2


def test_a_pending_the_card_refused_by_its_form_is_replaced_by_another() -> None:
    armed.adopt()
    armed.arm()
    first = armed.release()
    services.settle(CARD, OPERATION, 1, [Answer("change_puk", 0, 0x6A80)], None, NOW)
    armed.arm(operation_id=OTHER_OPERATION)
    second = armed.release(operation_id=OTHER_OPERATION, fence=2)
    assert second.candidates == first.candidates
    assert second.new != first.new


def test_the_daily_budget_of_a_card_holds_and_comes_back(settings: Settings) -> None:
    settings.KILITCOZ_VAULT_CARD_DAILY = 3
    armed.adopt()
    for number in range(3):
        assert isinstance(armed.arm(), Armed)
        services.settle(CARD, OPERATION, number + 1, [], 3, NOW)
    assert armed.arm() == Refused(RefusalCode.CARD_BUDGET)
    tomorrow = NOW + timedelta(days=1)
    assert isinstance(armed.arm(now=tomorrow), Armed)


def test_the_hourly_budget_of_all_cards_is_an_alarm(settings: Settings) -> None:
    settings.KILITCOZ_VAULT_GLOBAL_HOURLY = 1
    armed.adopt()
    armed.adopt(armed.OTHER_CARD)
    armed.arm()
    assert armed.arm(armed.OTHER_CARD) == Refused(RefusalCode.GLOBAL_BUDGET, alarm=True)


def test_a37_ten_thousand_forged_or_old_receipts_get_nothing_and_sound_the_alarm_once(
    database: str,
) -> None:
    armed.adopt()
    old = receipts.issue(OPERATION, CARD, NOW - timedelta(seconds=601))
    of_another = receipts.issue(OTHER_OPERATION, CARD, NOW)
    of_another_card = receipts.issue(OPERATION, armed.OTHER_CARD, NOW)
    good = armed.request()
    forged = [old, of_another, of_another_card, "", "x.y", good.receipt[:-1], good.receipt + "A", "9" * 99]
    refusals = []
    for number in range(10_000 if database == "sqlite" else 1_000):  # the other is slower, not different
        asked = services.Request(**(vars(good) | {"receipt": forged[number % len(forged)]}))
        refusals.append(services.arm(asked, NOW))
    assert {refusal.code for refusal in refusals if isinstance(refusal, Refused)} == {RefusalCode.RECEIPT}
    assert sum(isinstance(refusal, Refused) and refusal.alarm for refusal in refusals) == 1
    secret = CardSecret.objects.get()
    assert (secret.state, secret.fence) == ("known", 0)
    assert JournalEntry.objects.count() == 1


def test_r10_after_a_restore_the_very_secrets_given_out_since_are_candidates_again() -> None:
    armed.adopt()
    backup = [CardSecret.objects.values().get(), JournalEntry.objects.values().get()]
    armed.arm()
    done = [Answer("change_puk", 0, 0x9000), Answer("reset_retry_counter", None, 0x9000)]
    services.settle(CARD, OPERATION, 1, done, None, NOW)
    on_the_card = armed.values()["current"]

    CardSecret.objects.all().delete()
    JournalEntry.objects.all().delete()
    CardSecret.objects.create(**backup[0])
    JournalEntry.objects.create(**backup[1])
    assert services.restored_from_backup(LATER) == 1

    assert CardSecret.objects.get().state == "doubt"
    armed.arm(operation_id=OTHER_OPERATION, now=LATER)
    offered = armed.release(operation_id=OTHER_OPERATION, fence=1)
    assert [puk.reveal() for puk in offered.candidates] == [armed.PUK.encode(), on_the_card]


def test_r12_the_status_tells_age_tries_and_history_and_no_value() -> None:
    armed.adopt()
    armed.arm()
    services.settle(CARD, OPERATION, 1, [Answer("change_puk", 0, None)], None, NOW)
    line = queries.unsettled()[0]
    assert (line.state, line.since, line.tries, line.fence) == (SecretState.DOUBT, NOW, 2, 1)
    words = str(queries.history(CARD))
    assert "change_puk 0 no answer" in words
    for value in armed.values().values():
        assert value.decode() not in words


def test_a_card_that_was_never_adopted_has_nothing_to_release() -> None:
    with pytest.raises(SecretUnknown):
        armed.arm()
    assert queries.look(CARD, 3, NOW).refusal is SecretState.MANUAL


def test_an_armed_secret_is_not_touched_by_a_contact() -> None:
    armed.adopt()
    armed.arm()
    from kilitcoz_portal.vault.store import snapshot_of

    with pytest.raises(ValueError, match="worker"):
        decisions.contact(snapshot_of(CardSecret.objects.get()), 3)
