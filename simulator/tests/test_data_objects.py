"""What is on the card for everybody to read, and who may write it."""

import pytest
from cryptography import x509

from kilitcoz_cards.tlv import encode, require
from kilitcoz_simulator.piv.data_objects import CERTIFICATE_OF_SLOT
from kilitcoz_simulator.piv.extensions import DEFAULT_MANAGEMENT_KEY

CHUID, PRINTED, DISCOVERY = 0x5FC102, 0x5FC109, 0x7E


def put(host, tag, content):
    """PUT DATA."""
    data = encode(0x5C, tag.to_bytes(3, "big")) + encode(0x53, content)
    return host.send(0xDB, 0x3F, 0xFF, data, ne=0).sw


def test_the_chuid_carries_the_guid(host, issued):
    assert require(host.get_data(CHUID).data, 0x53, 0x34).hex() == issued.guid


@pytest.mark.parametrize("slot", [0x9A, 0x9C, 0x9E])
def test_the_certificates_name_the_holder_and_come_from_one_issuer(host, issued, slot):
    der = require(host.get_data(CERTIFICATE_OF_SLOT[slot]).data, 0x53, 0x70)
    certificate = x509.load_der_x509_certificate(der)
    assert certificate == issued.certificates[slot]
    certificate.verify_directly_issued_by(issued.issuer)
    name = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    assert name == ("Kart …4821" if slot == 0x9E else "Ayşe Yılmaz")


def test_only_the_signature_certificate_binds_the_person(issued):
    usage = {
        slot: certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment
        for slot, certificate in issued.certificates.items()
    }
    assert usage == {0x9A: False, 0x9C: True, 0x9E: False}


def test_the_discovery_object_is_its_own_envelope_and_names_the_application_pin(host):
    answer = host.get_data(DISCOVERY)
    assert require(answer.data, 0x7E, 0x4F).hex() == "a000000308000010000100"
    assert require(answer.data, 0x7E, 0x5F2F) == b"\x40\x00"


def test_an_object_that_is_not_there_is_not_found(host):
    assert host.get_data(0x5FC10B).sw == 0x6A82


def test_the_management_key_writes_and_an_empty_content_removes(host):
    host.authenticate(DEFAULT_MANAGEMENT_KEY)
    assert put(host, 0x5FC10B, "içerik".encode().ljust(3000)) == 0x9000
    assert require(host.get_data(0x5FC10B).data, 0x53).rstrip() == "içerik".encode()
    assert put(host, 0x5FC10B, b"") == 0x9000
    assert host.get_data(0x5FC10B).sw == 0x6A82


def test_the_printed_information_is_read_only_after_the_pin(host):
    host.authenticate(DEFAULT_MANAGEMENT_KEY)
    put(host, PRINTED, b"\x01\x02")
    assert host.get_data(PRINTED).sw == 0x6982
    host.verify("271828")
    assert host.get_data(PRINTED).sw == 0x9000


@pytest.mark.parametrize("data", ["", "5c", "5c00", "5c035fc1", "53015c", "5c035fc1025c035fc102", "ff"])
def test_a_request_that_names_no_single_object_is_refused(host, data):
    assert host.send(0xCB, 0x3F, 0xFF, bytes.fromhex(data)).sw in (0x6A80, 0x6700)


def test_other_files_than_the_application_are_refused(host):
    assert host.send(0xCB, 0x2F, 0x00, bytes.fromhex("5c035fc102")).sw == 0x6A86
