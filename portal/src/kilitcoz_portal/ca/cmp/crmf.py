"""The ASN.1 of requests for certificates (CRMF: RFC 4211, appendix B), as far as this profile speaks it.

RFC 4211's module tags implicitly, but for what is a CHOICE; CMP's own (asn1.py) explicitly.
"""
# ruff: noqa: RUF012 -- asn1crypto reads its tables from class attributes

from __future__ import annotations

from asn1crypto import algos, core, keys, x509

OPTIONAL: dict[str, object] = {"optional": True}


def explicit(number: int) -> dict[str, object]:
    """A field that may be left out, with a tag around its own."""
    return {"explicit": number, "optional": True}


def implicit(number: int) -> dict[str, object]:
    """The same, with a tag in place of its own."""
    return {"implicit": number, "optional": True}


class OptionalValidity(core.Sequence):
    """RFC 4211, 5; Time is a CHOICE, and so tagged explicitly."""

    _fields = [("not_before", x509.Time, explicit(0)), ("not_after", x509.Time, explicit(1))]


class CertTemplate(core.Sequence):
    """RFC 4211, 5; Name is a CHOICE, and so tagged explicitly."""

    _fields = [
        ("version", x509.Version, implicit(0)),
        ("serial_number", core.Integer, implicit(1)),
        ("signing_alg", algos.SignedDigestAlgorithm, implicit(2)),
        ("issuer", x509.Name, explicit(3)),
        ("validity", OptionalValidity, implicit(4)),
        ("subject", x509.Name, explicit(5)),
        ("public_key", keys.PublicKeyInfo, implicit(6)),
        ("issuer_uid", core.OctetBitString, implicit(7)),
        ("subject_uid", core.OctetBitString, implicit(8)),
        ("extensions", x509.Extensions, implicit(9)),
    ]


class CertRequest(core.Sequence):
    """RFC 4211, 5."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("cert_template", CertTemplate),
        ("controls", core.Any, OPTIONAL),
    ]


class ProofOfPossession(core.Choice):
    """RFC 4211, 4."""

    _alternatives = [
        ("ra_verified", core.Null, {"implicit": 0}),
        ("signature", core.Any, {"implicit": 1}),
        ("key_encipherment", core.Any, {"explicit": 2}),
        ("key_agreement", core.Any, {"explicit": 3}),
    ]


class CertReqMsg(core.Sequence):
    """RFC 4211, 3."""

    _fields = [
        ("cert_req", CertRequest),
        ("popo", ProofOfPossession, OPTIONAL),
        ("reg_info", core.Any, OPTIONAL),
    ]


class CertReqMessages(core.SequenceOf):
    """RFC 4211, 3."""

    _child_spec = CertReqMsg


class CertId(core.Sequence):
    """RFC 4211, 6.5."""

    _fields = [("issuer", x509.GeneralName), ("serial_number", core.Integer)]
