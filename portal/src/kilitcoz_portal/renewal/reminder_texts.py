"""What a reminder says, in the holder's language: short for an SMS, with what to do in an e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext


@dataclass(frozen=True)
class Ending:
    """Whose certificate on which card (last four of its serial) ends when, and in how many days."""

    name: str
    card: str
    at: datetime
    days: int


def reminder_text(ending: Ending, language: str) -> str:
    """For an SMS: what ends, when, and where to renew it."""
    with translation.override(language):
        sentence = gettext("sonu %(card)s olan kartınızın sertifikası %(date)s günü bitiyor: %(portal)s")
        return sentence % _names(ending)


def reminder_subject(ending: Ending, language: str) -> str:
    """The e-mail's subject."""
    with translation.override(language):
        return gettext("Sertifikanız %(date)s günü sona eriyor") % _names(ending)


def reminder_mail(ending: Ending, language: str) -> str:
    """The e-mail, a paragraph each."""
    with translation.override(language):
        paragraphs = [
            gettext("Sayın %(name)s,"),
            gettext(
                "Sonu %(card)s olan kartınızdaki sertifika %(date)s günü sona eriyor: %(days)s gün kaldı."
            ),
            gettext(
                "O günden sonra kartınızla imza atamazsınız. Önceden attığınız imzalar geçerliliğini korur."
            ),
            gettext("Yenilemek ya da ne yapabileceğinizi görmek için girin: %(portal)s"),
            gettext("Sorularınız için çağrı merkezi: %(call_centre)s"),
            gettext("Kod, PIN ya da güvenlik sözcüğünüzü size hiçbir zaman sormayız.\n%(organisation)s"),
        ]
        return "\n\n".join(paragraph % _names(ending) for paragraph in paragraphs) + "\n"


def _names(ending: Ending) -> dict[str, str | int]:
    return {
        "name": ending.name,
        "card": ending.card,
        "date": timezone.localtime(ending.at).strftime("%d.%m.%Y"),
        "days": ending.days,
        "portal": settings.KILITCOZ_ORIGIN,
        "call_centre": settings.KILITCOZ_CALL_CENTRE,
        "organisation": settings.KILITCOZ_ORGANISATION,
    }
