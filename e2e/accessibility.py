"""What every page must pass, whoever looks at it: axe, no sideways scrolling, the heading of the manual."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from e2e.words import ENGLISH, TURKISH

_axe = Axe()


def look_closely(page: Page, figure: str) -> None:
    """Fails with the figure's name and what is wrong on its page."""
    heading = page.locator("h1").inner_text()
    assert heading in (TURKISH.heading, ENGLISH.heading), f"{figure}: {heading}"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("window.innerWidth"), f"{figure}: {width} px wide"
    results = _axe.run(page)
    assert results.violations_count == 0, f"{figure}: {results.generate_report()}"
