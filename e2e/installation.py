"""One installation for a module of tests: a portal behind a wire that records, a PC/SC lab, a card service.

Every test enrols people and cards of its own, so that tests do not disturb each other.
"""

import contextlib
import itertools
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from demo import enrolment
from demo.card import EnrolledCard, make_card, note_of
from demo.cast import Person
from demo.children import Child, Children
from demo.ports import free_port
from demo.stack import CardService, Portal, fetch
from stdnum.tr import tckimlik

from e2e.recorder import Recorder
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.pcsc_lab import PcscLab

CODE = re.compile(r"#(\d{6})\b")
ENROLLED_AT_ONCE = 6
_numbers = itertools.count(1)
_empty_database: list[bytes] = []  # as the first `kilitcoz migrate` left it


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
    """Everything that runs. `waiting`: enrolled by name, not yet in any story."""

    children: Children
    folder: Path
    portal: Portal
    wire: Recorder
    lab: PcscLab
    service: CardService
    running: Child | None = None
    waiting: defaultdict[str, list[Enrolled]] = field(default_factory=lambda: defaultdict(list))

    @property
    def origin(self) -> str:
        """The portal's, as browsers see it."""
        return self.portal.origin

    def start_service(self, environment: Mapping[str, str] | None = None) -> None:
        """The card service, at this PC/SC service: by default the lab's."""
        further = self.lab.environment if environment is None else environment
        self.running = replace(self.service, further=further).start()

    def stop_service(self) -> None:
        """Ends the card service that runs."""
        if self.running is not None:
            self.running.stop()
            self.children.running.remove(self.running)
            self.running = None

    def enrol(self, name: str) -> Enrolled:
        """A holder with a new card whose PIN is blocked; it is in nobody's reader yet."""
        if not self.waiting[name]:
            self.waiting[name] = self._enrol_many(name)
        return self.waiting[name].pop()

    def enrol_card(self, somebody: Person, card: InReader, note: EnrolledCard) -> Enrolled:
        """A holder with any card, as its issuer describes it."""
        word = enrolment.add_holder(self.portal, somebody)
        enrolment.adopt_card(self.portal, somebody, note, self.folder / "certificates" / note.card_id)
        return Enrolled(somebody, word, card, note)

    def _enrol_many(self, name: str) -> list[Enrolled]:
        """Several at once, by the operator's CSV files: two commands instead of two for each."""
        notes = {}
        cards = {}
        for _ in range(ENROLLED_AT_ONCE):
            somebody = person(name)
            issued = make_card(somebody)
            notes[somebody] = note_of(issued)
            cards[somebody] = Card(issued.state)
            block_pin(cards[somebody])
        words = enrolment.enrol_many(self.portal, notes, self.folder / "enrolment")
        return [Enrolled(each, words[each], cards[each], notes[each]) for each in notes]

    def messages(self, phone: str) -> list[str]:
        """Texts of the SMS sent to this telephone, newest first."""
        sent = json.loads(fetch(f"{self.portal.outbox}?format=json") or b"[]")
        return [message["text"] for message in sent if message["to"] == phone]

    def newest_code(self, phone: str) -> str:
        """What the holder reads off the telephone."""
        found = (CODE.search(text) for text in self.messages(phone))
        return next(each.group(1) for each in found if each is not None)

    def picture_text(self, check: str) -> str:
        """What eyes read off the CAPTCHA; the tests' eyes are the database."""
        with self.database() as database:
            query = "SELECT picture_text FROM signin_humancheck WHERE id = ?"
            row: tuple[str] = database.execute(query, (check,)).fetchone()
        return row[0]

    def let_codes_grow_old(self) -> None:
        """As if 301 seconds had passed for every SMS code sent so far."""
        with self.database() as database:
            then = "datetime('now', '-301 seconds')"  # a code's seconds count from when its message was taken
            database.execute(f"UPDATE outgoing_message SET accepted_at = {then}, settled_at = {then}")

    def let_sms_rest(self) -> None:
        """As if a minute had passed since every SMS."""
        with self.database() as database:
            database.execute("UPDATE signin_sendbudget SET last_sent_at = datetime('now', '-61 seconds')")

    def let_tries_take(self, seconds: int) -> None:
        """As if the pauses between tries were so long."""
        with self.database() as database:
            database.execute(f"UPDATE signin_wordentries SET next_at = datetime('now', '+{seconds} seconds')")

    def let_tries_rest(self) -> None:
        """As if the pauses between tries of a word had passed."""
        with self.database() as database:
            database.execute("UPDATE signin_wordentries SET next_at = datetime('now', '-1 seconds')")

    @contextlib.contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """The portal's database, beside the running portal."""
        with contextlib.closing(
            sqlite3.connect(self.portal.folder / "portal.sqlite3", timeout=20)
        ) as database:
            yield database
            database.commit()


def installation(folder: Path, lab: PcscLab, **settings: str) -> Iterator[Installation]:
    """A fixture's body: starts everything, yields it, ends it."""
    with contextlib.ExitStack() as held, Children(folder / "logs") as children:
        portal_port, agent_port = free_port(held), free_port(held)
        wire = held.enter_context(Recorder(portal_port))
        origin = f"http://localhost:{wire.port}"
        portal = Portal(children, folder / "portal", portal_port, agent_port, origin=origin, further=settings)
        _migrate(portal)
        portal.start()
        service = CardService(children, folder / "agent", agent_port, ["pcsc"])
        service.trust(portal)
        yield Installation(children, folder, portal, wire, lab, service)


def _migrate(portal: Portal) -> None:
    """By the command; for every later installation of this run, a copy of the tables that it made."""
    database = portal.folder / "portal.sqlite3"
    if _empty_database:
        portal.folder.mkdir(mode=0o700, parents=True)
        database.write_bytes(_empty_database[0])
    else:
        portal.command("migrate")
        _empty_database.append(database.read_bytes())
