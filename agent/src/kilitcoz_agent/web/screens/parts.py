"""What several screens share: who is told what in which language, and the parts that say whose operation this
is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kilitcoz_agent.operation.operation import Door, FoundCard, Operation
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, Language, login, page, say, sign
from kilitcoz_agent.texts.errors import ERRORS, IN_ITS_WORDS, ErrorText
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.words import (
    PIN_WORDS,
    SIGNING_WORDS,
    UNLOCK,
    WORDS,
    PinWords,
    Words,
    WorkWords,
)
from kilitcoz_cards.messages import OperationKind

PIN_WRONG = "card-pin-wrong"
DEFAULT_LENGTHS = {"min_length": 6, "max_length": 8}


@dataclass(frozen=True)
class Told:
    """Somebody looks at an operation in a language, having perhaps mistyped something (field → code)."""

    operation: Operation
    language: Language
    mistyped: Mapping[str, str]

    def say(self, both: Both, **values: str | int) -> str:
        """A sentence in this language."""
        return say(both, self.language, **values)

    def mistake(self, field: str) -> str | None:
        """What to say at a field, if it was mistyped."""
        return self.error(self.mistyped[field]) if field in self.mistyped else None

    def error(self, code: str) -> str:
        """A code's sentences, with this operation's PIN lengths."""
        return error_sentence(code, self.language, self.lengths)

    @property
    def words(self) -> Words:
        """What this kind of operation is called."""
        return WORDS[self.operation.capability.kind]

    @property
    def pin_words(self) -> PinWords:
        """What a kind that sets a PIN calls its fields, its work and its end; of any other, the unlock's."""
        return PIN_WORDS.get(self.operation.capability.kind, UNLOCK)

    @property
    def work_words(self) -> WorkWords:
        """What is said while this kind of operation works."""
        return SIGNING_WORDS.get(self.operation.capability.kind, self.pin_words)

    @property
    def lengths(self) -> dict[str, int]:
        """The PIN's least and greatest length, as the portal's decision has them."""
        if self.operation.decision is None:
            return DEFAULT_LENGTHS
        rules = self.operation.decision.pin_rules
        return {"min_length": rules.min_length, "max_length": rules.max_length}

    def problem(self, code: str, field: str | None = None) -> Block:
        """An entry of the box at the top, with the code for whoever is asked for help."""
        return {"text": self.error(code), "code": self.say(page.CODE, code=code), "field": field}


def row_of(code: str, kind: OperationKind | None = None) -> ErrorText:
    """A code's row, in the words of a kind of operation; one that a newer portal may send and we do not know
    is shown as an internal error.
    """
    own = IN_ITS_WORDS.get(kind, {}) if kind is not None else {}
    return own.get(code) or ERRORS.get(code, ERRORS["internal-error"])


def error_sentence(code: str, language: Language, lengths: Mapping[str, int] | None = None) -> str:
    """What happened and what to do next, in one go."""
    row = row_of(code)
    return f"{say(row.happened, language)} {say(row.next_step, language, **(lengths or DEFAULT_LENGTHS))}"


def card_name(told: Told, card: FoundCard, label: str | None) -> str:
    """A card as its holder can recognise it: the serial number, in full or its end; in a login or a
    signature with the name in its certificate.
    """
    if card.identification.serial is not None:
        number = told.say(page.CARD_ENDS, serial=card.identification.serial)
    elif label is not None:
        number = told.say(page.CARD_LABEL, label=label)
    else:
        number = told.say(page.CARD_UNNUMBERED)
    name = card.signer.certificate.name if card.signer is not None else ""
    return told.say(login.NAMED_CARD, name=name, card=number) if name else number


def browser_logged_in(told: Told) -> str:
    """In a login, the browser that will be logged in."""
    operation = told.operation
    if operation.door is not Door.PAIRING:
        return told.say(login.THIS_BROWSER)
    browser = operation.login.browser if operation.login is not None else None
    if browser is None:
        return told.say(login.OTHER_BROWSER)
    return told.say(login.OTHER_BROWSER_NAMED, browser=browser)


def facts(told: Told) -> Block:
    """Whose operation this is, what it does, and with which card."""
    operation = told.operation
    rows = [
        (told.say(page.PORTAL), operation.capability.iss),
        (told.say(page.OPERATION), told.say(told.words.operation)),
    ]
    if operation.is_login:
        rows.append((told.say(login.LOGS_IN), browser_logged_in(told)))
    if operation.document is not None:
        rows.append((told.say(sign.DOCUMENT), operation.document.title))
    if operation.card is not None:
        rows.append((told.say(page.CARD), card_name(told, operation.card, operation.card_label)))
        rows += _tries(told, operation.card)
    elif operation.card_label is not None:
        rows.append((told.say(page.CARD), told.say(page.CARD_LABEL, label=operation.card_label)))
    return blocks.facts(rows)


def _tries(told: Told, card: FoundCard) -> list[tuple[str, str]]:
    """The tries the card told of; nothing where it does not tell."""
    pin, puk = card.identification.pin, card.identification.puk
    rows = []
    if pin.blocked or pin.retries_left == 0:
        rows.append((told.say(page.PIN_TRIES), told.say(page.NO_TRIES)))
    elif pin.retries_left is not None:
        rows.append((told.say(page.PIN_TRIES), str(pin.retries_left)))
    if puk.retries_left is not None:
        rows.append((told.say(page.PUK_TRIES), str(puk.retries_left)))
    return rows


def compare(told: Told) -> Block:
    """The number that the portal's page shows too."""
    return blocks.number(told.operation.capability.num, told.say(page.NUMBER))


def cancel(told: Told) -> Block:
    """The button that leaves the operation."""
    return blocks.button(told.say(page.CANCEL), action=Act.CANCEL)


def pin_problems(told: Told, field: str | None) -> list[Block]:
    """What the last attempt came to, where a card's PIN is asked for."""
    notice = told.operation.notice
    if notice is None:
        return []
    if notice.code != PIN_WRONG:
        return [told.problem(notice.code, field)]
    happened = told.say(row_of(PIN_WRONG).happened)
    if notice.retries_left is not None:
        happened = f"{happened} {told.say(page.TRIES_LEFT_NOW, count=notice.retries_left)}"
    return [{"text": happened, "code": None, "field": field}]


def pin_form(told: Told, act: Act, submit: Both) -> Block:
    """The one field for the card's PIN, and the button."""
    field = blocks.field("pin", told.say(login.CARD_PIN), secret=True, error=told.mistake("pin"))
    reveal = {"show": told.say(page.SHOW_PIN), "hide": told.say(page.HIDE_PIN)}
    return blocks.form(act, told.say(submit), [field], reveal=reveal, aside=[cancel(told)])
