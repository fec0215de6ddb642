"""The OpenAPI document says of every body what the strict messages say."""

from __future__ import annotations

import pytest

from kilitcoz_cards import messages
from kilitcoz_cards.messages import Message
from kilitcoz_portal.agentapi import schemas

PAIRS = [
    (schemas.PairRequest, messages.PairRequest),
    (schemas.PairAnswer, messages.PairAnswer),
    (schemas.Sealed, messages.Sealed),
    (schemas.Empty, messages.Empty),
    (schemas.SealedRelease, messages.SealedRelease),
    (schemas.Result, messages.Result),
    (schemas.ResultAnswer, messages.ResultAnswer),
    (schemas.LoginAnswer, messages.LoginAnswer),
    (schemas.RenewalPlan, messages.RenewalPlan),
    (schemas.ManagementChallenge, messages.ManagementChallenge),
    (schemas.ManagementAnswer, messages.ManagementAnswer),
    (schemas.MadeKeys, messages.MadeKeys),
    (schemas.NewCertificates, messages.NewCertificates),
    (schemas.WrittenCertificates, messages.WrittenCertificates),
    (schemas.Abort, messages.Abort),
    (schemas.StateAnswer, messages.StateAnswer),
    (schemas.Refusal, messages.Refusal),
]


@pytest.mark.parametrize(("schema", "message"), PAIRS, ids=lambda each: each.__name__)
def test_the_members_are_the_messages_own(schema: type[schemas.Schema], message: type[Message]) -> None:
    described = schema.json_schema()
    assert set(described.get("properties", {})) == set(message.TABLE)
    assert set(described.get("required", [])) == set(message.TABLE) - message.OPTIONAL
    assert described["additionalProperties"] is False
