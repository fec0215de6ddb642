"""Asking the room's one question as the tests do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from portal.tests.pki import NOW, Credential

from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.trust.services import Identity, Usage


def believe(
    credential: Credential, *chain: Credential, now: datetime = NOW, usage: Usage = Usage.AUTHENTICATION
) -> Identity:
    """Whom it names; raises a TrustError."""
    return trust.validate(credential.der, [each.der for each in chain], usage=usage, now=now)


def refusal(
    credential: Credential, *chain: Credential, now: datetime = NOW, usage: Usage = Usage.AUTHENTICATION
) -> tuple[str, str]:
    """Code and reason (or the validator's sentence) of the refusal; fails where it is believed."""
    with pytest.raises(TrustError) as refused:
        believe(credential, *chain, now=now, usage=usage)
    return refused.value.code, refused.value.sentence or refused.value.reason


def refusal_now(certificate: bytes) -> tuple[str, str]:
    """The same by the real clock."""
    with pytest.raises(TrustError) as refused:
        trust.validate(certificate, (), usage=Usage.AUTHENTICATION, now=datetime.now(UTC))
    return refused.value.code, refused.value.reason
