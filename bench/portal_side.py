"""What a benchmark must know of the portal beside its web pages, read in the portal's own database.

A person reads the CAPTCHA's letters off the picture and the code off a telephone; here they are read where
the portal keeps them. `open_portal` comes first: from then on this process works on the portal's database.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

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


def id_numbers() -> list[str]:
    """Every holder's number."""
    from kilitcoz_portal.holders.models import Holder

    return list(Holder.objects.values_list("id_number", flat=True))


def unknown_numbers() -> Iterator[str]:
    """T.C. Kimlik Nos with right check digits that nobody has, in scattered order."""
    from stdnum.tr import tckimlik

    enrolled = set(id_numbers())
    for nth in range(1, 10**6):
        nine = str(10**8 + nth * 7_919_317 % (9 * 10**8))
        number = nine + tckimlik.calc_check_digits(nine)
        if number not in enrolled:
            yield number


def logged_in_before(numbers: Sequence[str]) -> None:
    """Their holders have: the counts of their words exist and are empty."""
    from kilitcoz_portal.signin.models import WordEntries, WordTotal
    from kilitcoz_portal.signin.words import subject_of

    then = datetime.now(UTC) - timedelta(hours=8)
    subjects = [subject_of(number) for number in numbers]
    WordEntries.objects.bulk_create(
        WordEntries(subject=subject, lane="unknown", last_at=then, next_at=then, tries=1)
        for subject in subjects
    )
    WordTotal.objects.bulk_create(
        WordTotal(subject=subject, enrolled=True, last_at=then) for subject in subjects
    )


def trust_cookie(id_number: str) -> dict[str, str]:
    """What the browser of this number's holder keeps from its last login."""
    from django.conf import settings

    from kilitcoz_portal.holders import queries
    from kilitcoz_portal.signin import lanes

    holder = queries.by_id_number(id_number)
    if holder is None:
        raise LookupError("nobody has this number")
    return {settings.TRUST_COOKIE_NAME: lanes.trust("", holder, datetime.now(UTC))}
