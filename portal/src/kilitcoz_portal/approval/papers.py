"""The consent on paper: the text with the holder's name, as an accessible PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from kilitcoz_portal.approval.texts import CURRENT, current
from kilitcoz_portal.documents import pdf
from kilitcoz_portal.holders.models import Holder

TEMPLATE = Path(__file__).with_name("consent.typ")


def render(holder: Holder, language: str, now: datetime) -> bytes:
    """The unsigned document. Raises documents.errors.DocumentError."""
    text, organisation = current(language), settings.KILITCOZ_ORGANISATION
    values: dict[str, pdf.Value] = {
        "title": text.title,
        "organisation": organisation,
        "language": language,
        "lead": text.lead.format(organisation=organisation),
        "labels": dict(text.labels),
        "name": holder.name,
        "id_number": holder.id_number,
        "version": CURRENT,
        "prepared": f"{timezone.localtime(now):%d.%m.%Y %H:%M:%S %Z}",
        "sections": [
            {"heading": each.heading, "paragraphs": list(each.paragraphs)} for each in text.sections
        ],
        "signing": text.signing,
    }
    return pdf.render(TEMPLATE, values, now=now)
