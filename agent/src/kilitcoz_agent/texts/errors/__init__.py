"""Every code a holder can meet on the local page: what happened and what to do, in Turkish and in English.

Rows of docs/errors.md; a test holds the two together. A code keeps its meaning for ever.
"""

from __future__ import annotations

from kilitcoz_agent.texts.errors import card, login, portal, service, typed
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin

ERRORS: dict[str, ErrorText] = {
    **portal.ROWS,
    **card.ROWS,
    **typed.ROWS,
    **service.ROWS,
    **login.ROWS,
}
IN_A_LOGIN = login.IN_A_LOGIN

__all__ = ["ERRORS", "IN_A_LOGIN", "ErrorText", "Origin"]
