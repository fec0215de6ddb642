"""What can go wrong between a program and a card, as one tree.

CardsError
├── TransportError      card-lost            no answer came: removal, reset, time-out (raised by transports)
├── UnexpectedStatus    card-refused         a status word that the conversation cannot go on with
├── CardMalformed       card-malformed       the card's answer does not parse
├── UnknownCard         card-unknown         no application of ours on it, or nothing to know it by
├── NoLoginCertificate  login-certificate-missing  no key on it with which a holder logs in
├── NoSignatureCertificate  sign-certificate-missing  no key on it with which a holder signs documents
├── WrongCard           wrong-card           not the card that was identified before
├── PukCounterChanged   puk-counter-changed  somebody tried a PUK since the card was identified
├── PukNotChangeable    puk-not-changeable   the card has no CHANGE REFERENCE DATA for the PUK
├── PinNotProved        pin-not-proved       the card said 9000 to the new PIN, and then refused it
├── ManagementKeyRefused  management-key-refused  the card does not take the answer to its challenge
├── NotAsWritten        card-not-as-written  the card gives back something else than was written
├── ForbiddenCommand    command-forbidden    a command outside the operation's allow-list; it was not sent
├── MessageMalformed    message-malformed    a message between card service and portal breaks its schema
└── PinRuleViolation    pin-refused          the new PIN's form is not allowed; nothing was sent
    ├── PinTooShort     pin-too-short
    ├── PinTooLong      pin-too-long
    ├── PinNotDigits    pin-not-digits
    ├── PinRepeated     pin-repeated
    └── PinSequential   pin-sequential

`code` is stable: it stands on the wire, in the journal, in docs/errors.md, and is the key of the translated
sentence. No message here ever carries a PIN, a PUK or the data field of an APDU.
"""

# ruff: noqa: N818 -- the names say what happened (WrongCard), as the protocol and the codes do

from typing import ClassVar


class CardsError(Exception):
    """The root; `code` is the stable slug of the class."""

    code: ClassVar[str] = "card-error"


class TransportError(CardsError):
    """No answer came to a command that may have reached the card: whether it ran is unknown."""

    code: ClassVar[str] = "card-lost"


class UnexpectedStatus(CardsError):
    """The card answered `sw` (an int, two bytes) to `command_name`."""

    code: ClassVar[str] = "card-refused"

    def __init__(self, command_name: str, sw: int) -> None:
        super().__init__(f"{command_name} answered {sw:04X}")
        self.command_name = command_name
        self.sw = sw


class CardMalformed(CardsError):
    """The card's answer does not parse (BER-TLV, lengths, missing members)."""

    code: ClassVar[str] = "card-malformed"


class UnknownCard(CardsError):
    """No application of a family we know, or no identifier by which the card could be recognised."""

    code: ClassVar[str] = "card-unknown"


class NoLoginCertificate(CardsError):
    """No certificate in any slot whose key logs a holder in."""

    code: ClassVar[str] = "login-certificate-missing"


class NoSignatureCertificate(CardsError):
    """No certificate in any slot whose key signs documents."""

    code: ClassVar[str] = "sign-certificate-missing"


class WrongCard(CardsError):
    """The card in the reader is not the one that was identified."""

    code: ClassVar[str] = "wrong-card"


class PukCounterChanged(CardsError):
    """The PUK's tries are not those of the identification: the release was budgeted on another number."""

    code: ClassVar[str] = "puk-counter-changed"


class PukNotChangeable(CardsError):
    """CHANGE REFERENCE DATA is not there for the PUK: it was seen, and cannot be rotated."""

    code: ClassVar[str] = "puk-not-changeable"


class PinNotProved(CardsError):
    """RESET RETRY COUNTER was answered 9000, but VERIFY refused the very same PIN."""

    code: ClassVar[str] = "pin-not-proved"


class ManagementKeyRefused(CardsError):
    """The card's challenge was answered by another key than the card's; nothing is charged for that."""

    code: ClassVar[str] = "management-key-refused"


class NotAsWritten(CardsError):
    """What was read back is not what was written, or a key is not the one that was certified."""

    code: ClassVar[str] = "card-not-as-written"


class ForbiddenCommand(CardsError):
    """A command outside the operation's allow-list. It has not been sent."""

    code: ClassVar[str] = "command-forbidden"


class MessageMalformed(CardsError):
    """A message with unknown, missing, over-long or ill-typed members; `member` names the first."""

    code: ClassVar[str] = "message-malformed"

    def __init__(self, member: str) -> None:
        super().__init__(f"malformed at {member}")
        self.member = member


class PinRuleViolation(CardsError):
    """The form of a new PIN is not allowed. The subclass says which rule; the PIN is not in here."""

    code: ClassVar[str] = "pin-refused"


class PinTooShort(PinRuleViolation):
    """Fewer characters than `PinRules.min_length`."""

    code: ClassVar[str] = "pin-too-short"


class PinTooLong(PinRuleViolation):
    """More characters than `PinRules.max_length`."""

    code: ClassVar[str] = "pin-too-long"


class PinNotDigits(PinRuleViolation):
    """A character outside 0–9."""

    code: ClassVar[str] = "pin-not-digits"


class PinRepeated(PinRuleViolation):
    """One digit all through, as 111111."""

    code: ClassVar[str] = "pin-repeated"


class PinSequential(PinRuleViolation):
    """Each digit the next or the previous one, as 123456 or 987654."""

    code: ClassVar[str] = "pin-sequential"
