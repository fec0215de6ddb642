"""Tools that nobody here wrote, on our card, through real pcscd and vpcd in namespaces of their own."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from kilitcoz_simulator import (
    PLAIN,
    Card,
    CardOrder,
    Holder,
    LabUnavailable,
    PcscLab,
    block_pin,
    issue,
    require_lab,
)
from kilitcoz_simulator.authority import to_pem
from kilitcoz_simulator.jcecard_card import make_jcecard_for

PIN, PUK, NEW_PIN, NEW_PUK = "271828", "31415926", "161803", "92653589"
DEBIAN_PACKAGES = {
    "opensc-tool": "opensc",
    "piv-tool": "opensc",
    "pkcs11-tool": "opensc",
    "pkcs15-tool": "opensc",
    "yubico-piv-tool": "yubico-piv-tool",
}
READER = "Virtual PCD 00 00"
YKMAN = ("ykman", "--reader", READER, "piv")
YUBICO = ("yubico-piv-tool", "--reader", "Virtual PCD", "--action")
MANAGEMENT_KEY = "010203040506070801020304050607080102030405060708"


@pytest.fixture(scope="module")
def lab():
    try:
        require_lab()
    except LabUnavailable as missing:
        pytest.skip(f"strangers' tools need a PC/SC service of their own: {missing}")
    with PcscLab() as lab:
        yield lab


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tools")
    (folder / "management.key").write_text(":".join(re.findall("..", MANAGEMENT_KEY)))
    return folder


@pytest.fixture
def tool(lab, folder):
    """Runs a tool: `tool("opensc-tool", "--name")`; its output. It must succeed, or fail if `fails`."""

    def run(name, *arguments, fails=False):
        program = shutil.which(name) or shutil.which(name, path=Path(sys.executable).parent)
        if program is None:
            package = DEBIAN_PACKAGES.get(name)
            pytest.skip(f"{name} is not installed (Debian package {package})" if package else f"no {name}")
        environment = os.environ | lab.environment | {"PIV_EXT_AUTH_KEY": str(folder / "management.key")}
        environment |= {"HOME": str(folder)}
        done = subprocess.run(
            [program, *map(str, arguments)], env=environment, capture_output=True, timeout=60, check=False
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        assert fails is None or (done.returncode != 0) is fails, output
        return output

    return run


@pytest.fixture
def inserted(lab, state):
    """Ayşe's card in the reader."""
    card = Card(state)
    lab.insert(card)
    yield card
    lab.remove()


@pytest.fixture
def blocked(lab, state):
    """Ayşe's card in the reader, its PIN tries used up."""
    card = Card(state)
    block_pin(card)
    lab.insert(card)
    yield card
    lab.remove()


@pytest.fixture
def plain(lab, state):
    """A card of the standard and nothing else, blocked."""
    card = Card(replace(state, profile=PLAIN))
    block_pin(card)
    lab.insert(card)
    yield card
    lab.remove()


def test_opensc_recognises_the_card_and_reads_its_serial(tool, inserted, issued):
    assert "Personal Identity Verification Card" in tool("opensc-tool", "--name")
    assert inserted.atr.hex(":") in tool("opensc-tool", "--atr")
    serial = re.sub(r"[^0-9A-F]", "", tool("opensc-tool", "--serial").split("....")[0].split("\n")[0][:48])
    assert serial.lower() == issued.guid


def test_opensc_recognises_the_plain_card_too(tool, plain):
    assert "Personal Identity Verification Card" in tool("opensc-tool", "--name")


@pytest.mark.parametrize("card", ["blocked", "plain"])
def test_pkcs15_tool_unblocks_the_pin(tool, request, card):
    card = request.getfixturevalue(card)
    tool("pkcs15-tool", "--unblock-pin", "--auth-id", "01", "--puk", PUK, "--new-pin", NEW_PIN)
    assert not card.state.pin.blocked
    tool("pkcs15-tool", "--verify-pin", "--auth-id", "01", "--pin", NEW_PIN)


def test_pkcs15_tool_shows_the_certificate(tool, inserted, issued):
    pem = tool("pkcs15-tool", "--read-certificate", "01")
    shown = x509.load_pem_x509_certificate(pem[pem.index("-----BEGIN") :].split("Using")[0].encode())
    assert shown == issued.certificates[0x9A]


def test_pkcs11_tool_logs_in_and_signs_with_an_elliptic_curve_key(tool, inserted, issued, folder):
    digest = bytes(range(32))
    (folder / "digest").write_bytes(digest)
    files = ("--input-file", folder / "digest", "--output-file", folder / "signature")
    tool("pkcs11-tool", "--login", "--pin", PIN, "--sign", "--mechanism", "ECDSA", "--id", "01", *files)
    raw = (folder / "signature").read_bytes()
    signature = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = issued.certificates[0x9A].public_key()
    key.verify(signature, digest, ec.ECDSA(Prehashed(hashes.SHA256())))


def test_pkcs11_tool_tests_every_rsa_mechanism_also_on_the_key_that_wants_the_pin_always(tool, lab):
    wanted = {0x9A: "rsa-2048", 0x9C: "rsa-3072", 0x9E: "ecc-p256"}
    order = CardOrder(Holder("Ayşe Yılmaz"), pin=PIN, keys=wanted)
    lab.insert(Card(issue(order, now=machine_now()).state))
    output = tool("pkcs11-tool", "--login", "--pin", PIN, "--test")
    assert "No errors" in output
    assert "RSA-PKCS-OAEP" in output
    lab.remove()


def test_pkcs11_tool_is_told_that_the_pin_is_wrong(tool, inserted):
    assert "CKR_PIN_INCORRECT" in tool(
        "pkcs11-tool", "--login", "--pin", "000000", "--list-objects", fails=True
    )
    assert inserted.state.pin.retries_left == 2


def test_piv_tool_authenticates_with_the_management_key_and_writes_a_certificate(
    tool, inserted, issued, folder
):
    (folder / "issuer.pem").write_bytes(to_pem(issued.issuer))
    certificate = ("--cert", "9D", "--in", folder / "issuer.pem")
    tool("piv-tool", "--admin", "M:9B:03", *certificate, fails=None)  # its exit code is the length written
    assert 0x5FC10B in inserted.state.objects


def test_yubico_piv_tool_shows_the_status(tool, inserted, issued):
    output = tool(*YUBICO, "status")
    assert f"Serial Number:\t{issued.state.serial}" in output
    assert issued.guid in output
    assert "PIN tries left:\t3" in output
    assert output.count("Algorithm:\tECCP256") == 3


def test_yubico_piv_tool_verifies_the_pin_and_counts_wrong_ones(tool, inserted):
    assert "Successfully verified PIN" in tool(*YUBICO, "verify-pin", "--pin", PIN)
    assert "2 tries left" in tool(*YUBICO, "verify-pin", "--pin", "000000", fails=True)


def test_yubico_piv_tool_changes_the_puk_and_unblocks_with_the_new_one_only(tool, blocked):
    assert "blocked" in tool(*YUBICO, "verify-pin", "--pin", PIN, fails=True)
    tool(*YUBICO, "change-puk", "--pin", PUK, "--new-pin", NEW_PUK)
    tool(*YUBICO, "unblock-pin", "--pin", PUK, "--new-pin", NEW_PIN, fails=True)
    tool(*YUBICO, "unblock-pin", "--pin", NEW_PUK, "--new-pin", NEW_PIN)
    assert "Successfully verified PIN" in tool(*YUBICO, "verify-pin", "--pin", NEW_PIN)


@pytest.mark.parametrize("slot", ["9a", "9c", "9e"])
def test_yubico_piv_tool_reads_certificates(tool, inserted, issued, slot):
    output = tool(*YUBICO, "read-certificate", "--slot", slot)
    assert x509.load_pem_x509_certificate(output.encode()) == issued.certificates[int(slot, 16)]


def test_yubico_piv_tool_tests_a_signature(tool, inserted, issued, folder):
    (folder / "9a.pem").write_bytes(to_pem(issued.certificates[0x9A]))
    arguments = ("--action", "test-signature", "--slot", "9a", "--input", folder / "9a.pem")
    assert "Successful" in tool(*YUBICO, "verify-pin", "--pin", PIN, *arguments)


@pytest.mark.parametrize("algorithm", ["RSA2048", "ECCP256", "ECCP384"])
def test_yubico_piv_tool_generates_keys_and_attests_them(tool, inserted, folder, algorithm):
    output = folder / "public.pem"
    tool(*YUBICO, "generate", "--slot", "9d", "--algorithm", algorithm, "--output", output)
    attested = x509.load_pem_x509_certificate(tool(*YUBICO, "attest", "--slot", "9d").encode())
    assert attested.public_key() == load_pem_public_key(output.read_bytes())


def test_yubico_piv_tool_imports_a_key_sets_the_management_key_and_resets(tool, inserted, folder):
    subprocess.run(
        ["openssl", "genrsa", "-out", str(folder / "key.pem"), "2048"], capture_output=True, check=True
    )
    new_key = MANAGEMENT_KEY[:-2] + "ff"
    tool(*YUBICO, "import-key", "--slot", "9d", "--input", folder / "key.pem")
    tool(*YUBICO, "set-mgm-key", "--new-key", new_key)
    tool(*YUBICO, "set-chuid", f"--key={new_key}")
    for _ in range(3):
        tool(*YUBICO, "verify-pin", "--pin", "000000", fails=True)
        tool(*YUBICO, "unblock-pin", "--pin", "00000000", "--new-pin", "000000", fails=True)
    tool(*YUBICO, "reset")
    assert "Successfully verified PIN" in tool(*YUBICO, "verify-pin", "--pin", "123456")


def test_ykman_shows_the_card(tool, inserted, issued):
    assert f"Serial number: {issued.state.serial}" in tool("ykman", "--reader", READER, "info")
    output = tool(*YKMAN, "info")
    assert "PIN tries remaining:      3/3" in output
    assert "CN=Ayşe Yılmaz" in output


def test_ykman_unblocks_the_pin_and_changes_the_puk(tool, blocked):
    tool(*YKMAN, "access", "unblock-pin", "--puk", PUK, "--new-pin", NEW_PIN)
    tool(*YKMAN, "access", "change-puk", "--puk", PUK, "--new-puk", NEW_PUK)
    assert "PIN unblock failed - 2 tries left" in tool(
        *YKMAN, "access", "unblock-pin", "--puk", PUK, "--new-pin", NEW_PIN, fails=True
    )


def test_ykman_generates_a_key_and_has_the_card_sign_its_certificate(tool, inserted, folder):
    output = folder / "ykman.pem"
    key = ("--management-key", MANAGEMENT_KEY, "--pin", PIN)
    tool(*YKMAN, "keys", "generate", "--algorithm", "ECCP384", *key, "9d", output)
    tool(*YKMAN, "certificates", "generate", "--subject", "CN=Ayşe Yılmaz", *key, "9d", output)
    exported = folder / "exported.pem"
    tool(*YKMAN, "certificates", "export", "9d", exported)
    certificate = x509.load_pem_x509_certificate(exported.read_bytes())
    certificate.verify_directly_issued_by(certificate)


@pytest.mark.filterwarnings("ignore:TripleDES")
def test_yubico_piv_tool_unblocks_a_card_that_nobody_here_wrote(tool, lab):
    card, kept = make_jcecard_for(Holder("Ayşe Yılmaz"), serial=10024821, now=machine_now())
    block_pin(card)
    lab.insert(card)
    assert "PIN tries left:\t0" in tool(*YUBICO, "status")
    tool(*YUBICO, "unblock-pin", "--pin", kept.puk, "--new-pin", NEW_PIN)
    tool(*YUBICO, "verify-pin", "--pin", kept.pin, fails=True)
    assert "Successfully verified PIN" in tool(*YUBICO, "verify-pin", "--pin", NEW_PIN)
    lab.remove()


def machine_now():
    """The tools judge validity by the machine's clock."""
    return datetime.now(UTC)
