"""Screens on which the card is found."""

from __future__ import annotations

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import Both, page
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.screens.parts import Told, cancel, card_name, compare, facts
from kilitcoz_agent.web.screens.screen import Screen

#: What is asked for, by the notice; everything else asks for the card.
WAITING_TEXTS: dict[str | None, tuple[Both, Both]] = {
    "reader-missing": (page.INSERT_READER, page.INSERT_READER_TEXT),
    "wrong-card": (page.WRONG_CARD, page.INSERT_CARD_TEXT),
}

#: Problems that taking the card out and putting it in does not show by itself.
RETRIED_BY_HAND = frozenset(
    {"reader-busy", "reader-service-missing", "card-lost", "card-refused", "card-malformed", "card-mute"}
)

#: Not a problem: simply what comes next.
QUIET = frozenset({None, "reader-missing"})


def waiting(told: Told) -> Screen:
    """Put the reader or the card in; or what is wrong with the one that is in."""
    operation = told.operation
    code = operation.notice.code if operation.notice is not None else None
    heading, sentence = WAITING_TEXTS.get(code, (page.INSERT_CARD, page.INSERT_CARD_TEXT))
    lead = told.say(sentence)
    if code == "wrong-card" and operation.card_label is not None:
        lead = told.say(page.WRONG_CARD_LABEL, label=operation.card_label.lstrip("…"))
    problems = [] if code in QUIET else [told.problem(str(code))]
    retry = [blocks.button(told.say(page.RETRY), action=Act.RETRY)] if code in RETRIED_BY_HAND else []
    shown = [blocks.text(lead, "lead"), compare(told), facts(told), blocks.buttons(*retry, cancel(told))]
    return Screen(
        f"waiting-{code or 'for-card'}", told.say(heading), shown, problems, status=told.say(heading)
    )


def choosing(told: Told) -> Screen:
    """Several cards may be the one: the holder says which."""
    wanted = told.operation.capability.card_label  # where the card is known, all of these say they are it
    options = [
        blocks.option(card.choice, card_name(told, card, wanted), card.reader, place=place)
        for place, card in enumerate(told.operation.choices)
    ]
    legend, go_on = told.say(page.CHOOSE_CARD_LEGEND), told.say(page.GO_ON)
    shown = [
        compare(told),
        blocks.choice(Act.CHOOSE, "card", legend, options, go_on),
        facts(told),
        blocks.buttons(cancel(told)),
    ]
    heading = told.say(page.CHOOSE_CARD)
    problems = [told.problem(code) for code in told.mistyped.values()]
    return Screen("choosing-card", heading, shown, problems, status=heading)


def identifying(told: Told) -> Screen:
    """The card is read, and the portal asked."""
    heading = told.say(page.READING_CARD)
    shown = [
        blocks.text(told.say(page.LEAVE_IN), "lead"),
        facts(told),
        blocks.text(told.say(page.CLOSE_OTHERS), "about"),
    ]
    return Screen("identifying", heading, shown, status=heading)
