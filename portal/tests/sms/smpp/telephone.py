"""What a phone makes of the octets of a short message, written from the standard and not from our code: 3GPP
TS 23.038 §6.2.1, annex A.2.1, and 3GPP TS 23.040 §9.2.3.24.
"""

from __future__ import annotations

DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]"}
EXTENSION |= {0x40: "|", 0x65: "€"}
TURKISH = EXTENSION | {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"}


def shown(data_coding: int, esm_class: int, octets: bytes) -> tuple[str, tuple[int, int, int] | None]:
    """The text, and for a part of a longer one (reference, total, number)."""
    elements: dict[int, bytes] = {}
    header_septets = 0
    if esm_class & 0x40:
        length = octets[0]
        header, octets = octets[1 : 1 + length], octets[1 + length :]
        header_septets = -(-(length + 1) * 8 // 7)
        while header:
            elements[header[0]] = header[2 : 2 + header[1]]
            header = header[2 + header[1] :]
    part = tuple(elements[0x00]) if 0x00 in elements else None
    if data_coding == 0x08:
        assert len(octets) + (len(elements) and length + 1) <= 140
        return octets.decode("utf-16-be"), part
    assert data_coding == 0x00
    assert header_septets + len(octets) <= 160
    table = TURKISH if elements.get(0x24) == b"\x01" else EXTENSION
    text, escaped = "", False
    for septet in octets:
        if escaped:
            text += table.get(septet, DEFAULT[septet])
        elif septet != 0x1B:
            text += DEFAULT[septet]
        escaped = septet == 0x1B and not escaped
    assert not escaped
    return text, part
