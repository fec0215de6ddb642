"""Every phase has its screen in both languages, every code its sentences, and the manual's labels stand."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from agent.tests.counterpart import CounterpartPortal
from agent.tests.stage import make_card

from kilitcoz_agent import errors as agent_errors
from kilitcoz_agent.operation.deeds import BEGIN_AGAIN
from kilitcoz_agent.operation.operation import Door, FoundCard, Notice, Operation, Step
from kilitcoz_agent.operation.phases import ACTS, NEXT, OVER, Act, Phase
from kilitcoz_agent.operation.typed import FIELDS
from kilitcoz_agent.texts import Both, Language, commands, desk, first_pin, login, page, renewal, sign
from kilitcoz_agent.texts.errors import ERRORS, IN_ITS_WORDS
from kilitcoz_agent.web.screens import SCREENS
from kilitcoz_agent.web.view import view
from kilitcoz_cards import errors as cards_errors
from kilitcoz_cards.messages import (
    WITHOUT_CARD,
    CardDecision,
    Decision,
    DocumentToSign,
    Identification,
    LoginDecision,
    Network,
    OperationKind,
)
from kilitcoz_cards.pin import PinRules, PinState

PORTAL = CounterpartPortal(make_card()[1], now=1_800_000_000)
CARD = FoundCard(
    "Reader 0",
    1,
    Identification(
        "piv", "ab" * 16, "10004821", "Reader 0", "3b00", {}, PinState(True, 0), PinState(False, 3), None
    ),
)
DECISION = Decision(CardDecision.NOT_BLOCKED, "s" * 43, "…4821", "F3", None, {}, PinRules(6, 8, "digits"))


def an_operation(
    phase: Phase, *, code: str | None = None, kind: OperationKind = OperationKind.UNLOCK
) -> Operation:
    named = PORTAL.claims_of_capability()
    if kind in WITHOUT_CARD:
        named = replace(named, card=None, card_label=None)
    capability = replace(named, kind=kind)
    operation = Operation(capability, Door.LINK, lambda: None, phase=phase, card=CARD, decision=DECISION)
    operation.document = DocumentToSign("E-Onay metni", bytes(32), bytes(64))
    operation.login = LoginDecision("s" * 43, "Firefox · Windows", Network.OTHER)
    operation.notice = Notice(code, 2) if code is not None else None
    operation.choices, operation.step, operation.ended_by = (CARD,), Step.CARD, code
    return operation


@pytest.mark.parametrize(("phase", "language", "kind"), list(product(Phase, Language, OperationKind)))
def test_every_phase_has_a_screen_in_both_languages(
    phase: Phase, language: Language, kind: OperationKind
) -> None:
    shown = view(version=1, language=language, operation=an_operation(phase, kind=kind), portals=())
    assert shown["title"]
    assert set(SCREENS) == set(Phase)
    assert not [each for each in shown["blocks"] if "{" in each.get("text", "")]


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_code_can_stand_on_every_screen_that_shows_codes(code: str) -> None:
    for phase, language in product(
        (Phase.WAITING_FOR_CARD, Phase.NEW_PIN, Phase.CHANGE_PIN, Phase.ENDED), Language
    ):
        view(version=1, language=language, operation=an_operation(phase, code=code), portals=(), problem=code)


def test_a_code_we_do_not_know_is_shown_as_an_internal_error_with_its_name() -> None:
    operation = an_operation(Phase.ENDED, code="code-of-a-newer-portal")
    shown = str(view(version=1, language=Language.TURKISH, operation=operation, portals=()))
    assert "Beklenmeyen bir sorun" in shown
    assert "code-of-a-newer-portal" in shown


def _codes_of(module: object, root: type[Exception]) -> set[str]:
    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, root)]
    return {str(each.code) for each in classes}  # type: ignore[attr-defined]  # each class has one


def test_every_code_of_cards_and_card_service_has_its_row() -> None:
    only_inside = {"card-error", "internal-error", "field-refused"}
    inside = _codes_of(cards_errors, cards_errors.CardsError) | _codes_of(
        agent_errors, agent_errors.AgentError
    )
    assert inside - only_inside <= set(ERRORS) | set(commands.COMMAND_ERRORS)
    assert {code for code in BEGIN_AGAIN.values() if code} <= set(ERRORS)


def test_every_code_the_portal_may_answer_has_its_row() -> None:
    """The portal's own lists, read as text: the programs never import each other."""
    portal = Path(__file__).parents[2] / "portal" / "src" / "kilitcoz_portal"
    codes: set[str] = set()
    for name in ("operations/errors.py", "agentapi/errors.py", "trust/errors.py"):
        codes |= set(re.findall(r'code = "([a-z-]+)"', (portal / name).read_text(encoding="utf-8")))
    refusals = (portal / "vault" / "errors.py").read_text(encoding="utf-8").split("class RefusalCode")[1]
    codes |= set(re.findall(r'= "([a-z-]+)"', refusals))
    on_the_portals_pages_alone = {"operation-error", "trust-error", "confirmation-wrong"}
    assert codes - on_the_portals_pages_alone <= set(ERRORS)


def _all_sentences() -> dict[str, Both]:
    found = {name: value for name, value in vars(page).items() if isinstance(value, tuple)}
    for module in (login, first_pin, renewal, desk, sign):
        own = {name: value for name, value in vars(module).items() if isinstance(value, tuple)}
        found |= {f"{module.__name__}.{name}": value for name, value in own.items()}
    found |= {name: value for name, value in vars(commands).items() if isinstance(value, tuple)}
    for table in ("COMMAND_ERRORS", "CHECKS", "LEVELS", "FOUND", "NEXT_STEPS"):
        found |= {f"{table}.{name}": value for name, value in getattr(commands, table).items()}
    rows_of = {f"{kind}, {code}": row for kind, rows in IN_ITS_WORDS.items() for code, row in rows.items()}
    for code, row in {**rows_of, **ERRORS}.items():
        found |= {f"{code}.happened": row.happened, f"{code}.next": row.next_step}
    return found


@pytest.mark.parametrize(("name", "both"), sorted(_all_sentences().items()))
def test_both_languages_say_the_same_with_the_same_values(name: str, both: Both) -> None:
    turkish, english = (
        {field for _, field, _, _ in string.Formatter().parse(each) if field} for each in both
    )
    assert turkish == english
    for sentence in both:
        assert sentence == sentence.strip()
        assert "'" not in sentence, "typographic apostrophes, as in the rest of the product"
        assert not re.search(r"\b[Pp]lease|lütfen\b", sentence)


def test_a_next_step_is_never_missing() -> None:
    for row in ERRORS.values():
        for sentence in row.next_step + row.happened:
            assert sentence.endswith(".")


def test_the_manuals_labels_are_these() -> None:
    labels = (page.NEW_PIN, page.REPEAT_PIN, page.MAKE_PIN, page.PIN_CHANGED, page.OK, page.SCREEN_HEADING)
    assert [label[0] for label in labels] == [
        "Yeni PIN Kodu",
        "Yeni PIN Kodu (Tekrar)",
        "Yeni PIN Üret",
        "Kart PIN başarıyla değiştirildi",
        "OK",
        "Kilit Çözme Ekranı",
    ]


def test_a_first_pin_has_words_of_its_own_and_none_of_a_forgotten_one() -> None:
    for phase in (Phase.NEW_PIN, Phase.WORKING, Phase.DONE):
        operation = an_operation(phase, kind=OperationKind.ACTIVATE)
        shown = str(view(version=1, language=Language.TURKISH, operation=operation, portals=()))
        assert "İlk PIN" in shown or "Kart PIN başarıyla belirlendi" in shown
        for of_a_forgotten_one in ("Yeni PIN", "yeni PIN", "değiştir", "Kilit Çözme"):
            assert of_a_forgotten_one not in shown.replace("yenisiyle değiştirilir", ""), phase


def test_the_tables_speak_of_every_phase_and_act() -> None:
    assert set(NEXT) == set(ACTS) == set(Phase)
    assert set(FIELDS) == set(Act)
    assert all(not NEXT[phase] for phase in OVER)
    reachable = {Phase.IDENTIFYING}.union(*NEXT.values())
    assert reachable == set(Phase)


def test_a_phase_cannot_follow_one_it_does_not_follow() -> None:
    operation = an_operation(Phase.NEW_PIN)
    with pytest.raises(ValueError, match="not followed by"):
        operation.enter(Phase.DONE)
    operation.end("internal-error")
    operation.end("card-lost")
    assert operation.ended_by == "internal-error", "what is over stays as it is"


def test_neither_session_nor_completion_is_in_a_repr() -> None:
    operation = an_operation(Phase.DONE)
    operation.return_to = "https://kilit.example/donus/x#c=completion"
    assert "completion" not in repr(operation)
    assert "s" * 43 not in repr(operation)


def test_the_document_has_the_tables_phases_and_acts() -> None:
    document = (Path(__file__).parents[2] / "docs" / "card-service.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| (.+) \|$", document, re.MULTILINE)
    documented = {phase: set(re.findall(r"`([a-z-]+)`", acts)) for phase, acts in rows}
    assert documented == {phase.value: {act.value for act in acts} for phase, acts in ACTS.items()}
