"""Certificates from an authority elsewhere."""

from __future__ import annotations

import pytest
from cryptography import x509
from portal.tests.ca.cmp.clock import Clock
from portal.tests.ca.cmp.stand_in import StandIn
from portal.tests.ca.cmp.wishes import wish
from portal.tests.marks import ON_BOTH

from kilitcoz_portal.ca.choice import authority
from kilitcoz_portal.ca.profiles import ProfileName

pytestmark = ON_BOTH


@pytest.mark.parametrize("profile", [ProfileName.SIGNATURE, ProfileName.AUTHENTICATION, ProfileName.CARD])
def test_a_certificate_comes_and_is_confirmed(elsewhere: StandIn, clock: Clock, profile: ProfileName) -> None:
    asked = wish(profile)
    certificate = x509.load_der_x509_certificate(authority().issue(asked, clock.now()))
    assert elsewhere.confirmed() == [certificate.serial_number]
    assert [kind for kind, _ in elsewhere.seen] == ["ir", "cert_conf"]
