"""QCStatements (RFC 3739, 3.2.6; ETSI EN 319 412-5): what an issuer states about a qualified certificate."""

from __future__ import annotations

from typing import ClassVar

from asn1crypto import core
from cryptography import x509

QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
QC_COMPLIANCE = "0.4.0.1862.1.1"  # id-etsi-qcs-QcCompliance


class Statement(core.Sequence):
    """QCStatement: what is stated, and whatever belongs to it."""

    _fields: ClassVar = [
        ("statement_id", core.ObjectIdentifier),
        ("statement_info", core.Any, {"optional": True}),
    ]


class Statements(core.SequenceOf):
    """QCStatements, in the order in which they stand."""

    _child_spec = Statement


def states_qualified(certificate: x509.Certificate) -> bool:
    """Whether id-etsi-qcs-QcCompliance is among the statements. A malformed list states nothing."""
    try:
        value = certificate.extensions.get_extension_for_oid(QC_STATEMENTS).value
        assert isinstance(value, x509.UnrecognizedExtension)
        statements = Statements.load(value.value, strict=True)
        return any(each["statement_id"].dotted == QC_COMPLIANCE for each in statements)
    except (x509.ExtensionNotFound, ValueError, TypeError):
        return False
