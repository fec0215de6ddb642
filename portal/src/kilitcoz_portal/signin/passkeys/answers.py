"""What both ceremonies have in common: credentials named to a browser, and its answer read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

from kilitcoz_portal.signin.models import Passkey
from kilitcoz_portal.signin.passkeys.errors import PasskeyRefused

# What json, base64 and the library raise, beside its own errors, where an answer is made up.
FAULTS = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)
_TRANSPORTS = frozenset(each.value for each in AuthenticatorTransport)
MOST_CHARACTERS = 16 * 1024


def read(answer: str) -> dict[str, Any]:
    """The browser's answer as members, from a page of our own (7.1 step 10, 7.2 step 14: no frame).

    Raises PasskeyRefused.
    """
    try:
        members = json.loads(answer[:MOST_CHARACTERS])
        client_data = json.loads(base64url_to_bytes(members["response"]["clientDataJSON"]))
        framed = client_data.get("crossOrigin", False) is not False or "topOrigin" in client_data
    except (*FAULTS, AttributeError):
        raise PasskeyRefused(why="malformed") from None
    if framed:
        raise PasskeyRefused(why="cross-origin")
    return dict(members)


def descriptors(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    """How a browser finds them (5.8.3)."""
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(each.credential_id),
            transports=[AuthenticatorTransport(name) for name in each.transports],
        )
        for each in passkeys
    ]


def transports(members: dict[str, Any]) -> list[str]:
    """Those that the browser named and we know, in their order."""
    named = members.get("response", {}).get("transports")
    return [name for name in named if name in _TRANSPORTS][:8] if isinstance(named, list) else []
