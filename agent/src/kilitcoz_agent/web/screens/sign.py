"""A document's signature: what is signed, where, by which card, and the PIN; and the good end."""

from __future__ import annotations

from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.texts import login, page, sign
from kilitcoz_agent.web import blocks
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.screens.parts import Told, compare, facts, pin_form, pin_problems
from kilitcoz_agent.web.screens.screen import Screen
from kilitcoz_cards.messages import DocumentToSign

ALGORITHM_NAMES = {32: "SHA-256", 48: "SHA-384"}


def signing(told: Told) -> Screen:
    """One PIN field, below what will be signed by it."""
    document = told.operation.document
    assert document is not None
    shown = [
        compare(told),
        facts(told),
        _fingerprint(told, document),
        blocks.note(told.say(sign.CONSENT)),
        pin_form(told, Act.SIGN, sign.SIGN),
        blocks.note(told.say(login.PROMISE), "good"),
        blocks.text(told.say(sign.FORGOT), "about"),
    ]
    problems = [] if told.mistyped else pin_problems(told, "pin")
    return Screen("sign", told.say(sign.SCREEN_HEADING), shown, problems)


def done(told: Told) -> Screen:
    """The way back to the portal, where the signed document is."""
    texts = [told.say(sign.SIGNED_TEXT)]
    to = told.operation.return_to
    if to is None:
        texts.append(told.say(page.BACK_AT_PORTAL))
    ok = blocks.button(told.say(page.OK), href=to, action=None if to else Act.CLOSE, look="primary")
    heading = told.say(sign.SIGNED)
    return Screen("done", None, [blocks.box(heading, texts, ok)], status=heading)


def _fingerprint(told: Told, document: DocumentToSign) -> Block:
    algorithm = ALGORITHM_NAMES[len(document.document_hash)]
    return blocks.fingerprint(document.document_hash.hex(), told.say(sign.FINGERPRINT, algorithm=algorithm))
