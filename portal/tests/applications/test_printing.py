"""The application form: what stands on it, and that its word is nowhere else."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from portal.tests import people
from portal.tests.applications.applying import (
    MERT,
    NOW,
    PRINTED_WORD,
    ZEYNEP,
    approved,
    checked,
    claimed,
    entry,
    printed,
    word_on,
)
from portal.tests.documents.paper import catalogue_of, structure_of, text_of

from kilitcoz_portal.applications import printing, receiving, services
from kilitcoz_portal.applications.errors import PrintedTooOften, StepImpossible
from kilitcoz_portal.applications.models import Application
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.documents.errors import DocumentFailed
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.models import Holder

pytestmark = pytest.mark.django_db


def everything_stored() -> str:
    """Every row of every table."""
    return "\n".join(str(list(model.objects.values())) for model in apps.get_models())


def test_the_form_has_the_data_the_number_and_a_place_to_sign() -> None:
    application = claimed(name="Ayşe Iğdır Ünlü", email="ayse@ornek.example", institution="Örnek A.Ş.")
    read = text_of(printing.print_form(application, NOW))
    for each in (
        f"Başvuru No: {application.number}",
        "Ayşe Iğdır Ünlü",
        "10000000146",
        "+90 532 123 45 67",
        "ayse@ornek.example",
        "Örnek A.Ş.",
        "İlk başvuru",
        "İmza",
        "Güvenlik Sözcüğünüz",
    ):
        assert each in read
    assert read.index(application.number) < read.index("Ayşe Iğdır")


def test_it_is_one_accessible_sheet() -> None:
    form = printing.print_form(claimed(name="Ş" * 120, institution="Kurum " * 20), NOW)
    assert text_of(form).count("\f") == 1
    assert catalogue_of(form)["/MarkInfo"]["/Marked"]
    tags = structure_of(form)
    assert all(tag in tags for tag in ("H1", "H2", "TH", "LI"))


def test_it_speaks_the_applicants_language() -> None:
    form = printing.print_form(claimed(language="en"), NOW)
    assert str(catalogue_of(form)["/Lang"]) == "en"
    read = text_of(form)
    assert "Your security word" in read
    assert "Güvenlik" not in read


def test_the_word_on_the_form_is_the_holders_after_approval() -> None:
    application = claimed()
    word = word_on(printing.print_form(application, NOW))
    approved(checked(application))
    assert security_word.matches(word, Holder.objects.get().security_word_hash)
    assert Holder.objects.get().word_expires_at is None


def test_the_word_is_in_no_row_no_log_and_no_second_form(caplog: pytest.LogCaptureFixture) -> None:
    application = claimed()
    with caplog.at_level(logging.DEBUG):
        word = word_on(printing.print_form(application, NOW))
    assert word
    assert word not in everything_stored()
    assert word.replace(" ", "") not in everything_stored()
    assert word not in caplog.text
    assert word not in text_of(printing.print_form(application, NOW))


def test_printing_again_voids_the_word_before_and_says_so() -> None:
    application = claimed()
    first = word_on(printing.print_form(application, NOW))
    again = printing.print_form(application, NOW)
    assert "2. baskıdır" in text_of(again)
    assert not security_word.matches(first, application.word_hash)
    assert security_word.matches(word_on(again), application.word_hash)
    rows = AuditEvent.objects.filter(event="application-printed").order_by("pk")
    assert [(row.detail["print"], row.detail["word"]) for row in rows] == [(1, True), (2, True)]


def test_a_word_that_staff_printed_is_good_for_21_days() -> None:
    application = claimed()
    assert word_on(printing.print_form(application, NOW, by=ZEYNEP))
    approved(checked(application))
    assert Holder.objects.get().word_expires_at == NOW + timedelta(days=21)


def test_a_known_holder_who_is_signed_in_keeps_the_word_and_the_form_says_so() -> None:
    application = receiving.by_holder(people.ayse(), "renewal", NOW)
    form = printing.print_form(application, NOW)
    assert word_on(form) == ""
    assert "Güvenlik sözcüğünüz değişmedi" in text_of(form)
    assert application.word_hash == ""


def test_a_stranger_cannot_read_off_the_form_who_is_a_holder() -> None:
    unknown = text_of(printing.print_form(claimed(), NOW))
    Application.objects.all().delete()
    people.ayse()
    known = text_of(printing.print_form(claimed(), NOW))

    def blank(read: str) -> str:
        return re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", "NUMBER", PRINTED_WORD.sub("WORD", read))

    assert blank(known) == blank(unknown)


def test_what_staff_prints_for_a_known_holder_has_no_word() -> None:
    people.ayse()
    application = printed(claimed())
    assert word_on(printing.print_form(application, NOW, by=ZEYNEP)) == ""
    assert application.word_hash == ""


def test_after_eonay_there_is_no_place_to_sign() -> None:
    application = receiving.by_holder(people.ayse(), "renewal", NOW, consent_given=lambda _holder: True)
    read = text_of(printing.print_form(application, NOW))
    assert "E-Onay verdiğiniz için imza gerekmez" in read
    assert "İmza\n" not in read


def test_an_applicant_prints_five_times_and_staff_as_often_as_need_be() -> None:
    application = claimed()
    for _ in range(printing.PRINTS_BY_APPLICANT):
        printing.print_form(application, NOW)
    with pytest.raises(PrintedTooOften):
        printing.print_form(application, NOW)
    assert printing.print_form(application, NOW, by=ZEYNEP)


def test_what_is_approved_or_has_ended_is_not_printed() -> None:
    application = approved(checked(printed(claimed())))
    with pytest.raises(StepImpossible):
        printing.print_form(application, NOW, by=ZEYNEP)
    services.withdraw(application, NOW, by=MERT)
    with pytest.raises(StepImpossible):
        printing.print_form(application, NOW, by=ZEYNEP)


def test_of_two_prints_at_once_one_is_made() -> None:
    first = claimed()
    second = Application.objects.get()
    printing.print_form(first, NOW)
    with pytest.raises(StepImpossible):
        printing.print_form(second, NOW)
    assert Application.objects.get().prints == 1


def test_hostile_entries_stay_text() -> None:
    """As far as they pass the entries' checks: an institution's name is free."""
    hostile = '#panic() $x$ [*b*] \\ <script> "quoted" 😀'
    application = receiving.by_officer(entry(institution=hostile), NOW, by=ZEYNEP)
    read = text_of(printing.print_form(application, NOW, by=ZEYNEP))
    assert hostile.replace("😀", "[U+1F600]") in read


def test_a_failing_template_quotes_no_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    made: list[str] = []
    make = security_word.make
    monkeypatch.setattr(security_word, "make", lambda: made.append(make()) or made[-1])
    monkeypatch.setattr(printing, "FORM", tmp_path / "nowhere.typ")
    with pytest.raises(DocumentFailed) as caught:
        printing.print_form(claimed(), NOW)
    assert made
    assert made[0] not in str(caught.value)
