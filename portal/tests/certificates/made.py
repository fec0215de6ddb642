"""A card with the three certificates that a PIV card gets, brought to any state by the verbs themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.ocsp import OCSPRequestBuilder, load_der_ocsp_response
from portal.tests.people import NOW, card_of

from kilitcoz_portal.ca import answers, lists
from kilitcoz_portal.ca.models import Authority
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import ends, issuing, services
from kilitcoz_portal.certificates.actors import HOLDER, Actor, registrar
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.certificates.models import Certificate, State
from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.holders.models import Card, Holder

SLOTS = {
    "9c": ProfileName.SIGNATURE,
    "9a": ProfileName.AUTHENTICATION,
    "9e": ProfileName.CARD,
}
DESK = registrar("Elif")
MINUTE = timedelta(minutes=1)
INSTITUTION = "Örnek Üniversitesi"


@dataclass(frozen=True)
class Made:
    """A holder, the card, and its certificates as rows; read anew at each look."""

    holder: Holder
    card: Card

    @property
    def certificates(self) -> list[Certificate]:
        """As they are now."""
        return list(Certificate.objects.filter(card=self.card).order_by("pk"))

    @property
    def states(self) -> set[str]:
        """Of all of them."""
        return {each.state for each in self.certificates}


def make(holder: Holder, serial: str = "90214821", institution: str = INSTITUTION) -> Made:
    """A new card of this holder, its certificates produced."""
    card = card_of(holder, serial)
    for slot, profile in SLOTS.items():
        wish = Production(card, slot, profile, public_key(), services.request_id(), institution)
        issuing.produce(wish, DESK, NOW)
    return Made(holder, card)


def public_key() -> bytes:
    """A fresh P-256 key's."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def bring(made: Made, state: State, by: Actor = HOLDER) -> datetime:
    """Make the deeds that lead there; the moment of the last one. `by`: who suspends."""
    moment = NOW + MINUTE
    if state is State.PRODUCED:
        return moment
    services.hand_over(made.certificates, DESK, moment)
    if state is State.AWAITING_ACTIVATION:
        return moment
    services.open_for_use(made.certificates, moment)
    if state is State.SUSPENDED:
        services.suspend(made.certificates, by, Reason.LOST, moment)
    if state is State.REVOKED:
        services.revoke(made.certificates, HOLDER, Reason.STOLEN, moment)
    if state is State.EXPIRED:
        moment = made.certificates[0].not_after
        ends.sweep(moment)
    return moment


def listed() -> dict[str, x509.ReasonFlags]:
    """What the newest CRL says: serial numbers with their reasons."""
    newest = lists.download("nes")
    if newest is None:
        return {}
    found = x509.load_der_x509_crl(newest.der)
    return {f"{each.serial_number:x}": _reason(each) for each in found}


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return x509.ReasonFlags.unspecified


def answered(certificate: Certificate, now: datetime) -> str:
    """What OCSP says: `GOOD`, or a reason's name."""
    issuer = x509.load_der_x509_certificate(bytes(Authority.objects.get().certificate))
    made = x509.load_der_x509_certificate(bytes(certificate.der))
    request = OCSPRequestBuilder().add_certificate(made, issuer, hashes.SHA1()).build()
    response = load_der_ocsp_response(answers.answer(request.public_bytes(Encoding.DER), now).der)
    reason = response.revocation_reason
    return reason.name if reason is not None else response.certificate_status.name
