"""The privacy notice in layers (KVKK 2025/1072), and what the portal keeps of a holder (KVKK article 11)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from portal.tests.pages.walking import Walker
from portal.tests.people import card_of
from pytest_django import Settings

from kilitcoz_portal.audit.models import AuditEvent
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.notices.models import Notice
from kilitcoz_portal.signin.models import CodeRequest, HolderSession
from kilitcoz_portal.sms.models import OutboxMessage

pytestmark = pytest.mark.django_db
MINE = "/islemler/bilgilerim/verilerim"


def first_layer(page: Any) -> bool:
    """What the code approves, that it permits nothing else, and where the full text is."""
    text = page.content.decode()
    return all(part in text for part in ("Kod", "tanıtım iletisine", 'href="/kvkk"'))


def test_before_every_code_its_purpose_and_the_full_text_are_shown(walker: Walker) -> None:
    card_of(walker.holder)
    walker.enter_word()
    before = OutboxMessage.objects.count()
    assert first_layer(walker.get("/giris/sms"))
    assert OutboxMessage.objects.count() == before
    walker.post("/giris/sms/kod", sms_code=walker.ask_for_code())
    for path in ("/islemler/kilit-cozme", "/dogrulama"):
        assert first_layer(walker.get(path))
    walker.step_up()
    for path in ("/islemler/bilgilerim/telefon", "/islemler/bilgilerim/e-posta"):
        assert first_layer(walker.get(path))


@pytest.mark.parametrize(
    ("language", "heading"), [("tr", "Haklarınız"), ("en", "Your rights")], ids=["tr", "en"]
)
def test_the_full_text_has_what_article_10_asks_for(client: Client, language: str, heading: str) -> None:
    page = client.get("/kvkk", headers={"accept-language": language}).content.decode()
    assert f"<h3>{heading}</h3>" in page
    assert page.count("<h3>") == 6
    assert "Örnek Sertifika Hizmetleri" in page
    assert "2025/1072" in page
    assert "%(" not in page


def test_an_installation_puts_its_own_text_which_is_shown_as_text(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "tr.txt").write_text("# Başlık\n\n<b>%(organisation)s</b>\n", encoding="utf-8")
    settings.KILITCOZ_PRIVACY_DIR = tmp_path
    page = client.get("/kvkk", headers={"accept-language": "tr"}).content.decode()
    assert "<h3>Başlık</h3>" in page
    assert "&lt;b&gt;Örnek Sertifika Hizmetleri&lt;/b&gt;" in page


@pytest.fixture
def proved(walker: Walker) -> Walker:
    card_of(walker.holder)
    walker.sign_in()
    walker.step_up()
    return walker


def test_a_holder_takes_away_what_is_kept_about_them(proved: Walker) -> None:
    answer = proved.get(f"{MINE}?bicim=json")
    assert answer["Content-Disposition"] == 'attachment; filename="verilerim.json"'
    kept = json.loads(answer.content)
    assert kept["person"]["id_number"] == "10000000146"
    assert kept["cards"][0]["serial"] == "90214821"
    assert len(kept["sessions"]) == 1
    assert kept["notices"][0]["what"] == "hesabınıza yeni bir tarayıcıdan girildi"
    assert len(kept["events"]) > 3
    assert datetime.fromisoformat(kept["sessions"][0]["began"]).tzinfo is not None
    assert AuditEvent.objects.filter(event="data-exported").count() == 1


def test_the_page_says_when_as_people_do_and_leaves_nothing_of_the_file_out(proved: Walker) -> None:
    page = proved.get(MINE).content.decode()
    kept = json.loads(proved.get(f"{MINE}?bicim=json").content)
    assert len(re.findall(r">\d\d\.\d\d\.\d{4} \d\d:\d\d</time>", page)) == len(re.findall("<time", page))
    assert page.count("<h3>") + 1 == len(kept), "cards and certificates are under one heading"


def test_no_hash_and_no_secret_is_in_it(proved: Walker) -> None:
    text = proved.get(f"{MINE}?bicim=json").content.decode()
    holder = Holder.objects.get()
    secrets = [
        holder.security_word_hash,
        bytes(Notice.objects.get().undo_hash or b"").hex(),
        HolderSession.objects.get().stored_key,
        *CodeRequest.objects.values_list("code_mac", flat=True),
        *(
            re.findall(
                r"#(\d{6})|/b/(\S{22})", "".join(OutboxMessage.objects.values_list("text", flat=True))
            )[0]
        ),
    ]
    assert [secret for secret in secrets if secret and secret in text] == []


def test_nothing_of_another_holder_is_in_it_also_where_two_share_a_phone(
    proved: Walker, mehmet: Holder
) -> None:
    Holder.objects.filter(pk=mehmet.pk).update(phone=proved.holder.phone)
    mehmet.refresh_from_db()
    card_of(mehmet, serial="77777777")
    Walker(Client(headers={"accept-language": "tr"}), mehmet).sign_in()
    for page in (proved.get(MINE), proved.get(f"{MINE}?bicim=json")):
        text = page.content.decode()
        assert "Ayşe Yılmaz" in text
        assert "Mehmet" not in text
        assert "7777" not in text


def test_it_is_shown_only_after_a_fresh_proof(walker: Walker) -> None:
    walker.sign_in()
    assert walker.get(MINE)["Location"].startswith("/dogrulama")
