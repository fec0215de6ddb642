"""The messages' ASN.1 (RFC 9480, appendix A), as far as this profile speaks it.

RFC 4210's module tags explicitly. By asn1crypto: what was read is kept as it was encoded, which the
protection is computed over.
"""
# ruff: noqa: RUF012 -- asn1crypto reads its tables from class attributes

from __future__ import annotations

from asn1crypto import algos, core, crl, csr, x509

from kilitcoz_portal.ca.cmp.crmf import OPTIONAL, CertId, CertReqMessages, CertTemplate, explicit

NULL = core.Null()


class FreeText(core.SequenceOf):
    """PKIFreeText, RFC 4210, 5.1.1."""

    _child_spec = core.UTF8String


class InfoTypeAndValue(core.Sequence):
    """5.1.1: what generalInfo, genm and genp consist of."""

    _fields = [("info_type", core.ObjectIdentifier), ("info_value", core.Any, OPTIONAL)]


class Infos(core.SequenceOf):
    """GenMsgContent, GenRepContent."""

    _child_spec = InfoTypeAndValue


class ProfileNames(core.SequenceOf):
    """CertProfileValue, RFC 9480, 2.4."""

    _child_spec = core.UTF8String


class Header(core.Sequence):
    """PKIHeader, RFC 4210, 5.1.1."""

    _fields = [
        ("pvno", core.Integer),
        ("sender", x509.GeneralName),
        ("recipient", x509.GeneralName),
        ("message_time", core.GeneralizedTime, explicit(0)),
        ("protection_alg", algos.SignedDigestAlgorithm, explicit(1)),
        ("sender_kid", core.OctetString, explicit(2)),
        ("recip_kid", core.OctetString, explicit(3)),
        ("transaction_id", core.OctetString, explicit(4)),
        ("sender_nonce", core.OctetString, explicit(5)),
        ("recip_nonce", core.OctetString, explicit(6)),
        ("free_text", FreeText, explicit(7)),
        ("general_info", Infos, explicit(8)),
    ]


class FailureInfo(core.BitString):
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


class StatusInfo(core.Sequence):
    """PKIStatusInfo, 5.2.3."""

    _fields = [
        ("status", core.Integer),
        ("status_string", FreeText, OPTIONAL),
        ("fail_info", FailureInfo, OPTIONAL),
    ]


class Certificates(core.SequenceOf):
    """SEQUENCE OF CMPCertificate."""

    _child_spec = x509.Certificate


class CertOrEncCert(core.Choice):
    """RFC 4210, 5.3.4."""

    _alternatives = [
        ("certificate", x509.Certificate, {"explicit": 0}),
        ("encrypted_cert", core.Any, {"explicit": 1}),
    ]


class CertifiedKeyPair(core.Sequence):
    """5.3.4."""

    _fields = [
        ("cert_or_enc_cert", CertOrEncCert),
        ("private_key", core.Any, explicit(0)),
        ("publication_info", core.Any, explicit(1)),
    ]


class CertResponse(core.Sequence):
    """5.3.4."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("status", StatusInfo),
        ("certified_key_pair", CertifiedKeyPair, OPTIONAL),
        ("rsp_info", core.OctetString, OPTIONAL),
    ]


class CertResponses(core.SequenceOf):
    """5.3.4."""

    _child_spec = CertResponse


class CertRepMessage(core.Sequence):
    """5.3.4: ip and cp."""

    _fields = [("ca_pubs", Certificates, explicit(1)), ("response", CertResponses)]


class RevDetails(core.Sequence):
    """5.3.9."""

    _fields = [("cert_details", CertTemplate), ("crl_entry_details", crl.CRLEntryExtensions, OPTIONAL)]


class RevReqContent(core.SequenceOf):
    """5.3.9: rr."""

    _child_spec = RevDetails


class CertIds(core.SequenceOf):
    """5.3.10."""

    _child_spec = CertId


class StatusInfos(core.SequenceOf):
    """5.3.10."""

    _child_spec = StatusInfo


class Crls(core.SequenceOf):
    """5.3.10."""

    _child_spec = crl.CertificateList


class RevRepContent(core.Sequence):
    """5.3.10: rp."""

    _fields = [("status", StatusInfos), ("rev_certs", CertIds, explicit(0)), ("crls", Crls, explicit(1))]


class ErrorContent(core.Sequence):
    """ErrorMsgContent, 5.3.21."""

    _fields = [
        ("status_info", StatusInfo),
        ("error_code", core.Integer, OPTIONAL),
        ("error_details", FreeText, OPTIONAL),
    ]


class CertStatus(core.Sequence):
    """5.3.18; hashAlg is RFC 9480, 2.10."""

    _fields = [
        ("cert_hash", core.OctetString),
        ("cert_req_id", core.Integer),
        ("status_info", StatusInfo, OPTIONAL),
        ("hash_alg", algos.DigestAlgorithm, explicit(0)),
    ]


class CertConfirmContent(core.SequenceOf):
    """5.3.18: certConf."""

    _child_spec = CertStatus


class PollReq(core.Sequence):
    """5.3.22."""

    _fields = [("cert_req_id", core.Integer)]


class PollReqContent(core.SequenceOf):
    """5.3.22."""

    _child_spec = PollReq


class PollRep(core.Sequence):
    """5.3.22: `check_after` in seconds."""

    _fields = [
        ("cert_req_id", core.Integer),
        ("check_after", core.Integer),
        ("reason", FreeText, OPTIONAL),
    ]


class PollRepContent(core.SequenceOf):
    """5.3.22."""

    _child_spec = PollRep


class Body(core.Choice):
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


class Message(core.Sequence):
    """PKIMessage, 5.1."""

    _fields = [
        ("header", Header),
        ("body", Body),
        ("protection", core.OctetBitString, explicit(0)),
        ("extra_certs", Certificates, explicit(1)),
    ]
