"""A card whose management key only the vault has, as a registrar's desk leaves it; it is played here."""

import os
import subprocess
import sys
from dataclasses import replace

from e2e.installation import Installation
from kilitcoz_simulator.card import Card
from kilitcoz_simulator.state import ManagementKey

AES_256 = 0x0C

DESK = """
import sys, django
django.setup()
from django.db import transaction
from django.utils import timezone
from kilitcoz_portal.holders.models import Card
from kilitcoz_portal.vault import management
card = Card.objects.get(card_id=sys.argv[1])
with transaction.atomic():
    management.make(card.ref, timezone.now())
    management.prove(card.ref, timezone.now())
    print(bytes(management._derive(card.ref)).hex())
"""


def with_vaults_key(place: Installation, card: Card, card_id: str) -> Card:
    """The same card, its management key the one that the vault makes for it."""
    environment = {**os.environ, **place.portal.settings}
    environment["DJANGO_SETTINGS_MODULE"] = "kilitcoz_portal.config.settings"
    done = subprocess.run(
        [sys.executable, "-c", DESK, card_id],
        env=environment,
        cwd=place.folder,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    key = ManagementKey(AES_256, bytes.fromhex(done.stdout.split()[-1]))
    return Card(replace(card.state, management_key=key))
