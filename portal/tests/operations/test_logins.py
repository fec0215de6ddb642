"""A login by card: who may begin, what the card service says, and who is signed in; A18b, A21."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from django.db import IntegrityError, transaction
from portal.tests import cast, login_cards
from portal.tests.card_service import CardService, Refused
from portal.tests.cast import AYSES_BROWSER, KEREMS_BROWSER, NOW
from portal.tests.login_cards import PIN, Issuer
from portal.tests.login_service import LoginService
from portal.tests.marks import ON_BOTH
from portal.tests.operations.test_racing import at_once
from pytest_django.fixtures import Settings

from kilitcoz_cards.messages import (
    Capability,
    Empty,
    Label,
    LoginAnswer,
    Network,
    OperationKind,
    Outcome,
    Result,
    SignatureAlgorithm,
)
from kilitcoz_cards.pin import UNTOLD
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import bearers, expiry, logins, networks, pairing, queries
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import (
    ConfirmationWrong,
    LoginRefused,
    OperationExpired,
    OperationNotFound,
    OperationState,
    TooManyAttempts,
)
from kilitcoz_portal.operations.models import Operation, PairingCode, State
from kilitcoz_portal.operations.states import DEEDS_OF, MOVES, Deed

pytestmark = ON_BOTH

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
LATE = NOW + timedelta(seconds=600)


@pytest.fixture
def issuer(tmp_path: Path, settings: Settings) -> Issuer:
    """Whom this portal trusts."""
    return login_cards.issuer(tmp_path / "trust", settings, NOW)


@dataclass(frozen=True)
class Login:
    """A login that a browser began, and Ayşe's card service."""

    operation: Operation
    service: LoginService

    @property
    def row(self) -> Operation:
        """As it stands."""
        return Operation.objects.get(pk=self.operation.pk)


def begin(browser: str = AYSES_BROWSER, address: str = HERE) -> Operation:
    """A browser that nobody is signed in with."""
    return logins.start(browser, "Firefox · Linux", address, "tr", NOW)


@pytest.fixture
def ayse() -> Holder:
    """Ayşe Yılmaz."""
    return cast.ayse()


@pytest.fixture
def login(issuer: Issuer, ayse: Holder) -> Login:
    """By the link."""
    operation = begin()
    capability = operations.issue_capability(operation.pk, AYSES_BROWSER, NOW)
    return Login(operation, LoginService(capability, issuer.card_of(ayse, NOW), NOW, HERE))


@pytest.fixture
def paired(issuer: Issuer, ayse: Holder) -> Login:
    """By a typed code; it was Kerem who began."""
    operation = begin(KEREMS_BROWSER, ELSEWHERE)
    code = operations.issue_pairing_code(operation.pk, KEREMS_BROWSER, NOW)
    capability = pairing.pair(pairing.PairRequest(code), HERE, NOW).capability
    return Login(operation, LoginService(capability, issuer.card_of(ayse, NOW), NOW, HERE))


def events(operation: Operation) -> list[str]:
    """Of one operation, in order."""
    of_operation = AuditEvent.objects.filter(operation_id=operation.pk).order_by("pk")
    return list(of_operation.values_list("event", flat=True))


# --- beginning ----------------------------------------------------------------------------------------------
def test_a_login_is_authorised_at_once_and_belongs_to_nobody() -> None:
    operation = begin()
    assert (operation.state, operation.holder, operation.card) == (State.AUTHORISED, None, None)
    assert operation.expires_at - operation.created_at == timedelta(seconds=600)
    assert operation.number.isdecimal()


def test_its_capability_names_no_card_and_no_person() -> None:
    capability = operations.issue_capability(begin().pk, AYSES_BROWSER, NOW)
    claims = Capability.from_members(jwt.decode(capability, options={"verify_signature": False}))
    assert (claims.kind, claims.card, claims.card_label) == (OperationKind.LOGIN, None, None)


def test_a_browser_has_one_open_login() -> None:
    assert begin().pk == begin().pk
    assert begin(KEREMS_BROWSER).pk != begin().pk
    begun = begin().pk
    operations.cancel(begun, AYSES_BROWSER, NOW)
    assert begin().pk != begun


def test_a_browser_that_presses_twice_at_once_has_one_login() -> None:
    outcomes = at_once(4 * [begin])
    assert len({each.pk for each in outcomes if isinstance(each, Operation)}) == 1
    assert Operation.objects.count() == 1


def test_a_late_login_makes_room_for_a_new_one() -> None:
    first = begin()
    second = logins.start(AYSES_BROWSER, "", HERE, "tr", LATE)
    assert second.pk != first.pk
    assert Operation.objects.get(pk=first.pk).state == State.EXPIRED


def test_logins_begun_from_one_network_are_limited_and_others_are_not(settings: Settings) -> None:
    settings.KILITCOZ_CARD_LOGINS_HOURLY = 3
    for number in range(3):
        begin(f"browser {number}")
    with pytest.raises(TooManyAttempts):
        begin("browser 4")
    begin("browser 0")  # its own open one
    begin("browser 4", ELSEWHERE)
    logins.start("browser 4", "", HERE, "tr", NOW + timedelta(hours=1))


def test_an_ipv6_network_of_64_bits_counts_as_one(settings: Settings) -> None:
    settings.KILITCOZ_CARD_LOGINS_HOURLY = 1
    begin("browser 1", "2001:db8:1:2::1")
    with pytest.raises(TooManyAttempts):
        begin("browser 2", "2001:db8:1:2:ffff::9")
    begin("browser 3", "2001:db8:1:3::1")


def test_the_limit_holds_for_many_at_once(settings: Settings) -> None:
    settings.KILITCOZ_CARD_LOGINS_HOURLY = 2

    def of(number: int) -> Callable[[], object]:
        return lambda: begin(f"browser {number}")

    outcomes = at_once([of(number) for number in range(6)])
    assert sum(isinstance(each, Operation) for each in outcomes) == 2


def test_logins_that_came_to_nobody_are_forgotten_after_a_day(login: Login) -> None:
    nameless = begin(KEREMS_BROWSER)
    operations.issue_pairing_code(nameless.pk, KEREMS_BROWSER, NOW)
    login.service.log_in(PIN)
    expiry.sweep(LATE + timedelta(days=1))
    assert list(Operation.objects.values_list("pk", flat=True)) == [login.operation.pk]
    assert not PairingCode.objects.exists()


@pytest.mark.parametrize("kind", [OperationKind.UNLOCK, OperationKind.CHANGE_PIN])
def test_no_other_kind_is_without_holder_and_card(kind: OperationKind) -> None:
    operation = begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(kind=kind)


def test_no_login_succeeds_for_nobody_or_has_a_card(ayse: Holder) -> None:
    operation = begin()
    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(state=State.SUCCEEDED)
    card = cast.card_of(ayse).card
    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(card=card)


# --- the card service ---------------------------------------------------------------------------------------
def test_the_claim_tells_whether_a_card_is_in_and_nothing_of_it(login: Login) -> None:
    login.service.claim(card_found=False)
    assert login.row.state == State.CLAIMED
    login.service.claim()
    assert login.row.state == State.IDENTIFIED
    details = str(list(AuditEvent.objects.filter(operation_id=login.operation.pk).values_list("detail")))
    assert "card" not in details


@pytest.mark.parametrize(
    ("began_from", "address", "network"),
    [
        (HERE, HERE, Network.SAME),
        (HERE, ELSEWHERE, Network.OTHER),
        ("2001:db8:1:2::1", "2001:db8:1:2::2", Network.SAME),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", Network.OTHER),
        ("2001:db8:1:2::1", HERE, Network.UNKNOWN),
        ("::ffff:203.0.113.7", HERE, Network.SAME),
        ("", HERE, Network.UNKNOWN),
        (HERE, "not an address", Network.UNKNOWN),
    ],
)
def test_the_decision_says_which_browser_began_and_whether_from_here(
    login: Login, began_from: str, address: str, network: Network
) -> None:
    Operation.objects.filter(pk=login.operation.pk).update(began_from=networks.mark(began_from))
    login.service.client.defaults["REMOTE_ADDR"] = address
    decision = login.service.claim()
    assert (decision.browser, decision.network) == ("Firefox · Linux", network)


def test_no_address_is_kept_in_the_table(login: Login) -> None:
    assert HERE not in str(Operation.objects.filter(pk=login.operation.pk).values())


def test_an_accepted_token_binds_the_login_to_its_holder_and_signs_nobody_in(
    login: Login, ayse: Holder
) -> None:
    answer = login.service.log_in(PIN)
    assert (login.row.state, login.row.holder) == (State.SUCCEEDED, ayse)
    assert login.row.completed_at is None
    assert answer.return_url == f"http://127.0.0.1:8000/donus/{login.operation.pk}"
    assert (answer.completion is not None, answer.confirmation) == (True, None)
    assert events(login.operation) == [
        "operation-started",
        "capability-issued",
        "claimed",
        "login-token-accepted",
    ]


def test_a_token_that_is_presented_again_is_answered_as_before(login: Login) -> None:
    login.service.claim()
    token = login.service.token(PIN)
    assert login.service.present(token) == login.service.present(token)
    assert events(login.operation).count("login-token-accepted") == 1


def test_a_token_that_is_presented_at_once_many_times_is_accepted_once(login: Login) -> None:
    login.service.claim()
    token = login.service.token(PIN)
    answers = at_once(4 * [lambda: login.service.present(token)])
    assert len(set(answers)) == 1
    assert isinstance(answers[0], LoginAnswer)
    assert events(login.operation).count("login-token-accepted") == 1


def test_a_second_token_is_not_taken(login: Login) -> None:
    login.service.claim()
    first, second = login.service.token(PIN), login.service.token(PIN)
    login.service.present(first)
    with pytest.raises(Refused, match="operation-state"):
        login.service.present(second)


def test_a_refused_token_ends_the_login_and_stays_refused(login: Login) -> None:
    login.service.claim()
    token = replace(login.service.token(PIN), algorithm=SignatureAlgorithm.RS256)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            login.service.present(token)
        assert (refused.value.status, refused.value.state) == (403, State.FAILED)
        assert refused.value.code == login.row.code == "login-algorithm-refused"
    assert events(login.operation).count("login-token-refused") == 1
    with pytest.raises(Refused, match="operation-state"):
        login.service.present(login.service.token(PIN))


def test_a_token_of_another_login_or_another_site_is_refused(login: Login) -> None:
    login.service.claim()
    with pytest.raises(Refused, match="login-signature-wrong"):
        login.service.present(login.service.token(PIN, origin="https://kilit.evil.example"))
    assert login.row.holder is None


def test_a_token_of_a_challenge_that_is_not_ours_is_refused(login: Login) -> None:
    login.service.claim()
    with pytest.raises(Refused, match="login-signature-wrong"):
        login.service.present(login.service.token(PIN, challenge=login.service.capability.nonce * 2))


def test_a_revoked_certificate_logs_nobody_in(login: Login, issuer: Issuer, ayse: Holder) -> None:
    issuer.take_back(ayse, NOW)
    with pytest.raises(Refused, match="certificate-revoked"):
        login.service.log_in(PIN)


def test_a_card_of_an_authority_that_nobody_trusts_logs_nobody_in(login: Login, ayse: Holder) -> None:
    login.service.card = cast.SimulatedCard(cast.issued(ayse.name).state)
    with pytest.raises(Refused, match="certificate-not-trusted"):
        login.service.log_in(cast.issued(ayse.name).pin)


def test_a_valid_card_of_somebody_unknown_here_logs_nobody_in(login: Login, issuer: Issuer) -> None:
    mehmet = cast.mehmet()
    card = issuer.card_of(mehmet, NOW, enrolled=False)
    login.service.card = card
    with pytest.raises(Refused, match="certificate-not-enrolled"):
        login.service.log_in(PIN)


def test_a_token_before_a_card_was_found_is_too_early(login: Login) -> None:
    login.service.claim(card_found=False)
    with pytest.raises(Refused, match="operation-state"):
        login.service.present(login.service.token(PIN))


def test_a_token_needs_the_session_of_the_claim(login: Login) -> None:
    login.service.claim()
    body = login.service.sealed(login.service.token(PIN), Label.LOGIN)
    for bearer in (login.service.capability_text, "x" * 43):
        with pytest.raises(Refused, match="operation-not-found"):
            login.service.post("login", body, bearer)


def test_a_token_sealed_as_something_else_is_refused(login: Login) -> None:
    login.service.claim()
    body = login.service.sealed(login.service.token(PIN), Label.CLAIM)
    with pytest.raises(Refused, match="capability-refused"):
        login.service.post("login", body, login.service.session)
    assert login.row.state == State.IDENTIFIED


def test_a_token_that_comes_late_is_too_late(login: Login) -> None:
    login.service.claim()
    token = login.service.token(PIN)
    login.service.now = LATE
    with pytest.raises(Refused, match="operation-expired"):
        login.service.present(token)


def test_a29_a_second_card_service_is_refused(login: Login) -> None:
    login.service.claim()
    other = LoginService(login.service.capability_text, login.service.card, NOW)
    with pytest.raises(Refused, match="operation-claimed-elsewhere"):
        other.claim()


def test_a21_within_a_login_nothing_of_an_unlock_is_to_be_had(login: Login) -> None:
    login.service.claim()
    report = Result(None, (), UNTOLD, UNTOLD, Outcome.PIN_SET, None)
    for call, message in (("release", Empty()), ("result", report), ("result", replace(report, fence=1))):
        with pytest.raises(Refused, match="operation-state"):
            login.service.post(call, message.to_json(), login.service.session)
    assert login.row.state == State.IDENTIFIED


def test_a21_within_an_unlock_no_login_is_to_be_had(login: Login, ayse: Holder) -> None:
    unlock = cast.authorised(cast.card_of(ayse))
    capability = operations.issue_capability(unlock.pk, AYSES_BROWSER, NOW)
    in_unlock = LoginService(capability, login.service.card, NOW)
    with pytest.raises(Refused, match="message-malformed"):
        in_unlock.claim()
    card_service = CardService(capability, cast.card_of(cast.mehmet()).simulated, NOW)
    card_service.card = cast.issued(ayse.name) and cast.SimulatedCard(cast.issued(ayse.name).state)
    session = card_service.claim().session
    body = in_unlock.sealed(in_unlock.token(PIN), Label.LOGIN)
    with pytest.raises(Refused, match="operation-state"):
        in_unlock.post("login", body, session)


def test_the_card_service_may_stop(login: Login) -> None:
    login.service.claim()
    login.service.post("abort", b'{"code":"login-pin-blocked"}', login.service.session)
    assert (login.row.state, login.row.code) == (State.FAILED, "login-pin-blocked")


# --- coming back --------------------------------------------------------------------------------------------
def test_who_began_and_presents_the_secret_is_signed_in_once(login: Login, ayse: Holder) -> None:
    completion = login.service.log_in(PIN).completion or ""
    assert logins.complete(login.operation.pk, AYSES_BROWSER, completion, NOW) == ayse
    assert events(login.operation)[-1] == "operation-completed"
    with pytest.raises(OperationNotFound):
        logins.complete(login.operation.pk, AYSES_BROWSER, completion, NOW)


def test_at_once_the_secret_is_worth_one_session(login: Login) -> None:
    completion = login.service.log_in(PIN).completion or ""
    outcomes = at_once(4 * [lambda: logins.complete(login.operation.pk, AYSES_BROWSER, completion, NOW)])
    assert sum(isinstance(each, Holder) for each in outcomes) == 1


def test_a18b_the_secret_is_worth_nothing_in_another_browser(login: Login) -> None:
    completion = login.service.log_in(PIN).completion or ""
    for browser in (KEREMS_BROWSER, ""):
        with pytest.raises(OperationNotFound):
            logins.complete(login.operation.pk, browser, completion, NOW)
    assert "foreign-object-asked" in events(login.operation)


@pytest.mark.parametrize("guess", ["", "x", "A" * 43])
def test_a18b_who_began_without_the_secret_is_not_signed_in(login: Login, guess: str) -> None:
    login.service.log_in(PIN)
    with pytest.raises(OperationNotFound):
        logins.complete(login.operation.pk, AYSES_BROWSER, guess, NOW)


def test_a18b_what_the_thief_sees_while_he_waits_tells_neither_secret_nor_name(
    login: Login, ayse: Holder
) -> None:
    answer = login.service.log_in(PIN)
    watched = str(queries.watch(login.operation.pk, AYSES_BROWSER, NOW))
    for secret in (answer.completion or "", ayse.name, ayse.id_number):
        assert secret
        assert secret not in watched


def test_the_secret_is_worth_nothing_after_ten_minutes(login: Login) -> None:
    completion = login.service.log_in(PIN).completion or ""
    with pytest.raises(OperationExpired):
        logins.complete(login.operation.pk, AYSES_BROWSER, completion, LATE)


def test_before_the_token_was_accepted_there_is_nothing_to_complete(login: Login) -> None:
    completion = bearers.completion(login.row)
    login.service.claim()
    with pytest.raises(OperationNotFound):
        logins.complete(login.operation.pk, AYSES_BROWSER, completion, NOW)


# --- behind a typed code ------------------------------------------------------------------------------------
def test_behind_a_typed_code_a_person_carries_a_number_and_no_browser_a_secret(
    paired: Login, ayse: Holder
) -> None:
    answer = paired.service.log_in(PIN)
    assert (answer.completion, answer.return_url) == (None, None)
    assert answer.confirmation is not None
    assert logins.confirm(paired.operation.pk, KEREMS_BROWSER, answer.confirmation, NOW) == ayse
    with pytest.raises(OperationNotFound):
        logins.confirm(paired.operation.pk, KEREMS_BROWSER, answer.confirmation, NOW)


def test_a18b_who_dictated_the_code_has_three_guesses_in_a_million(paired: Login) -> None:
    right = paired.service.log_in(PIN).confirmation or ""
    wrong = [f"{(int(right) + step) % 10**6:06d}" for step in (1, 2, 3)]
    for guess in wrong[:2]:
        with pytest.raises(ConfirmationWrong):
            logins.confirm(paired.operation.pk, KEREMS_BROWSER, guess, NOW)
    with pytest.raises(LoginRefused, match="confirmation-used-up"):
        logins.confirm(paired.operation.pk, KEREMS_BROWSER, wrong[2], NOW)
    with pytest.raises(OperationNotFound):
        logins.confirm(paired.operation.pk, KEREMS_BROWSER, right, NOW)
    assert (paired.row.state, paired.row.code) == (State.FAILED, "confirmation-used-up")
    assert events(paired.operation)[-3:] == 3 * ["confirmation-wrong"]


def test_a18b_guesses_made_at_once_are_three(paired: Login) -> None:
    right = paired.service.log_in(PIN).confirmation or ""

    def guess(step: int) -> Callable[[], object]:
        number = f"{(int(right) + step) % 10**6:06d}"
        return lambda: logins.confirm(paired.operation.pk, KEREMS_BROWSER, number, NOW)

    outcomes = at_once([guess(step) for step in range(1, 13)])
    looked_at = [each for each in outcomes if isinstance(each, ConfirmationWrong | LoginRefused)]
    assert len(looked_at) == 3


def test_a18b_the_number_is_worth_nothing_in_another_browser(paired: Login) -> None:
    number = paired.service.log_in(PIN).confirmation or ""
    with pytest.raises(OperationNotFound):
        logins.confirm(paired.operation.pk, AYSES_BROWSER, number, NOW)


def test_a18b_a_thief_who_used_his_own_code_gets_no_secret_out_of_the_link(
    issuer: Issuer, ayse: Holder
) -> None:
    """He pairs by himself, so that the login is one behind a code, and mails the link."""
    operation = begin(KEREMS_BROWSER)
    link = operations.issue_capability(operation.pk, KEREMS_BROWSER, NOW)
    code = operations.issue_pairing_code(operation.pk, KEREMS_BROWSER, NOW)
    pairing.pair(pairing.PairRequest(code), ELSEWHERE, NOW)
    answer = LoginService(link, issuer.card_of(ayse, NOW), NOW).log_in(PIN)
    assert answer.completion is None
    with pytest.raises(OperationNotFound):
        logins.complete(operation.pk, KEREMS_BROWSER, "A" * 43, NOW)


def test_a_new_code_does_not_make_it_a_login_without_one(issuer: Issuer, ayse: Holder) -> None:
    operation = begin()
    first = operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW)
    capability = pairing.pair(pairing.PairRequest(first), HERE, NOW).capability
    operations.issue_pairing_code(operation.pk, AYSES_BROWSER, NOW)  # the first one's row is gone
    answer = LoginService(capability, issuer.card_of(ayse, NOW), NOW).log_in(PIN)
    assert answer.confirmation is not None


def test_behind_a_link_no_number_is_asked_for(login: Login) -> None:
    login.service.log_in(PIN)
    with pytest.raises(OperationNotFound):
        logins.confirm(login.operation.pk, AYSES_BROWSER, "000000", NOW)
    assert login.row.confirmations_left == 3


# --- the tables ---------------------------------------------------------------------------------------------
def test_every_kind_has_its_deeds_and_every_deed_a_kind() -> None:
    assert set(DEEDS_OF) == set(OperationKind)
    assert set().union(*DEEDS_OF.values()) == set(Deed)


def test_a_login_never_awaits_a_code_and_never_holds_a_secret() -> None:
    moves = {move: targets for move, targets in MOVES.items() if move[1] in DEEDS_OF[OperationKind.LOGIN]}
    reached = {State.AUTHORISED}
    for _ in State:
        reached = reached.union(*(targets for (state, _), targets in moves.items() if state in reached))
    assert reached.isdisjoint({State.AWAITING_CODE, State.RELEASED, State.IN_DOUBT})


def test_a_table_s_refusal_leaves_the_login_as_it_was(login: Login) -> None:
    with pytest.raises(OperationState):
        operations.issue_pairing_code(_claimed(login).pk, AYSES_BROWSER, NOW)
    assert login.row.state == State.IDENTIFIED


def _claimed(login: Login) -> Operation:
    login.service.claim()
    return login.row
