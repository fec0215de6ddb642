"""Root key, data keys, PUKs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from portal.tests.vault.armed import CARD, OTHER_CARD

from kilitcoz_portal import keyfiles
from kilitcoz_portal.keyfiles import KeyFileUnsafe
from kilitcoz_portal.vault import crypto, puks
from kilitcoz_portal.vault.errors import VaultIntegrityError


def test_the_root_key_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    keys = crypto.FileRootKeys(folder)
    path = folder / "root.key"
    assert (path.stat().st_mode & 0o777, len(path.read_bytes())) == (0o600, 32)
    assert crypto.FileRootKeys(folder).current == keys.current


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_root_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    crypto.FileRootKeys(tmp_path)
    (tmp_path / "root.key").chmod(mode)
    with pytest.raises(KeyFileUnsafe, match=f"{mode:o}"):
        crypto.FileRootKeys(tmp_path)


def test_a_data_key_is_unwrapped_for_its_card_alone_and_under_its_own_root_key(tmp_path: Path) -> None:
    keys = crypto.FileRootKeys(tmp_path)
    wrapped = keys.wrap(bytes(32), CARD)
    assert keys.unwrap(keys.current, wrapped, CARD) == bytes(32)
    with pytest.raises(VaultIntegrityError):
        keys.unwrap(keys.current, wrapped, OTHER_CARD)
    with pytest.raises(VaultIntegrityError, match="root key unknown"):
        keys.unwrap("0123456789abcdef", wrapped, CARD)
    with pytest.raises(VaultIntegrityError, match="root key unknown"):
        keys.unwrap("../../etc/passwd", wrapped, CARD)


def test_an_earlier_root_key_still_opens_what_it_wrapped(tmp_path: Path) -> None:
    before = crypto.FileRootKeys(tmp_path)
    wrapped = before.wrap(bytes(32), CARD)
    (tmp_path / "root.key").rename(tmp_path / f"root-{before.current}.key")
    after = crypto.FileRootKeys(tmp_path)
    assert after.current != before.current
    assert after.unwrap(before.current, wrapped, CARD) == bytes(32)


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "k"
    first = keyfiles.load_or_create(path)
    keyfiles._create(path, b"another")  # the loser of the race
    assert keyfiles.load_or_create(path) == first
    assert list(tmp_path.iterdir()) == [path]


def test_new_puks_differ_by_card_and_version_and_show_no_bias() -> None:
    made = {
        bytes(puks.make(bytes([key]) * 32, CARD, version)) for key in range(20) for version in range(2, 102)
    }
    assert len(made) > 1990
    digits = Counter(b"".join(made).decode())
    assert set(digits) == set("0123456789")
    assert max(digits.values()) < 1.15 * min(digits.values())
    assert puks.make(bytes(32), CARD, 2) != puks.make(bytes(32), OTHER_CARD, 2)
