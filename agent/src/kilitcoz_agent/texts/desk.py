"""The sentences of a registrar's desk on the local page, Turkish and English, in the order they appear in."""

from __future__ import annotations

from kilitcoz_agent.texts import Both

PERSONALISE: Both = ("Kart hazırlama", "Card personalisation")
SCREEN_HEADING: Both = ("Kart Hazırlama Ekranı", "Card Personalisation Screen")
CLOSED: Both = ("Kartlar hazırlandı.", "The cards were made ready.")
