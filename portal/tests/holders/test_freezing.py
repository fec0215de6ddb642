"""A frozen account changes in nothing until two people, by name and for a reason, open it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from portal.tests import cast
from portal.tests.cast import NOW
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import contacts, freezing, queries
from kilitcoz_portal.holders.errors import HolderFrozen, UnfreezeRefused
from kilitcoz_portal.holders.models import Holder, SuspensionWish, Unfreeze

pytestmark = ON_BOTH


@pytest.fixture
def frozen() -> Holder:
    holder = cast.ayse()
    with transaction.atomic():
        freezing.freeze(holder.pk, NOW, kind="word-changed")
    return holder


def ask(holder: Holder, by: str = "Zeynep Kaya", reason: str = "recognised by her ID card") -> None:
    with transaction.atomic():
        freezing.ask_unfreeze(holder.pk, NOW, by=by, reason=reason)


def approve(holder: Holder, by: str = "Mert Aksoy", after: timedelta = timedelta()) -> Unfreeze:
    with transaction.atomic():
        return freezing.approve_unfreeze(holder.pk, NOW + after, by=by)


def test_a_freeze_asks_for_the_suspension_of_all_certificates_once(frozen: Holder) -> None:
    with transaction.atomic():
        assert not freezing.freeze(frozen.pk, NOW, kind="word-changed")
    assert SuspensionWish.objects.get().settled_at is None
    assert queries.suspension_is_asked(frozen.pk)
    events = list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))
    assert events == ["holder-frozen", "suspension-asked"]


def test_contacts_and_choices_stay_as_they_are(frozen: Holder) -> None:
    changes = (
        lambda: contacts.change_phone(frozen.pk, "+905321112233", NOW),
        lambda: contacts.change_email(frozen.pk, "kerem@ornek.example", NOW),
        lambda: contacts.allow_remote_unlock(frozen.pk, NOW, allowed=False),
    )
    for change in changes:
        with pytest.raises(HolderFrozen), transaction.atomic():
            change()
    frozen.refresh_from_db()
    assert (frozen.phone, frozen.email, frozen.remote_unlock) == ("+905321234567", "", True)


def test_two_people_open_it_again(frozen: Holder) -> None:
    ask(frozen)
    assert queries.unfreeze_is_asked(frozen.pk, NOW)
    approve(frozen)
    frozen.refresh_from_db()
    assert frozen.frozen_at is None
    assert queries.frozen() == []
    detail = AuditEvent.objects.get(event="unfreeze-asked").detail
    assert (detail["by"], detail["reason"]) == ("Zeynep Kaya", "recognised by her ID card")
    assert AuditEvent.objects.get(event="holder-unfrozen").detail["by"] == "Mert Aksoy"


@pytest.mark.parametrize("second", ["Zeynep Kaya", "zeynep  kaya", "", " "])
def test_one_person_is_not_two(frozen: Holder, second: str) -> None:
    ask(frozen)
    with pytest.raises(UnfreezeRefused):
        approve(frozen, by=second)
    assert queries.frozen() == [frozen]


@pytest.mark.parametrize(("by", "reason"), [("", "a reason"), ("Zeynep Kaya", " ")])
def test_without_a_name_or_a_reason_nobody_asks(frozen: Holder, by: str, reason: str) -> None:
    with pytest.raises(UnfreezeRefused):
        ask(frozen, by=by, reason=reason)


def test_what_was_asked_yesterday_is_not_approved_today(frozen: Holder) -> None:
    ask(frozen)
    with pytest.raises(UnfreezeRefused):
        approve(frozen, after=timedelta(days=1))


def test_what_is_not_frozen_is_not_opened_and_an_approval_is_used_once(frozen: Holder) -> None:
    ask(frozen)
    approve(frozen)
    with pytest.raises(UnfreezeRefused):
        ask(frozen)
    with transaction.atomic():
        freezing.freeze(frozen.pk, NOW, kind="word-changed")
    with pytest.raises(UnfreezeRefused):
        approve(frozen)


def test_the_database_itself_knows_that_one_person_is_not_two(frozen: Holder) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unfreeze.objects.create(
            holder=frozen, reason="x", asked_by="Zeynep", asked_at=NOW, approved_by="Zeynep", approved_at=NOW
        )
