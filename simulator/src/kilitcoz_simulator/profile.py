"""What kind of PIV card this is: which commands it knows and what it announces in its ATR.

`yubikey`: SP 800-73-4 with the vendor's extensions (GET METADATA, GET SERIAL, …) and extended length.
`plain`: SP 800-73-4 and nothing else, short length with command chaining.
"""

from dataclasses import dataclass

from kilitcoz_cards.iso7816 import FUNCTION_NOT_SUPPORTED, StatusWord

Version = tuple[int, int, int]

_NAME = b"Kilitcoz"
_CATEGORY_COMPACT_TLV = 0x80  # ISO/IEC 7816-4:2020, 12.1.1.3: the historical bytes are COMPACT-TLV
_CAPABILITIES = 0x73  # tag 7, 3 bytes: the three software function tables of 12.1.1.9
_SELECTION_BY_DF_NAME = 0xC0  # first table: by full and by partial DF name
_DATA_CODING = 0x21  # second table: proprietary write behaviour, data units of one byte
_COMMAND_CHAINING = 0x80  # third table, b8
_EXTENDED_LENGTH = 0x40  # third table, b7
_CARD_ISSUER_DATA = 0x50  # tag 5, length in the low nibble


@dataclass(frozen=True)
class Profile:
    """The fixed traits of a card. `extensions`: the firmware version reported, None = no vendor commands."""

    name: str
    extensions: Version | None
    extended_length: bool
    digits_only: bool  # SP 800-73-4 part 2, 2.4.3: a PIN is decimal digits; the other profile takes any byte
    change_puk: bool = True
    change_puk_refusal: StatusWord = (
        FUNCTION_NOT_SUPPORTED  # what 24 on the PUK is answered without change_puk
    )

    def atr(self) -> bytes:
        """The ATR of this card: T=1 only, historical bytes that say truly whether it takes extended length.

        Only TD1 of the first interface bytes is present, so that PyPI's ykman takes the reader for a wireless
        one; for a reader that is not named after its vendor it accepts nothing else.
        """
        third = _COMMAND_CHAINING | (_EXTENDED_LENGTH if self.extended_length else 0)
        historical = (
            bytes((_CATEGORY_COMPACT_TLV, _CAPABILITIES, _SELECTION_BY_DF_NAME, _DATA_CODING, third))
            + bytes((_CARD_ISSUER_DATA | len(_NAME),))
            + _NAME
        )
        body = bytes((0x80 | len(historical), 0x01)) + historical
        check = 0
        for byte in body:
            check ^= byte
        return b"\x3b" + body + bytes((check,))


YUBIKEY = Profile("yubikey", extensions=(5, 7, 1), extended_length=True, digits_only=False)
PLAIN = Profile("plain", extensions=None, extended_length=False, digits_only=True)
BY_NAME = {profile.name: profile for profile in (YUBIKEY, PLAIN)}
