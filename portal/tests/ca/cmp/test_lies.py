"""An authority, or somebody on the way, that lies: nothing of it is believed, and no wrong certificate is
used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from portal.tests.ca import authority as pki
from portal.tests.ca.cmp.asking import alarms, require_exactly_one, until_it_comes
from portal.tests.ca.cmp.bodies import pki_issuer, voice
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import StandIn
from portal.tests.ca.cmp.wishes import wish

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.cmp import asn1, reading, sweeping, transfer
from kilitcoz_portal.ca.cmp.configuration import configured
from kilitcoz_portal.ca.cmp.models import Enrolment, Step, Surplus
from kilitcoz_portal.ca.cmp.protection import Credentials
from kilitcoz_portal.ca.cmp.transfer import Address
from kilitcoz_portal.ca.errors import CaAnswerUntrusted, CertificateWrong
from kilitcoz_portal.ca.profiles import ProfileName

pytestmark = pytest.mark.django_db

Lie = Callable[[dict[str, Any], asn1.Body], asn1.Body]


def telling(**what: Any) -> Lie:
    """The header says this instead."""

    def lie(header: dict[str, Any], body: asn1.Body) -> asn1.Body:
        header.update(what)
        return body

    return lie


def of_another_key() -> Credentials:
    """The name and certificate of who may speak, and somebody else's key."""
    return replace(voice(), key=ec.generate_private_key(ec.SECP256R1()))


def of_a_holder() -> Credentials:
    """Ayşe's certificate, of the same authority: it speaks for nobody."""
    certificate, key = pki.authority().certify(ProfileName.AUTHENTICATION, pki.AYSE.subject())
    return Credentials(key, certificate, (pki_issuer(),))


LIES: dict[str, tuple[Callable[[], Lie], str]] = {
    "another-transaction": (lambda: telling(transaction_id=b"t" * 16), "transaction"),
    "another-question": (lambda: telling(answers=b"n" * 16), "nonce"),
    "no-question": (lambda: telling(answers=None), "nonce"),
    "before-we-asked": (lambda: telling(sent_at=pki.NOW - timedelta(minutes=6)), "time"),
    "from-tomorrow": (lambda: telling(sent_at=pki.NOW + timedelta(days=1)), "time"),
    "another-key": (lambda: telling(credentials=of_another_key()), "signature"),
    "a-holder": (lambda: telling(credentials=of_a_holder()), "signer"),
    "no-voice": (lambda: telling(credentials=voice(ExtendedKeyUsageOID.CLIENT_AUTH)), "signer"),
}


@pytest.mark.parametrize("name", LIES)
def test_an_answer_that_is_not_provably_the_authoritys_counts_as_none(
    elsewhere: StandIn, clock: Clock, name: str
) -> None:
    lie, reason = LIES[name]
    elsewhere.lie = lie()
    asked = wish(on_hold=True)
    with pytest.raises(CaAnswerUntrusted) as untrusted:
        authority().issue(asked, clock.now())
    assert untrusted.value.reason == reason
    assert Enrolment.objects.get().step == Step.SENT
    elsewhere.lie = None
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)
    assert len(elsewhere.issued) == 1


def test_one_flipped_bit_in_what_is_signed_is_not_believed(
    elsewhere: StandIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, send, places = wish(), transfer.send, range(5, 1100, 53)
    flips = iter(places)

    def flipping(message: bytes, to: Address) -> bytes:
        answer = bytearray(send(message, to))
        answer[next(flips)] ^= 0x04
        return bytes(answer)

    monkeypatch.setattr(transfer, "send", flipping)
    for _ in places:
        with pytest.raises(CaAnswerUntrusted):
            authority().issue(asked, clock.now())
    assert Enrolment.objects.get().step == Step.SENT
    (transaction,) = elsewhere.transactions.values()
    signed = reading.parse(transaction.answer)
    assert len(signed["header"].dump() + signed["body"].dump()) > places.stop


def another_subject(elsewhere: StandIn) -> None:
    """Mehmet's."""
    elsewhere.subject = replace(pki.AYSE, given_name="Mehmet", surname="Demir").subject()


def another_number(elsewhere: StandIn) -> None:
    """Ayşe's name with another's number."""
    elsewhere.subject = replace(pki.AYSE, id_number="10000000214").subject()


def two_numbers(elsewhere: StandIn) -> None:
    """Hers, and another's beside it."""
    elsewhere.subject = x509.Name(
        [*pki.AYSE.subject(), x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, "PNOTR-10000000214")]
    )


def another_public_key(elsewhere: StandIn) -> None:
    """Whose private half is elsewhere."""
    elsewhere.public_key = ec.generate_private_key(ec.SECP256R1()).public_key()


def already_over(elsewhere: StandIn) -> None:
    """It has ended before it came."""
    elsewhere.starts = pki.NOW - timedelta(days=4 * 365)


@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        (another_subject, "subject"),
        (another_number, "subject"),
        (two_numbers, "subject"),
        (another_public_key, "public-key"),
        (already_over, "validity"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
def test_another_certificate_than_the_one_asked_for_is_rejected_and_told(
    elsewhere: StandIn, clock: Clock, lie: Callable[[StandIn], None], fault: str
) -> None:
    lie(elsewhere)
    asked = wish(on_hold=True)
    with pytest.raises(CertificateWrong) as wrong:
        authority().issue(asked, clock.now())
    assert wrong.value.fault == fault
    assert elsewhere.confirmed() == []
    assert alarms() == ["certificate-wrong"]
    elsewhere.subject = elsewhere.public_key = elsewhere.starts = None
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_a_certificate_by_an_authority_that_is_not_pinned_is_rejected(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.issuing = pki.authority().root
    with pytest.raises(CertificateWrong, match="issuer"):
        authority().issue(wish(ProfileName.AUTHENTICATION), clock.now())


def test_the_authority_may_add_what_was_not_asked_for(elsewhere: StandIn, clock: Clock) -> None:
    added = x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Örnek A.Ş.")
    elsewhere.subject = x509.Name([*pki.AYSE.subject(), added])
    asked = wish()
    require_exactly_one(until_it_comes(asked, clock), asked, elsewhere)


def test_a_second_certificate_in_the_answer_is_revoked_as_superseded(
    elsewhere: StandIn, clock: Clock
) -> None:
    elsewhere.twice = elsewhere.keeps_unconfirmed = True
    asked = wish()
    certificate = until_it_comes(asked, clock)
    surplus = Surplus.objects.get()
    assert surplus.revoked_at is not None
    assert alarms() == ["surplus-certificate"]
    assert elsewhere.issued[int(surplus.serial_number, 16)].reason is x509.ReasonFlags.superseded
    assert elsewhere.issued[certificate.serial_number].reason is None


def test_a_second_certificate_beside_the_answer_is_revoked_as_superseded(
    elsewhere: StandIn, clock: Clock
) -> None:
    asked = wish()
    first = elsewhere.issue(pki.AYSE.subject(), load_der_public_key(asked.public_key))
    elsewhere.also = [first.certificate]
    until_it_comes(asked, clock)
    assert first.reason is x509.ReasonFlags.superseded


def test_what_cannot_be_revoked_now_is_revoked_by_the_next_sweep(elsewhere: StandIn, clock: Clock) -> None:
    elsewhere.twice = elsewhere.keeps_unconfirmed = True
    elsewhere.refuses = {"rr": "systemUnavail"}
    until_it_comes(wish(), clock)
    assert Surplus.objects.get().revoked_at is None
    elsewhere.refuses = {}
    assert sweeping.sweep(configured(), clock.later(minutes=1)) == 0
    assert Surplus.objects.get().revoked_at == clock.now()


def test_the_serial_number_of_another_certificate_is_rejected(elsewhere: StandIn, clock: Clock) -> None:
    authority().issue(wish(), clock.now())
    elsewhere.same_serial = True
    with pytest.raises(CertificateWrong, match="serial-number"):
        authority().issue(wish(), clock.now())
