"""A forgotten word: second proof, phone, new word; each step its end, and nothing for who only knows a
number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from portal.tests import people
from portal.tests.people import AYSE_WORD, NOW
from portal.tests.signin import recovering as at
from portal.tests.signin.recovering import BROWSER, NEW_WORD

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders import security_word
from kilitcoz_portal.holders.errors import HolderFrozen, WordUnchanged
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin import codes, expiry, lanes, tries, word_recovery, words
from kilitcoz_portal.signin.codes import Purpose, Wish
from kilitcoz_portal.signin.errors import (
    CodeUsedUp,
    CodeWrong,
    NoRecovery,
    NothingAsked,
    ProofUsedUp,
    ProofWrong,
    RecoveryHeld,
    RecoverySlowed,
)
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.signin.word_recovery import Stage
from kilitcoz_portal.signin.words import Caller
from kilitcoz_portal.sms.models import OutboxMessage

UNKNOWN = "20000000114"


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def opens(word: str, now: datetime = NOW) -> bool:
    try:
        words.check_word("10000000146", word, caller=Caller("192.0.2.99"), now=now)
    except words.SignInRefused:
        return False
    return True


@pytest.fixture
def ayse(ayse: Holder) -> Holder:
    """Ayşe, whose e-mail address and application number are known."""
    ayse.email, ayse.application_number = "ayse@ornek.example", at.APPLICATION
    ayse.save()
    return ayse


def test_the_call_centres_code_and_the_phones_lead_to_a_new_word(ayse: Holder) -> None:
    at.finish(at.confirmed(ayse))
    stored = Holder.objects.get().security_word_hash
    assert security_word.matches(NEW_WORD, stored)
    assert not security_word.matches(AYSE_WORD, stored)
    assert word_recovery.running(BROWSER, NOW) is None


def test_so_do_application_number_the_emails_code_and_the_phones(ayse: Holder) -> None:
    at.ask_letter(at.begin(), number=" 2026 / 4711 ")
    at.prove_by_letter(at.running(), at.letter_code())
    recovery = at.running()
    word_recovery.confirm(recovery, at.send_code(recovery), NOW)
    at.finish(at.running())
    assert opens(NEW_WORD)


@pytest.mark.parametrize("typed", ["K7MP-Q2RW-T4XA", "k7mpq2rwt4xa", "K7MP Q2RW T4XA"])
def test_the_application_number_is_read_as_people_type_it(ayse: Holder, typed: str) -> None:
    Holder.objects.update(application_number="K7MP-Q2RW-T4XA")
    at.ask_letter(at.begin(), number=typed)
    assert at.letter_code()


def test_every_contact_learns_of_its_beginning_and_its_end(ayse: Holder) -> None:
    at.ask_letter(at.begin())
    at.prove_by_letter(at.running(), at.letter_code())
    assert list(Notice.objects.values_list("kind", flat=True)) == ["word-recovery"]
    at.finish(at.confirmed(ayse, minutes(2)), now=minutes(2))
    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["word-recovery", "word-recovery", "word-changed"]  # the second: a release was made
    assert OutboxMessage.objects.filter(purpose="notice").count() == 3
    assert OutboxMail.objects.filter(purpose="notice").count() == 3


def test_the_books_tell_each_step_and_name_no_code(ayse: Holder) -> None:
    code = at.release(ayse)
    at.begin()
    at.prove(at.running(), code)
    recovery = at.running()
    sms_code = at.send_code(recovery)
    word_recovery.confirm(recovery, sms_code, NOW)
    at.finish(at.running())
    told = [event for event in AuditEvent.objects.order_by("pk") if event.event.startswith("word-")]
    assert [(event.event, event.detail.get("by")) for event in told] == [
        ("word-released", "Zeynep Kaya"),
        ("word-recovery-begun", None),
        ("word-proof-accepted", "release"),
        ("word-changed", "recovery-release"),
    ]
    everything = str(AuditEvent.objects.values_list())
    for secret in (code, code.replace(" ", ""), sms_code, NEW_WORD, ayse.id_number):
        assert secret not in everything


def test_a12_who_only_knows_numbers_makes_nobodys_phone_ring_and_fills_no_mailbox(ayse: Holder) -> None:
    for nth in range(60):
        network = f"192.0.2.{nth}"
        recovery = at.begin(browser=f"kerems-{nth}", network=network)
        for guess in ("2026/0001", "", "4711"):
            at.ask_letter(recovery, number=guess)
        for guess in ("AAAA2222", "BBBB3333"):
            with pytest.raises(ProofWrong):
                at.prove(recovery, guess)
            with pytest.raises(ProofWrong):
                at.prove_by_letter(recovery, guess)
    assert not OutboxMessage.objects.exists()
    assert not OutboxMail.objects.exists()


def test_a12_who_knows_the_applications_number_too_sends_three_letters_a_day(ayse: Holder) -> None:
    for nth in range(12):
        at.ask_letter(at.begin(browser=f"kerems-{nth}", network=f"192.0.2.{nth}"))
    assert OutboxMail.objects.count() == 3
    assert not OutboxMessage.objects.exists()
    day_after = minutes(24 * 60)
    at.ask_letter(at.begin(now=day_after), day_after)
    assert OutboxMail.objects.count() == 4


def test_a12_after_the_second_proof_the_phones_budget_holds(ayse: Holder) -> None:
    recovery = at.proved(ayse)
    sent = 0
    for minute in range(14):
        try:
            at.send_code(recovery, minutes(minute))
        except codes.SignInError:
            continue
        sent += 1
    assert sent == 10


def test_a12_twenty_recoveries_an_hour_are_all_that_a_network_begins(ayse: Holder) -> None:
    for nth in range(20):
        at.begin(browser=f"kerems-{nth}")
    for number in (ayse.id_number, UNKNOWN):
        with pytest.raises(RecoverySlowed):
            at.begin(number)
    at.begin(network="192.0.2.8")
    at.begin(now=minutes(60))


def test_application_numbers_are_not_guessed_at_more_than_thirty_times_a_day(ayse: Holder) -> None:
    for nth in range(10):
        recovery = at.begin(browser=f"kerems-{nth}")
        for guess in range(3):
            at.ask_letter(recovery, number=f"2026/{nth}{guess}")
    at.ask_letter(at.begin())
    assert not OutboxMail.objects.exists()
    at.ask_letter(at.begin(now=minutes(24 * 60)), minutes(24 * 60))
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize("lacking", ["email", "application_number"])
def test_without_address_or_application_number_no_letter_is_sent(ayse: Holder, lacking: str) -> None:
    Holder.objects.update(**{lacking: ""})
    at.ask_letter(at.begin())
    at.ask_letter(at.running(), number="")
    assert not OutboxMail.objects.exists()


def work(do: Callable[[], object]) -> tuple[list[str], str]:
    """The shapes of the queries, and the refusal."""
    refusal = ""
    with CaptureQueriesContext(connection) as captured:
        try:
            do()
        except (ProofWrong, ProofUsedUp) as refused:
            refusal = f"{refused.code} {getattr(refused, 'tries_left', '')}"
    return [re.sub(r"s\d+_x\d+", "savepoint", query["sql"])[:60] for query in captured], refusal


def test_a04_unknown_numbers_do_the_same_work_as_known_ones_with_and_without_a_release(ayse: Holder) -> None:
    mehmet = people.mehmet()
    at.release(mehmet)
    seen = []
    for number in (UNKNOWN, ayse.id_number, mehmet.id_number):
        steps = [work(lambda: at.begin(number, browser=number))]  # noqa: B023 - called at once
        steps += [work(lambda: at.ask_letter(at.running(browser=number), number="2026/1"))] * 3  # noqa: B023
        for _ in range(5):
            steps.append(work(lambda: at.prove(at.running(browser=number), "ABCDEFGH")))  # noqa: B023
        seen.append(steps)
    assert seen[0] == seen[1] == seen[2]


def test_five_wrong_proofs_of_whichever_kind_end_a_recovery(ayse: Holder) -> None:
    code = at.release(ayse)
    recovery = at.begin()
    for left in (4, 3):
        with pytest.raises(ProofWrong) as refused:
            at.prove(recovery, "AAAA2222")
        assert refused.value.tries_left == left
    for left in (2, 1):
        with pytest.raises(ProofWrong) as refused:
            at.prove_by_letter(recovery, "AAAA2222")
        assert refused.value.tries_left == left
    with pytest.raises(ProofUsedUp):
        at.prove(recovery, "AAAA2222")
    with pytest.raises(NoRecovery):
        at.prove(recovery, code)
    assert word_recovery.running(BROWSER, NOW) is None
    at.prove(at.begin(), code)  # a stranger's guesses did not use it up


def test_a09_forty_proofs_at_once_are_five(ayse: Holder) -> None:
    recovery = at.begin()

    def guess(_: int) -> None:
        try:
            at.prove(recovery, "AAAA2222")
        except (ProofWrong, ProofUsedUp, NoRecovery):
            pass
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(40)))
    assert AuditEvent.objects.filter(event="word-proof-refused").count() == 5


def test_a_letters_code_is_good_for_thirty_minutes_in_its_own_recovery(ayse: Holder) -> None:
    at.ask_letter(at.begin())
    code = at.letter_code()
    other = at.begin(browser="kerems-browser", network="192.0.2.8")
    with pytest.raises(ProofWrong):
        at.prove_by_letter(other, code)
    WordRecovery.objects.update(expires_at=minutes(60))
    with pytest.raises(ProofWrong):
        at.prove_by_letter(at.running(), code, minutes(30))
    at.prove_by_letter(at.running(), code.lower(), minutes(29.9))


def test_a_new_letter_replaces_the_last_and_a_fourth_ends_the_recovery(ayse: Holder) -> None:
    recovery = at.begin()
    at.ask_letter(recovery)
    first = at.letter_code()
    at.ask_letter(recovery)
    with pytest.raises(ProofWrong):
        at.prove_by_letter(at.running(), first)
    at.ask_letter(recovery, number="2026/1")  # nothing was sent: the second letter is good still
    at.prove_by_letter(at.running(), at.letter_code())
    again = at.begin()
    for _ in range(3):
        at.ask_letter(again, number="2026/1")
    with pytest.raises(ProofUsedUp):
        at.ask_letter(again)


def test_a_recovery_without_a_letter_has_no_code_that_is_right(ayse: Holder) -> None:
    for typed in ("", "AAAA2222"):
        with pytest.raises(ProofWrong):
            at.prove_by_letter(at.begin(), typed)


@pytest.mark.parametrize(("stage", "late"), [(Stage.BEGUN, 30), (Stage.PROVED, 15), (Stage.CONFIRMED, 10)])
def test_each_step_has_its_own_end(ayse: Holder, stage: Stage, late: int) -> None:
    code = at.release(ayse)
    recovery = {
        Stage.BEGUN: at.begin,
        Stage.PROVED: lambda: at.proved(ayse),
        Stage.CONFIRMED: lambda: at.confirmed(ayse),
    }[stage]()
    assert word_recovery.running(BROWSER, minutes(late - 0.1)) is not None
    assert word_recovery.running(BROWSER, minutes(late)) is None
    with pytest.raises((NoRecovery, codes.SignInError)):
        {
            Stage.BEGUN: lambda: at.prove(recovery, code, minutes(late)),
            Stage.PROVED: lambda: word_recovery.confirm(recovery, at.send_code(recovery), minutes(late)),
            Stage.CONFIRMED: lambda: at.finish(recovery, now=minutes(late)),
        }[stage]()
    assert opens(AYSE_WORD, minutes(late))


def test_no_step_is_skipped_and_none_is_made_twice(ayse: Holder) -> None:
    code = at.release(ayse)
    begun = at.begin()
    with pytest.raises(NothingAsked):
        word_recovery.confirm(begun, "123456", NOW)
    for too_early in (begun, at.running()):
        with pytest.raises(NoRecovery):
            at.finish(too_early)
    at.prove(begun, code)
    with pytest.raises(NoRecovery):
        at.prove(begun, code)
    with pytest.raises(NoRecovery):
        at.finish(at.running())
    recovery = at.running()
    word_recovery.confirm(recovery, at.send_code(recovery), NOW)
    done = at.running()
    at.finish(done)
    with pytest.raises(NoRecovery):
        at.finish(done, "başka bir yelken")
    assert opens(NEW_WORD)


def test_a07_a_code_for_logging_in_renews_no_word_and_back(ayse: Holder) -> None:
    recovery = at.proved(ayse)
    login = Wish(BROWSER, Purpose.LOGIN)
    codes.send(login, ayse, lambda code: f"x\n\n@x #{code}", NOW)
    with pytest.raises(NothingAsked):
        word_recovery.confirm(recovery, codes_sent()[0], NOW)
    at.send_code(recovery)
    with pytest.raises(CodeWrong):
        codes.check(login, codes_sent()[0], NOW)


def codes_sent() -> list[str]:
    return [
        text.rpartition("#")[2]
        for text in OutboxMessage.objects.order_by("-pk").values_list("text", flat=True)
    ]


def test_five_wrong_sms_codes_are_all(ayse: Holder) -> None:
    recovery = at.proved(ayse)
    right = at.send_code(recovery)
    for _ in range(4):
        with pytest.raises(CodeWrong):
            word_recovery.confirm(recovery, wrong(right), NOW)
    with pytest.raises(CodeUsedUp):
        word_recovery.confirm(recovery, wrong(right), NOW)
    with pytest.raises(CodeUsedUp):
        word_recovery.confirm(recovery, right, NOW)


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def test_a10_a_phone_changed_less_than_72_hours_ago_recovers_no_word(ayse: Holder) -> None:
    code = at.release(ayse)
    Holder.objects.update(phone_changed_at=NOW - timedelta(hours=71, minutes=59))
    with pytest.raises(RecoveryHeld) as held:
        at.prove(at.begin(), code)
    assert held.value.until == NOW + timedelta(minutes=1)
    assert word_recovery.running(BROWSER, NOW) is None
    assert not OutboxMessage.objects.filter(purpose="word").exists()
    at.ask_letter(at.begin())
    at.prove_by_letter(at.running(), at.letter_code(), minutes(1))


def test_a_frozen_account_recovers_no_word_at_whichever_step_it_was_frozen(ayse: Holder) -> None:
    recovery = at.confirmed(ayse)
    code = at.release(ayse)
    Holder.objects.update(frozen_at=NOW)
    with pytest.raises(HolderFrozen):
        at.finish(recovery)
    with pytest.raises(HolderFrozen):
        at.prove(at.begin(), code)
    assert word_recovery.running(BROWSER, NOW) is None
    Holder.objects.update(frozen_at=None)
    assert opens(AYSE_WORD)


def test_a_word_that_breaks_a_rule_leaves_the_step_open(ayse: Holder) -> None:
    recovery = at.confirmed(ayse)
    with pytest.raises(WordUnchanged):
        at.finish(recovery, AYSE_WORD)
    at.finish(recovery)


def test_two_new_words_at_once_are_one(ayse: Holder) -> None:
    recovery = at.confirmed(ayse)

    def choose(word: str) -> bool:
        try:
            at.finish(recovery, word)
        except NoRecovery:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(choose, [f"{colour} yelken açtı" for colour in ("mavi", "sarı", "mor", "gri")]))
    assert done.count(True) == 1
    assert AuditEvent.objects.filter(event="word-changed").count() == 1


def block(count: int) -> None:
    for nth in range(count):
        tries.charge(words.subject_of("10000000146"), f"lane-{nth // 3}", minutes(nth * 20), enrolled=True)


def test_lanes_that_the_old_word_closed_are_open_for_the_new_one(ayse: Holder) -> None:
    for nth in range(3):
        assert not opens("yanlış", minutes(nth * 20))
    assert not opens(AYSE_WORD, minutes(60))
    at.finish(at.confirmed(ayse, minutes(80)), now=minutes(80))
    assert opens(NEW_WORD, minutes(80))


def test_a_word_closed_for_good_is_opened_by_the_call_centres_part_only(ayse: Holder) -> None:
    block(tries.CEILING)
    later = minutes(tries.CEILING * 20)
    at.ask_letter(at.begin(now=later), later)
    assert "yalnız çağrı merkezi açar" in OutboxMail.objects.get().text
    assert "#" not in OutboxMail.objects.get().text
    at.finish(at.confirmed(ayse, later), now=later)
    assert opens(NEW_WORD, later)


def test_a_word_closed_for_good_after_the_letter_stays_closed(ayse: Holder) -> None:
    at.ask_letter(at.begin())
    at.prove_by_letter(at.running(), at.letter_code())
    recovery = at.running()
    word_recovery.confirm(recovery, at.send_code(recovery), NOW)
    block(tries.CEILING)
    at.finish(at.running())
    assert not opens(NEW_WORD, minutes(tries.CEILING * 20))


def test_a_forgotten_word_takes_every_trusted_browser_with_it(ayse: Holder) -> None:
    cookie = lanes.trust("", ayse, NOW)
    at.finish(at.confirmed(ayse))
    assert not lanes.is_known(cookie, ayse, NOW)


def test_recoveries_are_forgotten_a_day_after_their_end(ayse: Holder) -> None:
    at.begin(browser="kerems-browser")
    at.begin(now=minutes(1))
    expiry.sweep(minutes(30 + 24 * 60))
    assert [row.browser for row in WordRecovery.objects.all()] == [BROWSER]


def test_beginning_anew_ends_what_the_browser_had_begun(ayse: Holder) -> None:
    code = at.release(ayse)
    first = at.begin()
    at.begin()
    with pytest.raises(NoRecovery):
        at.prove(first, code)
