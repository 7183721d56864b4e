"""The browser in which pages and figures are looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 180_000
"""Milliseconds to wait for a page: on a busy machine one takes longer than Playwright's half minute."""
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


@contextmanager
def opened(program: str) -> Iterator["Browser"]:
    """A patient browser that asks nobody else for anything."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET, timeout=PATIENCE)
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield browser
        browser.close()
