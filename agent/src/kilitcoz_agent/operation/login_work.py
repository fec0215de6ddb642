"""What is done with a card in a login (signing_work).

Rule kept here: what is signed is this operation's challenge at the origin whose key signed the capability,
and nothing that anybody sent.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from kilitcoz_agent.operation import signing_work
from kilitcoz_agent.operation.certificates import read_certificate
from kilitcoz_agent.operation.operation import FoundCard, Signer
from kilitcoz_agent.readers.port import Readers, ReaderStatus
from kilitcoz_cards.authentication import SALT_LENGTH, login_challenge
from kilitcoz_cards.families import piv_login
from kilitcoz_cards.families.piv_login import ToSign
from kilitcoz_cards.families.piv_signing import SigningReport
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
        card = signing_work.look(self._readers, OperationKind.LOGIN, piv_login.look, status)
        certificate = read_certificate(card.unverified_certificate, self._clock())
        return FoundCard(status.name, status.insertion, card.identification, Signer(card, certificate))

    def sign_in(self, card: FoundCard, pin: Pin, *, may_spend_last_try: bool) -> SigningReport:
        """VERIFY and one signature. Never raises for what a card or a reader does."""
        signer = card.signer
        assert signer is not None
        salt = secrets.token_bytes(SALT_LENGTH)
        to_sign = ToSign(signer.certificate.key, self._origin, self._challenge, salt)
        signing = piv_login.sign_in(signer.card, pin, to_sign, may_spend_last_try=may_spend_last_try)
        return signing_work.sign(self._readers, OperationKind.LOGIN, signing, card.reader)
