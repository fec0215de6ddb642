"""From a claim to a holder: who checks, who approves, what an application moves and what it never moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from portal.tests import people
from portal.tests.applications.applying import (
    AYSES_NUMBER,
    AYSES_PHONE,
    KEREMS_PHONE,
    MERT,
    NETWORK,
    NOW,
    WORD,
    ZEYNEP,
    approved,
    checked,
    claimed,
    entry,
    printed,
)
from portal.tests.marks import ON_BOTH
from pytest_django import Settings

from kilitcoz_portal.applications import queries, receiving, services
from kilitcoz_portal.applications.errors import (
    ApplicationOpen,
    ApplicationsSlowed,
    ApplicationUnknown,
    CardForeign,
    ChoiceUnknown,
    ContactsDiffer,
    FormMissing,
    FormUnsigned,
    PaymentSettled,
    ReasonUnknown,
    SamePerson,
    StepImpossible,
)
from kilitcoz_portal.applications.models import Application, Payment, State
from kilitcoz_portal.applications.reasons import Ending, Reason
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import contacts, freezing, security_word
from kilitcoz_portal.holders.errors import (
    EmailInvalid,
    EntryError,
    HolderFrozen,
    IdNumberInvalid,
    NameInvalid,
    PhoneInvalid,
)
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = ON_BOTH


def kept(holder: Holder) -> tuple[object, ...]:
    """What no application of a stranger may move."""
    holder.refresh_from_db()
    return (
        holder.phone,
        holder.phone_changed_at,
        holder.email,
        holder.security_word_hash,
        holder.application_number,
    )


def test_an_application_becomes_a_holder_with_the_forms_word_and_number() -> None:
    application = approved(checked(printed(claimed(email="ayse@ornek.example", language="en"))))
    holder = Holder.objects.get()
    assert (holder.id_number, holder.name, holder.phone) == (AYSES_NUMBER, "Ayşe Yılmaz", AYSES_PHONE)
    assert (holder.email, holder.language) == ("ayse@ornek.example", "en")
    assert holder.application_number == application.number
    assert security_word.matches(WORD, holder.security_word_hash)
    assert holder.word_expires_at is None
    assert application.holder == holder
    assert application.word_hash == ""
    assert (application.checked_by, application.approved_by) == (ZEYNEP, MERT)


def test_a_word_that_staff_printed_is_to_be_changed() -> None:
    application = printed(claimed())
    Application.objects.update(word_seen_by=ZEYNEP)
    application.refresh_from_db()
    approved(checked(application))
    assert Holder.objects.get().word_expires_at == NOW + timedelta(days=21)


def test_the_new_holder_is_told_of_the_approval_and_not_before() -> None:
    application = checked(printed(claimed()))
    assert not OutboxMessage.objects.exists()
    approved(application)
    told = OutboxMessage.objects.get()
    assert told.to == AYSES_PHONE
    assert "onaylandı" in told.text


def test_who_checked_cannot_approve_however_the_name_is_written() -> None:
    application = checked(printed(claimed()))
    for name in (ZEYNEP, "ZEYNEP KAYA", "zeynep  kaya"):
        with pytest.raises(SamePerson):
            services.approve(application, NOW, by=name)
    assert not Holder.objects.exists()


def test_without_a_signature_nothing_is_checked_unless_none_is_needed() -> None:
    application = claimed()
    with pytest.raises(FormUnsigned):
        services.check(application, NOW, by=ZEYNEP, signed=False)
    holder = people.mehmet()
    own = receiving.by_holder(holder, "renewal", NOW, consent_given=lambda _holder: True)
    services.check(own, NOW, by=ZEYNEP, signed=False, consent_given=lambda each: each == holder)
    assert own.state == State.CHECKED


def test_a_consent_that_was_withdrawn_meanwhile_does_not_count() -> None:
    own = receiving.by_holder(people.mehmet(), "renewal", NOW, consent_given=lambda _holder: True)
    with pytest.raises(FormUnsigned):
        services.check(own, NOW, by=ZEYNEP, signed=False, consent_given=lambda _holder: False)
    services.check(own, NOW, by=ZEYNEP, signed=True)


def test_a_consent_given_after_the_application_leaves_its_form_to_be_signed() -> None:
    application = receiving.by_holder(people.mehmet(), "renewal", NOW)
    with pytest.raises(FormUnsigned):
        services.check(application, NOW, by=ZEYNEP, signed=False, consent_given=lambda _holder: True)


def test_a_new_holder_needs_a_printed_form() -> None:
    application = checked(claimed())
    with pytest.raises(FormMissing):
        approved(application)
    assert Application.objects.get().state == State.CHECKED


def test_a_step_out_of_order_is_refused_and_does_nothing() -> None:
    application = printed(claimed())
    with pytest.raises(StepImpossible):
        approved(application)
    checked(application)
    with pytest.raises(StepImpossible):
        checked(application)
    approved(application)
    with pytest.raises(StepImpossible):
        approved(application)
    assert Holder.objects.count() == 1


def test_a10_a_thiefs_application_moves_nothing_of_a_known_holder() -> None:
    holder = people.ayse()
    before = kept(holder)
    application = checked(printed(claimed(phone=KEREMS_PHONE, email="kerem@ornek.example")))
    with pytest.raises(ContactsDiffer):
        approved(application)
    assert Application.objects.get().state == State.CHECKED
    services.approve(application, NOW, by=MERT, keep_contacts=True)
    assert kept(holder) == before
    assert not security_word.matches(WORD, holder.security_word_hash)
    assert AuditEvent.objects.get(event="application-approved").detail["kept_contacts"] is True


def test_a10_another_email_alone_is_refused_too() -> None:
    holder = people.ayse()
    application = checked(printed(claimed(email="kerem@ornek.example")))
    with pytest.raises(ContactsDiffer):
        approved(application)
    assert Holder.objects.get(pk=holder.pk).email == ""


def test_a10_with_the_same_contacts_word_and_number_stay_as_they_are() -> None:
    holder = people.ayse()
    before = kept(holder)
    approved(checked(printed(claimed())))
    assert kept(holder) == before


def test_a10_the_known_holder_is_told_at_the_registered_phone_of_every_step() -> None:
    people.ayse()
    application = printed(claimed(phone=KEREMS_PHONE))
    assert not OutboxMessage.objects.exists()
    checked(application)
    services.refuse(application, NOW, by=MERT, reason=Reason.IDENTITY)
    assert set(OutboxMessage.objects.values_list("to", flat=True)) == {AYSES_PHONE}
    assert OutboxMessage.objects.filter(text__contains="/b/").count() == 2


def test_a_frozen_account_takes_no_check_and_no_approval() -> None:
    holder = people.ayse()
    first = checked(claimed())
    freezing.freeze(holder.pk, NOW, kind="phone-changed")
    with pytest.raises(HolderFrozen):
        approved(first)
    with pytest.raises(HolderFrozen):
        checked(claimed())


def test_a_frozen_account_gets_no_card() -> None:
    application = approved(checked(printed(claimed())))
    services.settle_payment(application, NOW, by=ZEYNEP)
    assert application.holder is not None
    card = people.card_of(application.holder)
    freezing.freeze(application.holder.pk, NOW, kind="application-approved")
    assert not queries.approved().exists()
    with pytest.raises(HolderFrozen):
        services.produced(application, card, NOW, by=ZEYNEP)


def test_an_approval_that_cannot_be_told_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    application = checked(printed(claimed()))

    def fails(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(services, "tell_approved", fails)
    with pytest.raises(ConnectionError):
        approved(application)
    assert not Holder.objects.exists()
    application.refresh_from_db()
    assert (application.state, application.approved_by) == (State.CHECKED, "")
    assert security_word.matches(WORD, application.word_hash)


def test_a_signed_in_holders_own_application_gives_its_number() -> None:
    holder = people.ayse()
    application = receiving.by_holder(holder, "renewal", NOW)
    assert application.needs_signature
    approved(checked(application))
    holder.refresh_from_db()
    assert holder.application_number == application.number


def test_a_phone_changed_by_its_own_way_meanwhile_does_not_hold_the_holders_own_application() -> None:
    holder = people.ayse()
    application = checked(receiving.by_holder(holder, "renewal", NOW))
    with transaction.atomic():
        contacts.change_phone(holder.pk, "+905321112233", NOW)
    approved(application)
    holder.refresh_from_db()
    assert (holder.phone, holder.phone_changed_at) == ("+905321112233", NOW)


def test_the_name_is_the_identity_documents() -> None:
    holder = people.ayse()
    approved(checked(printed(claimed(name="Ayşe Yılmaz Kaya"))))
    holder.refresh_from_db()
    assert holder.name == "Ayşe Yılmaz Kaya"
    assert AuditEvent.objects.get(event="holder-renewed").detail == {"renamed": True}


def test_strangers_claims_stand_in_nobodys_way() -> None:
    holder = people.ayse()
    claims = [claimed(phone=KEREMS_PHONE) for _ in range(3)]
    own = receiving.by_holder(holder, "renewal", NOW)
    with pytest.raises(ApplicationOpen):
        checked(claims[0])
    checked(own)
    assert {(each.state, each.reason) for each in Application.objects.exclude(pk=own.pk)} == {
        (State.WITHDRAWN, Ending.ANOTHER)
    }


def test_one_application_per_person_is_under_way() -> None:
    holder = people.ayse()
    receiving.by_holder(holder, "renewal", NOW)
    with pytest.raises(ApplicationOpen):
        receiving.by_holder(holder, "renewal", NOW)
    with pytest.raises(ApplicationOpen):
        receiving.by_officer(entry(), NOW, by=MERT)
    assert Application.objects.count() == 1
    services.withdraw(Application.objects.get(), NOW, by="holder")
    receiving.by_holder(holder, "replacement", NOW)


def test_of_two_claims_one_is_checked() -> None:
    first, second = claimed(), claimed()
    checked(first)
    with pytest.raises(StepImpossible):
        checked(second)


def test_a_flood_from_one_network_is_slowed_and_nothing_of_it_is_kept(settings: Settings) -> None:
    settings.KILITCOZ_APPLICATIONS_HOURLY = 3
    numbers = ("10000000146", "20000000046", "P1234567", "P7654321")
    for number in numbers[:3]:
        claimed(id_number=number)
    with pytest.raises(ApplicationsSlowed):
        claimed(id_number=numbers[3])
    assert Application.objects.count() == 3
    claimed(NOW + timedelta(hours=1), id_number=numbers[3])


def test_a_flood_for_one_number_is_slowed_alike_for_known_and_unknown() -> None:
    people.ayse()
    for number in (AYSES_NUMBER, "20000000046"):
        for network in range(receiving.CLAIMS_PER_NUMBER):
            receiving.by_stranger(entry(id_number=number), f"192.0.2.{network}", NOW)
        with pytest.raises(ApplicationsSlowed):
            receiving.by_stranger(entry(id_number=number), "198.51.100.1", NOW)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"id_number": "10000000147"}, IdNumberInvalid),
        ({"id_number": "12"}, IdNumberInvalid),
        ({"name": "<script>"}, NameInvalid),
        ({"name": "Ş" * 121}, NameInvalid),
        ({"phone": "0212 123 45 67"}, PhoneInvalid),
        ({"phone": "+19005550100"}, PhoneInvalid),
        ({"email": "ayse@"}, EmailInvalid),
        ({"kind": "gold"}, ChoiceUnknown),
        ({"language": "de"}, ChoiceUnknown),
        ({"institution": "x" * 121}, ChoiceUnknown),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(wrong: dict[str, str], error: type[EntryError]) -> None:
    with pytest.raises(error) as caught:
        claimed(**wrong)
    assert caught.value.field == next(iter(wrong))
    assert not Application.objects.exists()


def test_a_surname_is_the_end_of_the_name(settings: Settings) -> None:
    assert claimed(name="Ayşe Su Yılmaz Kaya", surname="yılmaz kaya ".title()).surname == "Yılmaz Kaya"
    for other in ("Demir", "ılmaz", "Ayşe"):
        with pytest.raises(NameInvalid):
            claimed(surname=other)


def test_a_foreigners_number_and_a_passport_are_taken() -> None:
    assert claimed(id_number="99000000042").id_kind == Holder.IdKind.TCKN
    assert claimed(id_number="u 1234567").id_number == "U1234567"


def test_a_refusal_tells_the_applicant_where_to_read_why() -> None:
    application = claimed(email="ayse@ornek.example", language="en")
    services.refuse(application, NOW, by=ZEYNEP, reason=Reason.FORM)
    told = [OutboxMessage.objects.get(), OutboxMail.objects.get()]
    assert [each.to for each in told] == [AYSES_PHONE, "ayse@ornek.example"]
    assert all("/basvuru/durum" in each.text and "was decided" in each.text for each in told)
    assert not any(application.number in each.text for each in told)
    with pytest.raises(StepImpossible):
        services.refuse(application, NOW, by=ZEYNEP, reason=Reason.FORM)


def test_a_free_reason_is_refused() -> None:
    with pytest.raises(ReasonUnknown):
        services.refuse(claimed(), NOW, by=ZEYNEP, reason="I do not like him")


def test_the_desk_sees_what_is_approved_and_settled() -> None:
    application = approved(checked(printed(claimed())))
    assert not queries.approved().exists()
    services.settle_payment(application, NOW, by=ZEYNEP)
    assert list(queries.approved()) == [application]
    with pytest.raises(PaymentSettled):
        services.settle_payment(application, NOW, by=ZEYNEP, waived=True)
    assert Application.objects.get().payment == Payment.PAID


def test_a_card_is_made_once_and_for_its_holder_alone() -> None:
    application = approved(checked(printed(claimed())))
    services.settle_payment(application, NOW, by=ZEYNEP, waived=True)
    assert application.holder is not None
    with pytest.raises(CardForeign):
        services.produced(application, people.card_of(people.mehmet()), NOW, by=ZEYNEP)
    card = people.card_of(application.holder, serial="11112222")
    services.produced(application, card, NOW, by=ZEYNEP)
    assert (application.state, application.card) == (State.PRODUCED, card)
    with pytest.raises(StepImpossible):
        services.produced(application, card, NOW, by=ZEYNEP)
    assert not queries.approved().exists()


def test_a40_another_number_or_another_persons_is_not_told_apart() -> None:
    application = claimed()
    assert queries.of_applicant(application.number.lower(), " 10000000146 ") == application
    for number, id_number in (
        (application.number, "20000000046"),
        ("K7MP-Q2RW-T4XA", AYSES_NUMBER),
        ("", ""),
        ("Ş" * 5000, AYSES_NUMBER),
    ):
        with pytest.raises(ApplicationUnknown):
            queries.of_applicant(number, id_number)


def test_every_deed_is_in_the_books_with_its_name_and_without_a_number() -> None:
    application = printed(claimed())
    services.settle_payment(application, NOW, by=ZEYNEP)
    approved(checked(application))
    services.withdraw(application, NOW, by=ZEYNEP)
    rows = AuditEvent.objects.filter(event__startswith="application-").order_by("pk")
    assert [row.event for row in rows] == [
        "application-received",
        "application-payment",
        "application-checked",
        "application-approved",
        "application-withdrawn",
    ]
    assert [row.detail.get("by") for row in rows] == ["", ZEYNEP, ZEYNEP, MERT, ZEYNEP]
    assert not any(application.number in str(row.detail) or AYSES_NUMBER in str(row.detail) for row in rows)


def test_what_nobody_checks_ends_and_is_forgotten() -> None:
    claimed()
    services.sweep(NOW + timedelta(days=59))
    assert Application.objects.get().state == State.RECEIVED
    services.sweep(NOW + timedelta(days=61))
    assert (Application.objects.get().state, Application.objects.get().reason) == (State.WITHDRAWN, "too-old")
    services.sweep(NOW + timedelta(days=90))
    assert Application.objects.exists()
    services.sweep(NOW + timedelta(days=92))
    assert not Application.objects.exists()


def test_what_made_a_holder_is_not_forgotten() -> None:
    services.withdraw(approved(checked(printed(claimed()))), NOW, by=ZEYNEP)
    services.sweep(NOW + timedelta(days=400))
    assert Application.objects.exists()


def test_the_network_is_not_kept() -> None:
    claimed()
    assert NETWORK not in str(list(Application.objects.values()))
