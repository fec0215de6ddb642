"""The registrar's desk, over a real PC/SC stack: blank cards become their holders', by the keyboard alone;
programs that nobody here wrote read what we wrote.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from demo import enrolment
from playwright.sync_api import Page

from e2e import desk
from e2e.accessibility import look_closely
from e2e.installation import Installation, installation, person
from e2e.third_party import pin_is_accepted, yubico_piv_tool
from kilitcoz_simulator import PLAIN, Card, blank_card
from kilitcoz_simulator.pcsc_lab import PcscLab

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


@pytest.fixture(scope="module")
def place(lab: PcscLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that has an authority of its own."""
    folder = Path(tmp_path_factory.mktemp("desk"))
    yield from installation(folder, lab, KILITCOZ_CA_PUBLISHED_AT=desk.PUBLISHED_AT)


def opensc(lab: PcscLab, *arguments: str) -> str:
    """What one of OpenSC's tools says of the card in the first slot."""
    done = subprocess.run(
        arguments, env=os.environ | lab.environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_blank_cards_become_two_holders(service: Installation, page: Page, tmp_path: Path) -> None:
    people = [person("Ayşe Yılmaz"), person("Mehmet Demir")]
    for each in people:
        enrolment.add_holder(service.portal, each)
    desk.found_authority(service)
    holders = [part for each in people for part in ("--holder", each.id_number)]
    batch = desk.open_desk(service, page, *holders)
    cards = [Card(blank_card(PLAIN)), Card(blank_card(serial=90214821))]
    desk.make_cards(service, page, *cards, look=look_closely)

    lab = service.lab
    told = yubico_piv_tool(lab, "-a", "status").stdout
    assert "Slot 9c" in told
    assert "Mehmet Demir" in told
    read = yubico_piv_tool(lab, "-a", "read-certificate", "-s", "9a").stdout
    signature = x509.load_pem_x509_certificate(read.encode())
    listed = opensc(lab, "pkcs15-tool", "--read-certificate", "01")
    assert x509.load_pem_x509_certificate(listed.encode()).public_bytes(
        Encoding.DER
    ) == signature.public_bytes(Encoding.DER)
    assert not pin_is_accepted(lab, "123456")
    factory = "010203040506070801020304050607080102030405060708"
    assert yubico_piv_tool(lab, "-a", "set-chuid", "--key", factory).returncode != 0
    assert desk.labels(service, batch, tmp_path / "labels.pdf").startswith(b"%PDF")


def test_a_token_behind_pkcs11_becomes_its_holder_s(
    service: Installation, page: Page, tmp_path: Path
) -> None:
    configuration = tmp_path / "softhsm2.conf"
    (tmp_path / "tokens").mkdir()
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    environment = {"SOFTHSM2_CONF": str(configuration)}
    new = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "Kart",
        "--so-pin",
        "12345678",
        "--pin",
        "123456",
    ]
    subprocess.run(new, env=os.environ | environment, check=True, capture_output=True)
    service.stop_service()
    readers = [f"token:{SOFTHSM}"]
    service.running = replace(service.service, readers=readers, further=environment).start()

    somebody = person("Ayşe Yılmaz")
    enrolment.add_holder(service.portal, somebody)
    desk.found_authority(service)
    desk.open_desk(service, page, "--holder", somebody.id_number)
    desk.begin(page)
    desk.see_all_made(page)
    listed = subprocess.run(
        ["pkcs11-tool", "--module", SOFTHSM, "--list-objects", "--type", "cert"],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for slot in ("9a", "9c", "9e"):
        assert f"ID:         {slot}" in listed
    login = ["pkcs11-tool", "--module", SOFTHSM, "--login", "--list-objects", "--pin"]
    for known in ("123456", "12345678"):
        refused = subprocess.run(
            [*login, known], env=os.environ | environment, capture_output=True, check=False
        )
        assert refused.returncode != 0
