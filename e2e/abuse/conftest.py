"""One portal and one PC/SC lab for all abuse cases; each test has people, cards and browsers of its own."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.abuse.service import ServedCard, served_card
from e2e.abuse.siege import Siege, besiege
from e2e.abuse.visitor import Visitor
from e2e.installation import Enrolled, Installation, installation
from kilitcoz_simulator.errors import LabUnavailable
from kilitcoz_simulator.pcsc_lab import PcscLab, require_lab

Visit = Callable[[Enrolled], Visitor]


@pytest.fixture(scope="session")
def lab() -> Iterator[PcscLab]:
    """A pcscd of our own with two readers."""
    try:
        require_lab()
    except LabUnavailable as reason:
        pytest.skip(str(reason))
    with PcscLab() as started:
        yield started


@pytest.fixture(scope="session")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The portal of all abuse cases; the wire keeps all that browsers and card services say to it."""
    yield from installation(Path(tmp_path_factory.mktemp("installation")), lab)


@pytest.fixture
def visit(place: Installation) -> Iterator[Visit]:
    """Signs a holder in, in a browser without a screen: `visit(ayse)`."""
    with contextlib.ExitStack() as open_ones:
        yield lambda holder: open_ones.enter_context(Visitor(place, holder))


@pytest.fixture(scope="session")
def served(place: Installation) -> Iterator[ServedCard]:
    """A card service with a reader of its own and Ayşe's card in it, for where PC/SC is not the point."""
    with served_card(place) as started:
        yield started


@pytest.fixture
def desk(served: ServedCard) -> Iterator[ServedCard]:
    """The same with Ayşe's PIN blocked, and nothing left open afterwards."""
    served.block_pin()
    yield served
    served.leave()


@pytest.fixture(scope="module")
def siege(place: Installation) -> Iterator[Siege]:
    """A card service at its weakest moment: operation open, card identified, the PIN about to be typed."""
    with served_card(place) as started, besiege(started) as besieged:
        yield besieged
