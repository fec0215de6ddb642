"""A35: after a release and its settling no PUK is left in the vault's memory, read from outside as a
debugger would.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kilitcoz_cards.messages import Label, Release, hpke_info

PUK = "73951846"
OPERATION, NONCE = "A" * 22, "B" * 22
CARD = "piv:" + "ab" * 16
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

VAULT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "kilitcoz_portal.config.settings"
import django
django.setup()
from django.utils import timezone
from kilitcoz_portal.vault import queries, receipts, services
from kilitcoz_portal.vault.settlement import Answer
card, operation, nonce, key = sys.argv[1:]
now = timezone.now()
request = services.Request(card, operation, receipts.issue(operation, card, now), 3, bytes.fromhex(key), 1)
armed = services.arm(request, now)
print(services.seal_release(card, operation, armed.fence, nonce).hex(), flush=True)
sys.stdin.readline()
done = [Answer("change_puk", 0, 0x9000), Answer("reset_retry_counter", None, 0x9000)]
print(services.settle(card, operation, armed.fence, done, 3, now).state, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A portal of its own, with a card whose PUK other processes put in."""
    environ = {**os.environ, "KILITCOZ_DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    program = Path(sys.executable).with_name("kilitcoz")

    def run(*arguments: str, stdin: str = "") -> None:
        subprocess.run(
            [program, *arguments], input=stdin, env=environ, check=True, capture_output=True, text=True
        )

    run("migrate")
    run("holder", "add", "--id-number", "10000000146", "--name", "Ayşe Yılmaz", "--phone", "+905321234567")
    run(
        "card", "adopt", "--id-number", "10000000146", "--card-id", "ab" * 16, "--puk-stdin", stdin=f"{PUK}\n"
    )
    return environ


def memory(pid: int) -> bytes:
    """Everything the process can write to."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb") as mem:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            bounds = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if bounds and "[vvar" not in line:
                start, end = (int(each, 16) for each in bounds.groups())
                mem.seek(start)
                found.append(mem.read(end - start))
    return b"".join(found)


def traces(pid: int, secrets: list[bytes]) -> list[str]:
    """Which of the secrets are there, plain or in base64url."""
    image = memory(pid)
    assert OPERATION.encode() in image  # the search finds what is there
    forms = {secret: base64.urlsafe_b64encode(secret).rstrip(b"=") for secret in secrets}
    return [
        f"{secret!r} as {form!r}"
        for secret, coded in forms.items()
        for form in (secret, coded)
        if form in image
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a35_no_puk_stays_in_the_memory_of_the_vault(environment: dict[str, str]) -> None:
    key = X25519PrivateKey.generate()
    arguments = [
        sys.executable,
        "-c",
        VAULT,
        CARD,
        OPERATION,
        NONCE,
        key.public_key().public_bytes_raw().hex(),
    ]
    with subprocess.Popen(
        arguments, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as vault:
        assert vault.stdout is not None
        assert vault.stdin is not None
        sealed = bytes.fromhex(vault.stdout.readline())
        info = hpke_info(Label.RELEASE, OPERATION, NONCE, 1)
        release = Release.from_json(SUITE.decrypt(sealed, key, info))
        secrets = [release.candidates[0].reveal(), release.new.reveal()]
        assert secrets[0] == PUK.encode()
        assert traces(vault.pid, secrets) == []
        vault.stdin.write("\n")
        vault.stdin.flush()
        assert vault.stdout.readline() == "known\n"
        assert traces(vault.pid, secrets) == []
        vault.stdin.write("\n")
        vault.stdin.flush()
