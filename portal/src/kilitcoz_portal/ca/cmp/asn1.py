"""The messages' ASN.1 (RFC 9480, appendix A; RFC 4211, appendix B), as far as this profile speaks it.

RFC 4210's module tags explicitly, RFC 4211's implicitly. By asn1crypto: what was read is kept as it was
encoded, which the protection is computed over.
"""
# ruff: noqa: RUF012 -- asn1crypto reads its tables from class attributes

from __future__ import annotations

from asn1crypto import algos, core, crl, csr, keys, x509

RA_VERIFIED = core.Null()


def _explicit(number: int) -> dict[str, object]:
    return {"explicit": number, "optional": True}


def _implicit(number: int) -> dict[str, object]:
    return {"implicit": number, "optional": True}


_OPTIONAL: dict[str, object] = {"optional": True}


class FreeText(core.SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    """PKIFreeText, RFC 4210, 5.1.1."""

    _child_spec = core.UTF8String


class InfoTypeAndValue(core.Sequence):  # type: ignore[misc]
    """5.1.1: what generalInfo, genm and genp consist of."""

    _fields = [("info_type", core.ObjectIdentifier), ("info_value", core.Any, _OPTIONAL)]


class Infos(core.SequenceOf):  # type: ignore[misc]
    """GenMsgContent, GenRepContent."""

    _child_spec = InfoTypeAndValue


class ProfileNames(core.SequenceOf):  # type: ignore[misc]
    """CertProfileValue, RFC 9480, 2.4."""

    _child_spec = core.UTF8String


class Header(core.Sequence):  # type: ignore[misc]
    """PKIHeader, RFC 4210, 5.1.1."""

    _fields = [
        ("pvno", core.Integer),
        ("sender", x509.GeneralName),
        ("recipient", x509.GeneralName),
        ("message_time", core.GeneralizedTime, _explicit(0)),
        ("protection_alg", algos.SignedDigestAlgorithm, _explicit(1)),
        ("sender_kid", core.OctetString, _explicit(2)),
        ("recip_kid", core.OctetString, _explicit(3)),
        ("transaction_id", core.OctetString, _explicit(4)),
        ("sender_nonce", core.OctetString, _explicit(5)),
        ("recip_nonce", core.OctetString, _explicit(6)),
        ("free_text", FreeText, _explicit(7)),
        ("general_info", Infos, _explicit(8)),
    ]


class FailureInfo(core.BitString):  # type: ignore[misc]
    """PKIFailureInfo, 5.2.3, by the names of its bits."""

    _map = {
        0: "badAlg",
        1: "badMessageCheck",
        2: "badRequest",
        3: "badTime",
        4: "badCertId",
        5: "badDataFormat",
        6: "wrongAuthority",
        7: "incorrectData",
        8: "missingTimeStamp",
        9: "badPOP",
        10: "certRevoked",
        11: "certConfirmed",
        12: "wrongIntegrity",
        13: "badRecipientNonce",
        14: "timeNotAvailable",
        15: "unacceptedPolicy",
        16: "unacceptedExtension",
        17: "addInfoNotAvailable",
        18: "badSenderNonce",
        19: "badCertTemplate",
        20: "signerNotTrusted",
        21: "transactionIdInUse",
        22: "unsupportedVersion",
        23: "notAuthorized",
        24: "systemUnavail",
        25: "systemFailure",
        26: "duplicateCertReq",
    }


class StatusInfo(core.Sequence):  # type: ignore[misc]
    """PKIStatusInfo, 5.2.3."""

    _fields = [
        ("status", core.Integer),
        ("status_string", FreeText, _OPTIONAL),
        ("fail_info", FailureInfo, _OPTIONAL),
    ]


class OptionalValidity(core.Sequence):  # type: ignore[misc]
    """RFC 4211, 5; Time is a CHOICE, and so tagged explicitly."""

    _fields = [("not_before", x509.Time, _explicit(0)), ("not_after", x509.Time, _explicit(1))]


class CertTemplate(core.Sequence):  # type: ignore[misc]
    """RFC 4211, 5; Name is a CHOICE, and so tagged explicitly."""

    _fields = [
        ("version", x509.Version, _implicit(0)),
        ("serial_number", core.Integer, _implicit(1)),
        ("signing_alg", algos.SignedDigestAlgorithm, _implicit(2)),
        ("issuer", x509.Name, _explicit(3)),
        ("validity", OptionalValidity, _implicit(4)),
        ("subject", x509.Name, _explicit(5)),
        ("public_key", keys.PublicKeyInfo, _implicit(6)),
        ("issuer_uid", core.OctetBitString, _implicit(7)),
        ("subject_uid", core.OctetBitString, _implicit(8)),
        ("extensions", x509.Extensions, _implicit(9)),
    ]


class CertRequest(core.Sequence):  # type: ignore[misc]
    """RFC 4211, 5."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("cert_template", CertTemplate),
        ("controls", core.Any, _OPTIONAL),
    ]


class ProofOfPossession(core.Choice):  # type: ignore[misc]
    """RFC 4211, 4."""

    _alternatives = [
        ("ra_verified", core.Null, {"implicit": 0}),
        ("signature", core.Any, {"implicit": 1}),
        ("key_encipherment", core.Any, {"explicit": 2}),
        ("key_agreement", core.Any, {"explicit": 3}),
    ]


class CertReqMsg(core.Sequence):  # type: ignore[misc]
    """RFC 4211, 3."""

    _fields = [
        ("cert_req", CertRequest),
        ("popo", ProofOfPossession, _OPTIONAL),
        ("reg_info", core.Any, _OPTIONAL),
    ]


class CertReqMessages(core.SequenceOf):  # type: ignore[misc]
    """RFC 4211, 3."""

    _child_spec = CertReqMsg


class Certificates(core.SequenceOf):  # type: ignore[misc]
    """SEQUENCE OF CMPCertificate."""

    _child_spec = x509.Certificate


class CertOrEncCert(core.Choice):  # type: ignore[misc]
    """RFC 4210, 5.3.4."""

    _alternatives = [
        ("certificate", x509.Certificate, {"explicit": 0}),
        ("encrypted_cert", core.Any, {"explicit": 1}),
    ]


class CertifiedKeyPair(core.Sequence):  # type: ignore[misc]
    """5.3.4."""

    _fields = [
        ("cert_or_enc_cert", CertOrEncCert),
        ("private_key", core.Any, _explicit(0)),
        ("publication_info", core.Any, _explicit(1)),
    ]


class CertResponse(core.Sequence):  # type: ignore[misc]
    """5.3.4."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("status", StatusInfo),
        ("certified_key_pair", CertifiedKeyPair, _OPTIONAL),
        ("rsp_info", core.OctetString, _OPTIONAL),
    ]


class CertResponses(core.SequenceOf):  # type: ignore[misc]
    """5.3.4."""

    _child_spec = CertResponse


class CertRepMessage(core.Sequence):  # type: ignore[misc]
    """5.3.4: ip and cp."""

    _fields = [("ca_pubs", Certificates, _explicit(1)), ("response", CertResponses)]


class RevDetails(core.Sequence):  # type: ignore[misc]
    """5.3.9."""

    _fields = [("cert_details", CertTemplate), ("crl_entry_details", crl.CRLEntryExtensions, _OPTIONAL)]


class RevReqContent(core.SequenceOf):  # type: ignore[misc]
    """5.3.9: rr."""

    _child_spec = RevDetails


class CertId(core.Sequence):  # type: ignore[misc]
    """RFC 4211, 6.5."""

    _fields = [("issuer", x509.GeneralName), ("serial_number", core.Integer)]


class CertIds(core.SequenceOf):  # type: ignore[misc]
    """5.3.10."""

    _child_spec = CertId


class StatusInfos(core.SequenceOf):  # type: ignore[misc]
    """5.3.10."""

    _child_spec = StatusInfo


class Crls(core.SequenceOf):  # type: ignore[misc]
    """5.3.10."""

    _child_spec = crl.CertificateList


class RevRepContent(core.Sequence):  # type: ignore[misc]
    """5.3.10: rp."""

    _fields = [("status", StatusInfos), ("rev_certs", CertIds, _explicit(0)), ("crls", Crls, _explicit(1))]


class ErrorContent(core.Sequence):  # type: ignore[misc]
    """ErrorMsgContent, 5.3.21."""

    _fields = [
        ("status_info", StatusInfo),
        ("error_code", core.Integer, _OPTIONAL),
        ("error_details", FreeText, _OPTIONAL),
    ]


class CertStatus(core.Sequence):  # type: ignore[misc]
    """5.3.18; hashAlg is RFC 9480, 2.10."""

    _fields = [
        ("cert_hash", core.OctetString),
        ("cert_req_id", core.Integer),
        ("status_info", StatusInfo, _OPTIONAL),
        ("hash_alg", algos.DigestAlgorithm, _explicit(0)),
    ]


class CertConfirmContent(core.SequenceOf):  # type: ignore[misc]
    """5.3.18: certConf."""

    _child_spec = CertStatus


class PollReq(core.Sequence):  # type: ignore[misc]
    """5.3.22."""

    _fields = [("cert_req_id", core.Integer)]


class PollReqContent(core.SequenceOf):  # type: ignore[misc]
    """5.3.22."""

    _child_spec = PollReq


class PollRep(core.Sequence):  # type: ignore[misc]
    """5.3.22: `check_after` in seconds."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("check_after", core.Integer),
        ("reason", FreeText, _OPTIONAL),
    ]


class PollRepContent(core.SequenceOf):  # type: ignore[misc]
    """5.3.22."""

    _child_spec = PollRep


class Body(core.Choice):  # type: ignore[misc]
    """PKIBody, 5.1.2, without what this profile neither says nor hears."""

    _alternatives = [
        ("ir", CertReqMessages, {"explicit": 0}),
        ("ip", CertRepMessage, {"explicit": 1}),
        ("cp", CertRepMessage, {"explicit": 3}),
        ("p10cr", csr.CertificationRequest, {"explicit": 4}),
        ("rr", RevReqContent, {"explicit": 11}),
        ("rp", RevRepContent, {"explicit": 12}),
        ("pkiconf", core.Null, {"explicit": 19}),
        ("genm", Infos, {"explicit": 21}),
        ("genp", Infos, {"explicit": 22}),
        ("error", ErrorContent, {"explicit": 23}),
        ("cert_conf", CertConfirmContent, {"explicit": 24}),
        ("poll_req", PollReqContent, {"explicit": 25}),
        ("poll_rep", PollRepContent, {"explicit": 26}),
    ]


class Message(core.Sequence):  # type: ignore[misc]
    """PKIMessage, 5.1."""

    _fields = [
        ("header", Header),
        ("body", Body),
        ("protection", core.OctetBitString, _explicit(0)),
        ("extra_certs", Certificates, _explicit(1)),
    ]
