"""Setting the scene: ports, portal, holder, card, card service, each before what needs it."""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from demo import authority, enrolment, tsa
from demo.card import make_card
from demo.cast import AYSE
from demo.children import Children, program
from demo.machine_pcsc import READER, virtual_reader
from demo.options import AGENT_PORT, PORTAL_PORT, SIGNATURE_PORT, Options
from demo.ports import LOOPBACK, answers, free_port, reserve
from demo.ready import Ready
from demo.signature import (
    PASSWORD,
    ForBrowsers,
    export_login_certificate,
    make_tls_files,
)
from demo.stack import CardService, Portal
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.storage import StateFile


class PortTakenError(Exception):
    """A port that was asked for is in use."""


@dataclass(frozen=True)
class Notes:
    """What one start of the demo leaves for the next in its folder."""

    security_word: str
    serial: str


def set_up(
    options: Options,
    folder: Path,
    children: Children,
    held: contextlib.ExitStack,
    progress: Callable[[str], None],
) -> Ready:
    """Everything running and ready. Raises ChildFailedError, PcscUnavailableError, PortTakenError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    vpcd = held.enter_context(virtual_reader(children, progress)) if options.card == "pcsc" else None
    signature_port = _port(None, SIGNATURE_PORT, "", held)
    for_browsers = ForBrowsers(f"https://localhost:{signature_port}", folder / "e-imza.p12", PASSWORD)
    portal, agent_port = _portal(options, folder, children, held, for_browsers.origin)
    notes = _notes(folder, portal, progress)
    progress("starting the virtual card, the portal and the card service")
    reader, reader_name = _insert_card(folder / "card.json", vpcd, children, held)
    portal.start()
    portal.start_signature(signature_port, *make_tls_files(folder / "signature"))
    service = CardService(children, folder / "agent", agent_port, [reader], options.language)
    service.trust(portal)
    service.start()
    return Ready(
        portal=portal.origin,
        agent=service.url.removesuffix("/"),
        outbox=portal.outbox,
        signature=for_browsers,
        holder=AYSE,
        security_word=notes.security_word,
        family="piv",
        serial=notes.serial,
        reader=reader_name,
        pin_state="blocked" if StateFile(folder / "card.json").load().pin.blocked else "usable",
        folder=folder,
    )


def _portal(
    options: Options, folder: Path, children: Children, held: contextlib.ExitStack, signature_origin: str
) -> tuple[Portal, int]:
    port = _port(options.port, PORTAL_PORT, "--port", held)
    agent_port = _port(options.agent_port, AGENT_PORT, "--agent-port", held)
    further = {
        "KILITCOZ_SIGNATURE_ORIGIN": signature_origin,
        "KILITCOZ_TRUST_PRIVATE_ADDRESSES": "1",  # lists and answers come from this machine
        **_time_stamps(folder / "tsa", held),
    }
    portal = Portal(children, folder / "portal", port, agent_port, options.language, further=further)
    return portal, agent_port


def _time_stamps(folder: Path, held: contextlib.ExitStack) -> dict[str, str]:
    """E-Onay's, from an authority in this process, the same one each time; it says that it proves nothing."""
    stamps = tsa.of_folder(folder) or tsa.found(folder, datetime.now(UTC))
    server = held.enter_context(tsa.TimestampServer(stamps.stamp))
    return {"KILITCOZ_TSA_URL": server.url, "KILITCOZ_TSA_ANCHORS": str(stamps.anchors)}


def _port(wanted: int | None, usual: int, option: str, held: contextlib.ExitStack) -> int:
    """The wanted port; without a wish the usual one, or a free one in its place."""
    if wanted is None:
        return usual if reserve(usual, held) else free_port(held)
    if not reserve(wanted, held):
        raise PortTakenError(f"port {wanted} is taken by another program. Choose another with {option}.")
    return wanted


def _notes(folder: Path, portal: Portal, progress: Callable[[str], None]) -> Notes:
    """Those of an earlier start in this folder, else a new holder and card; written last of all."""
    path = folder / "demo.json"
    if path.exists():
        progress(f"going on with the portal and the card in {folder}")
        portal.command("migrate")
        return Notes(**json.loads(path.read_text(encoding="utf-8")))
    progress("making the database, a holder and a card")
    portal.command("migrate")
    authority.found(portal, folder / "authority")
    word = enrolment.add_holder(portal, AYSE)
    issued = authority.certify(portal, AYSE, make_card(AYSE), folder / "certificates")
    authority.open_for_use(portal, issued)
    block_pin(Card(issued.state, memory=StateFile(folder / "card.json")))
    export_login_certificate(issued, folder / "authority", folder / "e-imza.p12")
    notes = Notes(word, str(issued.state.serial))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(notes), file, ensure_ascii=False)
    return notes


def _insert_card(
    state: Path, vpcd: str | None, children: Children, held: contextlib.ExitStack
) -> tuple[str, str]:
    """Starts the card's program; returns the card service's --reader and the reader's name."""
    command = [program("kilitcoz-sim"), "piv", "--state", str(state)]
    if vpcd is not None:
        children.start("card", [*command, "--vpcd", vpcd])
        return "pcsc", READER
    port = free_port(held)
    card = children.start("card", [*command, "--listen", f"{LOOPBACK}:{port}"])
    card.wait_until(lambda: answers(port))
    return f"sim:{LOOPBACK}:{port}", f"sim:{LOOPBACK}:{port}"
