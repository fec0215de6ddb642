"""What an unlock costs in the card service, beside the bare unblock of three strangers' tools.

One simulated card in real pcscd and vpcd, one real portal process, one real card service; the tools and
we take turns (A B C D A B C D …), so that a busy moment of the machine hits all alike. Before each turn the
PIN is blocked by real wrong VERIFYs; they are not counted.

Ours is measured from the capability's arrival to the screen that says that the new PIN is proved, without
the time in which a person would type: identification and claim; release, PUK rotation, unblock, proof,
result.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demo import enrolment
from demo.card import make_card, note_of
from demo.cast import AYSE
from demo.children import Children
from demo.ports import free_port
from demo.stack import CardService, Portal

from bench import portal_side
from bench.local_page import LocalPage
from bench.peers import PEERS
from bench.report import Spread, Value, finish
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.faults import FaultPlan
from kilitcoz_simulator.pcsc_lab import PcscLab

SLOW_MS = 44.0
OURS = "kilitcoz"
MOST_APDUS = 18
PASSING_TO_PIN = frozenset({"waiting-for-card", "identifying"})
PASSING_TO_DONE = frozenset({"new-pin", "working"})


@dataclass
class Series:
    """What one contestant needed, turn by turn: milliseconds, commands, and milliseconds inside the card."""

    wall: list[float] = field(default_factory=list)
    apdus: list[float] = field(default_factory=list)
    in_card: list[float] = field(default_factory=list)
    identify: list[float] = field(default_factory=list)  # ours only: until the PIN may be typed


class Bench:
    """The card, and everybody who unlocks it."""

    def __init__(self, card: Card, reader: str, card_ref: str, service: CardService) -> None:
        self.card = card
        self.reader = reader
        self.card_ref = card_ref
        self.page = LocalPage(service.url)
        self._turns = 0

    def contestants(self) -> dict[str, Callable[[str, Series], None]]:
        """Name → one unblock with this new PIN."""

        def by(peer_index: int) -> Callable[[str, Series], None]:
            peer = PEERS[peer_index]

            def unblock(pin: str, series: Series) -> None:
                puk = self.card.state.puk.value.rstrip(b"\xff").decode()
                series.wall.append(peer.seconds_to_unblock(self.reader, puk, pin) * 1000)

            return unblock

        return {OURS: self.ours} | {peer.name: by(index) for index, peer in enumerate(PEERS)}

    def ours(self, pin: str, series: Series) -> None:
        """The card service's part, driven as its page drives it."""
        capability = portal_side.capability(self.card_ref)
        started = time.perf_counter()
        view = self.page.follow(self.page.open(capability), "new-pin", PASSING_TO_PIN)
        identified = time.perf_counter()
        clicked = time.perf_counter()
        self.page.follow(self.page.set_pin(pin), "done", PASSING_TO_DONE)
        done = time.perf_counter()
        assert view["screen"] == "new-pin"
        series.identify.append((identified - started) * 1000)
        series.wall.append((identified - started + done - clicked) * 1000)
        self.page.close_operation()

    def turn(self, unblock: Callable[[str, Series], None], series: Series) -> None:
        """Blocks the PIN, lets one contestant set a new one, and checks that it is set."""
        self._block()
        before = len(self.card.log.commands)
        self._turns += 1
        pin = f"{270_000 + self._turns * 7919 % 100_000:06d}"
        unblock(pin, series)
        sent = list(self.card.log.commands)[before:]
        series.apdus.append(len(sent))
        series.in_card.append(sum(command.milliseconds for command in sent))
        if self.card.state.pin.value.rstrip(b"\xff") != pin.encode() or self.card.state.pin.blocked:
            raise RuntimeError("a contestant said that it was done, and the card has not the new PIN")

    def _block(self) -> None:
        from kilitcoz_agent.readers.pcsc import PcscReaders

        with PcscReaders().transaction(self.reader) as transaction:
            block_pin(_Held(self.card.atr, transaction.transmit))
        assert self.card.state.pin.blocked


@dataclass(frozen=True)
class _Held:
    """A card in an open transaction, as block_pin wants it: it has power already."""

    atr: bytes
    transmit: Callable[[bytes], bytes]

    def power_on(self) -> bytes:
        return self.atr

    def power_off(self) -> None:
        pass


def measure(bench: Bench, slow_ms: float, rounds: int) -> tuple[dict[str, Series], dict[str, Series]]:
    """Interleaved turns of everybody on a card of this speed: the first one, and the `rounds` that count."""
    bench.card.give_faults(FaultPlan(slow_ms=slow_ms))
    contestants = bench.contestants()
    first = {name: Series() for name in contestants}
    counted = {name: Series() for name in contestants}
    for number in range(rounds + 1):
        for name, unblock in contestants.items():
            bench.turn(unblock, (counted if number else first)[name])
        print(f"card +{slow_ms:g} ms: round {number} of {rounds}", file=sys.stderr, flush=True)
    return first, counted


def rows_of(card: str, series: dict[str, Series]) -> list[dict[str, Value]]:
    """One row per contestant. `ratio`: our median time to theirs; below 1 we are faster."""
    ours = Spread.of(series[OURS].wall).median
    rows: list[dict[str, Value]] = []
    for name, each in series.items():
        wall = Spread.of(each.wall)
        rows.append(
            {
                "card": card,
                "who": name,
                "median_ms": round(wall.median, 1),
                "low_ms": round(wall.low, 1),
                "high_ms": round(wall.high, 1),
                "apdus": round(Spread.of(each.apdus).median),
                "in_card_ms": round(Spread.of(each.in_card).median, 1),
                "identify_ms": round(Spread.of(each.identify).median, 1) if each.identify else None,
                "ratio": round(ours / wall.median, 3),
            }
        )
    return rows


def judge(fast: dict[str, Series], slow: dict[str, Series]) -> dict[str, Value]:
    """The targets of issue 2, each met or not."""

    def median(series: dict[str, Series], who: str) -> float:
        return Spread.of(series[who].wall).median

    most = max(*fast[OURS].apdus, *slow[OURS].apdus)
    return {
        "apdus_at_most_18": most <= MOST_APDUS,
        "fast_under_ykman": median(fast, OURS) < median(fast, "ykman"),
        "slow_faster_than_ykman": median(slow, OURS) < median(slow, "ykman"),
        "slow_faster_than_pkcs15_tool": median(slow, OURS) < median(slow, "pkcs15-tool"),
    }


def run(rounds: int, slow_rounds: int, folder: Path) -> None:
    """Everything from the empty folder to the report."""
    issued = make_card(AYSE)
    card = Card(issued.state)
    with PcscLab() as lab, Children(folder / "logs") as children:
        os.environ.update(lab.environment)
        lab.insert(card)
        further = {"KILITCOZ_VAULT_CARD_DAILY": "100000", "KILITCOZ_VAULT_GLOBAL_HOURLY": "100000"}
        agent_port = free_port()
        portal = Portal(children, folder / "portal", free_port(), agent_port, further=further)
        portal.command("migrate")
        enrolment.add_holder(portal, AYSE)
        enrolment.adopt_card(portal, AYSE, note_of(issued), folder / "certificates")
        portal.start()
        service = CardService(children, folder / "agent", agent_port, ["pcsc"], further=lab.environment)
        service.trust(portal)
        service.start()
        portal_side.open_portal(portal.settings)
        bench = Bench(card, lab.reader_name(), f"piv:{issued.guid}", service)
        first, fast = measure(bench, 0.0, rounds)
        _, slow = measure(bench, SLOW_MS, slow_rounds)
    finish(
        "unlock",
        rows_of("fast", fast) + rows_of("slow", slow),
        rounds=rounds,
        slow_rounds=slow_rounds,
        slow_ms=SLOW_MS,
        first_after_start_ms=round(first[OURS].wall[0], 1),
        **judge(fast, slow),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="./run bench unlock", description=__doc__.split("\n", maxsplit=1)[0]
    )
    parser.add_argument("--rounds", type=int, default=15, help="turns of everybody on the fast card")
    parser.add_argument("--slow-rounds", type=int, default=7, help="turns of everybody on the slow card")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="kilitcoz-bench-") as folder:
        run(given.rounds, given.slow_rounds, Path(folder))


if __name__ == "__main__":
    main()
