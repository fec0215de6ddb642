"""What `./run demo` can be told."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PORTAL_PORT = 8000
AGENT_PORT = 35853  # the card service's own default
SIGNATURE_PORT = 8443
HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Options:
    """`port` and `agent_port` None: the usual one, or a free one where that is taken."""

    json: bool
    port: int | None
    agent_port: int | None
    card: str
    data: Path | None
    language: str


def port(text: str) -> int:
    """A port number; ValueError (argparse says so) for anything else."""
    number = int(text)
    if not 0 < number <= HIGHEST_PORT:
        raise ValueError(text)
    return number


def parse(arguments: Sequence[str] | None = None) -> Options:
    """The options of the command line; ends the program with a usage line where they cannot be understood."""
    parser = argparse.ArgumentParser(
        prog="./run demo",
        description="Start portal, card service and a virtual card whose PIN is blocked. Ctrl-C ends them.",
    )
    parser.add_argument(
        "--json", action="store_true", help="when ready, print one line of JSON instead of text"
    )
    parser.add_argument("--port", type=port, help=f"the portal's port (default {PORTAL_PORT}, or a free one)")
    parser.add_argument(
        "--agent-port", type=port, help=f"the card service's (default {AGENT_PORT}, or a free one)"
    )
    parser.add_argument(
        "--card",
        choices=("sim", "pcsc"),
        default="sim",
        help="where the card is: a simulated reader (default), or a virtual one of this machine's pcscd",
    )
    parser.add_argument(
        "--data", type=Path, help="keep portal and card in this folder (default: a new one, removed)"
    )
    parser.add_argument(
        "--lang", choices=("tr", "en"), default="tr", help="language shown first (default tr)"
    )
    given = parser.parse_args(arguments)
    folder = given.data.absolute() if given.data else None
    return Options(given.json, given.port, given.agent_port, given.card, folder, given.lang)
