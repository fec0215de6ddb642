"""The short way to the PIN fields: the portal walked by HTTP, the card service's page in a real browser."""

from playwright.sync_api import Page, expect

from e2e.abuse.visitor import Visitor
from e2e.walk import Walk


def open_local_page(walk: Walk, ayse: Visitor, local_page: str) -> Page:
    """The link of Ayşe's operation, begun if need be, in a new tab of the browser that began it."""
    if not ayse.operation:
        ayse.begin()
    ayse.move_into(walk.page.context)
    local = walk.page.context.new_page()
    local.goto(f"{local_page}#cap={ayse.capability()}")
    return local


def wait_for_pin_fields(walk: Walk, local: Page) -> None:
    """The card was found, and the portal has said: go on."""
    expect(walk.box(walk.words.new_pin, local)).to_be_visible()
