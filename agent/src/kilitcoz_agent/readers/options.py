"""Readers from the command line: `pcsc` (the default), or `sim:HOST:PORT` one or more times."""

from __future__ import annotations

from collections.abc import Sequence

from kilitcoz_agent.readers.port import Readers
from kilitcoz_agent.readers.simulated import SimulatedReaders, address_from_text

SIMULATED_PREFIX = "sim:"


def readers_from_options(options: Sequence[str]) -> Readers:
    """The readers these options name: all `sim:HOST:PORT`, or `pcsc` (also for none). Raises ValueError."""
    if not options or list(options) == ["pcsc"]:
        from kilitcoz_agent.readers.pcsc import PcscReaders  # late: a simulated run needs no PC/SC library

        return PcscReaders()
    if not all(option.startswith(SIMULATED_PREFIX) for option in options):
        raise ValueError("readers are pcsc, or sim:HOST:PORT one or more times")
    return SimulatedReaders([address_from_text(option.removeprefix(SIMULATED_PREFIX)) for option in options])
