"""Asking the authority elsewhere whether it is there and knows us: nothing is changed by it."""

from __future__ import annotations

from datetime import datetime

from kilitcoz_portal.ca.cmp import messages, reading, talk
from kilitcoz_portal.ca.cmp.configuration import Connection
from kilitcoz_portal.ca.cmp.messages import Envelope
from kilitcoz_portal.ca.errors import CaAnswerUntrusted, CaRefused


def greet(connection: Connection, now: datetime) -> None:
    """genm there, genp back: each side has believed the other's signature. Raises CaUnavailable and what is
    under it; CaRefused where it answers, and will not say more.
    """
    envelope = Envelope(connection.recipient, messages.new_transaction_id(), now)
    asked = messages.sealed(messages.question(), envelope, connection.credentials)
    answer = talk.ask(asked, connection, now)
    if answer.kind == "error":
        failure = reading.failure_of("error", answer.body["status_info"])
        raise CaRefused(failure.failures, failure.words)
    if answer.kind != "genp":
        raise CaAnswerUntrusted("body")
