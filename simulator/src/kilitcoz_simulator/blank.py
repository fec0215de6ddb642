"""A card as the factory ships it: the vendor's PIN, PUK and management key; no number, no keys."""

import secrets

from kilitcoz_simulator.piv.extensions import (
    DEFAULT_MANAGEMENT_KEY,
    DEFAULT_PIN,
    DEFAULT_PUK,
    DEFAULT_RETRIES,
)
from kilitcoz_simulator.profile import YUBIKEY, Profile
from kilitcoz_simulator.state import CardState, ReferenceData


def blank_card(profile: Profile = YUBIKEY, serial: int | None = None) -> CardState:
    """The state of a new card; `serial` None: a random one of eight digits."""
    return CardState(
        profile=profile,
        serial=10_000_000 + secrets.randbelow(90_000_000) if serial is None else serial,
        pin=ReferenceData(DEFAULT_PIN, DEFAULT_RETRIES, DEFAULT_RETRIES),
        puk=ReferenceData(DEFAULT_PUK, DEFAULT_RETRIES, DEFAULT_RETRIES),
        management_key=DEFAULT_MANAGEMENT_KEY,
        objects={},
    )
