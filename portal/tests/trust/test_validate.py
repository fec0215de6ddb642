"""A certificate is believed where its path, its profile and its status hold."""

from __future__ import annotations

import pytest
from portal.tests.pki import NOW, Credential, TrustFolder

from kilitcoz_portal.trust import services as trust
from kilitcoz_portal.trust.errors import CertificateNotTrusted
from kilitcoz_portal.trust.identity import IdKind
from kilitcoz_portal.trust.services import Identity, Usage

pytestmark = pytest.mark.django_db


def believe(credential: Credential, *chain: Credential) -> Identity:
    """`validate`, for authentication."""
    return trust.validate(credential.der, [each.der for each in chain], usage=Usage.AUTHENTICATION, now=NOW)


def test_ayses_certificate_names_her(root: Credential) -> None:
    ayse = root.issue()
    identity = believe(ayse)
    assert (identity.id_number, identity.id_kind, identity.country) == ("10000000146", IdKind.TCKN, "TR")
    assert identity.name == "Ayşe Yılmaz"
    assert identity.serial == f"{ayse.certificate.serial_number:x}"
    assert "10000000146" not in repr(identity)
    assert "Ayşe" not in repr(identity)


def test_without_anchors_nothing_is_believed(folder: TrustFolder, root: Credential) -> None:
    for each in (folder.path / "anchors").iterdir():
        each.unlink()
    with pytest.raises(CertificateNotTrusted):
        believe(root.issue())
