"""The cards and secrets that every test here speaks of: Ayşe Yılmaz's PIV card, byte by byte."""

from dataclasses import dataclass

import pytest
from hypothesis import settings

from kilitcoz_cards.identity import Identification, KeyAlgorithm, Proof
from kilitcoz_cards.messages import Release
from kilitcoz_cards.pin import Pin, PinState, Puk
from kilitcoz_cards.testing import Exchange

settings.register_profile("cards", deadline=None, derandomize=True)
settings.load_profile("cards")

GUID = "5a1e0c7d9b3f4e2a8c6d1f0b7e5a3c29"
SIGNATURE = "3006020101020102"  # DER: SEQUENCE of two integers


@dataclass(frozen=True)
class PivScripts:
    """Exact exchanges with a card of serial 12344821, P-256 key in 9E, PIN blocked, three PUK tries."""

    guid: str = GUID
    challenge: bytes = b"kilitcoz/1 card-proof\x00operation\x00nonce"
    signature: bytes = bytes.fromhex(SIGNATURE)

    select: Exchange = ("00A4040005 A000000308 00", "6109 4F0400001000 790100 9000")
    chuid: Exchange = (
        "00CB3FFF05 5C035FC102 00",
        f"5331 3019D4E739DA739CED39CE739D836858210842108421C84210C3EB 3410{GUID} 3E00FE00 9000",
    )
    serial: Exchange = ("00F8000000", "00BC5DF5 9000")
    pin_metadata: Exchange = ("00F7008000", "0101FF 050100 06020300 9000")
    puk_metadata: Exchange = ("00F7008100", "0101FF 050100 06020303 9000")
    key_metadata: Exchange = ("00F7009E00", "010111 02020101 030101 9000")
    # 7C { 82 (empty), 81 SHA-256 of the challenge }
    proof: Exchange = (
        "0087119E26 7C2482008120 5541a83c1bd9632397689922da9e4bc56e81d8854a192dd5954ed3cbce6e278b 00",
        f"7C0A8208{SIGNATURE} 9000",
    )

    # the same card without its vendor's commands
    no_serial: Exchange = ("00F8000000", "6D00")
    no_metadata: Exchange = ("00F7008000", "6D00")
    pin_status: Exchange = ("00200080", "6983")

    # 31415926 → 27182818, PIN 482913
    change_puk: Exchange = ("0024008110 3331343135393236 3237313832383138", "9000")
    reset_retry_counter: Exchange = ("002C008010 3237313832383138 343832393133FFFF", "9000")
    verify: Exchange = ("0020008008 343832393133FFFF", "9000")

    @property
    def identification(self) -> Identification:
        """What `identify` makes of it."""
        return Identification(
            family="piv",
            card_id=self.guid,
            serial="12344821",
            reader="Virtual PCD 00 00",
            atr="3b8080",
            pin=PinState(blocked=True, retries_left=0),
            puk=PinState(blocked=False, retries_left=3),
            proof=Proof("9e", KeyAlgorithm.ECC_P256, self.signature),
        )

    @property
    def identity(self) -> tuple[Exchange, ...]:
        """The same card, again, in a transaction."""
        return self.select, self.proof, self.puk_metadata

    @property
    def unlock(self) -> tuple[Exchange, ...]:
        """The whole transaction of an unlock that goes well."""
        return *self.identity, self.change_puk, self.reset_retry_counter, self.verify


@pytest.fixture
def ayse() -> PivScripts:
    """Ayşe Yılmaz's card."""
    return PivScripts()


@pytest.fixture
def pin() -> Pin:
    """The PIN that Ayşe chooses."""
    return Pin.from_text("482913")


@pytest.fixture
def release() -> Release:
    """M6 for a PUK that is known: 31415926 → 27182818."""
    return Release(7, (Puk.from_text("31415926"),), Puk.from_text("27182818"), rotate=True)
