"""Paths by RFC 5280, 6.1: right ones in every order, and wrong ones, each wrong in one point."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from portal.tests import pki
from portal.tests.pki import DAY, NOW, Credential, TrustFolder
from portal.tests.trust.believing import believe, refusal
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

NOT_TRUSTED = "certificate-not-trusted"
POLICY = x509.ObjectIdentifier("0.4.0.194112.1.2")
OTHER_POLICY = x509.ObjectIdentifier("1.2.3.4")


def policies(*oids: x509.ObjectIdentifier) -> x509.CertificatePolicies:
    """Certificate policies without qualifiers."""
    return x509.CertificatePolicies([x509.PolicyInformation(oid, None) for oid in oids])


def only(country: str) -> x509.NameConstraints:
    """Below it, subjects of this country alone."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, country)])
    return x509.NameConstraints(permitted_subtrees=[x509.DirectoryName(name)], excluded_subtrees=None)


def never_common_name(text: str) -> x509.NameConstraints:
    """Below it, not this e-mail host."""
    return x509.NameConstraints(permitted_subtrees=None, excluded_subtrees=[x509.RFC822Name(text)])


@pytest.fixture
def middle(root: Credential, folder: TrustFolder) -> Credential:
    """An authority below the anchor, with a list of its own."""
    made = root.authority("Ara Makam")
    folder.crl(made.crl())
    return made


def test_a_path_through_an_authority_that_came_along_holds(middle: Credential) -> None:
    assert believe(middle.issue(), middle).id_number == "10000000146"


def test_an_authority_in_the_trust_folder_need_not_come_along(
    middle: Credential, folder: TrustFolder
) -> None:
    ayse = middle.issue()
    assert refusal(ayse) == (NOT_TRUSTED, "issuer-unknown")
    folder.intermediate(middle)
    assert believe(ayse)


def test_the_order_in_which_authorities_come_does_not_matter(middle: Credential, folder: TrustFolder) -> None:
    lower = middle.authority("Alt Makam")
    folder.crl(lower.crl())
    ayse = lower.issue()
    assert believe(ayse, middle, lower)
    assert believe(ayse, lower, ayse, middle, middle)
    assert refusal(ayse, middle) == (NOT_TRUSTED, "issuer-unknown")


def test_a_cross_signed_authority_is_reached_by_the_way_that_holds(
    root: Credential, folder: TrustFolder
) -> None:
    stranger = pki.root("Başka Kök")
    middle = root.authority("Ara Makam")
    folder.crl(middle.crl())
    crossed = stranger.authority("Ara Makam", key=middle.key)
    again = root.authority("Ara Makam", key=middle.key, ends=NOW - DAY)
    assert believe(middle.issue(), crossed, again, middle)
    assert refusal(middle.issue(), crossed, again)[0] == NOT_TRUSTED


def test_a_certificate_that_signed_itself_is_refused_even_as_an_anchor(
    root: Credential, folder: TrustFolder
) -> None:
    itself = pki.root(subject=pki.person(), extensions=pki.HOLDERS)
    assert refusal(itself) == (NOT_TRUSTED, "issuer-unknown")
    folder.anchor(itself)
    assert refusal(itself) == (NOT_TRUSTED, "issuer-unknown")


def test_an_authority_of_the_right_name_and_the_wrong_key_is_refused(root: Credential) -> None:
    code, reason = refusal(pki.root().issue())
    assert code == NOT_TRUSTED
    assert "signature" in reason


def test_an_authority_whose_validity_is_over_makes_nobody_trusted(root: Credential) -> None:
    old = root.authority("Eski Makam", ends=NOW - DAY)
    assert refusal(old.issue(), old) == (NOT_TRUSTED, "authority-expired")
    early = root.authority("Erken Makam", begins=NOW + DAY)
    assert refusal(early.issue(), early) == (NOT_TRUSTED, "authority-not-yet-valid")


def test_an_anchor_whose_validity_is_over_makes_nobody_trusted(folder: TrustFolder) -> None:
    old = pki.root(ends=NOW - DAY)
    folder.anchor(old)
    assert refusal(old.issue()) == (NOT_TRUSTED, "authority-expired")


@pytest.mark.parametrize(("seconds", "believed"), [(-60, True), (0, True), (59, True), (61, False)])
def test_the_clock_may_be_a_minute_off_at_both_ends(
    root: Credential, seconds: int, *, believed: bool
) -> None:
    second = DAY / 86400
    ended = root.issue(ends=NOW - seconds * second)
    beginning = root.issue(begins=NOW + seconds * second)
    if believed:
        assert believe(ended)
        assert believe(beginning)
    else:
        assert refusal(ended) == ("certificate-expired", "expired")
        assert refusal(beginning) == ("certificate-not-yet-valid", "not-yet-valid")


def test_how_far_clocks_may_differ_is_a_setting(root: Credential, settings: Settings) -> None:
    settings.KILITCOZ_TRUST_CLOCK_SKEW = 0
    assert refusal(root.issue(ends=NOW - DAY / 86400)) == ("certificate-expired", "expired")


def test_who_may_not_sign_certificates_makes_nobody_trusted(root: Credential) -> None:
    mehmet = root.issue(subject=pki.person("TINTR-20000000046", "Mehmet Demir"))
    code, reason = refusal(mehmet.issue(), mehmet)
    assert code == NOT_TRUSTED
    assert "not a CA" in reason
    lists_only = root.authority("Liste", more=((pki.usage("crl_sign"), True),))
    code, reason = refusal(lists_only.issue(), lists_only)
    assert code == NOT_TRUSTED
    assert "not allowed to sign" in reason


def test_a_path_longer_than_its_authorities_allow_is_refused(root: Credential) -> None:
    short = root.authority("Ara Makam", path_length=0)
    below = short.authority("Alt Makam")
    code, reason = refusal(below.issue(), below, short)
    assert code == NOT_TRUSTED
    assert "maximum path length" in reason


def test_an_anchors_own_path_length_and_names_bind(folder: TrustFolder) -> None:
    anchor = pki.root("Dar Kök", extensions=(*pki.authoritys(path_length=0), (only("TR"), True)))
    folder.anchor(anchor)
    folder.crl(anchor.crl())
    assert believe(anchor.issue())
    below = anchor.authority("Alt Makam")
    assert "maximum path length" in refusal(below.issue(), below)[1]
    assert "permitted" in refusal(anchor.issue(subject=pki.person("PASDE-C01X00T47", country="DE")))[1]


def test_name_constraints_of_an_authority_bind(root: Credential, folder: TrustFolder) -> None:
    home = root.authority("Yurt İçi", more=((only("TR"), True),))
    folder.crl(home.crl())
    assert believe(home.issue(), home)
    code, reason = refusal(home.issue(subject=pki.person("PASDE-C01X00T47", country="DE")), home)
    assert code == NOT_TRUSTED
    assert "permitted" in reason
    mail = x509.SubjectAlternativeName([x509.RFC822Name("kerem@example.net")])
    strict = root.authority("Süzen", more=((never_common_name("example.net"), True),))
    code, reason = refusal(strict.issue(more=((mail, False),)), strict)
    assert code == NOT_TRUSTED
    assert "excluded" in reason


def test_a_critical_extension_that_nobody_understands_is_refused(root: Credential) -> None:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    assert believe(root.issue(more=((strange, False),)))
    code, reason = refusal(root.issue(more=((strange, True),)))
    assert code == NOT_TRUSTED
    assert "critical extension" in reason
    odd = root.authority("Tuhaf Makam", more=((strange, True),))
    assert "critical extension" in refusal(odd.issue(), odd)[1]


def test_keys_and_signatures_of_yesterday_are_refused(root: Credential, folder: TrustFolder) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    assert refusal(root.issue(key=weak)) == ("certificate-weak", "public-key")
    authority = root.authority("Zayıf Makam", key=weak)
    assert refusal(authority.issue(), authority)[0] == "certificate-weak"
    with_sha1 = pki.signed_by_sha1(root.issue(), root)
    assert refusal(with_sha1) == ("certificate-weak", "signature-algorithm")
    sha1_authority = pki.signed_by_sha1(root.authority("SHA-1 Makamı"), root)
    code, reason = refusal(sha1_authority.issue(), sha1_authority)
    assert (code, reason) == (NOT_TRUSTED, "authority-signature-algorithm")


def test_where_policies_are_asked_one_of_them_must_hold_along_the_whole_path(
    root: Credential, folder: TrustFolder, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_POLICIES = [POLICY.dotted_string]
    named = ((policies(POLICY, OTHER_POLICY), False),)
    identity = believe(root.issue(more=named))
    assert identity.policies == (POLICY.dotted_string,)
    assert refusal(root.issue())[0] == "certificate-policy-missing"
    assert refusal(root.issue(more=((policies(OTHER_POLICY), False),)))[0] == "certificate-policy-missing"
    middle = root.authority("Ara Makam", more=((policies(OTHER_POLICY), False),))
    folder.crl(middle.crl())
    assert refusal(middle.issue(more=named), middle)[0] == "certificate-policy-missing"


def test_a_policy_that_is_asked_may_come_by_a_mapping(
    root: Credential, folder: TrustFolder, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_POLICIES = [POLICY.dotted_string]
    mapped = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("2.5.29.33"),
        bytes.fromhex("3010300e060704008bec40010206032a0304"),
    )
    middle = root.authority("Ara Makam", more=((policies(POLICY), False), (mapped, True)))
    folder.crl(middle.crl())
    assert believe(middle.issue(more=((policies(OTHER_POLICY), False),)), middle)


def test_a_ring_of_authorities_that_certify_each_other_leads_nowhere_and_ends(root: Credential) -> None:
    keys = [pki.spare_key(number) for number in range(4)]
    stranger = pki.root("Daire")
    ring = [stranger.authority("Daire", key=key) for key in keys]
    assert refusal(ring[0].issue(), *ring) == (NOT_TRUSTED, "issuer-unknown")


def test_paths_that_reach_an_anchor_in_too_many_ways_are_given_up(
    root: Credential, folder: TrustFolder
) -> None:
    """Forty certificates of one authority, each over: a path through each of them."""
    key = pki.spare_key(0)
    hour = DAY / 24
    early = [root.authority("Ara Makam", key=key, ends=NOW - number * hour) for number in range(1, 40)]
    folder.intermediate(*early)
    ayse = early[0].issue()
    assert refusal(ayse) == (NOT_TRUSTED, "authority-expired")


def test_more_authorities_than_anybody_needs_are_not_even_looked_at(root: Credential) -> None:
    many = [root.authority(f"Makam {number}") for number in range(5)]
    assert refusal(root.issue(), *many) == ("certificate-malformed", "chain")
