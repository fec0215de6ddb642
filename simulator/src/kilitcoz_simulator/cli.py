"""kilitcoz-sim: make virtual PIV cards, block them, serve them to PC/SC (vpcd) or over TCP, with faults.

Standard output carries one line of JSON per event; nothing in it is secret unless --reveal asks.
"""

# ruff: noqa: PLR0913, PLR0917  (each parameter of a command is one option of its command line)

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kilitcoz_simulator.apdu_log import ApduLog
from kilitcoz_simulator.authority import to_pem
from kilitcoz_simulator.blank import blank_card
from kilitcoz_simulator.blocking import block_pin
from kilitcoz_simulator.card import Card, InReader
from kilitcoz_simulator.console import report
from kilitcoz_simulator.errors import SimulatorError
from kilitcoz_simulator.faults import FaultPlan
from kilitcoz_simulator.issuing import DEFAULT_KEYS, CardOrder, Holder, IssuedCard, issue
from kilitcoz_simulator.jcecard_card import make_jcecard_for
from kilitcoz_simulator.options import (
    AbsentOption,
    AnswerOption,
    ControlOption,
    HolderOption,
    ListenOption,
    LogOption,
    PinOption,
    ProfileOption,
    PukOption,
    QuirkOption,
    SerialOption,
    SlowOption,
    StateOption,
    StayOutOption,
    TearOption,
    VpcdOption,
    fault_plan,
    parse_keys,
    parse_profile,
)
from kilitcoz_simulator.pcsc_lab import SLOTS_PER_READER, PcscLab
from kilitcoz_simulator.running import describe, run
from kilitcoz_simulator.storage import StateFile, exclusive
from kilitcoz_simulator.swapping import SwappedCard

HOLDER = "Ayşe Yılmaz"
CARD_AUTHENTICATION = 0x9E

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def create(
    state: StateOption,
    holder: HolderOption = HOLDER,
    id_number: Annotated[str | None, typer.Option(help="The holder's identity number.")] = None,
    serial: SerialOption = None,
    pin: PinOption = None,
    puk: PukOption = None,
    retries: Annotated[int, typer.Option(min=1, max=255, help="PIN tries.")] = 3,
    puk_retries: Annotated[int, typer.Option(min=1, max=255, help="PUK tries.")] = 3,
    profile: ProfileOption = "yubikey",
    key: Annotated[
        list[str] | None, typer.Option(metavar="SLOT=ALGORITHM", help="E.g. 9a=rsa-2048. May be repeated.")
    ] = None,
    card_auth: Annotated[bool, typer.Option(help="A key in 9E, which needs no PIN.")] = True,
    change_puk: Annotated[bool, typer.Option(help="CHANGE REFERENCE DATA on the PUK is known.")] = True,
    extended_length: Annotated[
        bool | None, typer.Option(help="Extended length; the profile's when not said.")
    ] = None,
    puk_exhausted: Annotated[bool, typer.Option("--puk-exhausted", help="No PUK tries are left.")] = False,
    block: Annotated[bool, typer.Option("--block", help="Use up the PIN tries at once.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Tell PIN and PUK.")] = False,
) -> None:
    """Make a card that is ready for use, and print what its issuer keeps of it."""
    with _told_errors(), exclusive(state):
        kind = replace(parse_profile(profile), change_puk=change_puk)
        if extended_length is not None:
            kind = replace(kind, extended_length=extended_length)
        slots = DEFAULT_KEYS | parse_keys(key or [])
        if not card_auth:
            slots.pop(CARD_AUTHENTICATION, None)
        order = CardOrder(Holder(holder, id_number), serial, pin, puk, retries, puk_retries, kind, slots)
        issued = issue(order, now=datetime.now(UTC))
        _store(state, issued, puk_exhausted=puk_exhausted)
        if block:
            block_pin(Card.from_file(state))
        report(**describe(issued.state), **_files(state, issued), **(_secrets(issued) if reveal else {}))


@app.command()
def blank(state: StateOption, serial: SerialOption = None, profile: ProfileOption = "yubikey") -> None:
    """Make a card as the factory ships it, for a registrar's desk."""
    with _told_errors(), exclusive(state):
        made = blank_card(parse_profile(profile), serial)
        StateFile(state).save(made)
        report(**describe(made))


@app.command()
def block(state: StateOption) -> None:
    """Use up the PIN tries by real VERIFY commands with a wrong PIN."""
    with _told_errors(), exclusive(state):
        card = Card.from_file(state)
        report(event="blocked", wrong_tries=block_pin(card))


@app.command()
def piv(
    state: StateOption,
    vpcd: VpcdOption = None,
    listen: ListenOption = None,
    make: Annotated[bool, typer.Option("--create", help="Make the card if the file is not there.")] = False,
    holder: HolderOption = HOLDER,
    serial: SerialOption = None,
    pin: PinOption = None,
    puk: PukOption = None,
    profile: ProfileOption = "yubikey",
    block: Annotated[bool, typer.Option("--block", help="Use up the PIN tries first.")] = False,
    absent: AbsentOption = False,
    control: ControlOption = False,
    stay_out: StayOutOption = False,
    slow_ms: SlowOption = 0.0,
    tear: TearOption = None,
    answer: AnswerOption = None,
    quirk: QuirkOption = None,
    swap_after: Annotated[int, typer.Option(help="After so many APDUs --swap-to answers, unseen.")] = 0,
    swap_to: Annotated[Path | None, typer.Option(help="The state file of the other card.")] = None,
    log: LogOption = None,
) -> None:
    """Serve a PIV card to vpcd or over TCP, with the faults asked for."""
    with _told_errors(), ExitStack() as stack:
        stack.enter_context(exclusive(state))
        if make and not state.exists():
            order = CardOrder(Holder(holder), serial, pin, puk, profile=parse_profile(profile))
            _store(state, issue(order, now=datetime.now(UTC)), puk_exhausted=False)
        if block:
            block_pin(Card.from_file(state))
        journal = stack.enter_context(_log(log))
        card = Card.from_file(state, faults=fault_plan(slow_ms, tear, answer, quirk), log=journal)

        def load(path: Path) -> InReader:
            return Card.from_file(path, faults=FaultPlan(slow_ms=slow_ms), log=journal)

        served = SwappedCard(card, load(swap_to), after=swap_after) if swap_to else card
        run(
            served,
            describe(card.state),
            vpcd=vpcd,
            listen=listen,
            absent=absent,
            control=control,
            stay_out=stay_out,
            load=load,
        )


@app.command()
def jcecard(
    vpcd: VpcdOption = None,
    listen: ListenOption = None,
    holder: HolderOption = HOLDER,
    serial: SerialOption = None,
    certificates: Annotated[Path | None, typer.Option(help="Folder for the certificates.")] = None,
    block: Annotated[bool, typer.Option("--block", help="Use up the PIN tries first.")] = False,
    reveal: Annotated[bool, typer.Option("--reveal", help="Tell PIN and PUK.")] = False,
    absent: AbsentOption = False,
    control: ControlOption = False,
) -> None:
    """Serve PyPI's jcecard, made ready for a holder; the card is gone when the program ends."""
    with _told_errors():
        card, kept = make_jcecard_for(Holder(holder), serial=serial or 10000001, now=datetime.now(UTC))
        if block:
            block_pin(card)
        description: dict[str, object] = {"family": "piv", "card_id": kept.guid, "serial": str(kept.serial)}
        if certificates is not None:
            certificates.mkdir(parents=True, exist_ok=True)
            description["certificates"] = {
                f"{slot:02x}": _write_pem(certificates / f"{slot:02x}.pem", to_pem(each))
                for slot, each in kept.certificates.items()
            }
        secrets = {"pin": kept.pin, "puk": kept.puk} if reveal else {}
        run(
            card,
            description | secrets,
            vpcd=vpcd,
            listen=listen,
            absent=absent,
            control=control,
            load=Card.from_file,
        )


@app.command(context_settings={"allow_extra_args": True})
def lab(
    context: typer.Context,
    state: Annotated[list[Path], typer.Option(help="A card to put in; may be repeated.")],
) -> None:
    """A private PC/SC service with these cards in it: for the command after `--`, or until interrupted."""
    with _told_errors(), ExitStack() as stack:
        for path in state:
            stack.enter_context(exclusive(path))
        running = stack.enter_context(PcscLab(max(SLOTS_PER_READER, len(state))))
        for slot, path in enumerate(state):
            running.insert(Card.from_file(path), slot)
        if context.args:
            environment = os.environ | running.environment
            raise typer.Exit(subprocess.run(context.args, env=environment, check=False).returncode)  # noqa: S603
        readers = [running.reader_name(slot) for slot in range(len(state))]
        report(event="ready", readers=readers, environment=running.environment)
        signal.sigwait([signal.SIGTERM, signal.SIGINT])


@contextmanager
def _told_errors() -> Iterator[None]:
    """What the user can mend is told in one line, with exit code 2."""
    try:
        yield
    except (SimulatorError, ValueError, OSError) as error:
        typer.echo(f"kilitcoz-sim: {error}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _log(path: Path | None) -> Iterator[ApduLog]:
    if path is None:
        yield ApduLog()
        return
    with path.open("a", buffering=1) as file:
        yield ApduLog(sink=lambda line: file.write(line + "\n"))


def _store(state: Path, issued: IssuedCard, *, puk_exhausted: bool) -> None:
    made = issued.state
    if puk_exhausted:
        made = replace(made, puk=replace(made.puk, retries_left=0))
    state.parent.mkdir(parents=True, exist_ok=True)
    StateFile(state).save(made)


def _files(state: Path, issued: IssuedCard) -> dict[str, object]:
    """Writes the certificates beside the state file: FILE.9a.pem … and FILE.issuer.pem."""
    certificates = {
        f"{slot:02x}": _write_pem(state.with_name(f"{state.name}.{slot:02x}.pem"), to_pem(each))
        for slot, each in issued.certificates.items()
    }
    issuer = _write_pem(state.with_name(f"{state.name}.issuer.pem"), to_pem(issued.issuer))
    return {"certificates": certificates, "issuer": issuer, "state": str(state.absolute())}


def _write_pem(path: Path, pem: bytes) -> str:
    path.write_bytes(pem)
    return str(path.absolute())


def _secrets(issued: IssuedCard) -> dict[str, object]:
    return {"pin": issued.pin, "puk": issued.puk}
