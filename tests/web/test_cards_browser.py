"""The Cards tab in a real browser: as accessible, as narrow and as large to touch as every other page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browsing import shows
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, card_answers, pages
from tallyproof.testing import card_faults

from . import made_cards, test_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LONG = "United Townships of Northumberlandshireupontheriver and Saint Maximilian"
ADDRESSES = (f"/{made_cards.CASE}/cards/", f"/{made_cards.CASE}/cards/batches/",
             f"/{made_cards.CASE}/cards/?lang=es")  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Counties with every kind of contest, long names, batches of another name, a search cut off."""
    place = tmp_path_factory.mktemp("cards")
    workspace = open_workspace(place / "home")
    made_cards.build(workspace, place)
    named = card_faults.rename(card_faults.card_county(7), "2", "Annex-B_2024-11-05_recounted-by-hand")
    made_cards.county(workspace, place, LONG, named)
    made_cards.cards(workspace, place, "Dane", *made_cards.ranked(3, 24, 300))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(card_answers, "SECONDS", 0.2)
        seen = pages.look(workspace, access.READER, made_cards.CASE)
        card_answers.answer(workspace, access.READER, seen)
    yield test_browser.serve(workspace)


page = test_browser.page


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_as_accessible_as_other_pages(browser: Browser, served: str, address: str) -> None:
    """What axe looks at, in light and dark."""
    test_browser.test_axe_finds_nothing(browser, served, address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_fits_every_screen_and_thumb(page: Page, served: str, address: str) -> None:
    """No sideways scrolling, large targets, large text, nothing from elsewhere."""
    test_browser.test_no_page_scrolls_sideways(page, served, address)
    test_browser.test_targets_are_large_enough_for_a_thumb(page, served, address)
    test_browser.test_text_is_16_pixels_or_more(page, served, address)
    test_browser.test_nothing_is_asked_of_anybody_else_and_nothing_complains(page, served, address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_paper_gets_the_tables_and_no_links_to_follow(page: Page, served: str, address: str) -> None:
    """The sentence and the rows, no tabs, no files."""
    page.emulate_media(media="print")
    page.goto(served + address)
    shows(page.locator(".answer"))
    shows(page.locator("tbody tr").first)
    assert not [each for each in (".tabs", ".downloads", "form") if page.locator(each).first.is_visible()]


def test_a_phone_shows_each_number_beside_its_name(page: Page, served: str) -> None:
    """A row becomes a block; columns that are empty are left out."""
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(served + ADDRESSES[0])
    row = page.get_by_role("region", name="Jurisdiction by jurisdiction").locator("tr", has_text="Clark")
    listed = row.locator("td[data-label=Listed]")
    assert row.locator("td[data-label=Cards]").bounding_box() is not None
    assert listed.evaluate("e => getComputedStyle(e, '::before').content") == "none"


def test_a_reader_goes_from_the_tab_to_a_batch_and_its_finding(page: Page, served: str) -> None:
    """By links alone, without JavaScript; and from a contest to its plan."""
    page.goto(f"{served}/{made_cards.CASE}/")
    page.get_by_role("link", name="Cards", exact=True).click()
    page.get_by_role("link", name=re.compile("See the finding ?: 3")).click()
    shows(page.get_by_text("2 phantoms must stand in an audit").first)
    page.go_back()
    page.get_by_role("link", name=re.compile("Plan its audit ?: Clerk")).click()
    shows(page.get_by_text("Di Eads’s lead of").first)
