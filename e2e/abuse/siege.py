"""A card service at its weakest moment, and the proof that nothing that was done to it left a trace."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from e2e.abuse.card_watch import CardWatch
from e2e.abuse.local_page import LocalPage, View
from e2e.abuse.service import ServedCard
from e2e.abuse.visitor import Visitor

PIN_SCREEN = "new-pin"


@dataclass
class Siege:
    """An operation is open, its card identified, and the PIN about to be typed."""

    served: ServedCard
    visitor: Visitor

    @property
    def page(self) -> LocalPage:
        """The local page under siege."""
        return self.served.page

    @property
    def watch(self) -> CardWatch:
        """What its card was asked."""
        return self.served.watch

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """What is done inside leaves screen, operation and card exactly as they were."""
        before = self._all_there_is()
        self.watch.begin_again()
        yield
        assert self.watch.untouched, self.watch.commands
        assert self._all_there_is() == before

    def _all_there_is(self) -> tuple[View, str]:
        view = self.page.view()
        assert view["screen"] == PIN_SCREEN
        return view, self.visitor.state


@contextlib.contextmanager
def besiege(served: ServedCard) -> Iterator[Siege]:
    """Ayşe has come as far as the two PIN fields."""
    with Visitor(served.place, served.holder) as visitor:
        opened = served.page.acts("open", capability=visitor.begin().capability())
        assert opened.status == 200
        served.page.wait_for(PIN_SCREEN)
        yield Siege(served, visitor)
