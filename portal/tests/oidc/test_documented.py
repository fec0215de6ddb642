"""Every word that tells an administrator why a login came to nothing has its line in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

from kilitcoz_portal.signin import oidc
from kilitcoz_portal.signin.oidc import id_token

ROOM = Path(str(oidc.__file__)).parent
DOCUMENT = Path(__file__).parents[3] / "docs" / "operations" / "oidc.md"


def test_every_reason_in_the_audit_trail_is_documented() -> None:
    reasons = {name for name, _ in id_token._STEPS}
    for source in ROOM.glob("*.py"):
        reasons.update(re.findall(r'why="([a-z-]+)"', source.read_text(encoding="utf-8")))
    documented = set(re.findall(r"`([a-z-]+)`", DOCUMENT.read_text(encoding="utf-8")))
    assert len(reasons) > 20
    assert reasons - documented == set()
