"""OpenSSL and pyhanko-certvalidator say the same of a certificate as we do, by its list and by its answer."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from portal.tests.ca.authority import NOW
from portal.tests.ca.test_ceremony import PASSPHRASE
from portal.tests.ca.test_services import issue, ocsp_request
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, RevokedError

from kilitcoz_portal.ca import answers, ceremony, lists
from kilitcoz_portal.ca.models import Authority, Issued, Status
from kilitcoz_portal.ca.port import CertificateStatus
from kilitcoz_portal.ca.services import EmbeddedAuthority

pytestmark = pytest.mark.django_db(transaction=True)
CHANGED, LATER, AFTER_ITS_END = (
    NOW + timedelta(minutes=1),
    NOW + timedelta(minutes=5),
    NOW + timedelta(days=4 * 365),
)
STATES = {
    "valid": (None, LATER),
    "suspended": (Status.ON_HOLD, LATER),
    "reopened": (Status.GOOD, LATER),
    "revoked": (Status.REVOKED, LATER),
    "expired": (None, AFTER_ITS_END),
}
SAID = {"valid": "OK", "reopened": "OK", "expired": "certificate has expired"}
REVOKED = "certificate revoked"


@pytest.mark.parametrize("state", STATES)
def test_strangers_agree_on_a_certificate(
    founded: Authority, installation: Path, tmp_path: Path, state: str
) -> None:
    status, moment = STATES[state]
    serial = issue(on_hold=state == "reopened")
    if status is not None:
        EmbeddedAuthority().set_status([serial], CertificateStatus(status, CHANGED), CHANGED)
    lists.publish_now(moment)
    ceremony.renew_root_list((installation / "kok.pem").read_bytes(), PASSPHRASE, moment)
    founded.refresh_from_db()
    leaf = x509.load_der_x509_certificate(bytes(Issued.objects.get(serial_number=serial).der))
    assert SAID.get(state, REVOKED) in by_openssl(founded, leaf, moment, tmp_path)
    for by_list in (True, False):
        assert by_certvalidator(founded, leaf, moment, by_list=by_list) == SAID.get(state, REVOKED)


def by_openssl(founded: Authority, leaf: x509.Certificate, moment: datetime, folder: Path) -> str:
    newest = lists.download("nes")
    assert newest is not None
    files = {
        "root": [x509.load_der_x509_certificate(bytes(founded.root))],
        "issuing": [x509.load_der_x509_certificate(bytes(founded.certificate))],
        "list": [x509.load_der_x509_crl(newest.der)],
        "leaf": [leaf],
    }
    for name, parts in files.items():
        (folder / name).write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in parts))
    given = ["-CAfile", "root", "-untrusted", "issuing", "-CRLfile", "list"]
    given += ["-attime", str(int(moment.timestamp()))]
    command = ["openssl", "verify", "-x509_strict", "-crl_check", *given, "leaf"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return ended.stdout + ended.stderr


def by_certvalidator(founded: Authority, leaf: x509.Certificate, moment: datetime, *, by_list: bool) -> str:
    newest = lists.download("nes")
    issuing = x509.load_der_x509_certificate(bytes(founded.certificate))
    answer = answers.answer(ocsp_request(issuing, leaf.serial_number), moment)
    assert newest is not None
    known = [bytes(founded.root_list), *([newest.der] if by_list else [])]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(bytes(founded.root))],
        crls=[asn1_crl.CertificateList.load(der) for der in known],
        ocsps=[] if by_list else [asn1_ocsp.OCSPResponse.load(answer.der)],
        other_certs=[asn1_x509.Certificate.load(bytes(founded.certificate))],
        moment=moment,
        allow_fetching=False,
        revocation_mode="hard-fail",
    )
    validator = CertificateValidator(
        asn1_x509.Certificate.load(leaf.public_bytes(Encoding.DER)), validation_context=context
    )
    try:
        asyncio.run(validator.async_validate_usage(set()))
    except RevokedError:
        return REVOKED
    except ExpiredError:
        return SAID["expired"]
    return SAID["valid"]
