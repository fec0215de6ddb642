"""Where the card service keeps its files and where it listens. One rule: nothing here reads the network.

`KILITCOZ_AGENT_DIR` names the directory (default `~/.config/kilitcoz`); it is made with mode 0700 and holds
`trust.json` (pinned portals), `nonces.sqlite3` (capabilities seen) and, while it runs, `service.json`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 35853
DIRECTORY_VARIABLE = "KILITCOZ_AGENT_DIR"


@dataclass(frozen=True)
class AgentFiles:
    """The directory of one installation and the names in it."""

    directory: Path

    @property
    def trust(self) -> Path:
        """Pinned portals."""
        return self.directory / "trust.json"

    @property
    def nonces(self) -> Path:
        """Capabilities already seen."""
        return self.directory / "nonces.sqlite3"

    @property
    def service(self) -> Path:
        """Port and local key of the service that runs now."""
        return self.directory / "service.json"

    def make(self) -> AgentFiles:
        """Create the directory for its owner alone, if it is missing."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self


def files_from_environment() -> AgentFiles:
    """The directory the environment names, or the default below the home directory."""
    named = os.environ.get(DIRECTORY_VARIABLE)
    return AgentFiles(Path(named) if named else Path.home() / ".config" / "kilitcoz")


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by its owner alone, on disk when this returns."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
