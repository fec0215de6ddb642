"""Status of a whole path: who is asked, in which order, and what holds where nobody answers."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from portal.tests import pki
from portal.tests.marks import ON_BOTH
from portal.tests.pki import DAY, NOW, Credential, TrustFolder
from portal.tests.trust.believing import believe, refusal
from portal.tests.trust.status_server import Answer, StatusServer
from pytest_django.fixtures import Settings

from kilitcoz_portal.trust.models import StatusAnswer

pytestmark = ON_BOTH

UNKNOWN = "certificate-status-unknown"
HOUR = DAY / 24


def pointing_to(crl: str = "", *, ocsp: tuple[str, ...] = ()) -> pki.Extensions:
    """Where status is to be had."""
    said: list[tuple[x509.ExtensionType, bool]] = []
    if crl:
        name = x509.UniformResourceIdentifier(crl)
        point = x509.DistributionPoint(full_name=[name], relative_name=None, reasons=None, crl_issuer=None)
        said.append((x509.CRLDistributionPoints([point]), False))
    if ocsp:
        places = [x509.UniformResourceIdentifier(each) for each in ocsp]
        access = [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, each) for each in places]
        said.append((x509.AuthorityInformationAccess(access), False))
    return said


@pytest.fixture
def ayse(bare_root: Credential, server: StatusServer) -> Credential:
    """Her certificate says where the list is."""
    return bare_root.issue(more=pointing_to(server.url("/list")))


def test_every_authority_of_the_path_must_be_good_too(folder: TrustFolder, bare_root: Credential) -> None:
    middle = bare_root.authority("Ara Makam")
    folder.crl(middle.crl())
    ayse = middle.issue()
    assert refusal(ayse, middle)[0] == UNKNOWN
    folder.crl(bare_root.crl())
    assert believe(ayse, middle)


@pytest.mark.parametrize("reason", [x509.ReasonFlags.ca_compromise, x509.ReasonFlags.certificate_hold])
def test_below_an_authority_that_was_revoked_nobody_is_believed(
    folder: TrustFolder, bare_root: Credential, reason: x509.ReasonFlags
) -> None:
    middle = bare_root.authority("Ara Makam")
    folder.crl(bare_root.crl({middle.certificate.serial_number: reason}), middle.crl())
    assert refusal(middle.issue(), middle) == ("certificate-revoked", "authority-crl")


def test_no_address_in_a_certificate_is_asked_before_its_path_holds(
    server: StatusServer, bare_root: Credential
) -> None:
    """Otherwise anybody could have the portal send requests, by a certificate of his own making."""
    place = server.url("/x")
    kerem = pki.root("Kerem Kökü")
    forged = pki.root().issue(more=pointing_to(place, ocsp=(place,)))
    wrong_use = bare_root.issue(more=(*pointing_to(place), (pki.usage("key_agreement"), True)))
    late = bare_root.issue(more=pointing_to(place, ocsp=(place,)), ends=NOW - DAY)
    for credential in (kerem.issue(more=pointing_to(place, ocsp=(place,))), forged, wrong_use, late):
        refusal(credential)
    assert server.asked == []


def test_an_installation_that_asks_nobody_asks_nobody(
    server: StatusServer, settings: Settings, ayse: Credential, bare_root: Credential, folder: TrustFolder
) -> None:
    settings.KILITCOZ_TRUST_FETCH = False
    assert refusal(ayse) == (UNKNOWN, "no-source")
    folder.crl(bare_root.crl())
    assert believe(ayse)
    assert server.asked == []


def test_private_addresses_are_asked_only_where_the_installation_says_so(
    server: StatusServer, settings: Settings, ayse: Credential, bare_root: Credential
) -> None:
    server.answers["/list"] = Answer(bare_root.crl())
    settings.KILITCOZ_TRUST_PRIVATE_ADDRESSES = False
    assert refusal(ayse) == (UNKNOWN, "address-private")
    assert server.asked == []


def test_a_certificate_with_many_addresses_has_two_of_them_asked(
    server: StatusServer, bare_root: Credential
) -> None:
    places = tuple(server.url(f"/{number}") for number in range(9))
    assert refusal(bare_root.issue(more=pointing_to(ocsp=("ldap://x", *places)))) == (UNKNOWN, "status-404")
    assert len(server.asked) == 2


def test_a_fetched_list_is_kept_until_its_successor_is_due(
    server: StatusServer, ayse: Credential, bare_root: Credential
) -> None:
    server.answers["/list"] = Answer(bare_root.crl(due=NOW + HOUR))
    assert believe(ayse)
    assert believe(ayse, now=NOW + HOUR * 0.99)
    assert len(server.asked) == 1
    server.answers["/list"] = Answer(bare_root.crl(issued=NOW + HOUR, due=NOW + 2 * HOUR))
    assert believe(ayse, now=NOW + HOUR)
    assert len(server.asked) == 2
    assert StatusAnswer.objects.count() == 1


def test_a_kept_list_that_somebody_changed_in_the_database_is_not_believed(
    server: StatusServer, ayse: Credential, bare_root: Credential
) -> None:
    listed = bare_root.crl({ayse.certificate.serial_number: None})
    server.answers["/list"] = Answer(listed)
    assert refusal(ayse)[0] == "certificate-revoked"
    StatusAnswer.objects.update(answer=pki.root().crl())
    assert refusal(ayse)[0] == "certificate-revoked"
    assert len(server.asked) == 2


def test_where_no_status_can_be_had_nobody_is_let_in(
    server: StatusServer, ayse: Credential, bare_root: Credential
) -> None:
    server.answers["/list"] = Answer(bare_root.crl(due=NOW + HOUR))
    assert believe(ayse)
    del server.answers["/list"]
    assert refusal(ayse, now=NOW + HOUR) == (UNKNOWN, "status-404")


def test_a_policy_may_let_a_young_list_count_where_nothing_better_can_be_had(
    server: StatusServer, ayse: Credential, bare_root: Credential, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_STALE_CRL_HOURS = 48
    mehmet = bare_root.issue(more=pointing_to(server.url("/list")))
    on_it = {mehmet.certificate.serial_number: x509.ReasonFlags.certificate_hold}
    server.answers["/list"] = Answer(bare_root.crl(on_it, issued=NOW, due=NOW + HOUR))
    assert believe(ayse)
    del server.answers["/list"]
    assert believe(ayse, now=NOW + 47 * HOUR)
    assert refusal(mehmet, now=NOW + 47 * HOUR)[0] == "certificate-suspended"
    assert refusal(ayse, now=NOW + 48 * HOUR)[0] == UNKNOWN


def test_a_young_list_is_not_used_while_its_successor_can_be_had(
    server: StatusServer, ayse: Credential, bare_root: Credential, settings: Settings
) -> None:
    settings.KILITCOZ_TRUST_STALE_CRL_HOURS = 48
    server.answers["/list"] = Answer(bare_root.crl(issued=NOW, due=NOW + HOUR))
    assert believe(ayse)
    newer = bare_root.crl({ayse.certificate.serial_number: None}, issued=NOW + HOUR, due=NOW + 2 * HOUR)
    server.answers["/list"] = Answer(newer)
    assert refusal(ayse, now=NOW + HOUR)[0] == "certificate-revoked"
