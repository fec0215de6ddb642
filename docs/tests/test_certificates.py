"""docs/certificates.md says what the tables of certificates.states and .reasons say, and no more."""

import re

from docs.tests import reference  # sets Django up

from kilitcoz_portal.certificates.models import Role, State
from kilitcoz_portal.certificates.reasons import CRL_REASON, Reason
from kilitcoz_portal.certificates.states import LIFTED_BY, MOVES, REGISTRAR_REVOKES, WHO, Deed

DOCUMENT = (reference.ROOT / "docs" / "certificates.md").read_text(encoding="utf-8")
Row = tuple[str, ...]


def table(heading: str) -> set[Row]:
    """The rows below a heading, without head and rule."""
    part = DOCUMENT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines}


def may(state: State | None, deed: Deed) -> set[Role]:
    """Who makes this deed from this state."""
    roles = set(WHO[deed])
    if deed is Deed.REVOKE and state not in REGISTRAR_REVOKES:
        roles.discard(Role.REGISTRAR)
    return roles


def test_every_move_has_its_row_and_every_row_is_a_move() -> None:
    moves = {
        (
            f"`{state}`" if state else "–",
            f"`{deed}`",
            ", ".join(sorted(f"`{target}`" for target in targets)),
            ", ".join(sorted(may(state, deed))),
        )
        for (state, deed), targets in MOVES.items()
    }
    assert table("Moves") == moves


def test_every_suspension_is_lifted_by_whom_the_document_says() -> None:
    lifted = {(f"`{held}`", ", ".join(sorted(roles))) for held, roles in LIFTED_BY.items()}
    assert table("Whose suspension who may lift") == lifted


def test_every_reason_has_the_documented_name() -> None:
    told = {Reason(said): name for cell, name in table("Reasons") for said in re.findall(r"`([^`]+)`", cell)}
    assert told == {reason: flag.value for reason, flag in CRL_REASON.items()}
