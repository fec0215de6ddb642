"""Whatever bytes come, the answer is a refusal with a code, in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from portal.tests import pki
from portal.tests.pki import NOW, Credential, TrustFolder

from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.errors import CertificateMalformed, TrustError
from kilitcoz_portal.trust.services import Usage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning"),
]

ROOT = pki.root()
MIDDLE = ROOT.authority("Ara Makam")
GOOD = MIDDLE.issue().der


@pytest.fixture
def trusted(folder: TrustFolder) -> TrustFolder:
    """The unbroken certificate is believed."""
    folder.anchor(ROOT)
    folder.crl(ROOT.crl(), MIDDLE.crl())
    assert trust.validate(GOOD, [MIDDLE.der], usage=Usage.AUTHENTICATION, now=NOW)
    return folder


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x30", id="a tag"),
        pytest.param(b"\x30\x80\x00\x00", id="indefinite length"),
        pytest.param(b"-----BEGIN CERTIFICATE-----", id="PEM"),
        pytest.param(bytes(16 * 1024 + 1), id="too much"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff" + bytes(100), id="a length that lies"),
        pytest.param(b"\x30\x03" * 5000, id="nested"),
        pytest.param(GOOD[:-1], id="cut"),
        pytest.param(GOOD + b"\x00", id="with something behind it"),
        pytest.param(GOOD + GOOD, id="two"),
        pytest.param(GOOD.replace("Ayşe".encode(), "Ayןe".encode()), id="a name in two directions"),
    ],
)
def test_what_is_not_exactly_one_certificate_is_refused(root: Credential, der: bytes) -> None:
    with pytest.raises(CertificateMalformed):
        trust.validate(der, (), usage=Usage.AUTHENTICATION, now=NOW)


def test_a_malformed_certificate_in_the_chain_is_refused_too(root: Credential) -> None:
    with pytest.raises(CertificateMalformed):
        trust.validate(root.issue().der, [b"\x30\x00"], usage=Usage.AUTHENTICATION, now=NOW)


@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(position=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_a_certificate_with_one_wrong_byte_is_refused_and_nothing_breaks(
    trusted: TrustFolder, position: int, byte: int
) -> None:
    changed = GOOD[:position] + bytes([byte]) + GOOD[position + 1 :]
    if changed != GOOD:
        with pytest.raises(TrustError):
            trust.validate(changed, [MIDDLE.der], usage=Usage.AUTHENTICATION, now=NOW)


@hypothesis_settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(position=st.integers(0, len(MIDDLE.der) - 1), instead=st.binary(min_size=1, max_size=3))
def test_a_chain_of_broken_bytes_breaks_nothing(trusted: TrustFolder, position: int, instead: bytes) -> None:
    authority = MIDDLE.der
    broken = authority[:position] + instead + authority[position + 1 :]
    if broken != authority:
        with pytest.raises(TrustError):
            trust.validate(GOOD, [broken], usage=Usage.AUTHENTICATION, now=NOW)
