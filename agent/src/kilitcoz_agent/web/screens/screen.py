"""What a screen is."""

from __future__ import annotations

from dataclasses import dataclass, field

from kilitcoz_agent.web.blocks import Block


@dataclass(frozen=True)
class Screen:
    """A name (for the page's focus, and for tests), a heading, blocks, and what the box at the top has to
    say.

    `heading` None: one of the blocks has it, and `title` names the page. `status` is what a screen reader is
    told of a screen that came by itself.
    """

    name: str
    heading: str | None
    blocks: list[Block]
    problems: list[Block] = field(default_factory=list)
    status: str = ""
