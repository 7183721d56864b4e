"""Figures in a real browser, under the policy of our pages: quiet, accessible, by keyboard, narrow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from tallyproof.figures.before_after import Correction, before_after
from tallyproof.figures.bubbles import bubbles
from tallyproof.figures.crosswalk import Place
from tallyproof.figures.geometry import sheet
from tallyproof.figures.maps import choropleth
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale
from tallyproof.figures.stakes import Stake, findings_axis
from tallyproof.figures.tiles import Mark, Tile, state_tiles
from tallyproof.figures.timeline import Report, margin_over_time
from tallyproof.web.headers import HEADERS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

HERE = "http://localhost/"
SIDES = ("Clinton", "Trump")
STATUSES = {"certified": Mark("✓", "certified")}
TILES = {"WI": -1, "MI": -8, "PA": -20, "OH": -40, "CA": 40, "WA": 20, "OR": 8, "NH": 1, "ME": 0}


def body() -> str:
    """Every figure once, with every kind of shade, dots, links and places without an outline."""
    scale = margin_scale(*SIDES)
    outlines = sheet("WI").outlines
    values: dict[Place, MapValue] = {
        outline.fips: MapValue(50 * place - 900, 2_000, words=f"{place} votes", href=f"/units/{place}/")
        for place, outline in enumerate(outlines[2:])
    }
    values[outlines[0].fips] = MapValue(5, 10, counted=0.1)
    values["Kansas City"] = MapValue(1, 2, words="1 of 2")
    tiles = {
        code: Tile(MapValue(lead, 100, href=f"/{code}/"), f"{lead}", "certified")
        for code, lead in TILES.items()
    }
    reports = [
        Report(datetime(2016, 11, place, tzinfo=UTC), 900 - 200 * place, 100, 800) for place in (1, 3, 9)
    ]
    return "".join((
        choropleth("WI", values, scale=scale, title="Lead by county", named=5),
        bubbles("WI", values, sides=SIDES, title="Lead in votes by county"),
        state_tiles(tiles, scale=scale, statuses=STATUSES, title="States"),
        margin_over_time(reports, sides=SIDES, title="Margin over time"),
        findings_axis([Stake("Sauk", 440, "440", "", "/sauk/", "error")], 22_617, caption="At stake"),
        before_after([Correction("Hazelhurst", 44, 484)], caption="Corrected"),
    ))  # fmt: skip


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The figures on a page with the site's style sheet and its headers; axe, being a script, passes by."""
    context = browser.new_context(bypass_csp=False, viewport={"width": 1280, "height": 900})
    yield visit(context.new_page())
    context.close()


def visit(page: Page) -> Page:
    site = files("tallyproof.web") / "assets" / "tallyproof.css"
    own = files("tallyproof.figures") / "figures.css"
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>Figures</h1>{body()}</main></body></html>"
    )

    def answer(route: Route) -> None:
        if route.request.url.endswith(".css"):
            route.fulfill(body=site.read_text() + own.read_text(), content_type="text/css")
        else:
            route.fulfill(body=html, content_type="text/html", headers=HEADERS)

    page.route("**/*", answer)
    page.goto(HERE)
    return page


def test_axe_finds_nothing(browser: Browser) -> None:
    """WCAG 2.2 A and AA and axe's best practices, in light and dark."""
    from axe_playwright_python.sync_playwright import Axe

    page = visit(browser.new_page(bypass_csp=True))
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
    page.close()


def test_the_policy_of_our_pages_forbids_nothing_in_figures(browser: Browser) -> None:
    """No message about styles, scripts or images in the console, and colours are applied."""
    page, said = browser.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    visit(page)
    fill = page.locator("#map path.b4, #map path.b3").first.evaluate("each => getComputedStyle(each).fill")
    assert said == [] and fill.startswith("rgb")
    page.close()


def test_counties_are_reached_by_keyboard_or_passed_at_once(page: Page) -> None:
    """The first stop leads past the map; after it come the counties, each with its name."""
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.className")
    assert focused == "map-skip"
    page.keyboard.press("Tab")
    told = page.evaluate("document.activeElement.querySelector('title').textContent")
    assert told == f"{sheet('WI').outlines[2].name}: 0 votes"
    box = page.locator("#map a.map-skip").bounding_box()
    assert box is not None and box["y"] < 0


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_nothing_is_wider_than_the_page(page: Page, width: int) -> None:
    """From 320 to 1,600 pixels no figure makes the page scroll sideways."""
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_texts_of_charts_do_not_shrink(page: Page) -> None:
    """At 320 pixels the letters of the time line are as large as on a wide page."""
    text = page.locator(".time-chart .side").first
    wide = text.bounding_box()
    page.set_viewport_size({"width": 320, "height": 800})
    narrow = text.bounding_box()
    assert wide is not None and narrow is not None
    assert narrow["height"] == pytest.approx(wide["height"], abs=1)
