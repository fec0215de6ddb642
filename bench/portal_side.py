"""What a benchmark must know of the portal beside its web pages, read in the portal's own database.

A person reads the CAPTCHA's letters off the picture and the code off a telephone; here they are read where
the portal keeps them. `open_portal` comes first: from then on this process works on the portal's database.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime

import django

ORIGIN_BOUND = re.compile(r"#([0-9]{6})\Z")


def open_portal(settings: Mapping[str, str]) -> None:
    """Sets Django up with the portal's environment; once in a process."""
    os.environ.update({"DJANGO_SETTINGS_MODULE": "kilitcoz_portal.config.settings", **settings})
    django.setup()


def capability(card_ref: str) -> str:
    """A capability for unlocking this card, as after the operation's SMS code; no other may be open."""
    from kilitcoz_cards.messages import OperationKind
    from kilitcoz_portal.holders.models import Card
    from kilitcoz_portal.operations import services
    from kilitcoz_portal.vault import receipts

    family, _, card_id = card_ref.partition(":")
    card = Card.objects.select_related("holder").get(family=family, card_id=card_id)
    now = datetime.now(UTC)
    browser = secrets.token_urlsafe(32)
    operation = services.start(card.holder, card, OperationKind.UNLOCK, browser, "tr", now)
    services.authorise(operation.pk, browser, receipts.issue(operation.pk, card_ref, now), now)
    return services.issue_capability(operation.pk, browser, now)


def picture_text(check_id: str) -> str:
    """The letters in a check's picture."""
    from kilitcoz_portal.signin.models import HumanCheck

    return HumanCheck.objects.values_list("picture_text", flat=True).get(pk=check_id)


def sms_code(phone: str) -> str:
    """The newest code sent to this telephone."""
    from kilitcoz_portal.sms.models import OutboxMessage

    texts = OutboxMessage.objects.filter(to=phone).order_by("-pk").values_list("text", flat=True)
    found = (ORIGIN_BOUND.search(text) for text in texts)
    code = next((each[1] for each in found if each is not None), None)
    if code is None:
        raise LookupError("no message carries a code")
    return code


def signed_in_cookies(id_number: str) -> dict[str, str]:
    """The cookies of a browser in which this holder is signed in, as after the login."""
    from importlib import import_module

    from django.conf import settings

    from kilitcoz_portal.holders import queries
    from kilitcoz_portal.signin import sessions

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    holder = queries.by_id_number(id_number)
    assert holder is not None
    sessions.sign_in(session, holder, datetime.now(UTC))
    session.save()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}


def seconds_to_prove() -> float:
    """The time this computer takes to solve one proof-of-work challenge of the human check."""
    import altcha

    from kilitcoz_portal.signin import human

    now, browser = datetime.now(UTC), secrets.token_urlsafe(32)
    check = human.new_check(browser, now)
    challenge = altcha.Challenge.from_dict(human.work(check.pk, browser, now))
    started = time.perf_counter()
    altcha.solve_challenge(challenge)
    return time.perf_counter() - started


def database_bytes() -> int:
    """How large the database is on disk, indexes and all."""
    from django.db import connection

    statement = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    if connection.vendor == "postgresql":
        statement = "SELECT pg_database_size(current_database())"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
