"""M6 as the vault writes it is M6 as the card service reads it."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from portal.tests.vault.armed import NONCE, OPERATION

from kilitcoz_cards.messages import Label, Release, hpke_info
from kilitcoz_cards.pin import Puk
from kilitcoz_portal.vault import sealing
from kilitcoz_portal.vault.models import CardSecret
from kilitcoz_portal.vault.snapshot import Candidate, Snapshot
from kilitcoz_portal.vault.states import SecretState
from kilitcoz_portal.vault.store import Opened

KEY = X25519PrivateKey.generate()
VALUES = st.binary(min_size=1, max_size=64)


@given(VALUES, VALUES, st.booleans(), st.booleans(), st.integers(1, 2**53 - 1))
def test_what_is_sealed_is_the_message_of_the_protocol(
    current: bytes, pending: bytes, doubt: bool, rotates: bool, fence: int
) -> None:
    if current == pending:
        return
    both = (Candidate.CURRENT, Candidate.PENDING)
    released = both if doubt and rotates else both[:1]
    new_is = Candidate.PENDING if rotates else Candidate.CURRENT
    snapshot = Snapshot(SecretState.ARMED, 3, 3, released=released, new_is=new_is, rotates=rotates)
    row = CardSecret(fence=fence, operation_id=OPERATION, recipient=KEY.public_key().public_bytes_raw())
    values = {Candidate.CURRENT: bytearray(current), Candidate.PENDING: bytearray(pending)}
    sealed = sealing.seal(Opened(row, snapshot, b"", values), NONCE)
    plain = sealing.SUITE.decrypt(sealed, KEY, hpke_info(Label.RELEASE, OPERATION, NONCE, fence))
    expected = Release(
        fence=fence,
        candidates=tuple(Puk(bytes(values[each])) for each in released),
        new=Puk(bytes(values[new_is])),
        rotate=rotates,
    )
    assert plain == expected.to_json()
