"""What the demo says when everything runs: one line of JSON for programs, a few lines for people."""

import json
from dataclasses import dataclass
from pathlib import Path

from demo.cast import Person
from demo.signature import ForBrowsers


@dataclass(frozen=True)
class Ready:
    """The demo contract. Everything secret in it is the demo's own invention."""

    portal: str
    agent: str
    outbox: str
    signature: ForBrowsers
    holder: Person
    security_word: str
    family: str
    serial: str
    reader: str
    pin_state: str
    folder: Path

    def as_json(self) -> str:
        """One line."""
        document = {
            "portal": self.portal,
            "agent": self.agent,
            "outbox": self.outbox,
            "signature": {
                "origin": self.signature.origin,
                "certificate": str(self.signature.certificate),
                "password": self.signature.password,
            },
            "holder": {
                "id_number": self.holder.id_number,
                "security_word": self.security_word,
                "phone": self.holder.phone,
                "name": self.holder.name,
            },
            "card": {
                "family": self.family,
                "serial": self.serial,
                "reader": self.reader,
                "pin_state": self.pin_state,
            },
        }
        return json.dumps(document, ensure_ascii=False)

    def as_text(self, language: str) -> str:
        """A few lines in the demo's language."""
        states = STATES[language]
        return TEXTS[language].format(
            name=self.holder.name,
            serial=self.serial,
            state=states[self.pin_state],
            portal=self.portal,
            id_number=self.holder.id_number,
            word=self.security_word,
            outbox=self.outbox,
            certificate=self.signature.certificate,
            password=self.signature.password,
            reader=self.reader,
            folder=self.folder,
        )


STATES = {"tr": {"blocked": "kilitli", "usable": "açık"}, "en": {"blocked": "blocked", "usable": "usable"}}

TEXTS = {
    "tr": """\
Kilitçöz hazır. {name} PIN kodunu unuttu; {serial} seri numaralı kartının PIN'i {state} ({reader}).

  Açın                 {portal}
  Kimlik No            {id_number}
  Güvenlik Sözcüğü     {word}
  SMS kodları          {outbox}
  E-imza sertifikası   {certificate} (parola: {password})

Bitirmek için Ctrl-C. Günlükler: {folder}/logs""",
    "en": """\
Kilitçöz is ready. {name} forgot her PIN; the PIN of her card no. {serial} is {state} ({reader}).

  Open                 {portal}
  ID number            {id_number}
  Security word        {word}
  SMS codes            {outbox}
  E-signature file     {certificate} (password: {password})

Ctrl-C ends it. Logs: {folder}/logs""",
}
