"""Private keys: made, imported and used, under their PIN policies."""

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kilitcoz_cards.tlv import encode, find, require
from kilitcoz_simulator import PLAIN, keys
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY
from kilitcoz_simulator.state import ManagementKey

PIN = "271828"
P256, P384 = 0x11, 0x14
RSA = {0x07: 2048, 0x05: 3072}
DIGEST = bytes(range(32))


def public_key(answer):
    """The public key in what GENERATE ASYMMETRIC KEY PAIR answered."""
    template = require(answer, 0x7F49)
    point = find(template, 0x86)
    if point is not None:
        return ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1() if len(point) == 65 else ec.SECP384R1(), point
        )
    numbers = (int.from_bytes(require(template, tag), "big") for tag in (0x82, 0x81))
    return rsa.RSAPublicNumbers(*numbers).public_key()


def generate(host, slot, algorithm, policies=b""):
    """A fresh key in a slot."""
    answer = host.send(0x47, 0x00, slot, encode(0xAC, encode(0x80, bytes((algorithm,))) + policies), ne=65536)
    assert answer.sw == 0x9000
    return public_key(answer.data)


def signature(answer):
    """The signature in what GENERAL AUTHENTICATE answered."""
    assert answer.sw == 0x9000
    return require(answer.data, 0x7C, 0x82)


@pytest.fixture
def desk(host):
    """A host that has authenticated with the management key."""
    assert host.authenticate(DEFAULT_MANAGEMENT_KEY) == 0x9000
    return host


def test_the_card_key_9e_signs_without_a_pin_and_for_its_certificate(host, issued):
    signed = signature(host.use_key(0x9E, P256, DIGEST))
    issued.certificates[0x9E].public_key().verify(signed, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_the_key_9a_wants_the_pin_once(host):
    assert host.use_key(0x9A, P256, DIGEST).sw == 0x6982
    host.verify(PIN)
    assert [host.use_key(0x9A, P256, DIGEST).sw for _ in range(3)] == [0x9000] * 3


def test_the_key_9c_wants_the_pin_each_time(host):
    assert host.use_key(0x9C, P256, DIGEST).sw == 0x6982
    host.verify(PIN)
    assert [host.use_key(0x9C, P256, DIGEST).sw for _ in range(2)] == [0x9000, 0x6982]


def test_a_policy_asked_for_at_generation_holds(desk):
    generate(desk, 0x9C, P256, encode(0xAA, b"\x01"))
    assert desk.use_key(0x9C, P256, DIGEST).sw == 0x9000


@pytest.mark.parametrize("algorithm", [0x07, 0x05])
def test_rsa_keys_do_the_bare_private_operation_on_a_padded_block(desk, algorithm):
    key = generate(desk, 0x9E, algorithm)
    assert key.key_size == RSA[algorithm]
    info = bytes.fromhex("3031300d060960864801650304020105000420") + DIGEST
    block = b"\x00\x01" + b"\xff" * (key.key_size // 8 - len(info) - 3) + b"\x00" + info
    signed = signature(desk.use_key(0x9E, algorithm, block))
    key.verify(signed, DIGEST, padding.PKCS1v15(), Prehashed(hashes.SHA256()))


def test_rsa_decrypts(desk):
    key = generate(desk, 0x9E, 0x07)
    secret = key.encrypt(b"gizli", padding.PKCS1v15())
    assert signature(desk.use_key(0x9E, 0x07, secret)).endswith(b"\x00gizli")


@pytest.mark.parametrize("length", [20, 32, 48, 64])
@pytest.mark.parametrize(("algorithm", "hash_algorithm"), [(P256, hashes.SHA256()), (P384, hashes.SHA384())])
def test_ecdsa_takes_the_leftmost_bits_of_any_hash(desk, algorithm, hash_algorithm, length):
    key = generate(desk, 0x9E, algorithm)
    digest = bytes(range(1, length + 1))
    signed = signature(desk.use_key(0x9E, algorithm, digest))
    size = hash_algorithm.digest_size
    key.verify(signed, digest[:size].rjust(size, b"\0"), ec.ECDSA(Prehashed(hash_algorithm)))


@pytest.mark.parametrize(("algorithm", "curve"), [(P256, ec.SECP256R1()), (P384, ec.SECP384R1())])
def test_key_agreement_gives_both_sides_the_same_secret(desk, algorithm, curve):
    key = generate(desk, 0x9E, algorithm)
    peer = ec.generate_private_key(curve)
    point = peer.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    agreed = signature(desk.use_key(0x9E, algorithm, point, tag=0x85))
    assert agreed == peer.exchange(ec.ECDH(), key)


@pytest.mark.parametrize("block", [b"", bytes(255), bytes(257), b"\xff" * 256])
def test_a_block_that_does_not_fit_the_modulus_is_refused(desk, block):
    generate(desk, 0x9E, 0x07)
    assert desk.use_key(0x9E, 0x07, block).sw == 0x6A80


def test_a_point_off_the_curve_is_refused(desk):
    generate(desk, 0x9E, P256)
    assert desk.use_key(0x9E, P256, b"\x04" + bytes(64), tag=0x85).sw == 0x6A80


def test_an_imported_key_signs_and_is_known_as_imported(desk):
    private = ec.generate_private_key(ec.SECP256R1())
    scalar = private.private_numbers().private_value.to_bytes(32, "big")
    assert desk.send(0xFE, P256, 0x9E, encode(0x06, scalar)).sw == 0x9000
    signed = signature(desk.use_key(0x9E, P256, DIGEST))
    private.public_key().verify(signed, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))
    assert find(desk.send(0xF7, 0x00, 0x9E).data, 0x03) == b"\x02"


def test_an_imported_rsa_key_must_have_the_size_it_claims(desk):
    numbers = keys.generate(keys.BY_NAME["rsa-2048"]).private_numbers()
    primes = encode(0x01, numbers.p.to_bytes(128, "big")) + encode(0x02, numbers.q.to_bytes(128, "big"))
    assert desk.send(0xFE, 0x05, 0x9A, primes).sw == 0x6A80
    assert desk.send(0xFE, 0x07, 0x9A, primes).sw == 0x9000


def test_a_moved_key_works_in_its_new_slot_only_and_a_deleted_one_nowhere(desk):
    assert desk.send(0xF6, 0x82, 0x9E).sw == 0x9000
    assert desk.use_key(0x9E, P256, DIGEST).sw == 0x6A80
    assert desk.use_key(0x82, P256, DIGEST).sw == 0x9000
    assert desk.send(0xF6, 0xFF, 0x82).sw == 0x9000
    assert desk.use_key(0x82, P256, DIGEST).sw == 0x6A80


def test_a_generated_key_is_attested_and_an_imported_one_is_not(desk):
    certificate = x509.load_der_x509_certificate(desk.send(0xF9, 0x9A, 0x00, ne=65536).data)
    issuer = x509.load_der_x509_certificate(require(desk.get_data(0x5FFF01).data, 0x53, 0x70))
    certificate.verify_directly_issued_by(issuer)
    scalar = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    desk.send(0xFE, P256, 0x9A, encode(0x06, scalar.to_bytes(32, "big")))
    assert desk.send(0xF9, 0x9A, 0x00).sw == 0x6A88


@pytest.mark.parametrize(
    ("algorithm", "length"),
    [(0x03, 24), (0x08, 16), (0x0A, 24), (0x0C, 32)],
    ids=["3des", "128", "192", "256"],
)
def test_the_management_key_may_be_3des_or_aes_and_the_old_one_is_dead_then(desk, algorithm, length):
    new = ManagementKey(algorithm, bytes(range(1, length + 1)))
    data = bytes((algorithm, 0x9B, length)) + new.value
    assert desk.send(0xFF, 0xFF, 0xFF, data).sw == 0x9000
    desk.card.power_on()
    desk.select()
    assert desk.authenticate(DEFAULT_MANAGEMENT_KEY) in (0x6982, 0x6A86)
    assert desk.authenticate(new) == 0x9000


def test_external_authentication_by_the_cards_challenge_works_too(host):
    challenge = require(host.send(0x87, 0x03, 0x9B, bytes.fromhex("7c028100")).data, 0x7C, 0x81)
    wrong = encode(0x7C, encode(0x82, challenge))
    assert host.send(0x87, 0x03, 0x9B, wrong).sw == 0x6982
    assert host.send(0x87, 0x03, 0x9B, wrong).sw == 0x6985


@pytest.mark.parametrize(
    ("ins", "p1", "p2"),
    [(0x47, 0x00, 0x9A), (0xDB, 0x3F, 0xFF), (0xFE, 0x11, 0x9A), (0xFF, 0xFF, 0xFF), (0xF6, 0x82, 0x9A)],
)
def test_without_the_management_key_nothing_is_made_or_written(host, ins, p1, p2):
    before = host.card.state
    assert host.send(ins, p1, p2, bytes(8)).sw == 0x6982
    assert host.card.state == before


def test_an_empty_slot_and_another_algorithm_are_told_apart_from_success(host_of, host):
    assert host.use_key(0x9D, P256, DIGEST).sw == 0x6A80
    assert host.use_key(0x9E, P384, DIGEST).sw == 0x6A80
    assert host_of(profile=PLAIN).use_key(0x9D, P256, DIGEST).sw == 0x6A86


def test_a_card_without_9e_cannot_prove_itself_without_a_pin(host_of, state):
    without = {slot: key for slot, key in state.keys.items() if slot != 0x9E}
    assert host_of(keys=without).use_key(0x9E, P256, DIGEST).sw == 0x6A80


def test_factory_reset_needs_both_pin_and_puk_blocked(host_of, state):
    assert host_of().send(0xFB, 0x00, 0x00).sw == 0x6985
    blocked = {"pin": replace(state.pin, retries_left=0), "puk": replace(state.puk, retries_left=0)}
    host = host_of(**blocked)
    assert host.send(0xFB, 0x00, 0x00).sw == 0x9000
    assert host.verify("123456") == 0x9000
    assert host.get_data(0x5FC102).sw == 0x6A82


def test_set_retries_needs_management_key_and_pin_and_restores_the_factory_values(desk):
    assert desk.send(0xFA, 5, 4).sw == 0x6982
    desk.verify(PIN)
    assert desk.send(0xFA, 5, 4).sw == 0x9000
    assert find(desk.send(0xF7, 0x00, 0x80).data, 0x06) == bytes((5, 5))
    assert find(desk.send(0xF7, 0x00, 0x81).data, 0x06) == bytes((4, 4))
    assert desk.verify("123456") == 0x9000


def test_metadata_tell_tries_and_whether_the_value_is_the_factorys(host):
    host.verify("000000")
    answer = host.send(0xF7, 0x00, 0x80)
    assert (find(answer.data, 0x06), find(answer.data, 0x05)) == (bytes((3, 2)), b"\x00")
    assert find(host.send(0xF7, 0x00, 0x9B).data, 0x05) == b"\x01"
    assert host.send(0xF7, 0x00, 0x96).sw == 0x6A88


@pytest.mark.parametrize("ins", [0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFD, 0xFE, 0xFF])
def test_a_plain_card_knows_none_of_the_vendors_commands(host_of, ins):
    assert host_of(profile=PLAIN).send(ins, 0x00, 0x80).sw == 0x6D00
