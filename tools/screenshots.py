"""Pictures of every page and state, and the README's picture; arguments: FOLDER, then names of pages."""

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

import huge_case
from palette_png import reduced
from tallyproof import web
from tallyproof.bootstrap import open_workspace
from tallyproof.services import access, cases, example, receiving, uploading
from tallyproof.services.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
EXAMPLE = f"/{example.CASE}"
HUGE = f"/{huge_case.CASE}"
FINDING = f"{EXAMPLE}/findings/B2/wi-president/sauk/"
OFFICE, PERSON, PASSWORD = "demo-2024", "Ann Admin", "four-plain-words-here"
UPLOADS = {
    "ready": "county,precinct,office,candidate,votes\nAsh,1,Mayor,Ann Adams,213\nAsh,1,Mayor,Bo Baker,many\n",
    "unknown": "Ort,Wahllokal,Ann Adams (DEM),Bob Baker (REP),Total\nAsh,W1,12,9,21\nAsh,W2,8,10,18\n",
    "unreadable": "<html><body>Not found</body></html>",
}
MOST_BYTES = 200_000
README_PICTURE = ROOT / "docs" / "images" / "sauk-finding.png"


@dataclass(frozen=True)
class Shot:
    """A page to look at: which home serves it, and its address there."""

    name: str
    home: str
    path: str
    status: int = 200


@dataclass(frozen=True)
class Look:
    """A way to look at a page; ``media`` print gives it the width of a sheet of paper."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    media: str = "screen"


SHOTS = (
    Shot("cases", "example", "/"),
    Shot("cases-empty", "empty", "/"),
    Shot("count", "example", f"{EXAMPLE}/"),
    Shot("count-as-of", "example", f"{EXAMPLE}/?as_of=2016-11-28"),
    Shot("count-empty", "opened", "/no-returns-yet/"),
    Shot("contest", "example", f"{EXAMPLE}/contests/wi-president/"),
    Shot("changes", "example", f"{EXAMPLE}/contests/wi-president/changes/6-7/"),
    Shot("checks", "example", f"{EXAMPLE}/checks/"),
    Shot("checks-empty", "opened", "/no-returns-yet/checks/"),
    Shot("finding", "example", FINDING),
    Shot("checks-filtered", "example", f"{EXAMPLE}/checks/?severity=warning&check=B2&sort=place"),
    Shot("checks-filtered-empty", "example", f"{EXAMPLE}/checks/?severity=error&check=B10"),
    Shot("contest-without-units", "example", f"{EXAMPLE}/contests/ca-president/"),
    Shot("places", "example", f"{EXAMPLE}/units/"),
    Shot("places-empty", "opened", "/no-returns-yet/units/"),
    Shot("place", "example", f"{EXAMPLE}/units/wi/sauk/"),
    Shot("search", "example", f"{EXAMPLE}/search/?q=sauk"),
    Shot("search-empty", "example", f"{EXAMPLE}/search/?q=atlantis"),
    Shot("import", "example", f"{EXAMPLE}/imports/7/"),
    Shot("components", "example", "/-/components/"),
    Shot("spanish", "example", f"{EXAMPLE}/contests/wi-president/?lang=es"),
    Shot("record", "example", f"{EXAMPLE}/record/"),
    Shot("record-empty", "opened", "/no-returns-yet/record/"),
    Shot("plan", "example", "/-/plan/"),
    Shot("plan-answered", "example", "/-/plan/?votes=Ann+5204%0ABo+4796&cards=10000"),
    Shot("plan-faults", "example", "/-/plan/?votes=Ann+x&cards=abc&risk_limit=0"),
    Shot("count-official", "office", "/demo-2024/"),
    Shot("new-case", "office", "/-/new-case/"),
    Shot("people", "office", "/-/people/"),
    Shot("upload", "office", "/demo-2024/upload/"),
    Shot("upload-ready", "ready", ""),
    Shot("upload-unknown", "unknown", ""),
    Shot("upload-unreadable", "unreadable", ""),
    Shot("error-404", "example", f"{EXAMPLE}/contests/no-such-contest/", 404),
    Shot("error-400", "example", f"{EXAMPLE}/?as_of=yesterday", 400),
    Shot("huge-count", "huge", f"{HUGE}/"),
    Shot("huge-contest", "huge", f"{HUGE}/contests/{huge_case.CONTEST}/"),
    Shot("huge-checks", "huge", f"{HUGE}/checks/"),
    Shot("huge-places", "huge", f"{HUGE}/units/"),
    Shot("huge-record", "huge", f"{HUGE}/record/"),
    Shot("wide-contest", "huge", f"/{huge_case.WIDE}/contests/{huge_case.WIDE_CONTEST}/"),
)
LOOKS = (
    Look("phone-light", 360, 740),
    Look("phone-dark", 360, 740, "dark"),
    Look("desktop-light", 1280, 900),
    Look("desktop-dark", 1280, 900, "dark"),
    Look("print", 794, 1123, media="print"),
)


def main(arguments: list[str]) -> int:
    """Take the pictures; with names, only those pages. Exit 1 where there is no browser."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        print(
            "No Chromium or Chrome found: apt-get install chromium, or install Google Chrome.",
            file=sys.stderr,
        )
        return 1
    folder, wanted = Path(arguments[0]) if arguments else ROOT / "site" / "screenshots", set(arguments[1:])
    folder.mkdir(parents=True, exist_ok=True)
    with homes() as addresses, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=QUIET)
        for look in LOOKS:
            _take(browser, look, addresses, folder, wanted)
        if not wanted or "readme" in wanted:
            _readme_picture(browser, addresses["example"])
        browser.close()
    return 0


@contextmanager
def homes() -> Iterator[dict[str, str]]:
    """The example, a large case, a case without returns, an empty home and an office, each on a free port."""
    with tempfile.TemporaryDirectory(prefix="tallyproof-") as place:
        home = {name: open_workspace(Path(place) / name) for name in ("example", "huge", "opened", "empty")}
        example.build(home["example"], access.terminal())
        huge_case.build(home["huge"], Path(place))
        huge_case.build_wide(home["huge"], Path(place))
        cases.open_case(home["opened"], access.terminal(), "no-returns-yet", title="No returns yet")
        addresses = {name: serve(workspace) for name, workspace in home.items()}
        yield addresses | _office(open_workspace(Path(place) / "office"))


def _office(workspace: Workspace) -> dict[str, str]:
    """An office with an administrator and uploads as far as each can be; the address of each."""
    from tallyproof.web.django_setup import configure

    configure()
    from tallyproof.web.accounts import people

    clerk = access.terminal()
    cases.open_case(workspace, clerk, OFFICE, title="Demo County, November 2024")
    people.add(workspace, PERSON, "administrator", PASSWORD)
    address = serve(workspace)
    found = {"office": address}
    for name, text in UPLOADS.items():
        draft = receiving.begin(workspace, clerk, OFFICE).id
        receiving.receive(workspace, clerk, OFFICE, draft, f"{name}.csv", [text.encode()])
        uploading.read(workspace, clerk, OFFICE, draft, patience=60)
        found[name] = f"{address}/{OFFICE}/upload/{draft}/"
    return found


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/-/sign-in/")
    page.get_by_label("Name").fill(PERSON)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def serve(workspace: Workspace) -> str:
    """Serve a workspace until this program ends; its address without the last slash."""
    told: list[str] = []
    is_ready = threading.Event()

    def ready(address: str) -> None:
        told.append(address.rstrip("/"))
        is_ready.set()

    threading.Thread(target=web.serve, args=(workspace, "127.0.0.1", 0, ready), daemon=True).start()
    if not is_ready.wait(30):
        raise TimeoutError("the pages were not served within 30 seconds")
    return told[0]


def _take(browser: Browser, look: Look, addresses: dict[str, str], folder: Path, wanted: set[str]) -> None:
    page = _page(browser, look)
    page.emulate_media(media="screen")  # paper gets no forms
    _sign_in(page, addresses["office"])
    page.emulate_media(media="print" if look.media == "print" else "screen")
    for shot in SHOTS:
        if not wanted or shot.name in wanted:
            _visit(page, addresses[shot.home] + shot.path, shot.status)
            page.screenshot(path=folder / f"{shot.name}-{look.name}.png", full_page=True)
            print(f"{shot.name}-{look.name}.png")
    page.context.close()


def _visit(page: Page, address: str, status: int = 200) -> None:
    answer = page.goto(address)
    if answer is None or answer.status != status:
        raise ValueError(f"{address} answered {answer and answer.status}, not {status}")


def _page(browser: Browser, look: Look, scale: float = 1) -> Page:
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.scheme == "dark" else "light",
        java_script_enabled=False,
        device_scale_factor=scale,
    )
    page = context.new_page()
    page.emulate_media(media="print" if look.media == "print" else "screen")
    return page


def _readme_picture(browser: Browser, address: str) -> None:
    """The Sauk finding from its tabs to its history, in as many colours as keep it small."""
    page = _page(browser, Look("readme", 1120, 800), scale=1.25)
    _visit(page, address + FINDING)
    end = page.locator("main").bounding_box()
    assert end is not None
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    clip: FloatRect = {"x": 0, "y": 0, "width": 1120, "height": end["y"] + end["height"]}
    shot = page.screenshot(clip=clip, full_page=True)
    README_PICTURE.write_bytes(smallest(reduced(shot, colours) for colours in (256, 128, 64, 32)))
    print(README_PICTURE.relative_to(ROOT), f"{README_PICTURE.stat().st_size:,} bytes")
    page.context.close()


def smallest(pictures: Iterable[bytes]) -> bytes:
    """The first picture below the most that the README's may have, else the last."""
    picture = b""
    for picture in pictures:
        if len(picture) < MOST_BYTES:
            break
    return picture


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
