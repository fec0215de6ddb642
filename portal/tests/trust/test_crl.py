"""CRLs by RFC 5280, 6.3.3: a refusal for each rule."""

from __future__ import annotations

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from portal.tests import pki
from portal.tests.pki import DAY, NOW, Credential, TrustFolder
from portal.tests.trust.believing import believe, refusal

pytestmark = pytest.mark.django_db

UNKNOWN = "certificate-status-unknown"
HERE = "http://crl.example/list.crl"


def scope(**said: object) -> pki.Extensions:
    """An issuing distribution point (5.2.5)."""
    nothing: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return ((x509.IssuingDistributionPoint(**{**nothing, **said}), True),)  # type: ignore[arg-type]  # its own names


def at(*urls: str) -> list[x509.GeneralName]:
    """As a distribution point's name."""
    return [x509.UniformResourceIdentifier(url) for url in urls]


def points(*urls: str, **more: object) -> pki.Extensions:
    """CRL distribution points."""
    said: dict[str, object] = {"relative_name": None, "reasons": None, "crl_issuer": None, **more}
    each = [x509.DistributionPoint(full_name=at(url), **said) for url in urls]  # type: ignore[arg-type]  # its own names
    return ((x509.CRLDistributionPoints(each), False),)


@pytest.fixture
def ayse(bare_root: Credential) -> Credential:
    """Her certificate says where its issuer's list is; nothing is fetched in these tests."""
    return bare_root.issue(more=points(HERE))


def with_list(folder: TrustFolder, ayse: Credential, crl: bytes) -> tuple[str, str]:
    """The refusal where this is the only list."""
    for each in folder.path.glob("crls/*"):
        each.unlink()
    folder.crl(crl)
    return refusal(ayse)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (None, "certificate-revoked"),
        (x509.ReasonFlags.superseded, "certificate-revoked"),
        (x509.ReasonFlags.certificate_hold, "certificate-suspended"),
    ],
)
def test_who_is_on_the_list_is_refused(
    folder: TrustFolder, bare_root: Credential, ayse: Credential, reason: x509.ReasonFlags | None, code: str
) -> None:
    listed = {ayse.certificate.serial_number: reason}
    assert with_list(folder, ayse, bare_root.crl(listed)) == (code, "crl")


def test_a_revocation_counts_although_its_date_is_still_to_come(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    soon = NOW + DAY / 86400 * 30
    listed = bare_root.crl({ayse.certificate.serial_number: None}, issued=soon)
    assert with_list(folder, ayse, listed) == ("certificate-revoked", "crl")


def test_a_list_of_somebody_else_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    assert with_list(folder, ayse, pki.root("Başka Kök").crl()) == (UNKNOWN, "crl-other-issuer")
    assert with_list(folder, ayse, pki.root().crl()) == (UNKNOWN, "crl-signature")


def test_a_list_that_was_changed_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    _, _, der = pem.unarmor(bare_root.crl({ayse.certificate.serial_number: None}))
    number = ayse.certificate.serial_number
    changed = der.replace(number.to_bytes(2, "big"), (number + 5000).to_bytes(2, "big"))
    assert with_list(folder, ayse, changed) == (UNKNOWN, "crl-signature")


def test_an_issuer_that_may_not_sign_lists_says_nothing(folder: TrustFolder) -> None:
    silent = pki.root("Sessiz Kök", extensions=(*pki.authoritys(), (pki.usage("key_cert_sign"), True)))
    folder.anchor(silent)
    assert with_list(folder, silent.issue(), silent.crl()) == (UNKNOWN, "crl-issuer-key-usage")


def test_a_list_signed_by_sha_1_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    _, _, der = pem.unarmor(bare_root.crl())
    weak = asn1_crl.CertificateList.load(der)
    weak["tbs_cert_list"]["signature"] = weak["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}
    assert isinstance(bare_root.key, ec.EllipticCurvePrivateKey)
    signed = weak["tbs_cert_list"].dump(force=True)
    weak["signature"] = bare_root.key.sign(signed, ec.ECDSA(hashes.SHA1()))
    assert with_list(folder, ayse, weak.dump(force=True)) == (UNKNOWN, "crl-signature-weak")


def test_a_list_of_another_time_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    stale = bare_root.crl(issued=NOW - 2 * DAY, due=NOW)
    assert with_list(folder, ayse, stale) == (UNKNOWN, "crl-stale")
    early = bare_root.crl(issued=NOW + DAY / 720, due=NOW + DAY)
    assert with_list(folder, ayse, early) == (UNKNOWN, "crl-not-yet")


def test_a_list_with_a_critical_extension_that_nobody_understands_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    assert with_list(folder, ayse, bare_root.crl(more=((strange, True),))) == (
        UNKNOWN,
        "crl-critical-extension",
    )


def test_a_delta_list_is_not_taken_for_a_complete_one(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    delta = bare_root.crl(more=((x509.DeltaCRLIndicator(1), True),))
    assert with_list(folder, ayse, delta) == (UNKNOWN, "crl-critical-extension")


@pytest.mark.parametrize(
    "said",
    [
        {"only_contains_ca_certs": True},
        {"only_contains_attribute_certs": True},
        {"indirect_crl": True},
        {"only_some_reasons": frozenset({x509.ReasonFlags.key_compromise})},
        {"full_name": at("http://crl.example/other.crl")},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_list_whose_scope_leaves_the_certificate_out_says_nothing(
    folder: TrustFolder, bare_root: Credential, ayse: Credential, said: dict[str, object]
) -> None:
    assert with_list(folder, ayse, bare_root.crl(more=scope(**said))) == (UNKNOWN, "crl-scope")


@pytest.mark.parametrize(
    "said",
    [{"only_contains_user_certs": True}, {"full_name": at("ldap://crl.example/", HERE)}],
    ids=lambda said: next(iter(said)),
)
def test_a_list_whose_scope_covers_the_certificate_counts(
    folder: TrustFolder, bare_root: Credential, ayse: Credential, said: dict[str, object]
) -> None:
    folder.crl(bare_root.crl(more=scope(**said)))
    assert believe(ayse)


def test_a_list_of_users_does_not_vouch_for_an_authority(folder: TrustFolder, bare_root: Credential) -> None:
    middle = bare_root.authority("Ara Makam")
    folder.crl(bare_root.crl(more=scope(only_contains_user_certs=True)), middle.crl())
    assert refusal(middle.issue(), middle) == (UNKNOWN, "crl-scope, crl-other-issuer")


@pytest.mark.parametrize("raw", [b"", b"-----BEGIN X509 CRL-----\n", b"\x30\x80", bytes(5000)])
def test_what_is_no_list_says_nothing(folder: TrustFolder, ayse: Credential, raw: bytes) -> None:
    assert with_list(folder, ayse, raw) == (UNKNOWN, "crl-malformed")


def test_of_several_lists_the_first_that_counts_decides(
    folder: TrustFolder, bare_root: Credential, ayse: Credential
) -> None:
    folder.crl(b"", pki.root("Başka Kök").crl(), bare_root.crl(issued=NOW - 2 * DAY, due=NOW - DAY))
    assert refusal(ayse)[0] == UNKNOWN
    folder.crl(bare_root.crl())
    assert believe(ayse)
