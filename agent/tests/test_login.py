"""A login by card, from the link or the code to the way back, with virtual cards and a counterpart portal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from agent.tests.counterpart import COMPLETION, CONFIRMATION, PAIRING_CODE
from agent.tests.stage import MEHMET, OLD_PIN, Actors, Stage, make_card, pin_works, without_extensions
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from kilitcoz_agent.errors import CertificateUnusable, FieldRefused
from kilitcoz_agent.operation.certificates import read_certificate
from kilitcoz_agent.operation.operation import Door
from kilitcoz_agent.operation.phases import Act, Phase
from kilitcoz_agent.texts import Language
from kilitcoz_agent.web.view import view
from kilitcoz_cards.authentication import login_challenge, signed_value
from kilitcoz_cards.conversation import Conversation
from kilitcoz_cards.errors import CardsError
from kilitcoz_cards.families.piv_signing import SigningOutcome, SigningReport
from kilitcoz_cards.iso7816 import CommandApdu
from kilitcoz_cards.messages import Network, OperationKind, SignatureAlgorithm
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.faults import FaultPlan, Moment, Tear, When

WRONG_PIN = "999999"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Ayşe's card with its PIN, and a portal where somebody began a login."""
    made = Stage(tmp_path, blocked=False)
    made.portal.kind = OperationKind.LOGIN
    return made


def shown(ayse: Actors, language: Language = Language.TURKISH) -> str:
    """All that the page says."""
    service = ayse.service
    page = view(version=1, language=language, operation=service.operation, portals=(), done=service.done)
    return str(page)


def names(card: Card) -> list[str]:
    """Of the commands that reached a card."""
    return [each.name for each in card.log.commands]


async def asked(ayse: Actors) -> None:
    """From the link to the question for the PIN."""
    ayse.follow_link()
    await ayse.reaches(Phase.SIGN_IN)


def test_a_login_by_the_link_signs_and_leads_back_with_the_secret(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        page = shown(ayse)
        assert "https://kilit.example" in page
        assert "Bu tarayıcı" in page
        assert "Ayşe Yılmaz" in page
        ayse.signs_in()
        operation = await ayse.reaches(Phase.DONE)
        assert operation.return_to == f"{stage.portal.origin}/donus/{stage.portal.op}#c={COMPLETION}"
        assert operation.confirmation is None

    with stage:
        stage.play(story)
    assert stage.portal.calls == ["claim", "login"]
    assert stage.portal.found == [True]


def test_the_token_is_a_signature_over_this_origin_and_this_operation(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
    token = stage.portal.tokens[0]
    assert token.algorithm is SignatureAlgorithm.ES256
    key = x509.load_der_x509_certificate(token.unverified_certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(token.signature[cut], "big") for cut in (slice(32), slice(32, 64)))
    challenge = login_challenge(stage.portal.op, stage.portal.nonce)
    value = signed_value(stage.portal.origin, challenge, token.algorithm)
    key.verify(encode_dss_signature(r, s), value, ec.ECDSA(hashes.SHA256()))


def test_a18b_behind_a_typed_code_the_page_says_whose_browser_and_shows_the_number(stage: Stage) -> None:
    stage.portal.paired, stage.portal.network = True, Network.OTHER

    async def story(ayse: Actors) -> None:
        await ayse.service.pair(PAIRING_CODE, None)
        await ayse.reaches(Phase.SIGN_IN)
        page = shown(ayse)
        assert "ÖTEKİ tarayıcı: Firefox · Windows" in page
        assert "aynı ağda değil" in page
        assert "başkası söylediyse" in page
        ayse.signs_in()
        operation = await ayse.reaches(Phase.DONE)
        assert (operation.return_to, operation.confirmation) == (None, CONFIRMATION)
        assert CONFIRMATION in shown(ayse)
        assert "bu numarayı ona vermeyin" in shown(ayse)
        ayse.does(Act.CLOSE)
        assert ayse.service.done is OperationKind.LOGIN
        assert "Kartla Giriş Ekranı" in shown(ayse)

    with stage:
        stage.play(story)


@pytest.mark.parametrize("door", [Door.LINK, Door.SCHEME])
def test_a18b_a_link_that_was_paired_elsewhere_shows_no_number(stage: Stage, door: Door) -> None:
    stage.portal.paired = True

    async def story(ayse: Actors) -> None:
        ayse.follow_link(door)
        await ayse.reaches(Phase.SIGN_IN)
        ayse.signs_in()
        operation = await ayse.reaches(Phase.ENDED)
        assert operation.ended_by == "login-door-changed"
        assert CONFIRMATION not in shown(ayse)

    with stage:
        stage.play(story)


def test_a_wrong_pin_is_told_and_the_last_try_is_spent_only_by_who_says_so(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in(WRONG_PIN)
        await ayse.reaches(Phase.SIGN_IN, notice="card-pin-wrong")
        assert "Kalan deneme hakkı: 2." in shown(ayse)
        ayse.signs_in(WRONG_PIN)
        await ayse.reaches(Phase.LAST_TRY, notice="card-pin-wrong")
        assert "bir deneme hakkı kaldı" in shown(ayse)
        with pytest.raises(Exception, match="action-not-possible"):
            ayse.signs_in()
        ayse.does(Act.LAST_TRY)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
        assert pin_works(stage.card, OLD_PIN)


def test_the_try_that_blocks_the_card_ends_with_the_way_to_an_unlock(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        for _ in range(2):
            ayse.signs_in(WRONG_PIN)
            await ayse.sees(lambda: ayse.operation.phase in (Phase.SIGN_IN, Phase.LAST_TRY))
        await ayse.reaches(Phase.LAST_TRY)
        ayse.does(Act.LAST_TRY)
        ayse.signs_in(WRONG_PIN)
        operation = await ayse.reaches(Phase.ENDED)
        assert operation.ended_by == "login-pin-blocked"
        assert "Kilit Çözme" in shown(ayse)

    with stage:
        stage.play(story)
    assert stage.portal.aborts == ["login-pin-blocked"]


def test_a_blocked_card_is_asked_for_no_pin(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.portal.kind, before = OperationKind.LOGIN, names(stage.card).count("VERIFY")

        async def story(ayse: Actors) -> None:
            ayse.follow_link()
            assert (await ayse.reaches(Phase.ENDED)).ended_by == "login-pin-blocked"

        stage.play(story)
        assert names(stage.card).count("VERIFY") == before


@pytest.mark.parametrize(
    ("typed", "code"), [("", "pin-missing"), ("12345", "pin-too-short"), ("123456789", "pin-too-long")]
)
def test_a_pin_that_cannot_be_right_costs_no_try(stage: Stage, typed: str, code: str) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        with pytest.raises(FieldRefused) as refused:
            ayse.signs_in(typed)
        assert refused.value.fields == {"pin": code}
        assert ayse.operation.phase is Phase.SIGN_IN

    with stage:
        stage.play(story)


def test_a_card_that_comes_later_is_found_and_the_portal_hears_of_it(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        stage.slots[0].remove()
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD)
        stage.swap(stage.card)
        await ayse.reaches(Phase.SIGN_IN)

    with stage:
        stage.play(story)
    assert stage.portal.found == [False, True]


def test_a34_of_two_cards_the_holder_chooses_by_name(tmp_path: Path) -> None:
    stage = Stage(tmp_path, slots=2, blocked=False)
    stage.portal.kind = OperationKind.LOGIN
    other, _ = make_card(MEHMET, serial=10004822, blocked=False)
    stage.slots[1].insert(other)

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        operation = await ayse.reaches(Phase.CHOOSING_CARD)
        assert "Mehmet Demir" in shown(ayse)
        hers = next(
            each for each in operation.choices if each.signer and "Ayşe" in each.signer.certificate.name
        )
        ayse.does(Act.CHOOSE, card=hers.choice)
        await ayse.reaches(Phase.SIGN_IN)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
    assert "GENERAL AUTHENTICATE" not in names(other)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
@pytest.mark.parametrize("ins", [0x20, 0x87])
def test_a_card_pulled_in_the_middle_is_looked_at_again(tmp_path: Path, moment: Moment, ins: int) -> None:
    faults = FaultPlan([Tear(moment, When(ins=ins))])
    with Stage(tmp_path, blocked=False, faults=faults) as stage:
        stage.portal.kind = OperationKind.LOGIN

        async def story(ayse: Actors) -> None:
            await asked(ayse)
            ayse.signs_in()
            await ayse.sees(lambda: ayse.operation.phase in (Phase.WAITING_FOR_CARD, Phase.SIGN_IN))
            stage.swap(stage.card)
            await ayse.reaches(Phase.SIGN_IN)
            ayse.signs_in()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def test_a22_a_card_swapped_after_it_was_found_gets_no_pin(stage: Stage) -> None:
    other, _ = make_card(MEHMET, serial=10004822, blocked=False)

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        stage.swap(other)
        ayse.signs_in()
        await ayse.reaches(Phase.SIGN_IN)

    with stage:
        stage.play(story)
    assert "VERIFY" not in names(other)


@pytest.mark.parametrize(
    "code", ["certificate-revoked", "certificate-not-trusted", "certificate-holder-unknown"]
)
def test_what_the_portal_refuses_is_told_with_its_code_and_next_step(stage: Stage, code: str) -> None:
    stage.portal.refusals["login"] = code

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == code
        assert code in shown(ayse)
        assert "Beklenmeyen" not in shown(ayse)

    with stage:
        stage.play(story)


def test_a_portal_that_is_gone_for_a_moment_gets_the_token_later(stage: Stage) -> None:
    stage.portal.lost_answers.append("login")

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
    assert stage.portal.tokens[0] == stage.portal.tokens[1]


def test_giving_up_is_told_to_the_portal(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.does(Act.CANCEL)
        await ayse.reaches(Phase.ENDED)

    with stage:
        stage.play(story)
    assert stage.portal.aborts == ["cancelled-by-holder"]


def test_a31_the_card_is_power_cycled_after_a_login(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)

    with stage:
        stage.play(story)
        assert not stage.card.powered


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a signature by 9C", "0087119c26" + "7c2482008120" + "00" * 32 + "00"),
        ("9A over more than a hash", "0087119a36" + "7c3482008130" + "00" * 48 + "00"),
        ("a new PUK", "0024008110" + "31" * 16),
        ("a new PIN", "002c008010" + "31" * 16),
        ("another applet", "00a4040008a000000003000000"),
    ],
)
def test_a21_nothing_but_a_login_can_be_said_inside_a_login(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, command: str
) -> None:
    apdu = CommandApdu.from_bytes(bytes.fromhex(command))

    def lured(*_: object, **__: object) -> Conversation[SigningReport]:
        def card() -> Conversation[SigningReport]:
            yield apdu
            raise AssertionError("it was sent")

        return _reported(card)

    def _reported(row: Callable[[], Conversation[SigningReport]]) -> Conversation[SigningReport]:
        try:
            return (yield from row())
        except CardsError as fault:
            return SigningReport(SigningOutcome.ABORTED, abort_code=fault.code)

    monkeypatch.setattr("kilitcoz_agent.operation.login_work.piv_login.sign_in", lured)

    async def story(ayse: Actors) -> None:
        await asked(ayse)
        read = len(stage.card.log.commands)
        ayse.signs_in()
        assert (await ayse.reaches(Phase.ENDED)).ended_by == "command-forbidden"
        assert len(stage.card.log.commands) == read

    with stage:
        stage.play(story)
    assert stage.portal.aborts == ["command-forbidden"]


def test_a_card_without_vendor_commands_logs_in_too(tmp_path: Path) -> None:
    with Stage(tmp_path, blocked=False, profile=without_extensions()) as stage:
        stage.portal.kind = OperationKind.LOGIN

        async def story(ayse: Actors) -> None:
            await asked(ayse)
            ayse.signs_in()
            await ayse.reaches(Phase.DONE)

        stage.play(story)


def test_a_certificate_that_cannot_serve_is_told_before_a_pin_is_asked_for(stage: Stage) -> None:
    stage.portal.now += 4 * 365 * 24 * 3600  # the certificate is good for three years

    async def story(ayse: Actors) -> None:
        ayse.follow_link()
        await ayse.reaches(Phase.WAITING_FOR_CARD, notice="login-certificate-expired")
        assert "süresi dolmuş" in shown(ayse)

    with stage:
        stage.play(story)
    assert stage.portal.found == [False]


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_certificate_is_unreadable(der: bytes) -> None:
    with pytest.raises(CertificateUnusable, match="login-certificate-unreadable"):
        read_certificate(der, 0.0)


def test_no_pin_is_in_any_repr(stage: Stage) -> None:
    async def story(ayse: Actors) -> None:
        await asked(ayse)
        ayse.signs_in()
        await ayse.reaches(Phase.DONE)
        assert OLD_PIN not in repr(ayse.operation)
        assert COMPLETION not in repr(replace(ayse.operation))

    with stage:
        stage.play(story)
