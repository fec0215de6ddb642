"""The CRL as it is published: kept in pieces, joined and signed anew with every change and before its end."""

from __future__ import annotations

from dataclasses import dataclass
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
READ_AGAIN = 3  # times, where the list changes while it is read


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
    edition = crl.Edition(
        number,
        this_update,
        this_update + LIFE,
        authorities.addresses(found.name).crl,
        keeps_since=found.created_at,
    )
    signed = crl.sign(_entries(found), edition, authorities.issuer(found))
    found.lists.filter(number__lte=number - KEPT).delete()
    return PublishedList.objects.create(
        authority=found,
        number=number,
        this_update=this_update,
        next_update=edition.next_update,
        before=signed.before,
        after=signed.after,
    )


def current(name: str) -> PublishedList | None:
    """The newest edition of this authority's list."""
    editions = PublishedList.objects.filter(authority__name=name).exclude(before=b"")
    return editions.select_related("authority").order_by("-number").first()


@dataclass(frozen=True)
class Download:
    """A whole list."""

    number: int
    der: bytes


def download(name: str) -> Download | None:
    """The newest list of this authority, DER. An edition and its pieces are changed by one commit: where the
    edition is the same before and after the pieces were read, they belong together.
    """
    for _ in range(READ_AGAIN):
        edition = current(name)
        if edition is None:
            return None
        found = _whole(edition)
        if (after := current(name)) is not None and after.number == edition.number:
            return found
    with transaction.atomic():  # changes follow one another faster than we read: they wait for us
        Authority.objects.select_for_update().filter(name=name).first()
        edition = current(name)
        return _whole(edition) if edition is not None else None


def _whole(edition: PublishedList) -> Download:
    around = crl.Around(bytes(edition.before), bytes(edition.after))
    return Download(edition.number, around.whole(_entries(edition.authority)))


def _entries(found: Authority) -> bytes:
    pieces = found.pieces.order_by("pk").values_list("entries", flat=True)
    return b"".join(bytes(each) for each in pieces.iterator())


def publish_now(now: datetime) -> PublishedList:
    """A new edition, whether or not something has changed. Raises NoAuthority."""
    with transaction.atomic():
        return publish(authorities.locked(), now)


def publish_if_due(now: datetime) -> bool:
    """Renew lists that are six hours old, an earlier authority's too, so that who cannot reach us for some
    hours has one still. Whether there was one. Raises NoAuthority.
    """
    authorities.authority()
    due = [_publish_if_due(each.pk, now) for each in Authority.objects.order_by("pk")]
    return any(due)


def _publish_if_due(authority: int, now: datetime) -> bool:
    with transaction.atomic():
        found = Authority.objects.select_for_update().get(pk=authority)
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
