"""Bearer secrets of an operation, derived and never stored: who reads the database can present none of them.

Each is HMAC-SHA-256 by a key file over its purpose and what it is bound to; derived again, it is the same,
so that a repeated call gets the same answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from kilitcoz_cards.messages import CONFIRMATION_DIGITS, PAIRING_CODE_ALPHABET, b64u_encode
from kilitcoz_portal.operations.keys import keys
from kilitcoz_portal.operations.models import Operation

PAIRING_CODE_LENGTH = 8


def session(operation: Operation) -> str:
    """M4's session, 43 characters: of this operation with the one-time key that claimed it."""
    return b64u_encode(_derive("session", operation.pk, bytes(operation.agent_key or b"").hex()))


def completion(operation: Operation) -> str:
    """The secret that brings the browser back, 43 characters: of this operation and the browser that began
    it.
    """
    return b64u_encode(_derive("completion", operation.pk, bytes(operation.browser_hash).hex()))


def confirmation(operation: Operation) -> str:
    """Behind a typed code, what a person carries from the local page to the browser that began: six digits,
    of this operation, that browser, and the card service whose token was accepted.
    """
    bound_to = (bytes(operation.browser_hash).hex(), bytes(operation.agent_key or b"").hex())
    number = int.from_bytes(_derive("confirmation", operation.pk, *bound_to), "big")
    return f"{number % 10**CONFIRMATION_DIGITS:0{CONFIRMATION_DIGITS}d}"


def network_hash(network: str) -> str:
    """How an operation remembers a network, 64 hex digits: keyed, because addresses are few."""
    return _derive("network", network).hex()


def browser_hash(browser: str) -> bytes:
    """How an operation remembers the browser's random string."""
    return hashlib.sha256(browser.encode()).digest()


def new_pairing_code() -> str:
    """Eight characters without look-alikes: 31^8, 39 bits, for ten minutes and behind a limit."""
    return "".join(secrets.choice(PAIRING_CODE_ALPHABET) for _ in range(PAIRING_CODE_LENGTH))


def pairing_hash(code: str) -> bytes:
    """How the code is stored: keyed, because 39 bits alone would be guessed from a plain hash."""
    return _derive("pairing", code)


def same(presented: str, expected: str) -> bool:
    """Equal, in constant time."""
    return hmac.compare_digest(presented.encode(), expected.encode())


def _derive(purpose: str, *bound_to: str) -> bytes:
    message = "\0".join(["kilitcoz/1 bearer", purpose, *bound_to]).encode()
    return hmac.new(keys().bearer, message, hashlib.sha256).digest()
