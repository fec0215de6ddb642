"""The same card's life where its certificates come from an authority elsewhere, over CMP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from django.utils import timezone
from portal.tests.ca.cmp.served import configure, registration_authority, served
from portal.tests.ca.cmp.stand_in import Asked, StandIn
from portal.tests.certificates import made
from portal.tests.certificates.made import DESK, Made
from portal.tests.people import ayse, hash_cheaply
from pytest_django import Settings

from kilitcoz_portal.certificates import ends, publishing, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.models import State, StatusOrder
from kilitcoz_portal.certificates.reasons import Reason

pytestmark = pytest.mark.django_db(transaction=True)

HOLD = x509.ReasonFlags.certificate_hold


@pytest.fixture
def elsewhere(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """An authority that speaks CMP, which the settings choose. What waits for a commit reads the real clock,
    and so do all others here.
    """
    hash_cheaply(monkeypatch)
    monkeypatch.setattr(made, "NOW", timezone.now())
    ours = registration_authority(tmp_path)
    with served(ours.certificate) as stand_in:
        configure(settings, tmp_path, f"{stand_in.url}/cmp", ours)
        yield stand_in


def said(elsewhere: StandIn) -> set[x509.ReasonFlags | None]:
    """Of all three certificates."""
    return {each.reason for each in elsewhere.issued.values()}


def opened(elsewhere: StandIn) -> Made:
    """Ayşe's card, open for use on both sides."""
    card = made.make(ayse())
    assert said(elsewhere) == {HOLD}
    services.hand_over(card.certificates, DESK, timezone.now())
    services.open_for_use(card.certificates, timezone.now())
    return card


def test_from_the_desk_to_revocation_both_sides_agree(elsewhere: StandIn) -> None:
    card = opened(elsewhere)
    assert (card.states, said(elsewhere)) == ({State.VALID}, {None})
    services.suspend(card.certificates, HOLDER, Reason.LOST, timezone.now())
    assert (card.states, said(elsewhere)) == ({State.SUSPENDED}, {HOLD})
    services.resume(card.certificates, HOLDER, timezone.now())
    assert (card.states, said(elsewhere)) == ({State.VALID}, {None})
    services.revoke(card.certificates, HOLDER, Reason.STOLEN, timezone.now())
    assert (card.states, said(elsewhere)) == ({State.REVOKED}, {x509.ReasonFlags.key_compromise})
    assert not StatusOrder.objects.filter(done_at=None).exists()


@pytest.mark.parametrize("loss", [Asked.LOSE_QUESTION, Asked.LOSE_ANSWER, Asked.BUSY])
def test_an_authority_that_is_away_is_told_as_soon_as_it_is_back(elsewhere: StandIn, loss: Asked) -> None:
    card = opened(elsewhere)
    elsewhere.weather = [Asked.ANSWER, loss]
    services.suspend(card.certificates, HOLDER, Reason.LOST, timezone.now())
    assert card.states == {State.SUSPENDED}
    assert said(elsewhere) == {HOLD, None}  # the first knows
    assert publishing.carry_out(timezone.now()) == 1
    assert said(elsewhere) == {HOLD}


def test_a_right_that_the_authority_has_taken_away_loses_no_revocation(elsewhere: StandIn) -> None:
    card = opened(elsewhere)
    elsewhere.refuses = {"rr": "notAuthorized"}
    services.revoke(card.certificates, HOLDER, Reason.STOLEN, timezone.now())
    ends.sweep(timezone.now())
    assert said(elsewhere) == {None}
    elsewhere.refuses = {}
    ends.sweep(timezone.now())
    assert said(elsewhere) == {x509.ReasonFlags.key_compromise}
