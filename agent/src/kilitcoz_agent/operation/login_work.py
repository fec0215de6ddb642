"""What is done with a card in a login: look at it, then PIN and one signature. Each is one exclusive
transaction, in one thread.

Rules kept here: every command passes the allow-list of a login (A21); what is signed is this operation's
challenge at the origin whose key signed the capability, and nothing that anybody sent.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from kilitcoz_agent.errors import ReaderBusy, ReaderServiceMissing
from kilitcoz_agent.operation.certificates import read_certificate
from kilitcoz_agent.operation.operation import FoundCard, Signer
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_cards.allowed import guard
from kilitcoz_cards.atr import takes_extended_length
from kilitcoz_cards.authentication import SALT_LENGTH, login_challenge
from kilitcoz_cards.conversation import converse
from kilitcoz_cards.errors import TransportError
from kilitcoz_cards.families import piv_login
from kilitcoz_cards.families.piv_login import LoginOutcome, LoginReport, ToSign
from kilitcoz_cards.messages import Capability, OperationKind
from kilitcoz_cards.pin import Pin


class LoginWork:
    """The card's side of one login."""

    def __init__(
        self, readers: Readers, capability: Capability, clock: Callable[[], float] = time.time
    ) -> None:
        self._readers = readers
        self._origin = capability.iss
        self._challenge = login_challenge(capability.op, capability.nonce)
        self._clock = clock

    def find(self, status: ReaderStatus) -> FoundCard:
        """The card in this reader, if its certificate can serve. Raises CardsError, CertificateUnusable,
        ReaderBusy, ReaderServiceMissing.
        """
        with self._readers.transaction(status.name) as opened:
            looking = piv_login.look(reader=status.name, atr=opened.atr.hex())
            extended = takes_extended_length(opened.atr)
            card = converse(guard(OperationKind.LOGIN, looking), opened.transmit, extended=extended)
        certificate = read_certificate(card.unverified_certificate, self._clock())
        return FoundCard(status.name, status.insertion, card.identification, Signer(card, certificate))

    def sign_in(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> LoginReport:
        """VERIFY and one signature. Never raises for what a card or a reader does."""
        signer = card.signer
        assert signer is not None
        salt = secrets.token_bytes(SALT_LENGTH)
        to_sign = ToSign(signer.certificate.key, self._origin, self._challenge, salt)
        signing = piv_login.sign_in(signer.card, pin, to_sign, may_spend_last_try=may_spend_last_try)
        try:
            with self._readers.transaction(card.reader) as opened:
                extended = takes_extended_length(opened.atr)
                return converse(guard(OperationKind.LOGIN, signing), opened.transmit, extended=extended)
        except (TransportError, ReaderBusy, ReaderServiceMissing) as fault:
            return LoginReport(LoginOutcome.ABORTED, abort_code=fault.code)
