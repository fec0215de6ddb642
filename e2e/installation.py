"""One installation for a module of tests: a portal behind a wire that records, a PC/SC lab, a card service.

Every test enrols people and cards of its own, so that tests do not disturb each other.
"""

import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from demo import enrolment
from demo.card import EnrolledCard, make_card, note_of
from demo.cast import Person
from demo.children import Children
from demo.ports import free_port
from demo.stack import CardService, Portal, fetch
from stdnum.tr import tckimlik

from e2e.recorder import Recorder
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.faults import FaultPlan
from kilitcoz_simulator.pcsc_lab import PcscLab

CODE = re.compile(r"#(\d{6})\b")
_numbers = itertools.count(1)


def person(name: str) -> Person:
    """Somebody of this name with an ID number and a telephone that nobody else has."""
    number = next(_numbers)
    first_nine = f"3{number:08d}"
    return Person(name, first_nine + tckimlik.calc_check_digits(first_nine), f"+90532{number:07d}")


@dataclass
class Enrolled:
    """A holder with a card, as the story begins."""

    person: Person
    word: str
    card: InReader
    note: EnrolledCard


@dataclass
class Installation:
    """Everything that runs. `settings`: further settings of the portal."""

    children: Children
    folder: Path
    portal: Portal
    wire: Recorder
    lab: PcscLab
    service: CardService

    def enrol(self, name: str, *, blocked: bool = True, faults: FaultPlan | None = None) -> Enrolled:
        """A holder with a new card, enrolled by the operator's commands; it is in nobody's reader yet."""
        somebody = person(name)
        issued = make_card(somebody)
        card = Card(issued.state, faults=faults)
        if blocked:
            block_pin(card)
        return self.enrol_card(somebody, card, note_of(issued))

    def enrol_card(self, somebody: Person, card: InReader, note: EnrolledCard) -> Enrolled:
        """The same with any card, as its issuer describes it."""
        word = enrolment.add_holder(self.portal, somebody)
        enrolment.adopt_card(self.portal, somebody, note, self.folder / "certificates" / note.card_id)
        return Enrolled(somebody, word, card, note)

    def messages(self, phone: str) -> list[str]:
        """Texts of the SMS sent to this telephone, newest first."""
        sent = json.loads(fetch(f"{self.portal.outbox}?format=json") or b"[]")
        return [message["text"] for message in sent if message["to"] == phone]

    def newest_code(self, phone: str) -> str:
        """What the holder reads off the telephone."""
        found = CODE.search(self.messages(phone)[0])
        assert found is not None, "the newest message carries no code"
        return found.group(1)

    def picture_text(self, check: str) -> str:
        """What eyes read off the CAPTCHA; the tests' eyes are the database."""
        with sqlite3.connect(self.portal.folder / "portal.sqlite3") as database:
            query = "SELECT picture_text FROM signin_humancheck WHERE id = ?"
            row: tuple[str] = database.execute(query, (check,)).fetchone()
        return row[0]


def installation(folder: Path, lab: PcscLab, **settings: str) -> Iterator[Installation]:
    """A fixture's body: starts everything, yields it, ends it."""
    portal_port, agent_port = free_port(), free_port()
    with Children(folder / "logs") as children, Recorder(portal_port) as wire:
        origin = f"http://localhost:{wire.port}"
        portal = Portal(children, folder / "portal", portal_port, agent_port, origin=origin, further=settings)
        portal.command("migrate")
        portal.start()
        service = CardService(children, folder / "agent", agent_port, ["pcsc"], further=lab.environment)
        service.trust(portal)
        yield Installation(children, folder, portal, wire, lab, service)
