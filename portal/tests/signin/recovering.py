"""A recovery of Ayşe's word without pages: each step as a page takes it."""

from __future__ import annotations

import re
from datetime import datetime

from portal.tests.people import NOW

from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.mail.models import OutboxMail
from kilitcoz_portal.notices.services import NOTHING_MORE
from kilitcoz_portal.signin import codes, word_recovery, word_release
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.sms.queries import outbox

BROWSER = "ayses-browser"
NETWORK = "192.0.2.7"
NEW_WORD = "turuncu yelken açtı"
PAGE = "https://kilit.example/e-posta"
APPLICATION = "2026/4711"


def begin(
    number: str = "10000000146", now: datetime = NOW, *, browser: str = BROWSER, network: str = NETWORK
) -> WordRecovery:
    word_recovery.begin(number, browser, network, now)
    return running(now, browser)


def running(now: datetime = NOW, browser: str = BROWSER) -> WordRecovery:
    recovery = word_recovery.running(browser, now)
    assert recovery is not None
    return recovery


def release(holder: Holder, now: datetime = NOW) -> str:
    return word_release.make(holder, now, by="Zeynep Kaya")


def ask_letter(recovery: WordRecovery, now: datetime = NOW, number: str = APPLICATION) -> None:
    word_recovery.ask_letter(recovery, number, now, page=PAGE, language="tr")


def letter_code() -> str:
    text = OutboxMail.objects.filter(purpose="word").latest("pk").text
    return re.findall(rf"{PAGE}#(\w{{8}})\n", text)[0]


def prove(recovery: WordRecovery, code: str, now: datetime = NOW) -> Holder:
    return word_recovery.prove_by_release(recovery, code, now, NOTHING_MORE)


def prove_by_letter(recovery: WordRecovery, code: str, now: datetime = NOW) -> Holder:
    return word_recovery.prove_by_letter(recovery, code, now, NOTHING_MORE)


def send_code(recovery: WordRecovery, now: datetime = NOW) -> str:
    assert recovery.holder is not None
    codes.send(word_recovery.wish(recovery), recovery.holder, lambda code: f"x\n\n@x #{code}", now)
    return outbox()[0]["code"]


def proved(holder: Holder, now: datetime = NOW) -> WordRecovery:
    begin(holder.id_number, now)
    prove(running(now), release(holder, now), now)
    return running(now)


def confirmed(holder: Holder, now: datetime = NOW) -> WordRecovery:
    recovery = proved(holder, now)
    word_recovery.confirm(recovery, send_code(recovery, now), now)
    return running(now)


def finish(recovery: WordRecovery, word: str = NEW_WORD, now: datetime = NOW) -> None:
    word_recovery.finish(recovery, word, now, NOTHING_MORE, lambda: None)
