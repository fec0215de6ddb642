"""A holder's browser without a screen: Django's test client walking the pages, each step by the addresses
they show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from portal.tests.people import AYSE_WORD

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.signin.models import HumanCheck
from kilitcoz_portal.sms.queries import outbox

FORGOTTEN = "/giris/sifreli/sozcugumu-unuttum"


@dataclass
class Walker:
    """One browser. Every verb returns Django's response."""

    client: Client
    holder: Holder

    def get(self, path: str, **more: Any) -> Any:
        """A page."""
        return self.client.get(path, **more)

    def post(self, path: str, **fields: str) -> Any:
        """A form sent off."""
        return self.client.post(path, fields)

    def enter_word(self, word: str = AYSE_WORD, id_number: str = "", **other: str) -> Any:
        """Figure 3 with a solved check, unless `other` says otherwise."""
        return self.enter_word_on(self.get("/giris/sifreli"), word, id_number, **other)

    def enter_word_on(self, page: Any, word: str = AYSE_WORD, id_number: str = "", **other: str) -> Any:
        """The same on a page that is open already. A trusted browser's has no check."""
        number = id_number or self.holder.id_number
        fields = {"id_number": number, "word": word}
        return self.post("/giris/sifreli", **(fields | self.solved(page) | other))

    def solved(self, page: Any) -> dict[str, str]:
        """The answer to the page's human check; nothing where it has none."""
        shown = re.findall(r'name="check" value="([^"]+)"', page.content.decode())
        if not shown:
            return {}
        check = HumanCheck.objects.get(pk=shown[0])
        return {"check": check.pk, "picture_text": check.picture_text, "proof": ""}

    def ask_for_code(self) -> str:
        """Figure 4; the code that reached the phone."""
        self.post("/giris/sms")
        return outbox()[0]["code"]

    def sign_in(self) -> Any:
        """Figures 3 to 5."""
        self.enter_word()
        return self.post("/giris/sms/kod", sms_code=self.ask_for_code())

    def step_up(self) -> None:
        """The fresh proof, as it is asked for before what protects the account."""
        self.post("/dogrulama/kod")
        self.post("/dogrulama", sms_code=outbox()[0]["code"])

    def begin_recovery(self, id_number: str = "", **other: str) -> Any:
        """ "Güvenlik Sözcüğümü Unuttum" with a solved check."""
        fields = self.solved(self.get(FORGOTTEN)) | {"id_number": id_number or self.holder.id_number}
        return self.post(FORGOTTEN, **(fields | other))

    def start_unlock(self, **fields: str) -> Any:
        """Figure 7's "Tamam"."""
        card = self.holder.cards.get()
        return self.post("/islemler/kilit-cozme", **({"card": str(card.pk)} | fields))

    def authorised_operation(self) -> str:
        """Signed in, unlock begun, its own code entered: the operation's page."""
        self.sign_in()
        page = str(self.start_unlock()["Location"])
        self.post(f"{page}/kod", sms_code=outbox()[0]["code"])
        return page
