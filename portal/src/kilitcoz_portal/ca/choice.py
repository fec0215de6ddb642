"""Which authority this installation uses: the one place where a kind of authority is named."""

from __future__ import annotations

from django.conf import settings

from kilitcoz_portal.ca.port import CertificateAuthority
from kilitcoz_portal.ca.services import EmbeddedAuthority


def authority() -> CertificateAuthority:
    """The certificate authority that the certificates of this installation come from."""
    if settings.KILITCOZ_CA != "cmp":
        return EmbeddedAuthority()
    from kilitcoz_portal.ca.cmp.authority import CmpAuthority  # with its ASN.1, for who uses it

    return CmpAuthority()
