"""Browsers in words a holder knows, from real User-Agent strings; addresses without their end."""

import pytest

from kilitcoz_portal.signin.devices import Device, describe, shortened

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (WINDOWS + "Chrome/131.0.0.0 Safari/537.36", "Chrome", "Windows"),
        (WINDOWS + "Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge", "Windows"),
        (WINDOWS + "Chrome/130.0.0.0 Safari/537.36 OPR/116.0.0.0", "Opera", "Windows"),
        (WINDOWS + "Chrome/128.0.0.0 YaBrowser/24.10.0.0 Safari/537.36", "Yandex", "Windows"),
        (ANDROID + "Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome", "Android"),
        (
            ANDROID + "SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        (IPHONE + "Version/18.1 Mobile/15E148 Safari/604.1", "Safari", "iPhone"),
        (IPHONE + "CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome", "iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox", "Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Safari/605.1.15",
            "Safari",
            "macOS",
        ),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
    ],
)
def test_a_browser_is_told_by_its_own_name(user_agent: str, browser: str, system: str) -> None:
    assert describe(user_agent, "") == Device(browser, system, "")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("88.231.14.77", "88.231.14.…"),
        ("2a02:e0:1234:5678::1", "2a02:e0:1234:…"),
        ("::ffff:88.231.14.77", "88.231.14.…"),
        ("::1", "0:0:0:…"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_of_an_address_the_end_is_not_kept(address: str, kept: str) -> None:
    assert shortened(address) == kept
