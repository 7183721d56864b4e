"""Uploading in a real browser: with and without JavaScript, by keyboard alone, after a break."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formats.bad_files import GOOD  # type: ignore[import-not-found]
from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, cases, receiving, uploading
from tallyproof.services.workspace import Workspace

from .official import PASSWORD, add_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

CASE = "demo-2024"
WIDE = "Ort,Wahllokal,Ann Adams (DEM),Bob Baker (REP),Total Votes\nAdams,W1,12,9,21\nAdams,W2,8,10,18\n"
REJECTED = GOOD + "".join(f"Adams,Ward {n},President,Ann Adams,many\n" for n in range(2, 22))


def serve(workspace: Workspace) -> str:
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address.rstrip("/"))
        is_ready.set()

    threading.Thread(target=web.serve, args=(workspace, "127.0.0.1", 0, ready), daemon=True).start()
    assert is_ready.wait(20)
    return told[0]


def prepared(home: Path) -> Workspace:
    """A workspace with a case and an official who takes part in it."""
    workspace = open_workspace(home)
    cases.open_case(workspace, access.terminal(), CASE, title="Demo 2024")
    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs here, and Django minds
        apart.submit(add_person, workspace, cases=[CASE]).result()
    return workspace


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return prepared(tmp_path_factory.mktemp("uploads") / "home")


@pytest.fixture(scope="module")
def served(office: Workspace) -> str:
    return serve(office)


def sign_in(page: Page, served: str) -> Page:
    page.goto(f"{served}/-/sign-in/")
    page.get_by_label("Name").fill("Jo Doe")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served}/")
    return page


@pytest.fixture
def clerk(browser: Browser, served: str) -> Iterator[Callable[..., Page]]:
    """Makes a page of a browser in which the official is signed in."""
    contexts = []

    def make(**options: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        return sign_in(contexts[-1].new_page(), served)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    """Writes files of these names and texts; each test's own, so that none counts already."""

    def make(**texts: str) -> list[Path]:
        paths = []
        for name, text in texts.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(text)
        return paths

    return make


def imports(workspace: Workspace) -> int:
    return len(cases.state(workspace, access.terminal(), CASE).imports)


def whole_path(page: Page, served: str, path: Path) -> None:
    """From the Count tab to an imported file and back again."""
    page.goto(f"{served}/{CASE}/")
    page.get_by_role("link", name="Upload results").first.click()
    page.get_by_label("Results files").set_input_files(path)
    page.get_by_role("button", name="Upload files").click()
    page.get_by_role("button", name="Import one row").wait_for()
    page.get_by_label("Source", exact=True).fill("County clerk")
    page.get_by_label("How final").select_option("certified")
    page.get_by_role("button", name="Import one row").click()
    page.get_by_text("Imported just now.").wait_for()
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_label("Why").fill("A trial")
    page.locator("main").get_by_role("button", name="Undo import").click()
    page.get_by_text("This import was undone").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_whole_path_works(
    clerk: Callable[..., Page], served: str, office: Workspace, files: Callable[..., list[Path]], script: bool
) -> None:
    """Choose, look, say whose figures, import, undo."""
    [path] = files(returns=GOOD.replace("12", "13" if script else "14"))
    page, before = clerk(java_script_enabled=script), imports(office)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    whole_path(page, served, path)
    assert imports(office) == before + 1
    assert said == []


@pytest.mark.postgres
def test_the_whole_path_works_on_postgresql(
    browser: Browser, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch,
    files: Callable[..., list[Path]],
) -> None:  # fmt: skip
    """The same path, with ledger and accounts in PostgreSQL."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    workspace = prepared(tmp_path / "home")
    address = serve(workspace)
    context = browser.new_context()
    whole_path(sign_in(context.new_page(), address), address, files(returns=GOOD)[0])
    assert imports(workspace) == 1
    context.close()


def test_the_keyboard_alone_imports_a_file(
    clerk: Callable[..., Page], served: str, office: Workspace, files: Callable[..., list[Path]]
) -> None:
    """Tab, Space and Enter lead from the choice of a file to its import."""
    page, before = clerk(), imports(office)
    page.goto(f"{served}/{CASE}/upload/")
    with page.expect_file_chooser() as chooser:
        tab_to(page, "files")
        page.keyboard.press("Enter")
    chooser.value.set_files(files(returns=GOOD.replace("12", "15")))
    tab_to(page, "Upload files")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Import one row").wait_for()
    tab_to(page, "Import one row")
    page.keyboard.press("Enter")
    page.get_by_text("Imported just now.").wait_for()
    assert imports(office) == before + 1


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with this id or these words has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "[document.activeElement.id, document.activeElement.textContent.trim(),"
            " document.activeElement.name]"
        )
        if wanted in here:
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_a_broken_connection_goes_on_where_it_stopped(
    clerk: Callable[..., Page], served: str, files: Callable[..., list[Path]]
) -> None:
    """A piece that is cut off is asked for and sent again; nothing of the file is sent twice."""
    text = GOOD + "".join(f"Adams,Ward {n},President,Ann Adams,{n}\n" for n in range(2, 250_000))
    [path] = files(large=text)
    page, sent = clerk(), list[int]()

    def flaky(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
            if len(sent) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/files/**", flaky)
    page.goto(f"{served}/{CASE}/upload/")
    page.get_by_label("Results files").set_input_files(path)
    page.get_by_role("button", name="Upload files").click()
    page.get_by_text("The connection broke.").wait_for()
    page.wait_for_url("**/upload/*/", timeout=30_000)
    assert sent[:3] == [0, 4 * 1024 * 1024, 4 * 1024 * 1024]
    page.get_by_role("button", name="Import 249,999 rows").wait_for(timeout=60_000)


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    browser: Browser, tmp_path: Path, files: Callable[..., list[Path]]
) -> None:
    """The script says it without a request; nothing is left behind."""
    from dataclasses import replace

    workspace = replace(prepared(tmp_path / "home"), largest_upload=1_000)
    address = serve(workspace)
    context = browser.new_context()
    page = sign_in(context.new_page(), address)
    page.goto(f"{address}/{CASE}/upload/")
    page.get_by_label("Results files").set_input_files(files(large=GOOD * 40))
    page.get_by_role("button", name="Upload files").click()
    page.get_by_text("large.csv is larger than what one upload may have: 1 kB.").wait_for()
    assert not uploading.unfinished(workspace, access.terminal(), CASE)
    context.close()


# ---- every state


def uploaded(workspace: Workspace, **texts: str) -> str:
    """The address of an upload of these files, read."""
    clerk = access.terminal()
    draft = receiving.begin(workspace, clerk, CASE).id
    for name, text in texts.items():
        receiving.receive(workspace, clerk, CASE, draft, f"{name}.csv", [text.encode()])
    uploading.read(workspace, clerk, CASE, draft, patience=30)
    return f"/{CASE}/upload/{draft}/"


STATES: dict[str, Callable[[Workspace], str]] = {
    "new case": lambda _: "/-/new-case/",
    "nothing chosen yet": lambda _: f"/{CASE}/upload/",
    "ready": lambda home: uploaded(home, returns=GOOD.replace("12", "77")),
    "rows rejected": lambda home: uploaded(home, returns=REJECTED),
    "all rejected rows": lambda home: f"{uploaded(home, returns=REJECTED)}1/rejected/",
    "mapping proposed": lambda home: uploaded(home, unknown=WIDE),
    "cannot be read": lambda home: uploaded(home, page="<html><body>Not found</body></html>"),
    "nothing known": lambda home: uploaded(home, notes="a,b\nno,votes\nin,here\n"),
    "several": lambda home: uploaded(home, one=GOOD, two=GOOD, three=WIDE, empty=""),
}
every_state = pytest.mark.parametrize("state", STATES)


@every_state
def test_axe_finds_nothing(clerk: Callable[..., Page], served: str, office: Workspace, state: str) -> None:
    """WCAG 2.2 A and AA, and the contrast in dark too."""
    from axe_playwright_python.sync_playwright import Axe

    page = clerk(bypass_csp=True)
    page.goto(served + STATES[state](office))
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


@every_state
def test_every_state_fits_every_screen(
    clerk: Callable[..., Page], served: str, office: Workspace, state: str
) -> None:
    """Nothing scrolls sideways from 320 to 1,600 pixels; targets are 44 pixels high or more."""
    page = clerk(java_script_enabled=False)
    page.goto(served + STATES[state](office))
    for width in (320, 360, 768, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 360, "height": 740})
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main input:not([type=hidden], [type=checkbox]),"
        " main select, main summary, main .action')]"
        ".map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])"
        ".filter(([_, height]) => height && height < 43.5)"
    )
    assert small == []
