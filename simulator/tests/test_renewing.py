"""A card in its holder's hands gets new keys and certificates; torn before, during and after every command of
both transactions, and then renewed all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from simulator.tests.conftest import AYSE, NOW
from simulator.tests.test_personalise import cryptogram

from kilitcoz_cards.allowed import guard
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import CardsError, TransportError
from kilitcoz_cards.families import piv, piv_renew
from kilitcoz_cards.families.piv_management import Cryptogram, ManagementAlgorithm
from kilitcoz_cards.families.piv_renew import KeyPlan, KeysReport, Making
from kilitcoz_cards.families.piv_signing import SigningOutcome
from kilitcoz_cards.identity import KeyAlgorithm
from kilitcoz_cards.messages import OperationKind
from kilitcoz_cards.pin import Pin
from kilitcoz_simulator import (
    PLAIN,
    YUBIKEY,
    Card,
    CardOrder,
    CardTorn,
    FaultPlan,
    Moment,
    Profile,
    Tear,
    When,
    issue,
)
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.issuing import make_subject
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY

T = TypeVar("T")

P256 = KeyAlgorithm.ECC_P256
PIN, WRONG = Pin.from_text("271828"), Pin.from_text("314159")
ANSWER = cryptogram({ManagementAlgorithm.TDES: DEFAULT_MANAGEMENT_KEY.value})
OLD = "old"


def message(slot: str) -> bytes:
    """What a key signs to prove itself."""
    return f"new key in {slot}".encode()


def proves(plan: KeyPlan, public_key: bytes, signature: bytes) -> bool:
    """Whether it is this key's."""
    key = load_der_public_key(public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(signature, message(plan.slot), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@dataclass
class Renewal:
    """A card, and what the portal would remember of its renewal."""

    card: Card
    authority: Authority = field(default_factory=lambda: Authority(NOW))
    made: dict[str, bytes] = field(default_factory=dict)
    certificates: dict[str, bytes] = field(default_factory=dict)

    def converse(self, conversation: Conversation[T]) -> T:
        """One transaction."""

        def transmit(command: bytes) -> bytes:
            try:
                return self.card.transmit(command)
            except CardTorn:
                raise TransportError("torn") from None

        self.card.power_on()
        extended = self.card.state.profile.extended_length
        try:
            return converse(guard(OperationKind.RENEW, conversation), transmit, extended=extended)
        finally:
            self.card.power_off()

    def make_keys(self, pin: Pin = PIN, answer: Cryptogram = ANSWER, **more: bool) -> KeysReport:
        """The first transaction; what it made is remembered."""
        plans = [KeyPlan(slot, P256, self.made.get(slot)) for slot in piv_renew.RENEWED]
        making = Making(plans, message, proves, answer)
        report = self.converse(piv_renew.make_keys(piv.select(), pin, making, **more))
        for key in report.keys:
            assert proves(KeyPlan(key.slot, P256, None), key.public_key, key.signature)
            self.made[key.slot] = key.public_key
        return report

    def certify(self) -> None:
        """For the keys that were made."""
        for slot, public in self.made.items():
            key = load_der_public_key(public)
            assert isinstance(key, ec.EllipticCurvePublicKey)
            subject = make_subject(AYSE, 12344821, int(slot, 16))
            made = self.authority.certify(subject, key, non_repudiation=slot == "9c")
            self.certificates[slot] = made.public_bytes(Encoding.DER)

    def write(self, answer: Cryptogram = ANSWER) -> None:
        """The second transaction. Raises CardsError."""
        self.converse(piv_renew.put_certificates(piv.select(), self.certificates, answer))

    def run(self) -> None:
        """All of it, once more from wherever the card stands."""
        assert self.make_keys().pin.outcome is SigningOutcome.SIGNED
        self.certify()
        self.write()


def a_renewal(profile: Profile = YUBIKEY) -> Renewal:
    """Ayşe's card, her PIN known to her."""
    issued = issue(CardOrder(AYSE, 12344821, pin="271828", profile=profile), now=NOW)
    return Renewal(Card(issued.state))


def public_keys(card: Card) -> dict[int, bytes]:
    """As the keys themselves say, slot by slot."""
    return {slot: key.private_der for slot, key in card.state.keys.items()}


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
def test_new_keys_are_made_proved_and_certified_and_9e_stays(profile: Profile) -> None:
    renewal = a_renewal(profile)
    before = public_keys(renewal.card)
    renewal.run()
    after = public_keys(renewal.card)
    assert {slot for slot in after if after[slot] != before[slot]} == {0x9C, 0x9A}
    for slot, der in renewal.certificates.items():
        stored = renewal.converse(read(slot))
        assert stored == der


def read(slot: str) -> Conversation[bytes | None]:
    yield from piv.select()
    return (yield from piv.read_certificate(slot))


def test_a_wrong_pin_makes_nothing_and_is_told_with_the_tries_left() -> None:
    renewal = a_renewal()
    before = renewal.card.state.keys
    report = renewal.make_keys(WRONG)
    assert (report.pin.outcome, report.pin.pin.retries_left) == (SigningOutcome.PIN_WRONG, 2)
    assert report.keys == ()
    assert renewal.card.state.keys == before


def test_the_last_try_is_spent_only_by_who_says_so() -> None:
    renewal = a_renewal()
    for _ in range(2):
        renewal.make_keys(WRONG)
    assert renewal.make_keys().pin.outcome is SigningOutcome.LAST_TRY
    assert renewal.make_keys(may_spend_last_try=True).pin.outcome is SigningOutcome.SIGNED


def test_a_wrong_management_key_makes_and_writes_nothing() -> None:
    renewal = a_renewal()
    before = renewal.card.state
    report = renewal.make_keys(answer=lambda _algorithm, challenge: bytes(len(challenge)))
    assert report.pin.abort_code == "management-key-refused"
    assert (renewal.card.state.keys, renewal.card.state.objects) == (before.keys, before.objects)


def test_a_key_that_waits_for_its_certificate_is_not_made_again() -> None:
    renewal = a_renewal()
    renewal.make_keys()
    waiting = public_keys(renewal.card)
    renewal.run()
    assert public_keys(renewal.card) == waiting


def test_a_remembered_key_that_is_not_on_the_card_is_made_anew() -> None:
    renewal = a_renewal()
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    renewal.made["9c"] = stranger.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    renewal.run()
    assert proves(KeyPlan("9c", P256, None), renewal.made["9c"], renewal.make_keys().keys[0].signature)


@pytest.mark.parametrize("profile", [YUBIKEY, PLAIN], ids=lambda profile: profile.name)
@pytest.mark.parametrize("moment", [*Moment])
def test_a24_torn_at_every_command_a_second_run_ends_well(moment: Moment, profile: Profile) -> None:
    for which in range(1, commands_of(lambda renewal: renewal.run(), profile) + 1):
        renewal = a_renewal(profile)
        renewal.card.give_faults(FaultPlan([Tear(moment, When(which))]))
        tear_apart(renewal)
        renewal.card.give_faults(FaultPlan())
        assert renewal.card.state.pin.retries_left == 3 or moment is Moment.DURING
        assert renewal.make_keys(may_spend_last_try=True).pin.outcome is SigningOutcome.SIGNED, which
        renewal.certify()
        renewal.write()
        assert all(renewal.converse(read(slot)) == der for slot, der in renewal.certificates.items())


def tear_apart(renewal: Renewal) -> None:
    """A run that the tear ends somewhere; what the portal has heard by then it remembers."""
    if renewal.make_keys().pin.outcome is not SigningOutcome.SIGNED:
        return
    renewal.certify()
    with pytest.raises(CardsError):
        renewal.write()


def commands_of(deed: Callable[[Renewal], None], profile: Profile) -> int:
    """How many commands it takes undisturbed."""
    renewal = a_renewal(profile)
    deed(renewal)
    return len(renewal.card.log.commands)
