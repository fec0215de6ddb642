"""What an operator does first: the holder and the card become known, by `kilitcoz` commands."""

import csv
import json
from collections.abc import Mapping
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


def enrol_many(portal: Portal, notes: Mapping[Person, EnrolledCard], folder: Path) -> dict[Person, str]:
    """Enrols people with one card each, by two CSV files in `folder`; returns their security words.

    The file with the PUKs is removed. Raises ChildFailedError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    people, cards = folder / "holders.csv", folder / "cards.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id_number", "name", "phone"))
        rows.writerows((each.id_number, each.name, each.phone) for each in notes)
    report = json.loads(portal.command("holder", "add", "--csv", str(people), "--json"))
    words = {added["id_number"]: added["security_word"] for added in report["added"]}
    try:
        with cards.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("id_number", "family", "card_id", "serial", "certificates", "puk"))
            for person, note in notes.items():
                paths = note.write_certificates(folder / note.card_id)
                listed = " ".join(f"{path.stem}={note.card_id}/{path.name}" for path in paths)
                rows.writerow((person.id_number, note.family, note.card_id, note.serial, listed, note.puk))
        portal.command("card", "adopt", "--csv", str(cards))
    finally:
        cards.unlink(missing_ok=True)
    return {person: words[person.id_number] for person in notes}
