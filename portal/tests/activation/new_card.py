"""A card as it leaves the desk: keys and certificates on it, a random PIN, its PUK in the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal.tests import cast
from portal.tests.card_service import CardService
from portal.tests.cast import AYSES_BROWSER, NOW
from portal.tests.certificates.made import DESK, SLOTS

from kilitcoz_portal.activation import services as activation
from kilitcoz_portal.certificates import issuing
from kilitcoz_portal.certificates import services as certificates
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation
from kilitcoz_portal.vault import receipts


@dataclass(frozen=True)
class NewCard:
    """The card as enrolled and as held, and what the portal says of its certificates."""

    enrolled: cast.Enrolled

    @property
    def certificates(self) -> list[Certificate]:
        """As they are now."""
        return list(Certificate.objects.filter(card=self.enrolled.card).order_by("pk"))

    @property
    def states(self) -> set[str]:
        """Of all of them."""
        return {each.state for each in self.certificates}

    def begin(self, now: datetime = NOW, *, by_word: bool = True) -> Operation:
        """ "Kullanıma Aç", "Tamam"."""
        holder, card = self.enrolled.holder, self.enrolled.card
        return activation.start(holder, card, AYSES_BROWSER, "tr", now, by_word=by_word)

    def service(self, now: datetime = NOW) -> CardService:
        """A card service in which this card is, for a new activation whose code was right."""
        operation = self.begin(now)
        receipt = receipts.issue(operation.pk, self.enrolled.card.ref, now)
        operations.authorise(operation.pk, AYSES_BROWSER, receipt, now)
        capability = operations.issue_capability(operation.pk, AYSES_BROWSER, now)
        return CardService(capability, self.enrolled.simulated, now)


def hand_over(holder: Holder, *, blocked: bool = False) -> NewCard:
    """A new card of this holder; `blocked`: somebody has tried PINs on its way."""
    enrolled = cast.card_of(holder, blocked=blocked)
    keys = cast.issued(holder.name).certificates
    for slot, profile in SLOTS.items():
        key = keys[int(slot, 16)].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        wish = Production(enrolled.card, slot, profile, key, certificates.request_id())
        issuing.produce(wish, DESK, NOW)
    new = NewCard(enrolled)
    certificates.hand_over(new.certificates, DESK, NOW)
    return new
