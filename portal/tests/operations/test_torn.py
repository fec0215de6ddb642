"""A24, A27, A32 over the real services: the simulated card is torn before, during and after every command of
the transaction, and the unlock is run again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from portal.tests import cast
from portal.tests.card_service import CardService, Refused
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_portal.operations import expiry
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_portal.vault import services as vault
from kilitcoz_portal.vault.models import CardSecret
from kilitcoz_simulator import Answer, FaultPlan, Moment, Tear, When
from kilitcoz_simulator.profile import PLAIN, YUBIKEY, Profile

pytestmark = ON_BOTH

RISKY = {"change_puk": 0x24, "reset_retry_counter": 0x2C, "verify": 0x20}
AN_HOUR = timedelta(hours=1)


def service_at(enrolled: cast.Enrolled, now: datetime) -> CardService:
    """A card service with this card and a fresh operation."""
    operation = cast.authorised(enrolled, now=now)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, now)
    return CardService(capability, enrolled.simulated, now)


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
@pytest.mark.parametrize("reported", [True, False], ids=["reported", "never-reported"])
def test_a24_torn_at_every_command_the_secret_is_safe_and_a_second_run_ends_well(
    profile: Profile, reported: bool
) -> None:
    # Unreported, a card that counts before it compares leaves open where it was torn: two people decide.
    moments = [*Moment] if reported else [Moment.BEFORE, Moment.AFTER]
    for name, ins in RISKY.items():
        for moment in moments:
            enrolled = cast.card_of(cast.somebody(), profile=profile)
            service = service_at(enrolled, cast.NOW)
            service.claim()
            release = service.release()
            enrolled.simulated.give_faults(FaultPlan([Tear(moment, When(1, ins))]))
            result = service.transact(release)
            if reported:
                assert service.report(result).operation_state == State.IN_DOUBT
            enrolled.simulated.give_faults(FaultPlan())
            secret = CardSecret.objects.get(pk=enrolled.card.ref)
            assert secret.state in {"known", "doubt", "armed"}, (name, moment)
            assert enrolled.simulated.state.puk.retries_left >= 2
            later = cast.NOW + AN_HOUR
            expiry.sweep(later)
            vault.sweep(later)
            again = service_at(enrolled, later).unlock()
            assert again.operation_state == State.SUCCEEDED, (name, moment)
            secret.refresh_from_db()
            assert secret.state == "known"


def test_a27_fifty_runs_torn_after_a_wrong_try_stop_at_the_reserve_in_manual() -> None:
    enrolled = cast.card_of(cast.ayse(), puk="00000000")
    left = []
    for run in range(50):
        now = cast.NOW + run * timedelta(days=1)
        vault.sweep(now)
        expiry.sweep(now)
        service = service_at(enrolled, now)
        decision = service.claim().decision
        if decision == "manual":
            break
        release = service.release()
        enrolled.simulated.give_faults(FaultPlan([Tear(Moment.AFTER, When(1, 0x24))]))
        service.transact(release)
        enrolled.simulated.give_faults(FaultPlan())
        left.append(enrolled.simulated.state.puk.retries_left)
    assert left == [2, 1]
    with pytest.raises(Refused, match="release-not-identified"):
        service.release()


@pytest.mark.parametrize("sw", [0x6A80, 0x6A86, 0x63C2])
def test_a32_a_pin_that_the_card_refuses_is_asked_for_again_and_nothing_is_lost(sw: int) -> None:
    enrolled = cast.card_of(cast.ayse())
    service = service_at(enrolled, cast.NOW)
    enrolled.simulated.give_faults(FaultPlan([Answer(StatusWord(sw), When(1, 0x2C))]))
    assert service.unlock().operation_state == State.IDENTIFIED
    assert CardSecret.objects.get().state == "known"
    assert Operation.objects.get().code == "pin-refused"
    with pytest.raises(Refused, match="release-not-identified"):
        service.release()  # its counter is older than what the card did since
    answer = service.unlock()
    assert answer.operation_state == State.SUCCEEDED
    secret = CardSecret.objects.get()
    assert (secret.state, secret.version, secret.fence) == ("known", 3, 2)


def test_a30_with_one_puk_try_left_nothing_is_released() -> None:
    enrolled = cast.card_of(cast.ayse(), puk="00000000")
    for hours in range(2):
        service_at(enrolled, cast.NOW + hours * AN_HOUR).unlock()
        if CardSecret.objects.get().state == "manual":
            break
    assert enrolled.simulated.state.puk.retries_left == 2
    service = service_at(enrolled, cast.NOW + 2 * AN_HOUR)
    assert service.claim().decision == "manual"
    with pytest.raises(Refused):
        service.release()
