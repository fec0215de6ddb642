"""What every page must pass, whoever looks at it: axe, no sideways scrolling, the heading of the manual."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from e2e.words import ENGLISH, TURKISH

_axe = Axe()
_passed: set[str] = set()

# All that axe judges by: the width, what the elements' attributes say, which of them have words. Two pages of
# one shape differ in words, numbers and addresses.
_SHAPE = """() => JSON.stringify([innerWidth, ...[...document.querySelectorAll("*")].map((each) => [
    each.tagName, each.parentElement?.children.length, Boolean(each.textContent.trim()), Boolean(each.value),
    each.checkVisibility(), ...[...each.attributes].map(({ name, value }) =>
        /^(href|src|action|value|content|data-.*)$/.test(name)
            ? `${name} ${Boolean(value)}` : `${name}=${value}`),
])])"""


def violations(page: Page) -> list[str]:
    """What axe has against the page. One of exactly this shape that has passed before is not judged again."""
    shape: str = page.evaluate(_SHAPE)
    if shape in _passed:
        return []
    found = _axe.run(page)
    if not found.violations_count:
        _passed.add(shape)
        return []
    return [
        f"{each['id']}: {node['target']}" for each in found.response["violations"] for node in each["nodes"]
    ]


def look_closely(page: Page, figure: str) -> None:
    """Fails with the figure's name and what is wrong on its page."""
    heading = page.locator("h1").inner_text()
    assert heading in (TURKISH.heading, ENGLISH.heading), f"{figure}: {heading}"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("window.innerWidth"), f"{figure}: {width} px wide"
    assert violations(page) == [], figure
