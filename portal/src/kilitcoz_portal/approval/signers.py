"""With which certificate a holder signs, and whether it may sign now.

One that this installation issued signs only while it is valid: neither suspended nor revoked, and opened for
use. Any other is believed as a login's is, by path, purpose and status.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kilitcoz_portal.approval.errors import CertificateNotOpen, NoCertificate, SignatureWrong
from kilitcoz_portal.ca.models import Authority, Issued
from kilitcoz_portal.certificates import queries as certificates
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.holders.models import Card, Holder
from kilitcoz_portal.trust import paths, profile
from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.anchors import Anchors
from kilitcoz_portal.trust.errors import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    TrustError,
)
from kilitcoz_portal.trust.paths import TrustedPath
from kilitcoz_portal.trust.policy import TrustPolicy, Usage
from kilitcoz_portal.trust.reading import Read

SLOT = "9c"  # SP 800-73-4 part 1, 3.1.3: Digital Signature
_ENDS: dict[State, TrustError] = {
    State.SUSPENDED: CertificateSuspended("state"),
    State.REVOKED: CertificateRevoked("state"),
    State.EXPIRED: CertificateExpired("state"),
}


@dataclass(frozen=True)
class Signer:
    """A card, and the certificate in its slot 9C as it is on record (DER)."""

    card: Card
    certificate: bytes


def of_holder(holder: Holder) -> list[Signer]:
    """The holder's cards that have a signature certificate on record, the newest first."""
    cards = holder.cards.order_by("-pk").prefetch_related("certificates")
    found = ((card, _certificate_of(card)) for card in cards)
    return [Signer(card, der) for card, der in found if der is not None]


def of_card(holder: Holder, card_pk: int) -> Signer:
    """This card of the holder. Raises NoCertificate."""
    for signer in of_holder(holder):
        if signer.card.pk == card_pk:
            return signer
    raise NoCertificate


def require_state(certificate: bytes, now: datetime) -> None:
    """Of a certificate of ours, that it is valid; of another, nothing is known here. Asks no network.

    Raises CertificateNotOpen, CertificateSuspended, CertificateRevoked, CertificateExpired.
    """
    own = own_row(certificate)
    state = certificates.state_of(own, now) if own is not None else State.VALID
    if state in _ENDS:
        raise type(_ENDS[state])("state")
    if state is not State.VALID:
        raise CertificateNotOpen(state)


def require_usable(holder: Holder, certificate: bytes, now: datetime) -> None:
    """That a signature by it counts now. May ask for status over the network: not inside a transaction.

    Raises as require_state, and every TrustError; SignatureWrong where it names somebody else.
    """
    require_state(certificate, now)
    if own_path(certificate, now) is not None:
        return
    identity = trust.validate(certificate, (), usage=Usage.SIGNATURE, now=now)
    if (identity.id_number, identity.id_kind) != (holder.id_number, holder.id_kind):
        raise SignatureWrong("holder")


def own_path(certificate: bytes, now: datetime) -> TrustedPath | None:
    """The path of a certificate that the embedded authority issued; None for any other. Raises a TrustError
    where it does not hold.
    """
    read = Read.of_der(certificate)
    serial_number = f"{read.pyca.serial_number:x}"
    issued = Issued.objects.select_related("authority").filter(serial_number=serial_number).first()
    if issued is None or bytes(issued.der) != certificate:
        return None
    policy = replace(TrustPolicy.of_settings(), policies=frozenset(), qualified=False)
    path = paths.trusted_path(read, (), _anchors(issued.authority), policy, now)
    profile.check(read, Usage.SIGNATURE, policy)
    return path


def own_row(certificate: bytes) -> Certificate | None:
    """What room certificates keeps of it, if it is from this installation."""
    row = certificates.by_serial(f"{Read.of_der(certificate).pyca.serial_number:x}")
    return row if row is not None and bytes(row.der) == certificate else None


def _anchors(authority: Authority) -> Anchors:
    root, issuing = (Read.of_der(bytes(each)) for each in (authority.root, authority.certificate))
    return Anchors(roots=(root,), intermediates=(issuing,))


def _certificate_of(card: Card) -> bytes | None:
    """From this installation, the valid one first, then the newest; or the one that was enrolled."""
    own = [row for row in certificates.of_card(card.pk) if row.slot == SLOT] or [
        row for row in certificates.of_card(card.pk, *State) if row.slot == SLOT
    ]
    if own:
        return bytes(max(own, key=lambda row: (row.state == State.VALID, row.not_before)).der)
    enrolled = [each for each in card.certificates.all() if each.slot == SLOT]
    return bytes(enrolled[0].der) if enrolled else None
