"""A card as it comes by post: made elsewhere, certified by the installation's own authority, waiting for its
first PIN.
"""

from demo import authority, enrolment
from demo.card import make_card, note_of

from e2e.installation import Enrolled, Installation, person
from kilitcoz_simulator.card import Card


def found(place: Installation) -> None:
    """The key ceremony; once for an installation."""
    authority.found(place.portal, place.folder / "authority")


def by_post(place: Installation, name: str) -> Enrolled:
    """A holder whose new card waits for its first PIN: the one on it nobody knows."""
    somebody = person(name)
    word = enrolment.add_holder(place.portal, somebody)
    folder = place.folder / "certificates" / somebody.id_number
    issued = authority.certify(place.portal, somebody, make_card(somebody), folder)
    return Enrolled(somebody, word, Card(issued.state), note_of(issued))
