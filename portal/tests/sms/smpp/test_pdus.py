"""What SMSCs say, in the many forms they have."""

from __future__ import annotations

import pytest
import smpp34
from hypothesis import given
from hypothesis import strategies as st

from kilitcoz_portal.sms.smpp import pdus
from kilitcoz_portal.sms.smpp.pdus import NoPdu, Receipt

APPENDIX_B = (
    b"id:%s sub:001 dlvrd:001 submit date:2611231000 done date:2611231001 stat:%s err:000 text:giris kodunuz"
)


def delivered(text: bytes = b"", *tlvs: tuple[int, bytes], esm_class: int = 0x04) -> bytes:
    """A deliver_sm as another library writes it."""
    message = smpp34.DeliverSm(
        "905321234567",
        "KILITCOZ",
        text,
        esm_class=esm_class,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in tlvs],
        sequence_number=7,
    )
    return message.encode()


@pytest.mark.parametrize(
    ("octets", "receipt"),
    [
        (delivered(APPENDIX_B % (b"4711", b"DELIVRD")), Receipt("4711", "DELIVRD")),
        (
            delivered(b"ID:00a3-Ff SUB:1 DONE DATE:261123100159 STAT:undeliv ERR:0A1"),
            Receipt("00a3-Ff", "UNDELIV"),
        ),
        (delivered(b"stat:EXPIRED", (0x001E, b"77\0")), Receipt("77", "EXPIRED")),
        (delivered(b"", (0x001E, b"78\0"), (0x0427, b"\x02")), Receipt("78", "DELIVRD")),
        (
            delivered(b"", (0x1402, b"?"), (0x0424, APPENDIX_B % (b"79", b"REJECTD"))),
            Receipt("79", "REJECTD"),
        ),
        (delivered(b"id:80 stat:ENROUTE", (0x0427, b"\x63")), Receipt("80", "ENROUTE")),
        (delivered(b"merhaba", esm_class=0), None),
        (delivered(b"\x80\xff no receipt at all"), None),
        (delivered(b"id:81"), None),
    ],
)
def test_a_receipt_is_found_in_text_or_parameters(octets: bytes, receipt: Receipt | None) -> None:
    assert pdus.receipt(pdus.read(octets)) == receipt


def test_a_status_of_the_smscs_own_making_is_read_as_a_number() -> None:
    pdu = pdus.read(bytes.fromhex("00000010 80000004 00000455 00000009"))
    assert (pdu.answers, pdu.status, pdu.sequence, pdus.message_id(pdu)) == (True, 0x455, 9, "")


def test_the_messages_name_ends_at_its_nul_whatever_follows() -> None:
    pdu = pdus.read(bytes.fromhex("00000018 80000004 00000000 00000009") + b"47\0\x04\x27\0\x01\x02")
    assert pdus.message_id(pdu) == "47"


@pytest.mark.parametrize("length", ["00000000", "0000000f", "00010001", "ffffffff"])
def test_a_length_that_none_can_have_ends_the_session(length: str) -> None:
    with pytest.raises(NoPdu):
        pdus.length_of(bytes.fromhex(length + "80000004 00000000 00000009"))


@given(st.binary(max_size=80))
def test_whatever_stands_in_a_deliver_sm_is_borne(body: bytes) -> None:
    found = pdus.receipt(pdus.Pdu(5, 0, 1, body))
    assert found is None or found.state
