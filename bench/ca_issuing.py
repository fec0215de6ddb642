"""Certificates per second, beside bare signatures with the same key: without a database, and with it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from bench.report import Spread, Value

Row = dict[str, Value]
ROUNDS = 7


def measured(number: int) -> list[Row]:
    """So many of each, in turns. `order`: subject and key are there; `wish`: from a name and an encoded key;
    `database`: the same as the portal does it, each certificate in a transaction of its own.
    """
    deeds = _deeds()
    found: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(ROUNDS):
        for name, deed in deeds.items():
            times = max(1, number // (20 if name == "database" else 1))
            began = time.process_time() if name != "database" else time.perf_counter()
            for _ in range(times):
                deed()
            ended = time.process_time() if name != "database" else time.perf_counter()
            found[name].append(times / (ended - began))
    bound = Spread.of(found["signature"]).median
    return [_row(name, Spread.of(rates), bound) for name, rates in found.items()]


def _row(name: str, rate: Spread, bound: float) -> Row:
    return {
        "what": name,
        "per_s": round(rate.median),
        "low": round(rate.low),
        "high": round(rate.high),
        "of_bound": round(rate.median / bound, 3),
    }


def _deeds() -> dict[str, Callable[[], object]]:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from kilitcoz_portal.ca import authorities
    from kilitcoz_portal.ca.certificates import Order, make_der, new_serial_number
    from kilitcoz_portal.ca.names import Person
    from kilitcoz_portal.ca.port import CertificateRequest
    from kilitcoz_portal.ca.profiles import ProfileName
    from kilitcoz_portal.ca.qualified import QcStatements
    from kilitcoz_portal.ca.services import EmbeddedAuthority, fit_key

    issuer = authorities.issuer(authorities.authority())
    addresses = authorities.addresses("nes")
    statements = QcStatements((("en", "https://localhost/pds-en.pdf"),))
    person, now, numbers = Person("Ayşe Işıl", "Yılmaz", "10000000146"), datetime.now(UTC), count()
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    encoded = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    subject, moment = person.subject(), now.replace(microsecond=0)
    tbs = bytes(900)

    def order(name: object = subject, of: object = public) -> object:
        wanted = Order(ProfileName.SIGNATURE, name, of, new_serial_number(), moment, statements)  # type: ignore[arg-type]  # as they come
        return make_der(wanted, issuer, addresses)

    def bare(key: object) -> bytes:
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(tbs, ec.ECDSA(issuer.hash))
        assert isinstance(key, rsa.RSAPrivateKey)
        return key.sign(tbs, padding.PKCS1v15(), issuer.hash)

    def database() -> object:
        wish = CertificateRequest(f"{next(numbers):043d}", ProfileName.SIGNATURE, person, encoded)
        return EmbeddedAuthority().issue(wish, now)

    return {
        "signature": lambda: bare(issuer.key),
        "order": order,
        "wish": lambda: order(person.subject(), fit_key(encoded)),
        "database": database,
    }
