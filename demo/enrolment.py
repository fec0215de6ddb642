"""What an operator does first: the holder and the card become known, by `kilitcoz` commands."""

import json
from pathlib import Path

from demo.card import EnrolledCard
from demo.cast import Person
from demo.stack import Portal


def add_holder(portal: Portal, person: Person) -> str:
    """Enrols the person; returns the security word that was made. Raises ChildFailedError."""
    options = ["--id-number", person.id_number, "--name", person.name, "--phone", person.phone, "--json"]
    word: str = json.loads(portal.command("holder", "add", *options))["security_word"]
    return word


def adopt_card(portal: Portal, person: Person, note: EnrolledCard, folder: Path) -> None:
    """Enrols the card: its PUK by stdin, its certificates by files in `folder`. Raises ChildFailedError."""
    options = ["--id-number", person.id_number, "--family", note.family, "--card-id", note.card_id]
    options += ["--serial", note.serial, "--puk-stdin"]
    for path in note.write_certificates(folder):
        options += ["--certificate", f"{path.stem}={path}"]
    portal.command("card", "adopt", *options, typed=f"{note.puk}\n")
