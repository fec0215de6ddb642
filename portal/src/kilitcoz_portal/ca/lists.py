"""The CRL as it is published: kept in pieces, joined and signed anew with every change and before its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from django.db import transaction
from django.db.models import Max

from kilitcoz_portal.ca import authorities, crl
from kilitcoz_portal.ca.models import Authority, Issued, ListPiece, PublishedList, Status

LIFE = timedelta(hours=24)
RENEWED_AFTER = timedelta(hours=6)
ENTRIES_PER_PIECE = 256
KEPT = 3  # editions


def relist(issued: Issued, found: Authority) -> None:
    """Bring the certificate's entry in line with its status; the caller saves `issued` and publishes."""
    was, issued.piece = issued.piece, None
    if issued.status != Status.GOOD:
        issued.piece = was or _piece_with_room(found)
    issued.save()
    for piece in {each.pk: each for each in (was, issued.piece) if each is not None}.values():
        _encode(piece)


def publish(found: Authority, now: datetime) -> PublishedList:
    """A new edition; inside the transaction of what changed, with the authority's row locked."""
    this_update = now.replace(microsecond=0)
    number = (found.lists.aggregate(last=Max("number"))["last"] or 0) + 1
    address = authorities.addresses(found.name).crl
    edition = crl.Edition(number, this_update, this_update + LIFE, address)
    pieces = found.pieces.order_by("pk").values_list("entries", flat=True)
    der = crl.assemble((bytes(each) for each in pieces.iterator()), edition, authorities.issuer(found))
    found.lists.filter(number__lte=number - KEPT).delete()
    return PublishedList.objects.create(
        authority=found, number=number, this_update=this_update, next_update=edition.next_update, der=der
    )


def current(name: str) -> PublishedList | None:
    """The newest edition of this authority's list."""
    return PublishedList.objects.filter(authority__name=name).order_by("-number").first()


def publish_now(now: datetime) -> PublishedList:
    """A new edition, whether or not something has changed. Raises NoAuthority."""
    with transaction.atomic():
        return publish(authorities.locked(), now)


def publish_if_due(now: datetime) -> bool:
    """Renew a list that is six hours old, so that who cannot reach us for some hours has one still."""
    with transaction.atomic():
        found = authorities.locked()
        newest = current(found.name)
        if newest is not None and now < newest.this_update + RENEWED_AFTER:
            return False
        publish(found, now)
    return True


def entry_of(issued: Issued) -> crl.Revoked:
    """The certificate's entry."""
    return crl.Revoked(
        int(issued.serial_number, 16), issued.status_at, reason_of(issued), issued.invalid_since
    )


def reason_of(issued: Issued) -> x509.ReasonFlags:
    """RFC 5280, 5.3.1."""
    if issued.status == Status.ON_HOLD:
        return x509.ReasonFlags.certificate_hold
    return x509.ReasonFlags(issued.reason)


def _piece_with_room(found: Authority) -> ListPiece:
    with_room = found.pieces.filter(count__lt=ENTRIES_PER_PIECE).order_by("pk").first()
    return with_room or ListPiece.objects.create(authority=found)


def _encode(piece: ListPiece) -> None:
    entries = [crl.entry(entry_of(each)) for each in piece.listed.order_by("pk")]
    piece.entries, piece.count = b"".join(entries), len(entries)
    piece.save()
