"""Which language a page is shown in first."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db

ENGLISH_BROWSER = {"accept-language": "en-GB"}


def shown(client: Client) -> str:
    """The front page."""
    return client.get("/").content.decode()


def test_without_the_setting_the_browser_is_asked(settings: Settings) -> None:
    settings.KILITCOZ_LANGUAGE = ""
    assert '<html lang="en">' in shown(Client(headers=ENGLISH_BROWSER))
    assert '<html lang="tr">' in shown(Client())


def test_with_the_setting_the_browser_is_not_asked(settings: Settings) -> None:
    settings.KILITCOZ_LANGUAGE = "tr"
    assert '<html lang="tr">' in shown(Client(headers=ENGLISH_BROWSER))


@pytest.mark.parametrize("first", ["", "tr"])
def test_the_holders_own_choice_comes_before_both(settings: Settings, first: str) -> None:
    settings.KILITCOZ_LANGUAGE = first
    client = Client(headers={"accept-language": "tr"})
    client.post("/dil", {"language": "en", "next": "/"})
    assert '<html lang="en">' in shown(client)
