"""Card services beside the installation's own: each with a folder, a port and trust of its own."""

import contextlib
import itertools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from demo.children import Child, environment, program
from demo.ports import free_port
from demo.stack import CardService

from e2e.abuse.card_watch import CardWatch
from e2e.abuse.local_page import LocalPage
from e2e.installation import Enrolled, Installation
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.serving import TcpServer
from kilitcoz_simulator.slot import Slot

_numbers = itertools.count(1)


@dataclass
class ServedCard:
    """A card service, the holder of the card in its one reader, and what that card was asked."""

    place: Installation
    service: CardService
    holder: Enrolled
    watch: CardWatch
    child: Child | None = None

    @property
    def page(self) -> LocalPage:
        """Its local page, for programs."""
        return LocalPage(self.service.port)

    def start(self) -> None:
        """Runs from now on."""
        self.child = self.service.start()

    def stop(self) -> None:
        """Runs no longer. Does nothing twice."""
        if self.child is not None:
            self.child.stop()
            self.place.children.running.remove(self.child)
            self.child = None

    def hand_over(self, capability: str) -> str:
        """What the desktop does with a link of our scheme; what it prints. A refusal stands on the page."""
        command = [program("kilitcoz-agent"), "open", "--no-browser", f"kilitcoz://op#cap={capability}"]
        settings = environment(self.service.settings)
        return subprocess.run(command, env=settings, capture_output=True, text=True, check=False).stdout

    def leave(self) -> None:
        """Whatever operation is open here is given up, and no end of one is shown any more."""
        for act in ("cancel", "close"):
            self.page.acts(act)

    @property
    def puk(self) -> str:
        """The card's own, now."""
        assert isinstance(self.holder.card, Card)
        return self.holder.card.state.puk.value.rstrip(b"\xff").decode()

    def block_pin(self) -> None:
        """As it was at first: wrong PINs until none is left. Done while no card service talks to the card."""
        block_pin(self.holder.card)
        self.watch.begin_again()


def another_service(place: Installation, held: contextlib.ExitStack, *readers: str) -> CardService:
    """A card service that is not started yet, with a folder of its own; it trusts the portal."""
    folder = place.folder / f"agent-{next(_numbers)}"
    further = place.lab.environment if "pcsc" in readers else {}
    service = CardService(place.children, folder, free_port(held), list(readers), further=further)
    service.trust(place.portal)
    return service


@contextlib.contextmanager
def served_card(place: Installation) -> Iterator[ServedCard]:
    """A card service that runs, with Ayşe's card in its reader; the reader is reached by TCP."""
    holder = place.enrol("Ayşe Yılmaz")
    with contextlib.ExitStack() as held:
        server = held.enter_context(TcpServer(Slot(holder.card)))
        service = another_service(place, held, f"sim:127.0.0.1:{server.address[1]}")
        served = ServedCard(place, service, holder, CardWatch(holder.card))
        held.callback(served.stop)
        served.start()
        yield served
