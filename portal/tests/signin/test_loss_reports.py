"""A lost card, told without a word or a PIN: proof before anything stops, and no word to strangers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from portal.tests.marks import ON_BOTH
from portal.tests.people import NOW

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin import loss_reports
from kilitcoz_portal.signin.errors import (
    LossProofUsedUp,
    LossProofWrong,
    LossReportSlowed,
    NoLossReport,
)
from kilitcoz_portal.signin.models import LossReport
from kilitcoz_portal.sms.models import OutboxMessage
from kilitcoz_portal.sms.queries import outbox

pytestmark = ON_BOTH

UNKNOWN = "10000000078"
APPLICATION = "2026/4711"


@pytest.fixture(autouse=True)
def ayses_form(ayse: Holder) -> Holder:
    """Her application's number is known."""
    Holder.objects.update(application_number=APPLICATION)
    return ayse


def begin(
    number: str = "10000000146",
    now: datetime = NOW,
    *,
    browser: str = "ayses-browser",
    network: str = "192.0.2.7",
) -> LossReport:
    loss_reports.begin(number, browser, network, now)
    return running(browser, now)


def running(browser: str = "ayses-browser", now: datetime = NOW) -> LossReport:
    report = loss_reports.running(browser, now)
    assert report is not None
    return report


def ask(report: LossReport, phone: str = "+905321234567", now: datetime = NOW) -> None:
    loss_reports.ask_code(report, phone, now, language="tr")


def finish(report: LossReport, now: datetime = NOW) -> list[Holder]:
    stopped: list[Holder] = []
    loss_reports.finish(report, now, stopped.append)
    return stopped


def test_the_phones_code_proves_the_holder(ayse: Holder) -> None:
    report = begin()
    ask(report)
    assert "askıya alma kodunuz" in outbox()[0]["text"]
    loss_reports.prove_by_code(report, outbox()[0]["code"], NOW)
    assert finish(running()) == [ayse]


def test_the_applications_number_proves_the_holder_in_any_spelling(ayse: Holder) -> None:
    loss_reports.prove_by_application(begin(), " 2026/ 4711", NOW)
    assert finish(running()) == [ayse]
    assert not OutboxMessage.objects.exists()


def test_nothing_stops_before_the_proof(ayse: Holder) -> None:
    report = begin()
    ask(report)
    with pytest.raises(NoLossReport):
        finish(report)


def test_a_report_stops_once(ayse: Holder) -> None:
    report = begin()
    loss_reports.prove_by_application(report, APPLICATION, NOW)
    finish(report)
    with pytest.raises(NoLossReport):
        finish(report)


def test_where_stopping_fails_the_report_stays_proved(ayse: Holder) -> None:
    report = begin()
    loss_reports.prove_by_application(report, APPLICATION, NOW)

    def fail(_holder: Holder) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        loss_reports.finish(report, NOW, fail)
    assert finish(running()) == [ayse]


def test_a12_who_knows_the_number_but_not_the_phone_makes_nobodys_phone_ring(ayse: Holder) -> None:
    for nth in range(40):
        ask(begin(browser=f"kerems-{nth}", network=f"192.0.2.{nth}"), f"+9053200000{nth:02}")
    assert not OutboxMessage.objects.exists()


def test_a12_who_knows_the_phone_too_makes_it_ring_ten_times_a_day(ayse: Holder) -> None:
    for nth in range(30):
        now = NOW + timedelta(minutes=2 * nth)
        ask(begin(browser=f"kerems-{nth}", network=f"192.0.2.{nth}", now=now), now=now)
    assert OutboxMessage.objects.count() == 10


def test_a12_twenty_reports_an_hour_are_all_that_a_network_begins(ayse: Holder) -> None:
    for nth in range(20):
        begin(browser=f"kerems-{nth}")
    for number in (ayse.id_number, UNKNOWN):
        with pytest.raises(LossReportSlowed):
            begin(number)
    begin(network="192.0.2.8")
    begin(now=NOW + timedelta(hours=1))


def test_five_wrong_proofs_of_whichever_kind_end_a_report(ayse: Holder) -> None:
    report = begin()
    ask(report)
    for left in (4, 3):
        with pytest.raises(LossProofWrong) as refused:
            loss_reports.prove_by_application(report, "2026/1", NOW)
        assert refused.value.tries_left == left
    for left in (2, 1):
        with pytest.raises(LossProofWrong) as refused:
            loss_reports.prove_by_code(report, "000000", NOW)
        assert refused.value.tries_left == left
    with pytest.raises(LossProofUsedUp):
        loss_reports.prove_by_application(report, "2026/1", NOW)
    with pytest.raises(NoLossReport):
        loss_reports.prove_by_application(report, APPLICATION, NOW)


def test_application_numbers_are_not_guessed_at_more_than_ten_times_a_day(ayse: Holder) -> None:
    for browser in ("kerems-1", "kerems-2"):
        report = begin(browser=browser)
        for guess in range(5):
            with pytest.raises((LossProofWrong, LossProofUsedUp)):
                loss_reports.prove_by_application(report, f"2026/{guess}", NOW)
    with pytest.raises(LossProofWrong):
        loss_reports.prove_by_application(begin(), APPLICATION, NOW)
    day_after = NOW + timedelta(days=1)
    loss_reports.prove_by_application(begin(now=day_after), APPLICATION, day_after)


def test_who_has_no_application_number_is_not_proved_by_an_empty_one(ayse: Holder) -> None:
    Holder.objects.update(application_number="")
    with pytest.raises(LossProofWrong):
        loss_reports.prove_by_application(begin(), "", NOW)


def test_a_code_of_one_report_is_none_in_another(ayse: Holder) -> None:
    ask(begin())
    code = outbox()[0]["code"]
    with pytest.raises(LossProofWrong):
        loss_reports.prove_by_code(begin(browser="kerems"), code, NOW)


def test_half_an_hour_later_the_report_is_over(ayse: Holder) -> None:
    report = begin()
    late = NOW + loss_reports.LIFE
    assert loss_reports.running("ayses-browser", late) is None
    with pytest.raises(NoLossReport):
        loss_reports.prove_by_application(report, APPLICATION, late)
    loss_reports.forget_old(late + timedelta(days=1))
    assert not LossReport.objects.exists()


def work(do: Callable[[], object]) -> tuple[list[str], str]:
    """The shapes of the queries, and the refusal."""
    refusal = ""
    with CaptureQueriesContext(connection) as captured:
        try:
            do()
        except (LossProofWrong, LossProofUsedUp) as refused:
            refusal = f"{refused.code} {getattr(refused, 'tries_left', '')}"
    return [re.sub(r"s\d+_x\d+", "savepoint", query["sql"])[:60] for query in captured], refusal


def test_a04_unknown_numbers_do_the_same_work_as_known_ones(ayse: Holder) -> None:
    seen = []
    for number in (UNKNOWN, ayse.id_number):
        steps = [work(lambda: begin(number, browser=number))]  # noqa: B023 - called at once
        steps.append(work(lambda: ask(running(number), "+905320000000")))  # noqa: B023
        for _ in range(2):
            steps.append(work(lambda: loss_reports.prove_by_code(running(number), "123456", NOW)))  # noqa: B023
            steps.append(work(lambda: loss_reports.prove_by_application(running(number), "1", NOW)))  # noqa: B023
        seen.append(steps)
    assert seen[0] == seen[1]


def test_the_books_know_each_step_and_no_secret(ayse: Holder) -> None:
    report = begin()
    ask(report)
    code = outbox()[0]["code"]
    with pytest.raises(LossProofWrong):
        loss_reports.prove_by_application(report, "2026/1", NOW)
    loss_reports.prove_by_code(report, code, NOW)
    told = [event for event in AuditEvent.objects.order_by("pk") if event.event.startswith("loss-")]
    assert [(event.event, event.detail.get("by")) for event in told] == [
        ("loss-report-begun", None),
        ("loss-proof-refused", "number"),
        ("loss-proof-accepted", "phone"),
    ]
    everything = str(AuditEvent.objects.values_list())
    for secret in (code, APPLICATION, ayse.id_number, ayse.phone):
        assert secret not in everything
