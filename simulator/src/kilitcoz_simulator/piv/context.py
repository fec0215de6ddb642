"""What every PIV command handler works on: the card's state, the session's security status, its quirks."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from kilitcoz_cards.iso7816 import SECURITY_STATUS_NOT_SATISFIED, CommandApdu, StatusWord
from kilitcoz_simulator.faults import Quirks
from kilitcoz_simulator.state import CardState


class Refused(Exception):  # noqa: N818  (an answer of the card, not an error of the program)
    """Ends a command with a status word other than 9000. What the handler had changed before, stays."""

    def __init__(self, sw: StatusWord | int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = StatusWord(sw)


@dataclass
class Session:
    """The security status (SP 800-73-4 part 2, 2.4.2): forgotten at power-off, reset and deselection."""

    pin_verified: bool = False
    pin_just_verified: bool = (
        False  # for keys that want the PIN always; used up by one use of any private key
    )
    puk_verified: bool = False  # only the quirk cached_puk looks at it
    management_authenticated: bool = False
    witness: bytes | None = field(default=None, repr=False)
    challenge: bytes | None = field(default=None, repr=False)


@dataclass
class Piv:
    """One powered card. `on_charge` is called when a try has been charged and nothing was compared yet."""

    state: CardState
    quirks: Quirks
    on_charge: Callable[[], None] = lambda: None
    random: Callable[[int], bytes] = os.urandom
    session: Session = field(default_factory=Session)

    def forget_security_status(self) -> None:
        """As after power-on."""
        self.session = Session()

    def require_management_key(self) -> None:
        """Refused with 6982 unless 9B was authenticated in this session."""
        if not self.session.management_authenticated:
            raise Refused(SECURITY_STATUS_NOT_SATISFIED)


Handler = Callable[[Piv, CommandApdu], bytes]
"""Executes one complete command (chaining is already undone): the answer's data, or Refused."""
