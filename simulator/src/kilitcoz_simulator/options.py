"""The options that commands of kilitcoz-sim share, each with its help text."""

from pathlib import Path
from typing import Annotated

import typer

from kilitcoz_simulator import profile
from kilitcoz_simulator.errors import OptionMalformed
from kilitcoz_simulator.faults import Answer, FaultPlan, Tear, parse_answer, parse_quirks, parse_tear

StateOption = Annotated[Path, typer.Option(help="The card's memory, a JSON file.")]
HolderOption = Annotated[str, typer.Option(help="The holder's name, in the certificates.")]
SerialOption = Annotated[int | None, typer.Option(help="Serial number; random when not given.")]
PinOption = Annotated[str | None, typer.Option(help="PIN; six random digits when not given.")]
PukOption = Annotated[str | None, typer.Option(help="PUK; eight random digits when not given.")]
ProfileOption = Annotated[str, typer.Option(help=f"Kind of card: {', '.join(profile.BY_NAME)}.")]
VpcdOption = Annotated[str | None, typer.Option(metavar="HOST:PORT", help="Serve to vpcd inside pcscd.")]
ListenOption = Annotated[
    str | None, typer.Option(metavar="HOST:PORT", help="Serve over TCP; port 0 takes a free one.")
]
SlowOption = Annotated[float, typer.Option(help="Milliseconds that every APDU takes longer.")]
TearOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MOMENT:WHICH",
        help="Tear the card out: before:7, during:ins=24, after:ins=2C:2. May be repeated.",
    ),
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SW[!]:WHICH",
        help="Answer so instead of obeying (with !: after it): 6A80:ins=2C, 6F00!:7. May be repeated.",
    ),
]
QuirkOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="cached-puk, any-puk-when-used-up, refuse-new-pin[=SW], blocked-on-last-try,"
        " blocked-status-63c0. May be repeated.",
    ),
]
LogOption = Annotated[
    Path | None, typer.Option(help="Append commands (names, lengths, status words; no data) as JSON lines.")
]
AbsentOption = Annotated[bool, typer.Option("--absent", help="Start without the card in the reader.")]
ControlOption = Annotated[
    bool, typer.Option("--control", help="Obey standard input: insert [FILE], remove, swap FILE, quit.")
]
StayOutOption = Annotated[
    bool, typer.Option("--stay-out", help="A torn card stays out; otherwise it is back after half a second.")
]


def fault_plan(
    slow_ms: float, tear: list[str] | None, answer: list[str] | None, quirk: list[str] | None
) -> FaultPlan:
    """The plan from the command line. Raises FaultSyntax."""
    accidents: list[Tear | Answer] = [parse_tear(text) for text in tear or []]
    accidents += [parse_answer(text) for text in answer or []]
    return FaultPlan(accidents, slow_ms=slow_ms, quirks=parse_quirks(quirk or []))


def parse_address(text: str) -> tuple[str, int]:
    """`HOST:PORT`. Raises OptionMalformed."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise OptionMalformed(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def parse_profile(name: str) -> profile.Profile:
    """A profile by its name. Raises OptionMalformed."""
    if name not in profile.BY_NAME:
        raise OptionMalformed(f"{name!r} is no profile; there are {', '.join(profile.BY_NAME)}")
    return profile.BY_NAME[name]


def parse_keys(texts: list[str]) -> dict[int, str]:
    """`9a=rsa-2048` → {0x9a: "rsa-2048"}. Raises OptionMalformed."""
    try:
        pairs = [text.split("=") for text in texts]
        return {int(slot, 16): algorithm for slot, algorithm in pairs}
    except ValueError:
        raise OptionMalformed("a key is SLOT=ALGORITHM, e.g. 9a=rsa-2048") from None
