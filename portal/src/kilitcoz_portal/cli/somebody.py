"""Who works at the keyboard: no deed without a name in the books."""

from __future__ import annotations

import typer


def somebody(by: str) -> str:
    """The callback of every `--by`."""
    if not by.strip():
        raise typer.BadParameter("a name must stand in the books")
    return by.strip()
