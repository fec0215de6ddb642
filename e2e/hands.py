"""How a holder acts on a page: with the mouse, or with nothing but the keyboard."""

from typing import Protocol

from playwright.sync_api import Locator

TABS_AT_MOST = 60


class Hands(Protocol):
    """What the walk needs of them."""

    def press(self, target: Locator) -> None:
        """Push a button or follow a link."""

    def write(self, target: Locator, text: str) -> None:
        """Put text into a field, in place of what is there."""

    def tick(self, target: Locator) -> None:
        """Choose a radio button (of a group, the first) or tick a box."""


class Mouse:
    """Clicks, and types where it clicked."""

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill("")
        target.click()
        target.press_sequentially(text)

    def tick(self, target: Locator) -> None:
        target.check()


class Keyboard:
    """Tab until the thing has the focus, then Enter; never the mouse; the focus is never set from outside."""

    def press(self, target: Locator) -> None:
        self._reach(target)
        target.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        target.page.keyboard.press("Control+A")
        target.page.keyboard.type(text)

    def tick(self, target: Locator) -> None:
        self._reach(target)
        target.page.keyboard.press("Space")

    def _reach(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(TABS_AT_MOST):
            if target.evaluate("node => node === document.activeElement"):
                return
            target.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached by the Tab key")
