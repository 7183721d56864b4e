"""Pages in a real browser: accessible, by keyboard, narrow, light and dark, nothing from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from browsing import shows
from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, cases, importing, pages
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CASE = "/upper-midwest-2016"
PAGES = {
    "cases": "/",
    "count": f"{CASE}/",
    "count as of a day": f"{CASE}/?as_of=2016-11-28",
    "contest": f"{CASE}/contests/wi-president/",
    "contest sorted": f"{CASE}/contests/wi-president/?counties=-lead&sort=-total",
    "contest without units": f"{CASE}/contests/ca-president/",
    "changes": f"{CASE}/contests/wi-president/changes/6-7/",
    "checks": f"{CASE}/checks/",
    "checks filtered": f"{CASE}/checks/?severity=warning&check=B2&sort=place",
    "checks without an answer": f"{CASE}/checks/?severity=error&check=B10",
    "finding": f"{CASE}/findings/B2/wi-president/sauk/",
    "place": f"{CASE}/units/wi/sauk/",
    "places": f"{CASE}/units/",
    "places filtered": f"{CASE}/units/?state=WI&q=sa",
    "search": f"{CASE}/search/?q=sauk",
    "search without an answer": f"{CASE}/search/?q=atlantis",
    "options": f"{CASE}/options/?on=2016-11-23T12:00",
    "options of a contest": f"{CASE}/options/pa-president/?on=2016-11-23T12:00&requester=Jill+Stein",
    "options with faults": f"{CASE}/options/mi-president/?on=soon&precincts=x&act-state_canvass=x",
    "cards without any": f"{CASE}/cards/",
    "record": f"{CASE}/record/",
    "import": f"{CASE}/imports/7/",
    "planner": "/-/plan/",
    "planner with faults": "/-/plan/?votes=Ann+x&cards=abc&risk_limit=0",
    "components": "/-/components/",
    "not found": f"{CASE}/nothing/",
    "refused": f"{CASE}/?as_of=yesterday",
}
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@pytest.fixture(scope="module")
def served(example_home: Workspace) -> str:
    """The address of the example's pages, served the way users serve them."""
    return serve(example_home)


def serve(home: Workspace) -> str:
    """Serve a home until the tests end; its address."""
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address.rstrip("/"))
        is_ready.set()

    threading.Thread(target=web.serve, args=(home, "127.0.0.1", 0, ready), daemon=True).start()
    assert is_ready.wait(120)
    return told[0]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a usual size, with JavaScript off as far as the site is concerned."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@every_page
def test_axe_finds_nothing(browser: Browser, served: str, address: str) -> None:
    """WCAG 2.2 A and AA and the best practices of axe, and the contrast in dark too."""
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(bypass_csp=True)  # axe itself is a script
    page.goto(served + address)
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
    page.close()


@every_page
def test_nothing_is_asked_of_anybody_else_and_nothing_complains(
    page: Page, served: str, address: str
) -> None:
    """Every request goes to the page's own server, and the console stays empty."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    answer = page.goto(served + address, wait_until="networkidle")
    assert answer is not None
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served).netloc}
    expected = 0 if answer.ok else 1  # the browser itself notes the status of a page that is refused
    assert len(said) == expected, said


@every_page
def test_no_page_scrolls_sideways(page: Page, served: str, address: str) -> None:
    """From the narrowest phone to a wide screen; wide tables scroll inside themselves."""
    page.goto(served + address)
    for width in (320, 360, 768, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_pages_of_a_very_large_case_stay_within_the_screen(page: Page, huge_home: Workspace) -> None:
    """3,636 units with long names: contest, checks, places and record, from 320 to 1,600 pixels."""
    address = serve(huge_home)
    for path in ("", "contests/wi-president/", "checks/", "units/", "record/"):
        page.goto(f"{address}/large-example/{path}")
        for width in (320, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width, path


def test_a_word_of_any_length_stays_within_the_screen(page: Page, tmp_path: Path) -> None:
    """A county, a choice, a source and a title of 200 letters without a blank, on every kind of page."""
    home, word = open_workspace(tmp_path / "home"), "Donaudampfschifffahrt" * 9
    cases.open_case(home, access.terminal(), "long", title=word, summary=word)
    path = tmp_path / "long.csv"
    rows = [f"WI,{word},{word},1,{name}{word},,choice,60" for name in ("Ann", "Bo")]
    head = "state,county,office,vote_for,choice,party,measure,votes"
    path.write_text("\n".join([head, *rows, f"WI,{word},,,,,ballots_cast,100"]))
    importing.import_returns(home, access.terminal(), "long", Request((path,), word))
    seen = pages.look(home, access.READER, "long")
    contest, found = seen.count.contests[0].contest.id, seen.open_findings[0].id
    address = serve(home)
    parts = [f"contests/{contest}/", f"options/{contest}/", f"findings/{found}/", "imports/2/"]
    for place in ("", "checks/", "record/", "units/", "options/", *parts):
        page.goto(f"{address}/long/{place}")
        for width in (320, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width, place


@every_page
def test_the_keyboard_sees_where_it_is(page: Page, served: str, address: str) -> None:
    """The first stop leads past the header; every stop has an outline of 2 pixels or more.

    A place on a map shows it by the line round its shape.
    """
    page.goto(served + address)
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " const shape = e.ownerSVGElement && e.querySelector('path, circle, rect');"
            " if (shape) { const line = getComputedStyle(shape);"
            " return [e.tagName, '', line.stroke, parseFloat(line.strokeWidth)]; }"
            " return [e.tagName, e.className, s.outlineStyle, parseFloat(s.outlineWidth)]; })()"
        )
        if stop[0] == "BODY":
            break
        stops.append(stop)
    assert stops[0][:2] == ["A", "skip"]
    assert not [stop for stop in stops if stop[2] == "none" or stop[3] < 2]


@every_page
def test_targets_are_large_enough_for_a_thumb(page: Page, served: str, address: str) -> None:
    """Buttons, fields, tabs and other lone links are 44 pixels high or more."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(served + address)
    small = page.evaluate(
        "[...document.querySelectorAll('button, input:not([type=hidden], [type=checkbox]),"
        " select, summary, .brand, .tabs a, .action, .pager a, .as-of a, thead a, .stake-name a, .crumbs a')]"
        ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        ".filter(([_, height]) => height && height < 43.5)"
    )
    assert small == []


@every_page
def test_text_is_16_pixels_or_more(page: Page, served: str, address: str) -> None:
    """Nothing is printed small; labels inside a drawing may have 14."""
    page.goto(served + address)
    small = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && e.innerText)"
        ".filter(e => parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_a_reader_goes_from_the_case_to_the_source_row_and_back(page: Page, served: str) -> None:
    """Front page, checks, the Sauk finding, its contest, the record: by links alone."""
    page.goto(served)
    page.get_by_role("link", name="Upper Midwest 2016").click()
    page.get_by_role("link", name="Checks", exact=True).click()
    page.get_by_role("heading", name="Sauk: 34,323 votes").get_by_role("link").click()
    shows(page.get_by_text("x = 34,323 − 1 × 31,838 = 2,485"))
    shows(page.get_by_role("heading", name="press_2016-11-23.csv, row 6"))
    page.get_by_role("link", name="See the contest").click()
    shows(page.get_by_role("heading", name="Its 72 counties"))
    page.get_by_role("link", name="Record").click()
    shows(page.get_by_text("every link holds"))


def test_a_place_is_found_by_its_name_without_javascript(page: Page, served: str) -> None:
    """From the header of any page to the county, its ballots, and the import that brought them."""
    page.goto(f"{served}{CASE}/checks/")
    page.get_by_role("searchbox", name="Place, contest or finding").fill("sauk")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("link", name="Sauk", exact=True).click()
    shows(page.get_by_role("heading", name="Ballots and voters"))
    page.get_by_role("link", name="import 7").first.click()
    shows(page.get_by_text("rows were read and all were stored"))


def test_an_audit_is_planned_by_form_without_javascript(page: Page, served: str) -> None:
    """From the contest to its plan, other numbers typed in, a fault corrected; the address holds it all."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    page.get_by_role("link", name="Plan a paper audit of this contest").click()
    shows(page.get_by_text("lead of 22,748 votes"))
    page.get_by_label("Reported votes").fill("Ann 600\nBo 400")
    page.get_by_label("Cards cast").fill("900")
    page.get_by_role("button", name="Plan the audit").click()
    shows(page.get_by_text("So many cards cannot bear 1,000 votes."))
    page.get_by_label("Cards cast").fill("1,000")
    page.get_by_role("button", name="Plan the audit").click()
    answer = page.locator(".answer").inner_text()
    assert "Ann’s lead of 200 votes over Bo" in answer
    page.goto(page.url)
    assert page.locator(".answer").inner_text() == answer


def test_filters_work_by_form_without_javascript(page: Page, served: str) -> None:
    """Choosing a severity and a state, and going back to all."""
    page.goto(f"{served}{CASE}/checks/")
    page.get_by_label("Severity").select_option("warning")
    page.get_by_label("Check", exact=True).select_option("B2")
    page.get_by_role("button", name="Show findings").click()
    assert "severity=warning" in page.url
    shows(page.get_by_role("heading", name="7 of "))
    page.get_by_role("link", name="Show all").click()
    page.wait_for_url(f"{served}{CASE}/checks/")


def test_units_are_sorted_and_sought_by_hand(page: Page, served: str) -> None:
    """A click on a heading, a word in the field."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    table = page.get_by_role("region", name="Its 72 counties")
    table.get_by_role("link", name="All votes").click()
    assert table.locator("tbody th").first.inner_text() == "Milwaukee"
    page.get_by_label("Name contains").fill("hurst")
    page.get_by_role("button", name="Show units").click()
    shows(page.get_by_text("No unit has that name."))


def test_both_maps_open_without_javascript(page: Page, served: str) -> None:
    """The map by share first; a click, or the Enter key, shows the one by votes instead."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    by_share, by_votes = page.locator("#map-by-share"), page.locator("#map-by-votes")
    assert (by_share.is_visible(), by_votes.is_visible()) == (True, False)
    page.get_by_text("Map by votes").focus()
    page.keyboard.press("Enter")
    assert (by_share.is_visible(), by_votes.is_visible()) == (False, True)


def test_the_keyboard_passes_the_map_by_one_link(page: Page, served: str) -> None:
    """Past 72 counties to the legend."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    page.locator("#map-by-share .map-skip").focus()
    assert page.locator("#map-by-share .map-skip").bounding_box() is not None
    page.keyboard.press("Enter")
    assert page.url.endswith("#map-by-share-end")


def test_the_county_table_is_sorted_by_its_headings(page: Page, served: str) -> None:
    """A click on the lead shows the largest first, and stays at the map."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    page.get_by_role("region", name="Counties", exact=True).get_by_role("link", name="Lead of Trump").click()
    assert page.url.endswith("?counties=-lead#map")
    table = page.get_by_role("region", name="Counties", exact=True)
    assert table.locator("tbody th").first.inner_text() == "Waukesha"


def test_paper_gets_both_maps_and_the_whole_table(page: Page, served: str) -> None:
    """Folded parts are unfolded and nothing scrolls."""
    page.emulate_media(media="print")
    page.goto(f"{served}{CASE}/contests/wi-president/")
    shows(page.locator("#map-by-share"))
    assert page.locator("#map-by-votes svg.map").bounding_box() is not None
    frame = page.locator(".map-table .scroll")
    assert frame.evaluate("e => e.scrollHeight - e.clientHeight") <= 1


def test_the_chart_fits_the_screen_it_is_on(page: Page, served: str) -> None:
    """Steps across on a wide screen, down on a narrow one, never both."""
    page.goto(f"{served}{CASE}/contests/wi-president/")
    for width, wide in ((1280, True), (360, False)):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator(".wide svg").is_visible() is wide
        assert page.locator(".narrow svg").is_visible() is not wide


def test_paper_gets_the_answer_and_no_forms(page: Page, served: str) -> None:
    """Printed pages hold sentence, tables, folded tables and citation; tabs and forms stay behind."""
    page.emulate_media(media="print")
    page.goto(f"{served}{CASE}/")
    shows(page.locator(".answer"))
    shows(page.locator("details table").first)
    shows(page.locator(".cite"))
    assert not [each for each in (".tabs", "form", ".skip") if page.locator(each).first.is_visible()]
