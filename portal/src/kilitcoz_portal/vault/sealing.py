"""M6: the released candidates, sealed by HPKE (RFC 9180) to the card service's one-time key."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.messages import Label, Release, hpke_info
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault.store import Opened

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def seal(opened: Opened, nonce: str) -> bytes:
    """`enc ‖ ct` of the release as it is armed, bound to operation, nonce and fence."""
    row, s = opened.row, opened.snapshot
    release = Release(
        fence=row.fence,
        candidates=tuple(Puk(opened.values[candidate]) for candidate in s.released),
        new=Puk(opened.values[s.new_is]),
        rotate=s.rotates,
    )
    info = hpke_info(Label.RELEASE, row.operation_id, nonce, row.fence)
    return SUITE.encrypt(release.to_json(), X25519PublicKey.from_public_bytes(bytes(row.recipient)), info)
