"""Signing in, replying and giving access in a real browser: by keyboard, without JavaScript, accessible."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, cases
from tallyproof.services.workspace import Workspace

from .official import PASSWORD, add_person
from .test_reply import PAGE, fault_case

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

LONG_NAME = "Maximiliane von und zu Unterwasserschlag-Oberhinterdorf"
STRANGERS = {"cases": "/", "sign in": "/-/sign-in/", "private": "/demo/"}
OWN = {
    "cases": "/",
    "finding": PAGE,
    "import": "/demo/imports/2/",
    "undo": "/demo/imports/2/undo/",
    "password": "/-/password/",
    "people": "/-/people/",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A place with a case, an administrator, and an official with a long name."""
    place = tmp_path_factory.mktemp("office")
    home = open_workspace(place / "home")
    fault_case(home, place)
    with ThreadPoolExecutor(1) as other:  # Django's database is not for a thread that drives a browser
        other.submit(add_person, home, "Ann Admin", "administrator").result()
        other.submit(add_person, home, LONG_NAME, "official", ["demo"]).result()
    return home


@pytest.fixture(scope="module")
def served(office: Workspace) -> str:
    """The address of its pages."""
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address.rstrip("/"))
        is_ready.set()

    threading.Thread(target=web.serve, args=(office, "127.0.0.1", 0, ready), daemon=True).start()
    assert is_ready.wait(20)
    return told[0]


@pytest.fixture(scope="module")
def signed(browser: Browser, served: str) -> Iterator[BrowserContext]:
    """A browser in which the administrator is signed in, which axe may be put into."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    enter(page, served)
    yield context
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with JavaScript off as far as the site is concerned."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def enter(page: Page, served: str, name: str = "Ann Admin") -> None:
    page.goto(f"{served}/-/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_text("Signed in as").wait_for()


def faults_of(page: Page) -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    page.emulate_media(color_scheme="light")
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


@pytest.mark.parametrize("address", OWN.values(), ids=OWN.keys())
def test_axe_finds_nothing_on_pages_with_forms(signed: BrowserContext, served: str, address: str) -> None:
    """WCAG 2.2 A and AA and best practices, light and dark."""
    page = signed.new_page()
    page.goto(served + address)
    assert faults_of(page) == []
    page.close()


@pytest.mark.parametrize("address", STRANGERS.values(), ids=STRANGERS.keys())
def test_axe_finds_nothing_on_pages_for_strangers(browser: Browser, served: str, address: str) -> None:
    """The sign-in page, the empty list, and the refusal."""
    page = browser.new_page(bypass_csp=True)
    page.goto(served + address)
    assert faults_of(page) == []
    page.close()


def test_axe_finds_nothing_on_a_form_that_came_back(signed: BrowserContext, served: str) -> None:
    """What is wrong stands beside each field, in words."""
    page = signed.new_page()
    page.goto(served + PAGE)
    page.get_by_label("We explain it").check()
    page.get_by_label("In your office’s own words").fill("   ")
    page.get_by_role("button", name="Record the reply").click()
    page.get_by_text("Not recorded yet.").wait_for()
    assert page.get_by_label("We explain it").is_checked()
    assert faults_of(page) == []
    page.close()


@pytest.mark.parametrize("address", OWN.values(), ids=OWN.keys())
def test_nothing_scrolls_sideways_and_targets_are_large(
    signed: BrowserContext, served: str, address: str
) -> None:
    """From 320 pixels on; buttons, fields and the label of every choice are 44 pixels high."""
    page = signed.new_page()
    page.goto(served + address)
    for width in (320, 360, 768, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 360, "height": 740})
    small = page.evaluate(
        "[...document.querySelectorAll('button, textarea, select, .choice, .signed-in a, .action,"
        " input:not([type=hidden], [type=radio], [type=checkbox], .hidden)')]"
        ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        ".filter(([_, height]) => height && height < 43.5)"
    )
    assert small == []
    page.close()


def test_a_browser_keeps_to_our_policy_and_says_nothing(page: Page, served: str) -> None:
    """Signing in asks nobody else, and the console stays empty: the policy lets the form through."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    enter(page, served)
    assert said == []


def test_signing_in_and_out_by_keyboard_alone(page: Page, served: str) -> None:
    """From the first page through the form back to the first page, without JavaScript."""
    page.goto(served)
    for _ in range(3):  # past "Skip to content" and the name of the place
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Sign in"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    while page.evaluate("document.activeElement.id") != "name":
        page.keyboard.press("Tab")
    page.keyboard.type("ann admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Signed in as").wait_for()
    while page.evaluate("document.activeElement.textContent") != "Sign out":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Sign in to see the cases of this place.").wait_for()


def test_an_office_replies_without_javascript_and_mends_its_form(
    page: Page, served: str, office: Workspace
) -> None:
    """A missing citation brings the form back with everything typed; then the history shows the reply."""
    enter(page, served, LONG_NAME)
    page.goto(served + PAGE)
    page.get_by_label("We explain it").check()
    page.get_by_label("In your office’s own words").fill("The tape of Birch reads 155.")
    page.get_by_role("button", name="Record the reply").click()
    assert page.get_by_text("Say where it stands, so that others can look it up.").first.is_visible()
    assert page.get_by_label("In your office’s own words").input_value() == "The tape of Birch reads 155."
    page.get_by_label("Where it stands").fill("Letter of 7 November 2024")
    page.get_by_role("button", name="Record the reply").click()
    page.wait_for_url("**#history")
    assert page.locator(".history").get_by_text("The tape of Birch reads 155.").is_visible()
    told = [each.kind for each in office.ledger.events("demo")]
    assert told.count(cases.EXPLAINED) == 1
    assert cases.state(office, access.terminal(), "demo").imports[0].undone == ""


def test_paper_gets_neither_forms_nor_the_top_bars_links(signed: BrowserContext, served: str) -> None:
    """Printed pages of officials look like those of everybody."""
    page = signed.new_page()
    page.goto(served + PAGE)
    page.emulate_media(media="print")
    assert not [each for each in (".signed-in", "form", ".reply") if page.locator(each).first.is_visible()]
    page.close()


def test_somebody_is_added_on_the_page_of_people(page: Page, served: str, tmp_path: Path) -> None:
    """Name, role, case, first password; then the name stands in the list."""
    enter(page, served)
    page.get_by_role("link", name="People").click()
    page.get_by_label("Name to sign in with").fill("Rea Reader")
    page.get_by_label("Reader:").check()
    page.get_by_label("demo").check()
    page.get_by_label("A first password").fill("a-first-password-for-rea")
    page.get_by_role("button", name="Add the person").click()
    page.get_by_role("link", name="Rea Reader").click()
    assert page.get_by_label("demo").is_checked()
