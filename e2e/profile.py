"""Browser profiles of their own, for as long as somebody is at the screen."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Error as BrowserError

DESKTOP = (1280, 800)
PHONE = (360, 740)


@contextmanager
def profile(
    browser: Browser, size: tuple[int, int] = DESKTOP, *, patience: float = 30_000, **options: Any
) -> Iterator[BrowserContext]:
    """A fresh one, with windows of this size in pixels; `patience`: milliseconds for each deed on its pages;
    `options` as `new_context` has them.

    Pages of ours load themselves anew when a card service has finished. A Chromium that was told just then to
    close a profile has been seen to wait for ever; so each page is left first.
    """
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(patience)
    try:
        yield context
    finally:
        for page in context.pages:
            with suppress(BrowserError):  # already gone, or just loading itself anew: then it is not any more
                page.goto("about:blank")
        context.close()
