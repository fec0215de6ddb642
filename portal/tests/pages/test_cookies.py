"""Cookies and what a browser keeps: attributes over https, fixation, tokens, caches (ASVS 5.0, 3.3, 14.3)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from portal.tests.pages.walking import Walker

from kilitcoz_portal.signin.session_store import SessionStore

pytestmark = pytest.mark.django_db

SIGNED_IN = ["/islemler", "/islemler/oturumlarim", "/islemler/son-islemlerim", "/session/left", "/dogrulama"]
ASKED = """
import django; django.setup()
from django.test import Client
from django.core.management import call_command
call_command("migrate", verbosity=0)
answer = Client().get("/giris/sifreli", secure=True, headers={"host": "kilit.example"})
print(answer.status_code, answer["Strict-Transport-Security"])
print(answer.cookies.output(header=""))
"""


def test_over_https_every_cookie_is_bound_to_this_host_and_to_no_script(tmp_path: Path) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "kilitcoz_portal.config.settings",
        "KILITCOZ_ORIGIN": "https://kilit.example",
        "KILITCOZ_DATA_DIR": str(tmp_path),
    }
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KILITCOZ_", "DATABASE_"))
    }
    answer = subprocess.run(
        [sys.executable, "-c", ASKED], env=kept | settings, capture_output=True, text=True, check=True
    )
    head, *cookies = [line for line in answer.stdout.splitlines() if not line.startswith("{")]
    assert head == "200 max-age=31536000"
    assert len(cookies) == 2
    for cookie in cookies:
        assert cookie.strip().startswith("__Host-kilitcoz")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {
            part.strip() for part in cookie.split(";")
        }
        assert "Domain" not in cookie


def test_a_planted_session_is_worth_nothing_after_the_sign_in(walker: Walker) -> None:
    planted = "kerems0session0key0planted000000"
    walker.client.cookies["kilitcoz"] = planted
    walker.sign_in()
    assert walker.client.cookies["kilitcoz"].value != planted
    kerem = Client()
    kerem.cookies["kilitcoz"] = planted
    assert kerem.get("/islemler").status_code == 302


def test_a_real_session_of_kerems_that_was_planted_is_worth_nothing_either(walker: Walker) -> None:
    kerem = Client()
    kerem.get("/giris/sifreli")
    planted = kerem.cookies["kilitcoz"].value
    walker.client.cookies["kilitcoz"] = planted
    walker.sign_in()
    assert kerem.get("/islemler").status_code == 302
    assert not SessionStore().exists(planted)


def test_form_tokens_change_with_each_step_of_signing_in(walker: Walker) -> None:
    walker.get("/giris/sifreli")
    seen = [walker.client.cookies["kilitcoz-csrf"].value]
    walker.enter_word()
    seen.append(walker.client.cookies["kilitcoz-csrf"].value)
    walker.post("/giris/sms/kod", sms_code=walker.ask_for_code())
    seen.append(walker.client.cookies["kilitcoz-csrf"].value)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("path", SIGNED_IN)
def test_nothing_of_the_signed_in_pages_is_kept_in_caches(walker: Walker, path: str) -> None:
    walker.sign_in()
    assert walker.get(path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("leave", ["/cikis", "/islemler/oturumlarim/hepsini-kapat"])
def test_leaving_clears_what_the_browser_kept(walker: Walker, leave: str) -> None:
    walker.sign_in()
    left = walker.post(leave)
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert left.cookies["kilitcoz"].value == ""
