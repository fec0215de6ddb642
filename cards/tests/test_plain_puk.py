"""The transaction of an unlock (docs/unlock-protocol.md) as exact APDU scripts, with every kind of answer."""

from dataclasses import replace

import pytest

from kilitcoz_cards import allowed
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import WrongCard
from kilitcoz_cards.families import PIV, plain_puk
from kilitcoz_cards.families.piv import ProofCheck, same_card
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.iso7816 import StatusWord
from kilitcoz_cards.messages import Event, OperationKind, Outcome, Release, Result, RiskyCommand
from kilitcoz_cards.pin import UNTOLD, Pin, PinState, Puk
from kilitcoz_cards.report import UnlockReport
from kilitcoz_cards.testing import LOST, Exchange, Script, torn

CURRENT, NEW, OTHER = (Puk.from_text(text) for text in ("31415926", "27182818", "16180339"))
CURRENT_HEX, NEW_HEX, OTHER_HEX = (puk.reveal().hex() for puk in (CURRENT, NEW, OTHER))
PIN_HEX = b"482913\xff\xff".hex()
CHANGE_PUK, RESET, VERIFY, CHANGE_PIN = (
    RiskyCommand.CHANGE_PUK,
    RiskyCommand.RESET_RETRY_COUNTER,
    RiskyCommand.VERIFY,
    RiskyCommand.CHANGE_PIN,
)


def known() -> Conversation[None]:
    """An identity check that has nothing to ask."""
    return None
    yield


def change(old: str, sw: str | None) -> Exchange:
    """`24` from `old` to NEW."""
    return f"0024008110 {old} {NEW_HEX}", sw


def reset(puk: str, sw: str | None) -> Exchange:
    """`2C` by `puk`."""
    return f"002C008010 {puk} {PIN_HEX}", sw


def verify(sw: str | None) -> Exchange:
    """`20` with the new PIN."""
    return f"0020008008 {PIN_HEX}", sw


def unlock(release: Release, *exchanges: Exchange) -> UnlockReport:
    """Play an unlock over these exchanges, all of them."""
    script = Script(*exchanges)
    report = converse(plain_puk.unlock(known(), release, Pin.from_text("482913")), script)
    script.assert_finished()
    return report


def said(report: UnlockReport) -> list[tuple[RiskyCommand, int | None, str | None]]:
    """The events, plainly."""
    return [(each.command, each.candidate, each.sw.to_hex() if each.sw else None) for each in report.events]


def a_release(*candidates: Puk, new: Puk = NEW, rotate: bool = True) -> Release:
    """M6."""
    return Release(7, candidates, new, rotate)


# --- the whole transaction ---


def whole(ayse, release, pin, *exchanges: Exchange) -> tuple[UnlockReport, Script]:
    """Identity by 9E and the unlock, under the allow-list."""
    script = Script(*exchanges)
    check = ProofCheck(KeyAlgorithm.ECC_P256, ayse.challenge, lambda signature: signature == ayse.signature)
    conversation = plain_puk.unlock(same_card(ayse.identification, check), release, pin)
    return converse(allowed.guard(OperationKind.UNLOCK, conversation), script), script


def test_an_unlock_is_six_apdus_and_ends_with_the_pin_proved(ayse, release, pin) -> None:
    report, script = whole(ayse, release, pin, *ayse.unlock)
    script.assert_finished()
    assert len(script.sent) == 6
    assert report == UnlockReport(
        Outcome.PIN_SET,
        (
            Event(CHANGE_PUK, 0, StatusWord(0x9000)),
            Event(RESET, None, StatusWord(0x9000)),
            Event(VERIFY, None, StatusWord(0x9000)),
        ),
        puk=PinState(blocked=False),
        pin=PinState(blocked=False),
    )


def test_a_report_becomes_m7_with_the_release_s_fence(ayse, release, pin) -> None:
    report, _ = whole(ayse, release, pin, *ayse.unlock)
    result = report.to_result(release.fence)
    assert Result.from_json(result.to_json()) == result
    assert (result.fence, result.outcome, result.abort_code) == (7, Outcome.PIN_SET, None)


@pytest.mark.parametrize("at", range(6))
def test_a24_an_answer_lost_at_any_apdu_ends_the_transaction_with_a_complete_report(
    ayse, release, pin, at: int
) -> None:
    report, script = whole(ayse, release, pin, *torn(ayse.unlock, at))
    assert len(script.sent) == at + 1  # nothing is sent after a lost answer
    assert report.abort_code == "card-lost"
    first_risky = len(ayse.identity)
    if at < first_risky:
        assert (report.outcome, report.events) == (Outcome.ABORTED, ())
    else:
        assert report.outcome is Outcome.LOST
        assert [each.sw for each in report.events] == [StatusWord(0x9000)] * (at - first_risky) + [None]
    assert report.puk == (PinState(blocked=False) if at == 5 else UNTOLD)
    assert report.pin == UNTOLD


@pytest.mark.parametrize("at", range(6))
def test_a24_half_an_answer_is_no_answer(ayse, release, pin, at: int) -> None:
    exchanges = (*ayse.unlock[:at], (ayse.unlock[at][0], "90"))
    report, script = whole(ayse, release, pin, *exchanges)
    assert len(script.sent) == at + 1
    assert report.abort_code == "card-malformed"
    assert report.outcome is (Outcome.ABORTED if at < len(ayse.identity) else Outcome.LOST)


def test_a22_a_card_swapped_before_the_transaction_never_sees_the_puk(ayse, release, pin) -> None:
    mehmets_signature = ayse.proof[1].replace("020102 ", "020103 ")
    assert mehmets_signature != ayse.proof[1]
    report, script = whole(ayse, release, pin, ayse.select, (ayse.proof[0], mehmets_signature))
    assert (report.outcome, report.abort_code, report.events) == (Outcome.ABORTED, "wrong-card", ())
    sent = b"".join(script.sent)
    assert not any(secret.reveal() in sent for secret in (*release.candidates, release.new, pin))


def test_a_puk_try_by_somebody_else_stops_the_unlock_before_the_puk(ayse, release, pin) -> None:
    two_left = (ayse.puk_metadata[0], "0101FF 050100 06020302 9000")
    report, _ = whole(ayse, release, pin, *ayse.identity[:-1], two_left)
    assert (report.outcome, report.abort_code, report.events) == (Outcome.ABORTED, "puk-counter-changed", ())


# --- before anything is sent ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("48291", "pin-too-short"),
        ("482913752", "pin-too-long"),
        ("48291x", "pin-not-digits"),
        ("444444", "pin-repeated"),
        ("123456", "pin-sequential"),
    ],
)
def test_a_pin_of_a_wrong_form_is_never_sent(text: str, code: str) -> None:
    script = Script()
    report = converse(plain_puk.unlock(known(), a_release(CURRENT), Pin.from_text(text)), script)
    assert (report.outcome, report.abort_code, report.events) == (Outcome.PIN_REFUSED, code, ())
    report = converse(plain_puk.change_pin(known(), Pin.from_text("482913"), Pin.from_text(text)), script)
    assert (report.outcome, report.abort_code, report.events) == (Outcome.PIN_REFUSED, code, ())
    assert script.sent == []


@pytest.mark.parametrize("puk", [b"123456789", b"1234567\xff", b"\xff"])
def test_a_puk_that_no_piv_card_can_have_is_never_sent(puk: bytes) -> None:
    for release in (a_release(Puk(puk)), a_release(CURRENT, new=Puk(puk))):
        report = unlock(release)
        assert (report.outcome, report.abort_code, report.events) == (
            Outcome.ABORTED,
            "message-malformed",
            (),
        )


def test_an_identity_check_that_refuses_is_the_end() -> None:
    def refused() -> Conversation[None]:
        raise WrongCard("another GUID")
        yield

    report = converse(plain_puk.unlock(refused(), a_release(CURRENT), Pin.from_text("482913")), Script())
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "wrong-card")


# --- one candidate ---


@pytest.mark.parametrize(
    ("sw", "puk"),
    [
        ("63C2", PinState(False, 2)),
        ("63C1", PinState(False, 1)),
        ("63C0", PinState(True, 0)),
        ("6983", PinState(True, 0)),
    ],
)
def test_a_wrong_puk_is_reported_with_the_tries_the_card_tells(sw: str, puk: PinState) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, sw))
    assert (report.outcome, report.abort_code) == (Outcome.SECRET_REFUSED, None)
    assert (report.puk, report.pin) == (puk, UNTOLD)
    assert said(report) == [(CHANGE_PUK, 0, sw)]


@pytest.mark.parametrize("sw", ["6D00", "6E00", "6A81", "6A86", "6B00", "6A88"])
def test_a_card_without_24_for_the_puk_is_told_apart_so_that_the_secret_is_flagged_as_seen(sw: str) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, sw))
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "puk-not-changeable")
    assert said(report) == [(CHANGE_PUK, 0, sw)]


def test_a_card_without_24_is_unlocked_by_a_release_that_does_not_rotate() -> None:
    release = a_release(CURRENT, new=CURRENT, rotate=False)
    report = unlock(release, reset(CURRENT_HEX, "9000"), verify("9000"))
    assert report.outcome is Outcome.PIN_SET
    assert said(report) == [(RESET, 0, "9000"), (VERIFY, None, "9000")]


@pytest.mark.parametrize("sw", ["6A80", "6982", "6985", "6700", "6300", "6581", "6F00", "6CFF"])
def test_any_other_answer_to_24_ends_the_row(sw: str) -> None:
    report = unlock(a_release(CURRENT, NEW), change(CURRENT_HEX, sw))
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "card-refused")
    assert (said(report), report.puk) == ([(CHANGE_PUK, 0, sw)], UNTOLD)


@pytest.mark.parametrize("sw", ["6A80", "6A86", "6985", "63C2"])
def test_a32_a_new_pin_the_card_refuses_is_told_apart_from_a_wrong_puk(sw: str) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, "9000"), reset(NEW_HEX, sw))
    assert (report.outcome, report.abort_code) == (Outcome.PIN_REFUSED, None)
    assert said(report) == [(CHANGE_PUK, 0, "9000"), (RESET, None, sw)]


@pytest.mark.parametrize("sw", ["6A80", "6A86", "6985"])
def test_a32_a_refused_pin_leaves_an_unproved_puk_unproved(sw: str) -> None:
    report = unlock(a_release(NEW), reset(NEW_HEX, sw))
    assert report.outcome is Outcome.PIN_REFUSED
    assert (said(report), report.puk) == ([(RESET, 0, sw)], UNTOLD)


@pytest.mark.parametrize("sw", ["6983", "63C0"])
def test_a_puk_that_is_blocked_a_moment_after_it_was_right_is_refused(sw: str) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, "9000"), reset(NEW_HEX, sw))
    assert (report.outcome, report.puk) == (Outcome.SECRET_REFUSED, PinState(True, 0))


@pytest.mark.parametrize("sw", ["6D00", "6982", "6581", "6F00"])
def test_any_other_answer_to_2c_is_an_abort(sw: str) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, "9000"), reset(NEW_HEX, sw))
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "card-refused")


@pytest.mark.parametrize(
    ("sw", "pin"),
    [("63C2", PinState(False, 2)), ("6983", PinState(True, 0)), ("6982", UNTOLD), ("6A80", UNTOLD)],
)
def test_a_card_that_said_9000_and_does_not_take_the_pin_is_not_believed(sw: str, pin: PinState) -> None:
    report = unlock(a_release(CURRENT), change(CURRENT_HEX, "9000"), reset(NEW_HEX, "9000"), verify(sw))
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "pin-not-proved")
    assert report.pin == pin


# --- two candidates (DOUBT) ---


def test_in_doubt_the_first_candidate_right_rotates_as_ever() -> None:
    report = unlock(
        a_release(CURRENT, NEW), change(CURRENT_HEX, "9000"), reset(NEW_HEX, "9000"), verify("9000")
    )
    assert report.outcome is Outcome.PIN_SET


def test_in_doubt_the_pending_candidate_is_proved_by_2c_alone() -> None:
    report = unlock(
        a_release(CURRENT, NEW), change(CURRENT_HEX, "63C2"), reset(NEW_HEX, "9000"), verify("9000")
    )
    assert report.outcome is Outcome.PIN_SET
    assert said(report) == [(CHANGE_PUK, 0, "63C2"), (RESET, 1, "9000"), (VERIFY, None, "9000")]
    assert report.puk == PinState(blocked=False)


def test_in_doubt_the_pending_candidate_may_come_first() -> None:
    report = unlock(
        a_release(NEW, CURRENT),
        reset(NEW_HEX, "63C2"),
        change(CURRENT_HEX, "9000"),
        reset(NEW_HEX, "9000"),
        verify("9000"),
    )
    assert report.outcome is Outcome.PIN_SET
    assert said(report)[:3] == [(RESET, 0, "63C2"), (CHANGE_PUK, 1, "9000"), (RESET, None, "9000")]


@pytest.mark.parametrize("sw", ["63C1", "63C0", "6983"])
def test_a27_the_second_candidate_never_spends_the_last_try(sw: str) -> None:
    for release, exchange in (
        (a_release(CURRENT, NEW), change(CURRENT_HEX, sw)),
        (a_release(NEW, CURRENT), reset(NEW_HEX, sw)),
    ):
        assert unlock(release, exchange).outcome is Outcome.SECRET_REFUSED


def test_when_both_candidates_are_wrong_the_last_answer_counts() -> None:
    report = unlock(a_release(CURRENT, NEW), change(CURRENT_HEX, "63C4"), reset(NEW_HEX, "63C3"))
    assert (report.outcome, report.puk) == (Outcome.SECRET_REFUSED, PinState(False, 3))


def test_a_counter_read_before_a_lost_answer_is_not_reported_as_the_counter() -> None:
    report = unlock(a_release(CURRENT, NEW), change(CURRENT_HEX, "63C2"), reset(NEW_HEX, LOST))
    assert (report.outcome, report.puk) == (Outcome.LOST, UNTOLD)
    assert said(report) == [(CHANGE_PUK, 0, "63C2"), (RESET, 1, None)]


def test_two_candidates_neither_of_them_new_are_both_rotated_to_it() -> None:
    report = unlock(
        a_release(OTHER, CURRENT),
        change(OTHER_HEX, "63C2"),
        change(CURRENT_HEX, "9000"),
        reset(NEW_HEX, "9000"),
        verify("9000"),
    )
    assert report.outcome is Outcome.PIN_SET


# --- what must not be sent ---


def test_a_command_that_the_allow_list_stops_is_not_reported_as_sent() -> None:
    conversation = plain_puk.unlock(known(), a_release(CURRENT), Pin.from_text("482913"))
    script = Script()
    report = converse(allowed.guard(OperationKind.CHANGE_PIN, conversation), script)
    assert (report.outcome, report.abort_code, report.events) == (Outcome.ABORTED, "command-forbidden", ())
    assert script.sent == []


# --- the holder knows the PIN ---

OLD_HEX = b"1357924\xff".hex()


def change_pin(*exchanges: Exchange, old: str = "1357924") -> UnlockReport:
    """Play a change of the PIN 1357924 → 482913 under the allow-list."""
    script = Script(*exchanges)
    conversation = plain_puk.change_pin(known(), Pin.from_text(old), Pin.from_text("482913"))
    report = converse(allowed.guard(OperationKind.CHANGE_PIN, conversation), script)
    script.assert_finished()
    return report


def change_of_pin(sw: str | None) -> Exchange:
    """`24` on the PIN."""
    return f"0024008010 {OLD_HEX} {PIN_HEX}", sw


def test_a_known_pin_is_changed_and_the_new_one_proved() -> None:
    report = change_pin(change_of_pin("9000"), verify("9000"))
    assert report.outcome is Outcome.PIN_SET
    assert said(report) == [(CHANGE_PIN, None, "9000"), (VERIFY, None, "9000")]
    assert report.to_result(None).fence is None


@pytest.mark.parametrize(
    ("sw", "pin"),
    [("63C2", PinState(False, 2)), ("63C0", PinState(True, 0)), ("6983", PinState(True, 0))],
)
def test_a_wrong_old_pin_is_refused_with_the_tries_left(sw: str, pin: PinState) -> None:
    report = change_pin(change_of_pin(sw))
    assert (report.outcome, report.pin, report.puk) == (Outcome.SECRET_REFUSED, pin, UNTOLD)


@pytest.mark.parametrize("old", ["", "135792468"])
def test_an_old_pin_that_cannot_be_right_is_not_sent(old: str) -> None:
    report = change_pin(old=old)
    assert (report.outcome, report.events) == (Outcome.SECRET_REFUSED, ())


@pytest.mark.parametrize("sw", ["6A80", "6A86", "6985"])
def test_a32_a_new_pin_the_card_refuses_on_a_change(sw: str) -> None:
    assert change_pin(change_of_pin(sw)).outcome is Outcome.PIN_REFUSED


def test_any_other_answer_to_a_change_is_an_abort() -> None:
    report = change_pin(change_of_pin("6D00"))
    assert (report.outcome, report.abort_code) == (Outcome.ABORTED, "card-refused")


def test_a_change_that_the_card_does_not_prove_is_not_believed() -> None:
    assert change_pin(change_of_pin("9000"), verify("63C2")).abort_code == "pin-not-proved"


@pytest.mark.parametrize("at", range(2))
def test_a24_an_answer_lost_in_a_change_is_reported(at: int) -> None:
    report = change_pin(*torn((change_of_pin("9000"), verify("9000")), at))
    assert (report.outcome, len(report.events), report.events[-1].sw) == (Outcome.LOST, at + 1, None)


def test_the_family_s_numbers_are_what_the_commands_are_made_of() -> None:
    other = replace(PIV, pin=replace(PIV.pin, p2=0x01, padding=0x00), puk=replace(PIV.puk, p2=0x02))
    script = Script(
        (f"0024000210 {CURRENT_HEX} {NEW_HEX}", "9000"),
        (f"002C000110 {NEW_HEX} 3438323931330000", "9000"),
        ("0020000108 3438323931330000", "9000"),
    )
    conversation = plain_puk.unlock(known(), a_release(CURRENT), Pin.from_text("482913"), family=other)
    assert converse(conversation, script).outcome is Outcome.PIN_SET
