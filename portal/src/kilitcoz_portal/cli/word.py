"""`kilitcoz holder release-word | new-word`: the call centre's and the registrar's part when a word is
forgotten.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from django.utils import timezone

from kilitcoz_portal.cli.ending import ending_on_faults
from kilitcoz_portal.cli.somebody import somebody
from kilitcoz_portal.holders import queries
from kilitcoz_portal.holders.errors import HolderUnknown
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.pages import ending
from kilitcoz_portal.signin import new_word as words
from kilitcoz_portal.signin import word_release
from kilitcoz_portal.signin.living import End

IdNumber = Annotated[str, typer.Option(help="The holder's id number.")]
By = Annotated[
    str, typer.Option("--by", callback=somebody, help="Your name, as it shall stand in the books.")
]


def release_word(id_number: IdNumber, by: By) -> None:
    """A code for a caller who forgot the security word, printed once: read it out after you made sure who
    calls. It is good for 24 hours and one recovery, together with a code sent to the registered phone.
    """
    with ending_on_faults():
        code = word_release.make(_holder(id_number), timezone.now(), by=by)
    typer.echo(code)


def new_word(id_number: IdNumber, by: By) -> None:
    """A new random word for the holder's paper, printed once. It is good for 21 days, and the holder must
    change it at the first login.
    """
    with ending_on_faults():
        holder, now = _holder(id_number), timezone.now()
        sessions_end = partial(ending.end_all, holder, now, End.WORD_CHANGED)
        word = words.make_temporary(holder, now, sessions_end, by=by)
    typer.echo(word)


def _holder(id_number: str) -> Holder:
    found = queries.by_id_number(id_number)
    if found is None:
        raise HolderUnknown
    return found
