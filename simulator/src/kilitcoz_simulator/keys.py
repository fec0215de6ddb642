"""Private keys of a PIV card: make, import, sign, decrypt, agree (SP 800-78-5; SP 800-73-4 part 2, 3.2.4).

The host hashes and pads; a PIV card does the bare private-key operation. pyca/cryptography offers none for
RSA, so that one is here, with plain integers: for virtual cards only, it is not constant-time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from kilitcoz_cards.tlv import encode

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PUBLIC_EXPONENT = 65537


@dataclass(frozen=True)
class Algorithm:
    """One row of SP 800-78-5 table 6-2. `name` as in docs/unlock-protocol.md. `size`: bytes of a block."""

    identifier: int
    name: str
    size: int
    curve: Callable[[], ec.EllipticCurve] | None = None


ALGORITHMS = {
    each.identifier: each
    for each in (
        Algorithm(0x06, "rsa-1024", 128),  # withdrawn, but still asked for by old tools
        Algorithm(0x07, "rsa-2048", 256),
        Algorithm(0x05, "rsa-3072", 384),
        Algorithm(0x16, "rsa-4096", 512),
        Algorithm(0x11, "ecc-p256", 32, ec.SECP256R1),
        Algorithm(0x14, "ecc-p384", 48, ec.SECP384R1),
    )
}
BY_NAME = {algorithm.name: algorithm for algorithm in ALGORITHMS.values()}


def generate(algorithm: Algorithm) -> PrivateKey:
    """A fresh key from the operating system's randomness."""
    if algorithm.curve is not None:
        return ec.generate_private_key(algorithm.curve())
    return rsa.generate_private_key(PUBLIC_EXPONENT, algorithm.size * 8)


def from_primes(algorithm: Algorithm, p: int, q: int) -> rsa.RSAPrivateKey:
    """An imported RSA key. ValueError when the primes do not make a key of this size."""
    modulus = p * q
    if modulus.bit_length() != algorithm.size * 8:
        raise ValueError("primes of another size")
    d = rsa.rsa_recover_private_exponent(PUBLIC_EXPONENT, p, q)
    public = rsa.RSAPublicNumbers(PUBLIC_EXPONENT, modulus)
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


def from_scalar(algorithm: Algorithm, scalar: int) -> ec.EllipticCurvePrivateKey:
    """An imported elliptic-curve key. ValueError when the scalar is not on the curve's range."""
    if algorithm.curve is None:
        raise ValueError("not an elliptic-curve algorithm")
    return ec.derive_private_key(scalar, algorithm.curve())


def to_der(key: PrivateKey) -> bytes:
    """PKCS#8, unencrypted."""
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@lru_cache(maxsize=64)
def from_der(der: bytes) -> PrivateKey:
    """The key of `to_der`, unchecked: it comes from our own state file."""
    key = serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError("a kind of key that no PIV card has")
    return key


def public_template(key: PrivateKey) -> bytes:
    """What stands in tag 7F49: 81 modulus, 82 exponent; or 86 uncompressed point."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        modulus = numbers.n.to_bytes(key.key_size // 8, "big")
        return encode(0x81, modulus) + encode(0x82, numbers.e.to_bytes(3, "big"))
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return encode(0x86, point)


def private_operation(key: PrivateKey, block: bytes) -> bytes:
    """RSA: block^d mod n, `block` as long as the modulus. ECDSA: a DER signature over the hash `block`.

    ValueError when the block does not fit the key.
    """
    if isinstance(key, rsa.RSAPrivateKey):
        return _rsa(key, block)
    size = key.key_size // 8
    digest = block[:size].rjust(size, b"\0")  # FIPS 186-5, 6.4.1: the leftmost bits of the hash
    scheme = ec.ECDSA(Prehashed(hashes.SHA256() if size == 32 else hashes.SHA384()))
    return key.sign(digest, scheme)


def agree(key: ec.EllipticCurvePrivateKey, point: bytes) -> bytes:
    """ECDH: the x coordinate of the shared point. ValueError when `point` is not on this key's curve."""
    return key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point))


def _rsa(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    numbers = _numbers(key)
    message = int.from_bytes(block, "big")
    if len(block) != key.key_size // 8 or message >= numbers.public_numbers.n:
        raise ValueError("the block is not of the modulus' size")
    by_p = pow(message, numbers.dmp1, numbers.p)
    by_q = pow(message, numbers.dmq1, numbers.q)
    result = by_q + numbers.q * ((by_p - by_q) * numbers.iqmp % numbers.p)
    return result.to_bytes(len(block), "big")


@lru_cache(maxsize=16)
def _numbers(key: rsa.RSAPrivateKey) -> rsa.RSAPrivateNumbers:
    return key.private_numbers()
