"""Readers from the command line: `pcsc` (the default), `sim:HOST:PORT` once or more, or `token:MODULE`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kilitcoz_agent.readers.port import Readers
from kilitcoz_agent.readers.simulated import SimulatedReaders, address_from_text

SIMULATED_PREFIX = "sim:"
TOKEN_PREFIX = "token:"  # noqa: S105 -- a reader's kind


def readers_from_options(options: Sequence[str]) -> Readers:
    """The readers these options name: all `sim:HOST:PORT`, one `token:MODULE`, or `pcsc` (also for none).

    Raises ValueError.
    """
    if not options or list(options) == ["pcsc"]:
        from kilitcoz_agent.readers.pcsc import PcscReaders  # late: a simulated run needs no PC/SC library

        return PcscReaders()
    if len(options) == 1 and options[0].startswith(TOKEN_PREFIX):
        from kilitcoz_agent.readers.token import TokenReaders  # late: only here is a PKCS#11 module loaded

        return TokenReaders(Path(options[0].removeprefix(TOKEN_PREFIX)))
    if not all(option.startswith(SIMULATED_PREFIX) for option in options):
        raise ValueError("readers are pcsc, sim:HOST:PORT one or more times, or token:MODULE")
    return SimulatedReaders([address_from_text(option.removeprefix(SIMULATED_PREFIX)) for option in options])
