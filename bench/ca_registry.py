"""An embedded authority with as many certificates as one likes, and what strangers ask about them.

Rows are made by the thousand. Serial numbers are random; the certificate is one and the same in all of
them, and so is the OCSP answer of those that nobody asks about here. What is asked for or listed is real.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BATCH = 4096
PASSPHRASE = "bir kıyaslama için parola"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
ENDS = datetime(2036, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Registry:
    """`serials`: of all its certificates, in hex."""

    serials: Sequence[str]
    revoked: bool

    def requests(self, count: int) -> list[bytes]:
        """OCSP requests about so many of them, drawn at random; their answers are signed already."""
        from kilitcoz_portal.ca import answers

        drawn = random.Random(1).sample(self.serials, min(count, len(self.serials)))
        asked = [request_for(serial) for serial in drawn]
        for raw in asked:
            answers.answer(raw, datetime.now(UTC))
        return asked

    def index(self, file: Path) -> Path:
        """The same certificates as `openssl ca` keeps them."""
        state, since = ("R", f"{SINCE:%y%m%d%H%M%SZ},keyCompromise") if self.revoked else ("V", "")
        with file.open("w", encoding="ascii") as lines:
            for serial in self.serials:
                number = serial.rjust(len(serial) + len(serial) % 2, "0").upper()
                lines.write(f"{state}\t{ENDS:%y%m%d%H%M%SZ}\t{since}\t{number}\tunknown\t/CN={serial}\n")
        Path(f"{file}.attr").write_text("unique_subject = no\n", encoding="ascii")
        return file


def found(folder: Path, key: str) -> None:
    """The key ceremony."""
    from kilitcoz_portal.ca import ceremony
    from kilitcoz_portal.hsm.keys import KeyKind

    founding = ceremony.Founding(
        "nes", "Örnek", "NTRTR-0000001", folder / "kok.pem", PASSPHRASE, kind=KeyKind(key)
    )
    ceremony.found(founding, datetime.now(UTC))


def fill(count: int, *, revoked: bool = False) -> Registry:
    """So many certificates in place of those that were there: good ones with an answer each, or revoked ones
    on the list.
    """
    from django.db import transaction

    from kilitcoz_portal.ca.models import Issued, ListPiece, ReadyAnswer

    for model in (ReadyAnswer, Issued, ListPiece):
        model.objects.all().delete()
    serials = [secrets.randbits(157) | 1 << 156 for _ in range(count)]
    for begin in range(0, count, BATCH):
        some = serials[begin : begin + BATCH]
        with transaction.atomic():
            if revoked:
                _list(some)
            else:
                _certify(some)
                _answer(some)
    return Registry([f"{serial:x}" for serial in serials], revoked)


def request_for(serial: str) -> bytes:
    """What a client asks about this certificate, by SHA-1 as RFC 5019 has it."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.ocsp import OCSPRequestBuilder

    from kilitcoz_portal.ca import answers, authorities

    name, key = answers.issuer_hashes(bytes(authorities.authority().certificate), "sha1")
    builder = OCSPRequestBuilder().add_certificate_by_hash(name, key, int(serial, 16), hashes.SHA1())
    return builder.build().public_bytes(Encoding.DER)


def further(count: int) -> list[str]:
    """Serial numbers of so many more certificates, good ones."""
    serials = [secrets.randbits(157) | 1 << 156 for _ in range(count)]
    _certify(serials)
    return [f"{serial:x}" for serial in serials]


def _certify(
    serials: Sequence[int], status: str = "good", reason: str = "", piece: int | None = None
) -> None:
    from kilitcoz_portal.ca import authorities

    authority = authorities.authority().pk
    common = ("signature", bytes(1100), ENDS, status, SINCE, reason, piece)
    columns = "authority_id, serial_number, request_id, profile, der, not_after"
    columns += ", status, status_at, reason, piece_id"
    rows = [(authority, f"{serial:x}", secrets.token_urlsafe(32), *common) for serial in serials]
    _insert("ca_issued", columns, rows)


def _answer(serials: Sequence[int]) -> None:
    """The same bytes for each; they are never opened."""
    from kilitcoz_portal.ca.answers import row_of
    from kilitcoz_portal.ca.models import Issued

    ends = int((datetime.now(UTC) + timedelta(days=1)).timestamp())
    asked = Issued.objects.order_by("-pk").values_list("pk", flat=True)[: len(serials)]
    keys = [secrets.token_bytes(32) for _ in serials]
    _insert(
        "ca_readyanswer",
        "id, issued_id, cert_id, der, this_update, next_update",
        [(row_of(key), pk, key, bytes(820), 0, ends) for pk, key in zip(asked, keys, strict=True)],
    )


def _list(serials: Sequence[int]) -> None:
    """Revoked, each piece of the list as the portal would have made it."""
    from cryptography import x509

    from kilitcoz_portal.ca import authorities, crl, lists
    from kilitcoz_portal.ca.models import ListPiece

    reason = x509.ReasonFlags.key_compromise
    for begin in range(0, len(serials), lists.ENTRIES_PER_PIECE):
        some = serials[begin : begin + lists.ENTRIES_PER_PIECE]
        entries = b"".join(crl.entry(crl.Revoked(serial, SINCE, reason)) for serial in some)
        found = authorities.authority()
        piece = ListPiece.objects.create(authority=found, entries=entries, count=len(some))
        _certify(some, "revoked", reason.value, piece.pk)


def _insert(table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """By what each database does fastest."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
