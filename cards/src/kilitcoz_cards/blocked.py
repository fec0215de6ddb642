"""The five faces of "blocked": how cards say that a PIN or PUK has no tries left, and how each is read.

A status word is the answer to VERIFY without data (free on real families, asked once) or to a try. A data
object is read where the status tells nothing. None in a PinState means that the card did not tell; it is
never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kilitcoz_cards.errors import CardMalformed
from kilitcoz_cards.iso7816 import AUTHENTICATION_METHOD_BLOCKED, StatusWord
from kilitcoz_cards.pin import UNTOLD, PinState
from kilitcoz_cards.tlv import find

BLOCKED = PinState(blocked=True, retries_left=0)
OPEN = PinState(blocked=False)


class Face(StrEnum):
    """How a card can say it."""

    STATUS_6983 = "6983"
    STATUS_63C0 = "63C0"
    STATUS_6982 = "6982 for every answer"
    DATA_OBJECT = "only a data object tells"
    LAST_TRY = "6983 already on the last wrong try"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one face leaves to be known: the state it proves, and whether the value sent was refuted."""

    state: PinState
    refutes: bool


READINGS: Mapping[Face, Reading] = MappingProxyType(
    {
        # ISO/IEC 7816-4:2005, 5.1.3: authentication method blocked. The value was not looked at.
        Face.STATUS_6983: Reading(BLOCKED, refutes=False),
        # Verification failed, no tries left: the value was looked at, and was wrong.
        Face.STATUS_63C0: Reading(BLOCKED, refutes=True),
        # OpenPGP card v3: wrong and blocked look the same; DO C4 tells.
        Face.STATUS_6982: Reading(UNTOLD, refutes=False),
        # OpenPGP DO C4, GIDS DO 7F71, PIV metadata (INS F7): see the readers below.
        Face.DATA_OBJECT: Reading(BLOCKED, refutes=False),
        # The last wrong try is answered 6983, not 63C0: by itself not to be told from the first face.
        Face.LAST_TRY: Reading(BLOCKED, refutes=False),
    }
)


def state_after(sw: StatusWord) -> PinState:
    """What a status word tells of the reference it answers for; UNTOLD where it speaks of other things."""
    if sw.is_success:
        return OPEN
    if sw == AUTHENTICATION_METHOD_BLOCKED or sw.retries_left == 0:
        return BLOCKED
    if sw.retries_left is not None:
        return PinState(blocked=False, retries_left=sw.retries_left)
    return UNTOLD


def refuses(sw: StatusWord) -> bool:
    """Whether a status word says that the secret is wrong or out of tries: 63Cx, 6983."""
    return sw.retries_left is not None or sw == AUTHENTICATION_METHOD_BLOCKED


def of_counter(retries_left: int) -> PinState:
    """A counter as a data object has it."""
    return PinState(blocked=retries_left == 0, retries_left=retries_left)


def of_piv_metadata(metadata: bytes) -> PinState:
    """PIV GET METADATA (INS F7) of 80 or 81: tag 06 holds all tries and those left. UNTOLD without it."""
    tries = find(metadata, 0x06)
    if tries is None:
        return UNTOLD
    if len(tries) != 2:
        raise CardMalformed("tries in metadata are two bytes")
    return of_counter(tries[1])


def of_openpgp_status(status: bytes) -> Mapping[str, PinState]:
    """OpenPGP card DO C4, seven bytes; bytes 5–7 count PW1, the resetting code (0: or there is none), PW3."""
    if len(status) != 7:
        raise CardMalformed("PW status bytes are seven")
    return {name: of_counter(left) for name, left in zip(("pw1", "rc", "pw3"), status[4:], strict=True)}


def of_gids_status(status: bytes) -> PinState:
    """GIDS DO 7F71 (PIN), 7F73 (PUK): 97 counts the tries left, on old cards 9F17. UNTOLD without either."""
    content = find(status, 0x7F71) or find(status, 0x7F73) or status
    for tag in (0x97, 0x9F17):
        left = find(content, tag)
        if left is not None:
            return of_counter(int.from_bytes(left, "big"))
    return UNTOLD
