"""Running a served card as a program: announce it, obey signals and standard input, end cleanly."""

import sys
from collections.abc import Callable
from pathlib import Path

from kilitcoz_cards.tlv import find
from kilitcoz_simulator.card import InReader
from kilitcoz_simulator.console import Console, report
from kilitcoz_simulator.errors import OptionMalformed
from kilitcoz_simulator.options import parse_address
from kilitcoz_simulator.piv.data_objects import CHUID
from kilitcoz_simulator.serving import TcpServer, VpcdClient, to_address
from kilitcoz_simulator.slot import Slot
from kilitcoz_simulator.state import CardState

REINSERT_SECONDS = 0.5


def describe(state: CardState) -> dict[str, object]:
    """What may be told of a card: family, identifier, serial number, profile. Never PIN or PUK."""
    guid = find(state.objects.get(CHUID, b""), 0x34)
    return {
        "family": "piv",
        "card_id": guid.hex() if guid else None,
        "serial": str(state.serial),
        "profile": state.profile.name,
        "atr": state.profile.atr().hex(),
    }


def run(
    card: InReader,
    description: dict[str, object],
    *,
    vpcd: str | None,
    listen: str | None,
    absent: bool = False,
    control: bool = False,
    stay_out: bool = False,
    load: Callable[[Path], InReader],
) -> None:
    """Serves the card until SIGTERM, SIGINT or `quit`. Raises OptionMalformed, OSError."""
    slot = Slot(None if absent else card, reinsert_after=None if stay_out else REINSERT_SECONDS)
    console = Console(slot, card, load)
    with _service(slot, vpcd, listen) as service:
        where = {"vpcd": vpcd}
        if isinstance(service, TcpServer):
            where = {"listen": "{}:{}".format(*service.address)}
        console.listen_to_signals()
        report(event="ready", **description, **where, inserted=not absent)
        if control:
            console.listen_to(sys.stdin)
        console.obey_until_quit()


def _service(slot: Slot, vpcd: str | None, listen: str | None) -> VpcdClient | TcpServer:
    if (vpcd is None) == (listen is None):
        raise OptionMalformed("say either --vpcd HOST:PORT or --listen HOST:PORT")
    if vpcd is not None:
        return VpcdClient(slot, to_address(*parse_address(vpcd)))
    assert listen is not None
    return TcpServer(slot, *parse_address(listen))
