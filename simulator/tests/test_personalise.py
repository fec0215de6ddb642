"""A blank card made its holder's by the commands of a registrar's desk; torn before and after every one of
them, and then made all the same.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from simulator.tests.conftest import AYSE, NOW, Host

from kilitcoz_cards.allowed import guard
from kilitcoz_cards.conversation import Conversation, converse
from kilitcoz_cards.errors import ManagementKeyRefused, TransportError
from kilitcoz_cards.families import piv, piv_factory, piv_personalise, plain_puk
from kilitcoz_cards.families.piv_management import Cryptogram, ManagementAlgorithm, ManagementKey
from kilitcoz_cards.families.piv_objects import CERTIFICATES
from kilitcoz_cards.families.piv_personalise import Certified, DeskCard
from kilitcoz_cards.identity import Identification, KeyAlgorithm
from kilitcoz_cards.messages import OperationKind, Outcome, Release
from kilitcoz_cards.pin import Pin, Puk
from kilitcoz_simulator import (
    PLAIN,
    YUBIKEY,
    Card,
    CardTorn,
    FaultPlan,
    Moment,
    Profile,
    Tear,
    When,
    blank_card,
)
from kilitcoz_simulator.authority import Authority
from kilitcoz_simulator.issuing import make_subject

T = TypeVar("T")

P256 = KeyAlgorithm.ECC_P256
WANTED = dict.fromkeys(piv_personalise.SLOTS, P256)
OURS = ManagementKey(ManagementAlgorithm.AES_256, bytes(range(32)))
NEW_PUK = Puk.from_text("27182818")
CHALLENGE = b"the desk's"


def cryptogram(keys: dict[ManagementAlgorithm, bytes]) -> Cryptogram:
    """By a key that is at hand."""

    def answer(algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
        if algorithm not in keys:
            raise ManagementKeyRefused("of another cipher")
        of_tdes = algorithm is ManagementAlgorithm.TDES
        cipher = (TripleDES if of_tdes else algorithms.AES)(keys[algorithm])
        encryptor = Cipher(cipher, modes.ECB()).encryptor()
        return encryptor.update(challenge) + encryptor.finalize()

    return answer


FACTORY = cryptogram(dict(piv_factory.MANAGEMENT_KEYS))
BY_OURS = cryptogram({OURS.algorithm: OURS.value})


@dataclass
class Desk:
    """What a registrar's desk does with one card, and what it remembers of it between the transactions."""

    card: Card
    guid: bytes = b""
    authority: Authority | None = None
    certified: dict[str, Certified] | None = None

    def converse(self, conversation: Conversation[T]) -> T:
        """One transaction: every command on the allow-list, a torn card told as a lost one."""

        def transmit(command: bytes) -> bytes:
            try:
                return self.card.transmit(command)
            except CardTorn:
                raise TransportError("torn") from None

        self.card.power_on()
        extended = self.card.state.profile.extended_length
        try:
            return converse(guard(OperationKind.PERSONALISE, conversation), transmit, extended=extended)
        finally:
            self.card.power_off()

    def make(self) -> None:
        """From wherever the card stands to its end."""
        seen = self.converse(piv_personalise.look(CHALLENGE))
        if seen.card_id is None:
            self.guid = secrets.token_bytes(16)
            self.converse(piv_personalise.number(seen, self.guid, [FACTORY]))
            seen = self.converse(piv_personalise.look(CHALLENGE))
        if self.certified is None:
            self.certified = self.certify(seen)
        self.converse(
            piv_personalise.write(self.same(seen), self.certified, OURS, ours=BY_OURS, factory=FACTORY)
        )
        self.lock(seen)

    def certify(self, seen: DeskCard) -> dict[str, Certified]:
        """Keys from the card, certificates from the authority."""
        made = self.converse(piv_personalise.make_keys(seen, WANTED, [FACTORY]))
        self.authority = Authority(NOW)
        certified = {}
        for slot, public in made.items():
            key = load_der_public_key(public)
            assert isinstance(key, ec.EllipticCurvePublicKey)
            subject = make_subject(AYSE, self.card.state.serial, int(slot, 16))
            certificate = self.authority.certify(subject, key, non_repudiation=slot == "9c")
            certified[slot] = Certified(P256, public, certificate.public_bytes(Encoding.DER))
        return certified

    def same(self, seen: DeskCard) -> Conversation[None]:
        """The same card, by its key 9E."""
        assert self.certified is not None
        key = load_der_public_key(self.certified["9e"].public_key)
        assert isinstance(key, ec.EllipticCurvePublicKey)

        def verify(signature: bytes) -> bool:
            key.verify(signature, CHALLENGE, ec.ECDSA(hashes.SHA256()))
            return True

        check = piv.ProofCheck(P256, CHALLENGE, verify)
        return piv.same_card(Identification("piv", seen.card_id or ""), check)

    def lock(self, seen: DeskCard) -> None:
        """The PUK becomes the vault's, the PIN nobody's: an unlock. A lost answer leaves both candidates."""
        candidates = (piv_factory.PUK,) if self.puk_is_factory else (NEW_PUK,)
        release = Release(1, candidates, NEW_PUK, rotate=True)
        pin = Pin.from_text("839174")
        report = self.converse(plain_puk.unlock(self.same(seen), release, pin))
        if report.abort_code == TransportError.code:
            raise TransportError("lost")
        assert report.outcome is Outcome.PIN_SET

    @property
    def puk_is_factory(self) -> bool:
        """Which the vault knows by its journal; here the card is looked into."""
        return self.card.state.puk.matches(b"12345678")


@pytest.fixture(params=[YUBIKEY, PLAIN], ids=lambda profile: profile.name)
def profile(request: pytest.FixtureRequest) -> Iterator[Profile]:
    """Both kinds of card."""
    return request.param


def is_whole(desk: Desk) -> bool:
    """The card has what it should, and nothing of the factory's."""
    state = desk.card.state
    assert desk.certified is not None
    host = Host(desk.card)
    desk.card.power_on()
    host.select()
    has_ours = state.management_key.value == OURS.value
    stored = {slot: host.get_data(CERTIFICATES[slot]).data for slot in desk.certified}
    return (
        all(each.certificate in stored[slot] for slot, each in desk.certified.items())
        and state.puk.matches(NEW_PUK.reveal())
        and host.verify("123456") == 0x63C2
        and has_ours is bool(state.profile.extensions)
    )


def test_a_blank_card_becomes_its_holder_s(profile: Profile) -> None:
    desk = Desk(Card(blank_card(profile)))
    desk.make()
    assert is_whole(desk)


def test_a_finished_card_is_made_again_without_losing_anything(profile: Profile) -> None:
    desk = Desk(Card(blank_card(profile)))
    desk.make()
    desk.make()
    assert is_whole(desk)


def _commands(profile: Profile) -> int:
    """How many APDUs it takes."""
    desk = Desk(Card(blank_card(profile)))
    desk.make()
    return len(desk.card.log.commands)


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a24_torn_before_and_after_every_command_the_card_is_made_all_the_same(
    profile: Profile, moment: Moment
) -> None:
    fresh = blank_card(profile)
    for nth in range(1, _commands(profile) + 1):
        desk = Desk(Card(replace(fresh), faults=FaultPlan([Tear(moment, When(nth))])))
        with pytest.raises(TransportError):
            desk.make()
        desk.make()
        assert is_whole(desk), nth
        assert desk.card.state.puk.retries_left == 3, nth


def test_the_key_made_on_the_card_is_the_one_that_signs() -> None:
    desk = Desk(Card(blank_card(YUBIKEY)))
    desk.make()
    assert desk.certified is not None
    host = Host(desk.card)
    desk.card.power_on()
    host.select()
    assert host.verify("839174") == 0x9000
    digest = secrets.token_bytes(32)
    answer = host.use_key(0x9C, 0x11, digest)
    key = load_der_public_key(desk.certified["9c"].public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(answer.data[4:], digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
