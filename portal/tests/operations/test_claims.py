"""M3 → M4: which card is taken for the enrolled one, and what each card service is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from portal.tests import cast
from portal.tests.card_service import SUITE, CardService, Refused
from portal.tests.marks import ON_BOTH

from kilitcoz_cards.messages import (
    CardDecision,
    Claim,
    Decision,
    Identification,
    KeyAlgorithm,
    Label,
    OperationKind,
    Proof,
    Sealed,
    hpke_info,
)
from kilitcoz_cards.pin import PinState
from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import CardCertificate
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.models import Operation, State
from kilitcoz_simulator import Card, block_pin

pytestmark = ON_BOTH


FORGED = bytes.fromhex("3006020101020101")  # a well-formed ECDSA signature of nothing


class Liar(CardService):
    """A card service that alters what it says of the card."""

    alter: Callable[[Identification], Identification]

    def identify(self) -> Identification | None:
        """As altered."""
        seen = super().identify()
        return self.alter(seen) if seen is not None else None


def service_for(enrolled: cast.Enrolled, kind: OperationKind = OperationKind.UNLOCK) -> CardService:
    """A card service with the enrolled card."""
    operation = cast.authorised(enrolled, kind=kind)
    capability = operations.issue_capability(operation.pk, cast.AYSES_BROWSER, cast.NOW)
    return CardService(capability, enrolled.simulated, cast.NOW)


def liar_for(enrolled: cast.Enrolled, alter: Callable[[Identification], Identification]) -> Liar:
    """A card service that lies."""
    honest = service_for(enrolled)
    liar = Liar(honest.capability_text, honest.card, honest.now)
    liar.alter = alter  # type: ignore[method-assign]  # this liar tells this lie
    return liar


def test_no_card_yet_binds_the_operation_and_the_card_may_come_later() -> None:
    service = service_for(cast.card_of(cast.ayse()))
    card, service.card = service.card, None
    assert service.claim().decision is CardDecision.NO_CARD
    assert Operation.objects.get().state == State.CLAIMED
    service.card = card
    assert service.claim().decision is CardDecision.PROCEED
    assert Operation.objects.get().state == State.IDENTIFIED


def test_another_holders_card_is_a_wrong_card_and_is_written_down() -> None:
    service = service_for(cast.card_of(cast.ayse()))
    mehmets = Card(cast.issued("Mehmet Demir").state)
    block_pin(mehmets)
    service.card = mehmets
    assert service.claim().decision is CardDecision.WRONG_CARD
    event = AuditEvent.objects.get(event="wrong-card")
    assert event.detail["reason"] == "card-id"
    with pytest.raises(Refused, match="release-not-identified"):
        service.release()


@pytest.mark.parametrize(
    ("alter", "reason"),
    [
        (lambda seen: replace(seen, serial="99999999"), "serial"),
        (lambda seen: replace(seen, proof=None), "proof"),
        (lambda seen: replace(seen, proof=Proof("9a", seen.proof.algorithm, seen.proof.signature)), "proof"),
        (lambda seen: replace(seen, proof=Proof("9e", KeyAlgorithm.ECC_P384, seen.proof.signature)), "proof"),
        (
            lambda seen: replace(seen, proof=Proof("9e", seen.proof.algorithm, FORGED)),
            "proof",
        ),
        (lambda seen: replace(seen, family="openpgp"), "card-id"),
    ],
    ids=["serial", "no proof", "other slot", "other algorithm", "forged", "other family"],
)
def test_a23_a_card_that_only_says_it_is_the_enrolled_one_is_a_wrong_card(
    alter: Callable[[Identification], Identification], reason: str
) -> None:
    liar = liar_for(cast.card_of(cast.ayse()), alter)
    assert liar.claim().decision is CardDecision.WRONG_CARD
    assert AuditEvent.objects.get(event="wrong-card").detail["reason"] == reason


def test_a_proof_made_for_another_operation_proves_nothing() -> None:
    enrolled = cast.card_of(cast.ayse())
    first = service_for(enrolled)
    old = first.identify()
    assert old is not None
    first.abort("holder-left", bearer=first.capability_text)
    assert liar_for(enrolled, lambda _: old).claim().decision is CardDecision.WRONG_CARD


def test_without_an_enrolled_9e_key_all_enrolled_certificates_must_be_there() -> None:
    enrolled = cast.card_of(cast.ayse())
    enrolled.card.card_auth_key = None
    enrolled.card.save()
    hashes = dict(CardCertificate.objects.values_list("slot", "sha256"))
    liar = liar_for(enrolled, lambda seen: replace(seen, proof=None, certificates=hashes))
    decision = liar.claim()
    assert (decision.decision, decision.card_auth_key) == (CardDecision.PROCEED, None)
    hashes["9a"] = "0" * 64
    assert liar.claim().decision is CardDecision.WRONG_CARD


@pytest.mark.parametrize("kind", ["p384", "rsa2048", "rsa3072"])
def test_every_kind_of_card_authentication_key_is_verified_by_its_own_algorithm(kind: str) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    from kilitcoz_cards.messages import proof_challenge

    enrolled = cast.card_of(cast.ayse())
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if kind == "p384":
        key = ec.generate_private_key(ec.SECP384R1())
        algorithm = KeyAlgorithm.ECC_P384
    else:
        bits = int(kind.removeprefix("rsa"))
        key = rsa.generate_private_key(65537, bits)
        algorithm = KeyAlgorithm(f"rsa-{bits}")
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    enrolled.card.card_auth_key = spki
    enrolled.card.save()

    def prove(seen: Identification) -> Identification:
        operation = Operation.objects.get()
        challenge = proof_challenge(operation.pk, operation.nonce)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(challenge, ec.ECDSA(hashes.SHA384()))
        else:
            signature = key.sign(challenge, padding.PKCS1v15(), hashes.SHA256())
        return replace(seen, proof=Proof("9e", algorithm, signature))

    assert liar_for(enrolled, prove).claim().decision is CardDecision.PROCEED


@pytest.mark.parametrize(
    ("puk", "decision"),
    [
        (PinState(False, 3), CardDecision.PROCEED),
        (PinState(None, None), CardDecision.PROCEED),
        (PinState(False, 1), CardDecision.MANUAL),
        (PinState(True, 0), CardDecision.PUK_EXHAUSTED),
        (PinState(True, None), CardDecision.PUK_EXHAUSTED),
    ],
)
def test_the_decision_follows_the_tries_that_the_card_tells(puk: PinState, decision: CardDecision) -> None:
    liar = liar_for(cast.card_of(cast.ayse()), lambda seen: replace(seen, puk=puk))
    assert liar.claim().decision is decision


def test_changing_a_known_pin_asks_nothing_of_the_vault() -> None:
    enrolled = cast.card_of(cast.ayse())
    service = service_for(enrolled, OperationKind.CHANGE_PIN)
    assert service.claim().decision is CardDecision.PROCEED
    with pytest.raises(Refused, match="operation-state"):
        service.release()


def test_a_claim_that_was_not_sealed_for_this_operation_is_refused() -> None:
    service = service_for(cast.card_of(cast.ayse()))
    said = Claim(service.key.public_key().public_bytes_raw(), "0.1.0", None)
    portal = X25519PublicKey.from_public_bytes(service.capability.hpke)
    wrong_nonce = hpke_info(Label.CLAIM, service.capability.op, "Z" * 22)
    wrong_label = hpke_info(Label.DECISION, service.capability.op, service.capability.nonce)
    for info in (wrong_nonce, wrong_label):
        body = Sealed(SUITE.encrypt(said.to_json(), portal, info)).to_json()
        with pytest.raises(Refused, match="capability-refused"):
            service.post("claim", body, service.capability_text)
    assert Operation.objects.get().state == State.AUTHORISED


def test_a_repeated_claim_is_answered_with_the_same_session() -> None:
    service = service_for(cast.card_of(cast.ayse()))
    first = service.claim()
    second: Decision = service.claim()
    assert second.session == first.session
    other = CardService(service.capability_text, service.card, service.now, key=X25519PrivateKey.generate())
    with pytest.raises(Refused, match="operation-claimed-elsewhere"):
        other.claim()


def test_what_the_claim_read_is_what_the_holder_sees_of_pin_and_puk() -> None:
    enrolled = cast.card_of(cast.ayse())
    service_for(enrolled).claim()
    enrolled.card.refresh_from_db()
    card = enrolled.card
    assert (
        card.pin_blocked,
        card.pin_retries_left,
        card.puk_blocked,
        card.puk_retries_left,
        card.seen_at,
    ) == (
        True,
        0,
        False,
        3,
        cast.NOW,
    )
