"""Reminders: 90, 40 and 15 days before the end, once each, to phone and e-mail, and to nobody in vain."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet
from portal.tests.certificates.made import Made, bring, make, public_key
from portal.tests.marks import ON_BOTH
from portal.tests.people import mehmet
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing, services
from kilitcoz_portal.certificates.actors import HOLDER
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.renewal import reminders
from kilitcoz_portal.renewal.models import Reminder
from kilitcoz_portal.sms.gsm import MAX_SEPTETS, septets
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH

DAY = timedelta(days=1)


def before_the_end(made: Made, days: float) -> datetime:
    """So many days before the first of its certificates ends."""
    return min(each.not_after for each in made.certificates) - days * DAY


def reminded() -> int:
    return OutboxMessage.objects.filter(purpose="reminder").count()


def letters() -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(purpose="reminder")


def test_a_holder_is_reminded_three_times_by_phone_and_mail(ayses: Made) -> None:
    for days, so_far in ((91, 0), (90, 1), (89, 1), (41, 1), (40, 2), (16, 2), (15, 3), (1, 3), (-1, 3)):
        reminders.sweep(before_the_end(ayses, days))
        assert reminded() == so_far, days
    assert letters().count() == 3


def test_it_says_which_card_and_which_day_and_where_to_renew(ayses: Made, settings: Settings) -> None:
    settings.KILITCOZ_ORIGIN = "https://kilit.example"
    reminders.sweep(before_the_end(ayses, 40))
    ends = min(each.not_after for each in ayses.certificates).strftime("%d.%m.%Y")
    text = OutboxMessage.objects.get(purpose="reminder").text
    assert f"sonu 4821 olan kartınızın sertifikası {ends} günü bitiyor: https://kilit.example" in text
    assert septets(text) <= MAX_SEPTETS
    letter = letters().get()
    assert letter.subject == f"Sertifikanız {ends} günü sona eriyor"
    assert "40 gün kaldı" in letter.text
    assert "/b/" not in text + letter.text, "nothing was done that could be undone"


def test_it_is_in_the_holders_language(ayses: Made) -> None:
    ayses.holder.language = "en"
    ayses.holder.save()
    reminders.sweep(before_the_end(ayses, 40))
    assert (
        "your certificate on the card ending in 4821 ends on"
        in OutboxMessage.objects.get(purpose="reminder").text
    )


def test_of_days_that_were_missed_only_the_nearest_is_caught_up_with(ayses: Made) -> None:
    assert reminders.sweep(before_the_end(ayses, 12)) == 1
    assert reminders.sweep(before_the_end(ayses, 11)) == 0
    assert set(Reminder.objects.values_list("days", flat=True)) == {15}
    assert reminded() == 1


def test_a_card_is_reminded_of_once_however_many_certificates_end(ayses: Made) -> None:
    reminders.sweep(before_the_end(ayses, 90))
    assert Reminder.objects.count() == 2, "the card's own certificate is no holder's business"
    assert reminded() == 1
    event = AuditEvent.objects.get(event="holder-reminded")
    assert event.detail["days"] == 90


@pytest.mark.parametrize("state", [State.REVOKED, State.AWAITING_ACTIVATION, State.PRODUCED])
def test_what_is_not_in_use_is_no_reason_to_remind(ayses: Made, state: State) -> None:
    other = make(mehmet(), "77770000")
    bring(other, state)
    reminders.sweep(before_the_end(ayses, 90))
    assert OutboxMessage.objects.filter(purpose="reminder").exclude(to=ayses.holder.phone).count() == 0


def test_what_is_suspended_may_come_back_and_is_reminded_of(ayses: Made) -> None:
    Certificate.objects.update(not_after=ayses.certificates[0].state_at + 60 * DAY)
    services.suspend(ayses.certificates, HOLDER, Reason.LOST, ayses.certificates[0].state_at)
    assert reminders.sweep(before_the_end(ayses, 60)) == 1


def test_what_is_renewed_is_not_reminded_of(ayses: Made) -> None:
    for old in ayses.certificates:
        if old.slot != "9e":
            wish = Production(
                ayses.card,
                old.slot,
                ProfileName(old.profile),
                public_key(),
                services.request_id(),
                replaces=old,
            )
            made = issuing.produce(wish, HOLDER, before_the_end(ayses, 100))
            services.hand_over([made], HOLDER, before_the_end(ayses, 100))
            services.open_for_use([made], before_the_end(ayses, 100))
    assert reminders.sweep(before_the_end(ayses, 90)) == 0


def test_an_installation_chooses_the_days_or_none(ayses: Made, settings: Settings) -> None:
    settings.KILITCOZ_REMINDER_DAYS = []
    assert reminders.sweep(before_the_end(ayses, 10)) == 0
    settings.KILITCOZ_REMINDER_DAYS = [7]
    assert reminders.sweep(before_the_end(ayses, 7)) == 1


def test_a_holder_who_cannot_be_reached_stops_nobody(ayses: Made) -> None:
    ayses.holder.phone, ayses.holder.email = "+902121234567", ""
    ayses.holder.save()
    assert reminders.sweep(before_the_end(ayses, 40)) == 1
    assert (reminded(), letters().count()) == (0, 0)


def test_many_are_reminded_in_several_sweeps(ayses: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(make(mehmet(), "77770000"), State.VALID)
    monkeypatch.setattr(reminders, "AT_ONCE", 1)
    moment = before_the_end(ayses, 40)
    assert [reminders.sweep(moment) for _ in range(3)] == [1, 1, 0]
