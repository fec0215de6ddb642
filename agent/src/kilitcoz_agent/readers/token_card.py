"""A PKCS#11 token that is spoken to as every other card: the PIV commands that we use, done by the functions
of its module (PKCS#11 v2.40). A card family that has no commands of its own joins by this file.

| Command | Function |
| --- | --- |
| VERIFY | C_Login as user |
| CHANGE REFERENCE DATA of the PUK | C_Login as SO, C_SetPIN: the SO PIN is the unlock secret |
| RESET RETRY COUNTER | C_Login as SO, C_InitPIN |
| GENERATE ASYMMETRIC KEY PAIR | C_GenerateKeyPair, CKA_ID the slot; 9E is a key that needs no login |
| PUT DATA, GET DATA | CKO_CERTIFICATE by CKA_ID, CKO_DATA by name |
| GENERAL AUTHENTICATE | C_Sign; by 9B the factory's key, which a token has no other of |

Rules kept here: a PIN is in no text of an error; a try is taken only by a command that carries a PIN.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest

import pkcs11
from pkcs11.constants import TokenFlag
from pkcs11.exceptions import (
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserNotLoggedIn,
    UserPinNotInitialized,
)

from kilitcoz_agent.operation.cryptograms import by_factory
from kilitcoz_agent.readers import token_objects as objects
from kilitcoz_cards.errors import CardMalformed, TransportError
from kilitcoz_cards.families import piv_factory
from kilitcoz_cards.families.piv_management import ManagementAlgorithm
from kilitcoz_cards.iso7816 import (
    AUTHENTICATION_METHOD_BLOCKED,
    FILE_NOT_FOUND,
    INCORRECT_DATA,
    INCORRECT_P1_P2,
    INSTRUCTION_NOT_SUPPORTED,
    REFERENCE_DATA_NOT_FOUND,
    SECURITY_STATUS_NOT_SATISFIED,
    SUCCESS,
    CommandApdu,
    ResponseApdu,
    StatusWord,
)
from kilitcoz_cards.tlv import encode, parse, require

ATR = bytes.fromhex("3b85018073c021c056")  # T=1; historical bytes: extended length and chaining
PIN, PUK, MANAGEMENT, CARD_KEY = 0x80, 0x81, 0x9B, 0x9E
MANAGED_BY = ManagementAlgorithm.AES_192
OF_USER = TokenFlag.USER_PIN_LOCKED, TokenFlag.USER_PIN_FINAL_TRY
OF_SO = TokenFlag.SO_PIN_LOCKED, TokenFlag.SO_PIN_FINAL_TRY


class _Refused(Exception):  # noqa: N818 - an answer of the card
    def __init__(self, sw: StatusWord | int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = StatusWord(sw)


class TokenCard:
    """One token for one transaction: a `CardTransaction`."""

    atr = ATR

    def __init__(self, token: pkcs11.Token) -> None:
        self._token = token
        self._session: pkcs11.Session | None = None
        self._challenge: bytes | None = None
        self._may_write = self._is_user = False
        self._handlers: dict[int, Callable[[CommandApdu], bytes]] = {
            0xA4: self._select,
            0x20: self._verify,
            0x24: self._change_reference_data,
            0x2C: self._reset_retry_counter,
            0x47: self._generate,
            0x87: self._general_authenticate,
            0xCB: self._get_data,
            0xDB: self._put_data,
        }

    def transmit(self, command: bytes) -> bytes:
        """See the port."""
        apdu = CommandApdu.from_bytes(command)
        handler = self._handlers.get(apdu.ins)
        if handler is None:
            return ResponseApdu(b"", INSTRUCTION_NOT_SUPPORTED).to_bytes()
        try:
            return ResponseApdu(handler(apdu), SUCCESS).to_bytes()
        except _Refused as refused:
            return ResponseApdu(b"", refused.sw).to_bytes()
        except (CardMalformed, ValueError):
            return ResponseApdu(b"", INCORRECT_DATA).to_bytes()
        except PKCS11Error as fault:
            raise TransportError(type(fault).__name__) from None

    def close(self) -> None:
        """No session is left open, and nobody logged in."""
        if self._session is not None:
            with suppress(PKCS11Error):  # it left with its session
                self._session.close()
            self._session = None

    # --- PINs -----------------------------------------------------------------------------------------------

    def _select(self, _command: CommandApdu) -> bytes:
        return b""

    def _verify(self, command: CommandApdu) -> bytes:
        if not command.data:
            raise _Refused(self._state(*OF_USER))
        self._log_in(user_pin=_unpadded(command.data))
        return b""

    def _change_reference_data(self, command: CommandApdu) -> bytes:
        old, new = (_unpadded(part) for part in _halves(command.data))
        if command.p2 == PUK:
            self._log_in(so_pin=old)
        else:
            self._log_in(user_pin=old)
        try:
            self._opened.set_pin(old, new)
        except (PinInvalid, PinLenRange):
            raise _Refused(INCORRECT_DATA) from None
        return b""

    def _reset_retry_counter(self, command: CommandApdu) -> bytes:
        puk, pin = (_unpadded(part) for part in _halves(command.data))
        self._log_in(so_pin=puk)
        try:
            self._opened.init_pin(pin)
        except (PinInvalid, PinLenRange):
            raise _Refused(INCORRECT_DATA) from None
        finally:
            self.close()
        return b""

    def _log_in(self, *, user_pin: str | None = None, so_pin: str | None = None) -> None:
        """A new session, logged in. A wrong PIN costs a try, and is answered as a card does."""
        self.close()
        self._is_user = False
        try:
            self._session = self._token.open(rw=True, user_pin=user_pin, so_pin=so_pin)
            self._is_user = user_pin is not None
        except PinLocked:
            raise _Refused(AUTHENTICATION_METHOD_BLOCKED) from None
        except (PinIncorrect, PinInvalid, PinLenRange, UserPinNotInitialized):
            raise _Refused(self._state(*(OF_USER if so_pin is None else OF_SO))) from None

    def _state(self, locked: TokenFlag, final_try: TokenFlag) -> int:
        """As a token tells it: none left, the last one, or more; more is told as two."""
        flags = self._token.slot.get_token().flags
        if locked in flags:
            return AUTHENTICATION_METHOD_BLOCKED
        return 0x63C1 if final_try in flags else 0x63C2

    @property
    def _opened(self) -> pkcs11.Session:
        """The session as it is, or a new one of nobody's."""
        if self._session is None:
            self._session = self._token.open(rw=True)
        return self._session

    # --- keys and objects -----------------------------------------------------------------------------------

    def _generate(self, command: CommandApdu) -> bytes:
        """The holder's keys belong to whoever is logged in as user: to a PIN that nobody keeps."""
        self._require_writing()
        algorithm = require(command.data, 0xAC, 0x80)[0]
        if command.p2 not in objects.KEYS or algorithm not in objects.CURVES.keys() | objects.RSA_BITS.keys():
            raise _Refused(INCORRECT_P1_P2)
        needs_login = command.p2 != CARD_KEY
        if needs_login:
            self._log_in_as_nobody()
        return objects.make_key(self._opened, command.p2, algorithm, needs_login=needs_login)

    def _log_in_as_nobody(self) -> None:
        """A token that has the factory's SO PIN gets a random PIN, for as long as its keys are made. Where
        the SO PIN was mistaken before, no further try is spent.
        """
        flags = self._token.slot.get_token().flags
        if flags & (TokenFlag.SO_PIN_COUNT_LOW | TokenFlag.SO_PIN_FINAL_TRY | TokenFlag.SO_PIN_LOCKED):
            raise _Refused(SECURITY_STATUS_NOT_SATISFIED)
        pin = f"{secrets.randbelow(10**8):08d}"
        self._log_in(so_pin=piv_factory.PUK.reveal().decode())
        self._opened.init_pin(pin)
        self._log_in(user_pin=pin)

    def _general_authenticate(self, command: CommandApdu) -> bytes:
        members = {each.tag: each.value for each in parse(require(command.data, 0x7C))}
        if command.p2 == MANAGEMENT:
            return self._manage(command.p1, members)
        if 0x81 not in members or command.p2 not in objects.KEYS:
            raise _Refused(INCORRECT_DATA)
        key = objects.private_key(self._opened, command.p2)
        if key is None:
            raise _Refused(REFERENCE_DATA_NOT_FOUND if self._is_user else SECURITY_STATUS_NOT_SATISFIED)
        if objects.is_rsa(key) is (command.p1 in objects.CURVES):
            raise _Refused(INCORRECT_P1_P2)
        try:
            return encode(0x7C, encode(0x82, objects.sign(key, members[0x81])))
        except UserNotLoggedIn:
            raise _Refused(SECURITY_STATUS_NOT_SATISFIED) from None

    def _manage(self, algorithm: int, members: dict[int, bytes]) -> bytes:
        """The factory's key, whose answer everybody knows: who writes to a token is told by its PINs."""
        if algorithm != MANAGED_BY.identifier:
            raise _Refused(INCORRECT_P1_P2)
        if members.get(0x81) == b"":
            self._challenge = secrets.token_bytes(MANAGED_BY.block_length)
            return encode(0x7C, encode(0x81, self._challenge))
        challenge, self._challenge = self._challenge, None
        expected = by_factory(MANAGED_BY, challenge) if challenge is not None else None
        if expected is None or not compare_digest(expected, members.get(0x82, b"")):
            raise _Refused(SECURITY_STATUS_NOT_SATISFIED)
        self._may_write = True
        return b""

    def _require_writing(self) -> None:
        if not self._may_write:
            raise _Refused(SECURITY_STATUS_NOT_SATISFIED)

    def _get_data(self, command: CommandApdu) -> bytes:
        content = objects.read(self._opened, int.from_bytes(require(command.data, 0x5C), "big"))
        if not content:
            raise _Refused(FILE_NOT_FOUND)
        return encode(0x53, content)

    def _put_data(self, command: CommandApdu) -> bytes:
        self._require_writing()
        content = require(command.data, 0x53)
        if not content:
            raise _Refused(INCORRECT_DATA)
        objects.write(self._opened, int.from_bytes(require(command.data, 0x5C), "big"), content)
        return b""


def _halves(data: bytes) -> tuple[bytes, bytes]:
    if len(data) != 16:
        raise _Refused(INCORRECT_DATA)
    return data[:8], data[8:]


def _unpadded(block: bytes) -> str:
    """A PIN as the module takes it: text, without the card's padding."""
    try:
        return block.rstrip(b"\xff").decode()
    except UnicodeDecodeError:
        raise _Refused(INCORRECT_DATA) from None
