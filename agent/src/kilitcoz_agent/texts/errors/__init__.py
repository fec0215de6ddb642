"""Every code a holder can meet on the local page: what happened and what to do, in Turkish and in English.

Rows of docs/errors.md; a test holds the two together. A code keeps its meaning for ever.
"""

from __future__ import annotations

from kilitcoz_agent.texts.errors import card, desk, login, portal, renewal, service, sign, typed
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin
from kilitcoz_cards.messages import OperationKind

ERRORS: dict[str, ErrorText] = {
    **portal.ROWS,
    **card.ROWS,
    **typed.ROWS,
    **service.ROWS,
    **login.ROWS,
    **sign.ROWS,
    **desk.ROWS,
    **renewal.ROWS,
}

#: Kind of operation → codes that others have too, in its words.
IN_ITS_WORDS: dict[OperationKind, dict[str, ErrorText]] = {
    OperationKind.LOGIN: login.IN_A_LOGIN,
    OperationKind.SIGN: sign.IN_A_SIGNATURE,
    OperationKind.RENEW: renewal.IN_A_RENEWAL,
}

__all__ = ["ERRORS", "IN_ITS_WORDS", "ErrorText", "Origin"]
