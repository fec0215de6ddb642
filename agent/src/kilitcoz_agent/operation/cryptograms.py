"""Answers to the challenge of a card's management key: by a key that is at hand, for one block (SP 800-73-4
part 2, A.1). The standard's ECB over one random block; nothing else is ever enciphered here.
"""

from __future__ import annotations

from collections.abc import Mapping

from kilitcoz_cards.errors import ManagementKeyRefused
from kilitcoz_cards.families.piv_factory import MANAGEMENT_KEYS
from kilitcoz_cards.families.piv_management import Cryptogram, ManagementAlgorithm, ManagementKey


def by_key(key: ManagementKey) -> Cryptogram:
    """By a key of ours."""
    return _by({key.algorithm: key.value})


def by_factory(algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
    """By the key that every new card has. A Cryptogram."""
    return _by(MANAGEMENT_KEYS)(algorithm, challenge)


def _by(keys: Mapping[ManagementAlgorithm, bytes]) -> Cryptogram:
    def answer(algorithm: ManagementAlgorithm, challenge: bytes) -> bytes:
        if algorithm not in keys:
            raise ManagementKeyRefused("of another cipher")
        # late: an idle service needs no cryptography
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        of_tdes = algorithm is ManagementAlgorithm.TDES
        cipher = (TripleDES if of_tdes else algorithms.AES)(keys[algorithm])
        encryptor = Cipher(cipher, modes.ECB()).encryptor()  # noqa: S305 -- one random block, the standard's
        return encryptor.update(challenge) + encryptor.finalize()

    return answer
