"""QCStatements (RFC 3739, 3.2.6; ETSI EN 319 412-5, 4): what an issuer states of a qualified certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from asn1crypto import core
from cryptography import x509

from kilitcoz_portal.trust.qualified import QC_COMPLIANCE, QC_STATEMENTS, Statements

QC_SSCD = "0.4.0.1862.1.4"  # 4.2.2
QC_PDS = "0.4.0.1862.1.5"  # 4.3.4
QC_TYPE = "0.4.0.1862.1.6"  # 4.2.3
QC_TYPE_ESIGN = "0.4.0.1862.1.6.1"
QC_C_LEGISLATION = "0.4.0.1862.1.7"  # 4.2.4


class _Types(core.SequenceOf):
    _child_spec = core.ObjectIdentifier


class _Countries(core.SequenceOf):
    _child_spec = core.PrintableString


class _Location(core.Sequence):
    _fields: ClassVar = [("url", core.IA5String), ("language", core.PrintableString)]


class _Locations(core.SequenceOf):
    _child_spec = _Location


@dataclass(frozen=True)
class QcStatements:
    """Compliance, key in a qualified device, electronic signature. `disclosures`: language (ISO 639-1) →
    https address of the PKI disclosure statement, English among them (4.3.4). `legislation`: country codes
    where the law is not the Union's (4.2.4); empty: the Union's.
    """

    disclosures: tuple[tuple[str, str], ...]
    legislation: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        languages = [language for language, _ in self.disclosures]
        if "en" not in languages or not all(url.startswith("https://") for _, url in self.disclosures):
            raise ValueError("a PKI disclosure statement in English, each at an https address")

    def extension(self) -> x509.UnrecognizedExtension:
        """As it stands in a certificate; never critical (EN 319 412-5, 4.1)."""
        places = _Locations([{"url": url, "language": language} for language, url in self.disclosures])
        statements: list[dict[str, object]] = [
            {"statement_id": QC_COMPLIANCE},
            {"statement_id": QC_SSCD},
            {"statement_id": QC_TYPE, "statement_info": _Types([QC_TYPE_ESIGN])},
            {"statement_id": QC_PDS, "statement_info": places},
        ]
        if self.legislation:
            countries = _Countries(list(self.legislation))
            statements.append({"statement_id": QC_C_LEGISLATION, "statement_info": countries})
        return x509.UnrecognizedExtension(QC_STATEMENTS, Statements(statements).dump())
