"""`kilitcoz-agent readers`: which readers there are and which card is in which."""

from __future__ import annotations

from kilitcoz_agent.commands.doctor import look_at
from kilitcoz_agent.errors import AgentError
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_agent.texts import Language, commands, say
from kilitcoz_agent.texts.errors import ERRORS
from kilitcoz_cards.errors import CardsError


def listing(readers: Readers, language: Language) -> list[str]:
    """One line for each reader. Raises ReaderServiceMissing."""
    found = readers.statuses()
    return [_line(readers, status, language) for status in found] or [say(commands.NO_READERS, language)]


def _line(readers: Readers, status: ReaderStatus, language: Language) -> str:
    if not status.card_present:
        return say(commands.READER_EMPTY, language, name=status.name)
    try:
        card = look_at(readers, status.name)
    except (CardsError, AgentError) as fault:
        sentence = say(ERRORS.get(fault.code, ERRORS["internal-error"]).happened, language)
        return say(commands.READER_FAULT, language, name=status.name, sentence=sentence)
    values = {"name": status.name, "family": card.family, "serial": card.serial or "–"}
    return say(commands.READER_CARD, language, **values)
