"""A35: after a whole unlock, everything that was said, written and is still held is searched for its secrets.

The PIN may be in the browser, in the card service and in the card; a PUK in the card service and, sealed, in
the vault. Both are looked for everywhere else.
"""

import os
import sys
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Request, expect

from e2e.abuse.searching import files, memories, traces
from e2e.installation import Installation
from e2e.walk import Walk
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.issuing import random_digits

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root may read other processes' memory everywhere"),
]

TRAFFIC = "traffic with the portal"
BROWSER_SAID = "said by the browser to the local page"


@dataclass
class Overheard:
    """What a browser and the local page said to each other."""

    local_page: str
    requests: list[Request] = field(default_factory=list)

    def keep(self, request: Request) -> None:
        """To be called with every request that is over."""
        if request.url.startswith(self.local_page):
            self.requests.append(request)

    @property
    def asked(self) -> bytes:
        """By the browser."""
        said = [request.url.encode() + (request.post_data_buffer or b"") for request in self.requests]
        return b"\n".join(said)

    @property
    def answered(self) -> bytes:
        """By the local page; to be read before the tab goes elsewhere."""
        answers = [request.response() for request in self.requests]
        return b"\n".join(answer.body() for answer in answers if answer is not None)


def portal_memories(place: Installation) -> dict[str, bytes]:
    """Of all the portal's processes."""
    (portal,) = (child for child in place.children.running if child.name == "portal")
    return memories("portal", portal.pid)


def kept_by(place: Installation) -> dict[str, bytes]:
    """All that passed the wire, and every file of portal and card service, logs included."""
    folders = (place.portal.folder, place.service.folder, place.children.logs)
    found = {TRAFFIC: place.wire.bytes_seen}
    for folder in folders:
        found |= files(folder)
    return found


@dataclass
class Unlocked:
    """One whole unlock: its secrets by name, something that is no secret, and every place there is."""

    pin: dict[str, str]
    puks: dict[str, str]
    operation: bytes
    places: dict[str, bytes]


@pytest.fixture
def unlocked(walk: Walk, service: Installation) -> Unlocked:
    """Figures 1 to 9 in a real browser, and then a look into everything."""
    card = walk.holder.card
    assert isinstance(card, Card)
    overheard = Overheard(service.service.url)
    walk.page.context.on("requestfinished", overheard.keep)
    pin = {"new PIN": random_digits(8)}
    puks = {"old PUK": walk.holder.note.puk}
    assert traces(pin | puks, portal_memories(service)) == [], "by chance, or from an earlier test"
    local = walk.to_the_local_page()
    walk.choose_pin(local, pin["new PIN"])
    expect(local.get_by_role("heading", name=walk.words.pin_changed)).to_be_visible()
    places = {BROWSER_SAID: overheard.asked, "said to the browser": overheard.answered}
    walk.see_success(local)
    puks["new PUK"] = card.state.puk.value.decode()
    places["browser's storage"] = str(walk.page.context.storage_state(indexed_db=True)).encode()
    places |= kept_by(service) | portal_memories(service)
    return Unlocked(pin, puks, walk.page.url.rpartition("/")[2].encode(), places)


def test_a35_pin_and_puks_are_nowhere_but_where_they_must_be(unlocked: Unlocked) -> None:
    assert unlocked.puks["old PUK"] != unlocked.puks["new PUK"]
    assert traces(unlocked.pin, unlocked.places) == [f"new PIN in {BROWSER_SAID}"]
    assert traces(unlocked.puks, unlocked.places) == []
    found_in = {where for where, content in unlocked.places.items() if unlocked.operation in content}
    assert TRAFFIC in found_in, "the search finds what is there"
    assert [where for where in found_in if where.startswith("memory of portal")]
    assert [where for where in found_in if where.endswith((".sqlite3", ".sqlite3-wal"))]
    assert [where for where in found_in if where.endswith("portal.log")]
    assert b"content-encoding" not in unlocked.places[TRAFFIC].lower(), "it was searched as it is"
