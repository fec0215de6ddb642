"""A card as it comes by post: made at a desk that is played here, so that a story can begin with it."""

import os
import subprocess
import sys
from pathlib import Path

from demo.card import make_card, note_of

from e2e.installation import Enrolled, Installation, person
from kilitcoz_simulator.card import Card

PASSPHRASE = "uzun bir parola cümlesi"
NUMBER = "VATTR-1234567890"

DESK = """
import sys, django
django.setup()
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from kilitcoz_portal.ca.profiles import ProfileName
from kilitcoz_portal.certificates import issuing, services
from kilitcoz_portal.certificates.actors import registrar
from kilitcoz_portal.certificates.issuing import Production
from kilitcoz_portal.holders.models import Card
PROFILES = {"9c": ProfileName.SIGNATURE, "9a": ProfileName.AUTHENTICATION, "9e": ProfileName.CARD}
now, desk, card = timezone.now(), registrar("Elif"), Card.objects.get(card_id=sys.argv[1])
made = []
for row in card.certificates.order_by("slot"):
    key = x509.load_der_x509_certificate(bytes(row.der)).public_key()
    public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    wish = Production(card, row.slot, PROFILES[row.slot], public, services.request_id())
    made.append(issuing.produce(wish, desk, now))
services.hand_over(made, desk, now)
"""


def found(place: Installation) -> None:
    """The key ceremony; once for an installation."""
    root_key = str(place.folder / "kok.pem")
    place.portal.command(
        "ca", "found", "--organisation-id", NUMBER, "--root-key", root_key, typed=f"{PASSPHRASE}\n"
    )


def by_post(place: Installation, name: str) -> Enrolled:
    """A holder whose new card waits for its first PIN: the one on it nobody knows."""
    somebody = person(name)
    issued = make_card(somebody)
    enrolled = place.enrol_card(somebody, Card(issued.state), note_of(issued))
    environment = {**os.environ, **place.portal.settings}
    environment["DJANGO_SETTINGS_MODULE"] = "kilitcoz_portal.config.settings"
    subprocess.run(
        [sys.executable, "-c", DESK, issued.guid],
        env=environment,
        cwd=Path(place.folder),
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return enrolled
