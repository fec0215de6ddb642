"""PyPI's yubikit, the vendor's own host library, on our card: everything its PIV session can do."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from yubikit.core import TRANSPORT, InvalidPinError
from yubikit.core.smartcard import ApduError, SmartCardConnection
from yubikit.management import CAPABILITY, ManagementSession
from yubikit.piv import (
    KEY_TYPE,
    MANAGEMENT_KEY_TYPE,
    OBJECT_ID,
    ORIGIN_GENERATED,
    PIN_POLICY,
    SLOT,
    Chuid,
    PivSession,
)

from kilitcoz_simulator import PLAIN, Card
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY

PIN, PUK = "271828", "31415926"
MESSAGE = b"E-Onay"


class InProcess(SmartCardConnection):
    """yubikit's connection, straight into a card."""

    def __init__(self, card, transport):
        self.card = card
        self._transport = transport
        card.power_on()

    @property
    def transport(self):
        return self._transport

    def close(self):
        self.card.power_off()

    def send_and_receive(self, apdu):
        answer = self.card.transmit(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")


@pytest.fixture(params=[TRANSPORT.USB, TRANSPORT.NFC], ids=["extended length", "short length and chaining"])
def connection(request, state):
    return InProcess(Card(state), request.param)


@pytest.fixture
def session(connection):
    return PivSession(connection)


@pytest.fixture
def desk(session):
    session.authenticate(DEFAULT_MANAGEMENT_KEY.value)
    return session


def verify(public_key, signature):
    """Raises when the signature is not good."""
    if isinstance(public_key, rsa.RSAPublicKey):
        public_key.verify(signature, MESSAGE, padding.PKCS1v15(), hashes.SHA256())
    else:
        public_key.verify(signature, MESSAGE, ec.ECDSA(hashes.SHA256()))


def test_the_device_is_known_by_version_and_serial(connection, session, state):
    assert tuple(session.version) == state.profile.extensions
    assert session.get_serial() == state.serial
    info = ManagementSession(connection).read_device_info()
    assert (info.serial, info.supported_capabilities[TRANSPORT.USB]) == (state.serial, CAPABILITY.PIV)


@pytest.mark.parametrize(
    "key_type",
    [KEY_TYPE.RSA1024, KEY_TYPE.RSA2048, KEY_TYPE.RSA3072, KEY_TYPE.ECCP256, KEY_TYPE.ECCP384],
)
def test_generated_keys_sign(desk, key_type):
    public_key = desk.generate_key(SLOT.AUTHENTICATION, key_type)
    desk.verify_pin(PIN)
    verify(public_key, desk.sign(SLOT.AUTHENTICATION, key_type, MESSAGE, hashes.SHA256(), padding.PKCS1v15()))
    metadata = desk.get_slot_metadata(SLOT.AUTHENTICATION)
    assert (metadata.key_type, metadata.generated) == (key_type, ORIGIN_GENERATED)
    assert metadata.public_key == public_key


def test_imported_keys_decrypt_and_agree(desk):
    private = rsa.generate_private_key(65537, 2048)
    desk.put_key(SLOT.KEY_MANAGEMENT, private, pin_policy=PIN_POLICY.NEVER)
    secret = private.public_key().encrypt(MESSAGE, padding.PKCS1v15())
    assert desk.decrypt(SLOT.KEY_MANAGEMENT, secret, padding.PKCS1v15()) == MESSAGE
    curve_key, peer = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
    desk.put_key(SLOT.RETIRED1, curve_key, pin_policy=PIN_POLICY.NEVER)
    agreed = desk.calculate_secret(SLOT.RETIRED1, peer.public_key())
    assert agreed == peer.exchange(ec.ECDH(), curve_key.public_key())


def test_certificates_and_objects_are_read_and_written(desk, issued):
    assert desk.get_certificate(SLOT.AUTHENTICATION) == issued.certificates[0x9A]
    desk.put_certificate(SLOT.KEY_MANAGEMENT, issued.issuer, compress=True)
    assert desk.get_certificate(SLOT.KEY_MANAGEMENT) == issued.issuer
    desk.delete_certificate(SLOT.KEY_MANAGEMENT)
    with pytest.raises(ApduError):
        desk.get_certificate(SLOT.KEY_MANAGEMENT)
    assert Chuid.from_bytes(desk.get_object(OBJECT_ID.CHUID)).guid.hex() == issued.guid


@pytest.mark.parametrize("key_type", list(MANAGEMENT_KEY_TYPE))
def test_the_management_key_is_changed_to_every_kind(desk, connection, key_type):
    new = bytes(range(key_type.key_len))
    desk.set_management_key(key_type, new)
    again = PivSession(connection)
    assert again.management_key_type == key_type
    again.authenticate(new)


def test_pin_and_puk_are_changed_blocked_and_unblocked(session):
    session.change_puk(PUK, "92653589")
    for left in (2, 1, 0):
        with pytest.raises(InvalidPinError) as wrong:
            session.verify_pin("000000")
        assert wrong.value.attempts_remaining == left
    assert session.get_pin_metadata().attempts_remaining == 0
    with pytest.raises(InvalidPinError):
        session.unblock_pin(PUK, "161803")
    session.unblock_pin("92653589", "161803")
    session.change_pin("161803", "141421")
    session.verify_pin("141421")
    assert session.get_puk_metadata().attempts_remaining == 3


def test_retries_are_set_and_the_card_is_reset(desk):
    desk.verify_pin(PIN)
    desk.set_pin_attempts(5, 4)
    assert desk.get_pin_metadata().total_attempts == 5
    desk.reset()
    metadata = desk.get_pin_metadata()
    assert (metadata.default_value, metadata.attempts_remaining) == (True, 3)


def test_keys_are_attested_moved_and_deleted(desk):
    key = desk.generate_key(SLOT.SIGNATURE, KEY_TYPE.ECCP256)
    attested = desk.attest_key(SLOT.SIGNATURE)
    attested.verify_directly_issued_by(desk.get_certificate(SLOT.ATTESTATION))
    assert attested.public_key() == key
    desk.move_key(SLOT.SIGNATURE, SLOT.RETIRED20)
    assert desk.get_slot_metadata(SLOT.RETIRED20).public_key == key
    desk.delete_key(SLOT.RETIRED20)
    with pytest.raises(ApduError):
        desk.get_slot_metadata(SLOT.RETIRED20)


def test_a_large_object_survives(desk):
    content = bytes(range(256)) * 10
    desk.put_object(0x5FC10B, content)
    assert desk.get_object(0x5FC10B) == content


def test_a_plain_card_is_no_device_of_that_vendor(host_of):
    with pytest.raises(ApduError):
        PivSession(InProcess(host_of(profile=PLAIN).card, TRANSPORT.NFC))


def test_the_attestation_certificate_names_an_authority(session):
    certificate = session.get_certificate(SLOT.ATTESTATION)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.value.ca
