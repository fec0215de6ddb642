"""The page as its script sees it: views over HTTP, from the start page to figure 9."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from agent.tests.counterpart import COMPLETION, PAIRING_CODE
from agent.tests.stage import NEW_PIN, PUK, Stage, pin_works

from kilitcoz_agent.local_key import announce
from kilitcoz_agent.web.app import local_app

PORT = 35853
OURS = f"http://127.0.0.1:{PORT}"
View = dict[str, Any]


class Browser:
    """One tab with the local page in it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._headers: dict[str, str] = {}
        self.shown: View = {}
        self.seen: list[str] = []  # every byte that came from the service

    async def loads(self) -> None:
        """Open the page."""
        answer = await self._client.get("/")
        match = re.search(r'name="page-token" content="([^"]+)"', answer.text)
        assert match is not None
        self._headers = {"origin": OURS, "sec-fetch-site": "same-origin", "x-kilitcoz-page": match[1]}
        self.seen.append(answer.text)
        await self._look(-1)

    async def does(self, action: str, **fields: str) -> View:
        """One act; returns what is then shown."""
        answer = await self._client.post(f"/api/{action}", json=fields, headers=self._headers)
        assert answer.status_code == 200, answer.text
        self.seen.append(answer.text)
        self.shown = answer.json()
        return self.shown

    async def status_of(self, action: str, body: bytes) -> int:
        """How an act is answered that the page's script would not send."""
        headers = {**self._headers, "content-type": "application/json"}
        return (await self._client.post(f"/api/{action}", content=body, headers=headers)).status_code

    async def sees(self, screen: str) -> View:
        """Follow until this screen is shown."""
        for _ in range(200):
            if self.shown["screen"] == screen:
                return self.shown
            await self._look(self.shown["version"])
        raise AssertionError(f"waited for {screen}, it is {self.shown['screen']}")

    async def _look(self, after: int) -> None:
        answer = await self._client.get(f"/api/view?after={after}", headers=self._headers)
        self.seen.append(answer.text)
        self.shown = answer.json()


def plays(stage: Stage, story: Callable[[Browser], Awaitable[None]]) -> None:
    """Run a story in one tab."""

    async def played() -> None:
        service = stage.service()
        app = local_app(service, announce(stage.files.service, PORT), peer_check=lambda *_: True)
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
            browser = Browser(client)
            await browser.loads()
            await story(browser)
        await service.stop()

    asyncio.run(played())


def block(view: View, kind: str) -> View:
    return next(each for each in view["blocks"] if each["kind"] == kind)


def told(view: View) -> str:
    return " ".join(
        item["text"] for each in view["blocks"] if each["kind"] == "problem" for item in each["items"]
    )


@pytest.fixture(autouse=True)
def _pages_do_not_wait_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kilitcoz_agent.web.app.HOLD_SECONDS", 0.2)


def test_a_holder_walks_figures_7_to_9(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            view = await ayse.sees("new-pin")
            assert view["main_heading"] == "Bireysel Nitelikli Elektronik Sertifika İşlemleri"
            assert view["heading"] == "Kilit Çözme Ekranı"
            assert block(view, "number")["value"] == "42"
            facts = {row["term"]: row["text"] for row in block(view, "facts")["rows"]}
            assert facts["Portal"] == stage.portal.origin
            assert facts["Kart"] == f"Seri no sonu: …{stage.portal.card.serial[-4:]}"
            form = block(view, "form")
            assert [field["label"] for field in form["fields"]] == ["Yeni PIN Kodu", "Yeni PIN Kodu (Tekrar)"]
            assert form["submit"] == "Yeni PIN Üret"
            await ayse.does("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
            box = block(await ayse.sees("done"), "box")
            assert box["heading"] == "Kart PIN başarıyla değiştirildi"
            assert box["button"]["label"] == "OK"
            assert box["button"]["href"] == f"{stage.portal.origin}/donus/{stage.portal.op}#c={COMPLETION}"

        plays(stage, story)
        assert pin_works(stage.card)


@pytest.mark.parametrize(
    ("pin", "repeat", "field", "words"),
    [
        ("", "", "pin", "PIN’inizi yazın"),
        ("12345", "12345", "pin", "En az 6 rakam"),
        ("123456789", "123456789", "pin", "En çok 8 rakam"),
        ("31415a", "31415a", "pin", "rakamdan başka"),
        ("٣١٤١٥٩", "٣١٤١٥٩", "pin", "rakamdan başka"),
        ("777777", "777777", "pin", "aynı rakamdan"),
        ("345678", "345678", "pin", "Sıralı"),
        ("987654", "987654", "pin", "Sıralı"),
        ("314159", "314158", "repeat", "İki PIN aynı değil"),
        ("314159", "", "repeat", "İki PIN aynı değil"),
    ],
)
def test_a_new_pin_of_a_wrong_form_is_told_at_its_field_and_goes_nowhere(
    tmp_path: Path, pin: str, repeat: str, field: str, words: str
) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            commands, calls = len(stage.card.log.commands), len(stage.portal.calls)
            view = await ayse.does("set-pin", pin=pin, repeat=repeat)
            assert view["screen"] == "new-pin"
            errors = {each["name"]: each["error"] for each in block(view, "form")["fields"] if each["error"]}
            assert list(errors) == [field]
            assert words in errors[field]
            assert block(view, "problem")["items"][0]["field"] == field
            assert (len(stage.card.log.commands), len(stage.portal.calls)) == (commands, calls)

        plays(stage, story)


def test_the_english_page_says_the_same(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            view = await ayse.does("language", language="en")
            assert [field["label"] for field in block(view, "form")["fields"]] == [
                "New PIN",
                "New PIN (again)",
            ]
            assert view["other_language"] == {"code": "tr", "name": "Türkçe"}

        plays(stage, story)


def test_a_typed_code_opens_the_operation(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            assert block(ayse.shown, "form")["fields"][0]["label"] == "Eşleştirme kodu"
            await ayse.does("pair", pairing_code=f" {PAIRING_CODE[:4].lower()}-{PAIRING_CODE[4:]}")
            await ayse.sees("new-pin")
            await ayse.does("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
            box = block(await ayse.sees("done"), "box")
            assert box["button"] == {"label": "OK", "action": "close", "href": None, "look": "primary"}
            farewell = await ayse.does("close")
            assert farewell["screen"] == "farewell"
            assert block(farewell, "form")["fields"][0]["label"] == "Eşleştirme kodu"  # the next holder's

        plays(stage, story)


@pytest.mark.parametrize("typed", ["", "ABCD234", "ABCD23456", "ABCD234O", "ABCD2341", "ABCDİ345"])
def test_a_code_that_cannot_be_one_is_told_at_its_field(tmp_path: Path, typed: str) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            view = await ayse.does("pair", pairing_code=typed)
            assert "8 harf ve rakam" in block(view, "form")["fields"][0]["error"]

        plays(stage, story)
        assert stage.portal.calls == []


def test_a_code_the_portal_does_not_know_is_told_with_what_to_do(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            assert "kodu geçerli değil" in told(await ayse.does("pair", pairing_code="WXYZ9876"))

        plays(stage, story)


def test_with_two_portals_the_holder_says_which_one_showed_the_code(tmp_path: Path) -> None:
    from kilitcoz_agent.trust import PinnedPortal

    with Stage(tmp_path) as stage:
        stage.trust.pin(PinnedPortal("https://other.example", (b"k" * 32,)))

        async def story(ayse: Browser) -> None:
            assert "Portal seçilmedi" in told(await ayse.does("pair", pairing_code=PAIRING_CODE))
            await ayse.does("pair", pairing_code=PAIRING_CODE, portal=stage.portal.origin)
            await ayse.sees("new-pin")

        plays(stage, story)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"exp": 1_700_000_600, "iat": 1_700_000_000}, "süresi doldu"),
        ({"iss": "https://evil.example"}, "tanımadığı bir siteden"),
        ({"aud": "x"}, "geçerli değil"),
    ],
)
def test_a17_a_refused_capability_is_explained_on_the_start_page(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with Stage(tmp_path) as stage:
        before = len(stage.card.log.commands)

        async def story(ayse: Browser) -> None:
            view = await ayse.does("open", capability=stage.portal.capability(**changes))
            assert view["screen"] == "start"
            assert words in told(view)

        plays(stage, story)
        assert len(stage.card.log.commands) == before


def test_a17_a_used_capability_is_explained(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            await ayse.does("cancel")
            await ayse.sees("ended")
            assert "daha önce kullanılmış" in told(
                await ayse.does("open", capability=stage.portal.capability())
            )

        plays(stage, story)


def test_another_operation_does_not_displace_the_one_in_progress(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            view = await ayse.does("open", capability=stage.portal.capability(nonce="n" * 22))
            assert view["screen"] == "new-pin"
            assert "başka bir işlem sürüyor" in told(view)

        plays(stage, story)


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("set-pin", b'{"pin": "314159"}'),
        ("set-pin", b'{"pin": "314159", "repeat": "314159", "more": ""}'),
        ("set-pin", b'{"pin": 314159, "repeat": 314159}'),
        ("set-pin", b"[]"),
        ("set-pin", b"{"),
        ("set-pin", b"\xff"),
        ("choose", b'{"card": "x"}'),
        ("retry", b"{}"),
        ("close", b"{}"),
        ("change-pin", b"{}"),
        ("nothing", b"{}"),
        ("language", b'{"language": "de"}'),
        ("open", b'{"capability": "a", "more": "b"}'),
        ("open", b'{"capability": "' + b"a" * 9000 + b'"}'),
    ],
)
def test_what_the_screen_does_not_offer_is_refused(tmp_path: Path, action: str, body: bytes) -> None:
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            assert await ayse.status_of(action, body) == 409
            await ayse.sees("new-pin")

        plays(stage, story)


def test_a35_neither_pin_nor_puk_is_in_anything_the_service_says_or_writes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    with Stage(tmp_path) as stage:

        async def story(ayse: Browser) -> None:
            await ayse.does("open", capability=stage.portal.capability())
            await ayse.sees("new-pin")
            await ayse.does("set-pin", pin=NEW_PIN, repeat="271828")
            await ayse.does("set-pin", pin=NEW_PIN, repeat=NEW_PIN)
            await ayse.sees("done")
            spoken = "".join(ayse.seen)
            for secret in (NEW_PIN, "271828", PUK, stage.portal.puk):
                assert secret not in spoken

        plays(stage, story)
        captured = capsys.readouterr()
        written = caplog.text + captured.out + captured.err + repr([vars(each) for each in caplog.records])
        stored = b"".join(path.read_bytes() for path in stage.files.directory.iterdir())
        for secret in (NEW_PIN, "271828", PUK, stage.portal.puk, stage.portal.capability(), COMPLETION):
            assert secret not in written
            assert secret.encode() not in stored
        assert "transaction-done" in caplog.text


def test_when_the_portal_is_not_known_to_the_service_the_start_page_says_what_to_do(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.files.trust.unlink()

        async def story(ayse: Browser) -> None:
            assert "kilitcoz-agent trust" in block(ayse.shown, "note")["text"]

        plays(stage, story)
