"""The published folder: every link leads to a file, nothing secret, the same bytes for the same head."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tallyproof.errors import AccessError, RequestError, StoreError
from tallyproof.services import access, caching, cases, example, findings, importing, publishing, records
from tallyproof.services.publishing import Published
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.store.chain import Event, verify_events
from tallyproof.web.static import Address, file_name, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CASE = example.CASE
SECRET = "Only the clerk’s own drawer knows"
ACTOR = access.terminal("Wilhelmina Secretperson")
ROWS = "WI,Sauk,President,1,Ann,,choice,60\nWI,Sauk,President,1,Bo,,choice,50\nWI,Sauk,,,,,ballots_cast,100\n"
HOSTILE = 'WI,"../../etc <script>",President,1,"Zoë ""x"" {{ 7 }}",,choice,9\n'


@pytest.fixture(scope="module")
def folder(example_home: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, published without the event that would say so."""
    place = tmp_path_factory.mktemp("published") / "site"
    stood = publishing._as_it_stood(example_home, CASE)
    files = dict(site(stood, CASE))
    publishing._write_all(place, files, publishing._record(stood, CASE, files))
    return place


@pytest.fixture
def small(home: Workspace, tmp_path: Path) -> Workspace:
    """A case of one county with hostile names, a finding, its answer and a secret note."""
    path = tmp_path / "sauk.csv"
    path.write_text("state,county,office,vote_for,choice,party,measure,votes\n" + ROWS + HOSTILE)
    importing.import_returns(home, ACTOR, "sauk", Request((path,), "Sauk County"))
    findings.explain(home, ACTOR, "sauk", "B2/wi-president/sauk", "Counted twice.", "Letter", SECRET)
    return home


def publish(home: Workspace, folder: Path, actor: access.Actor = ACTOR) -> Published:
    return publishing.publish(home, actor, "sauk", folder, site)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def links(page: bytes) -> Iterator[str]:
    for link in re.findall(r' (?:href|src|action)="([^"]*)"', page.decode()):
        yield html.unescape(link)


def test_every_link_leads_to_a_file_or_a_place_on_its_page(folder: Path) -> None:
    """Relative, within the folder, and an anchor that the target has."""
    files = contents(folder)
    wrong = []
    for name, body in files.items():
        for link in links(body) if name.endswith(".html") else ():
            parts = urlsplit(link)
            target = (folder / name).parent / unquote(parts.path) if parts.path else folder / name
            found = target.resolve().relative_to(folder.resolve()).as_posix()
            lost = parts.fragment and f'id="{parts.fragment}"'.encode() not in files.get(found, b"")
            if parts.scheme or parts.netloc or parts.query or found not in files or lost:
                wrong.append((name, link))
    assert len(files) > 400
    assert wrong == []


def test_no_page_has_a_form_or_asks_another_host(folder: Path) -> None:
    """A folder answers no question, and its policy forbids everything from elsewhere."""
    pages = [body.decode() for name, body in contents(folder).items() if name.endswith(".html")]
    assert all('http-equiv="Content-Security-Policy"' in page for page in pages)
    assert not [page for page in pages if "<form" in page or "<script" in page or 'href="http' in page]


def test_the_record_names_every_other_file_and_its_hash(folder: Path) -> None:
    """And holds the events, whose chain leads to the head that it names."""
    files = contents(folder)
    record = json.loads(files.pop("record.json"))
    assert record["files"] == {name: hashlib.sha256(body).hexdigest() for name, body in files.items()}
    verified = verify_events(Event(**each) for each in record["events"])
    assert verified.holds
    head = verified.heads[CASE]
    assert record["head"] == {"sequence": head.sequence, "hash": head.hash}


def test_an_altered_event_of_the_record_is_noticed(folder: Path) -> None:
    """Whoever changes a vote total in it breaks the chain there."""
    record = json.loads((folder / "record.json").read_bytes())
    events = [Event(**each) for each in record["events"]]
    events[2] = replace(events[2], body={**events[2].body, "source": "somebody else"})
    broken = verify_events(events).first_broken
    assert broken is not None
    assert broken.sequence == 3


def test_lists_come_as_csv_excel_and_json(folder: Path) -> None:
    """Wisconsin's counties in the three forms, with equal totals."""
    openpyxl = pytest.importorskip("openpyxl")
    units = folder / "data" / "units"
    told = json.loads((units / "wi-president.json").read_bytes())["units"]
    sheet = openpyxl.load_workbook(units / "wi-president.xlsx", read_only=True).active
    totals = [row[-2] for row in sheet.iter_rows(min_row=2, values_only=True)]
    lines = (units / "wi-president.csv").read_text(encoding="utf-8").splitlines()
    assert sum(each["total"] for each in told) == sum(totals) == 2_976_150
    assert len(lines) == len(told) + 1 == 73


def test_maps_tiles_and_their_files_are_published(folder: Path) -> None:
    """Counties lead to their pages by relative links; every list's three files are there."""
    contest = (folder / "contests" / "wi-president" / "index.html").read_text(encoding="utf-8")
    assert contest.count('<a href="../../units/wi/dane/index.html"><title>Dane: ') == 2
    assert 'href="../../assets/figures.css"' in contest
    tiles = (folder / "index.html").read_text(encoding="utf-8").split('id="tiles"')[1]
    assert '<a href="contests/mi-president/index.html"><title>' in tiles
    names = ("count", "findings", "places", "imports", "events", "counties/wi-president")
    missing = [
        f"{name}.{ending}" for name in names for ending in ("csv", "xlsx", "json")
        if not (folder / "data" / f"{name}.{ending}").is_file()
    ]  # fmt: skip
    assert missing == []


def test_publishing_tells_how_far_it_is(example_home: Workspace) -> None:
    """A count of pages while they are made, so that nobody thinks it stands still."""
    said: list[str] = []
    stood = replace(example_home, progress=said.append)
    publishing._made(stood, ((f"{number}.html", b"") for number in range(250)))
    assert said == ["Making the pages (1)", "Making the pages (101)", "Making the pages (201)"]


def test_the_same_head_gives_the_same_bytes_and_one_event(small: Workspace, tmp_path: Path) -> None:
    """Published twice, into two folders and once more into the first."""
    first, second = publish(small, tmp_path / "a"), publish(small, tmp_path / "b")
    again = publish(small, tmp_path / "a")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert (first.already, second.already, again.already) == (False, True, True)
    assert [e.kind for e in small.ledger.events("sauk")].count(cases.PUBLISHED) == 1
    assert small.ledger.verify("sauk").holds


def test_answers_made_now_and_answers_kept_publish_the_same_bytes(small: Workspace, tmp_path: Path) -> None:
    """The checks' report is derived: with it, without it, and in a program that remembers nothing."""
    reports = Path(small.place) / "files" / "named" / "reports"
    for name in ("made", "kept", "made again"):
        if name.startswith("made"):
            shutil.rmtree(reports)
        caching.forget()
        publish(small, tmp_path / name)
    assert contents(tmp_path / "made") == contents(tmp_path / "kept") == contents(tmp_path / "made again")


def test_the_event_names_the_head_and_the_hash_of_the_record(small: Workspace, tmp_path: Path) -> None:
    """So that a copy elsewhere can be held against the ledger."""
    done = publish(small, tmp_path / "site")
    event = list(small.ledger.events("sauk"))[-1]
    assert (
        event.body["manifest"] == hashlib.sha256((tmp_path / "site" / "record.json").read_bytes()).hexdigest()
    )
    assert event.body["head"] == {"sequence": done.head.sequence, "hash": done.head.hash}


def test_nothing_secret_enters_the_folder(small: Workspace, tmp_path: Path) -> None:
    """Neither the note nor the name nor the salt that would open their commitments."""
    publish(small, tmp_path / "site")
    event = next(e for e in small.ledger.events("sauk") if e.kind == cases.EXPLAINED)
    openings = [small.ledger.opening("sauk", event.sequence, name) for name in ("note", "actor_name")]
    whole = b"".join(contents(tmp_path / "site").values()).decode("utf-8", "replace")
    assert openings[0] is not None
    assert not [each for each in (SECRET, ACTOR.name, *(o.salt for o in openings if o)) if str(each) in whole]
    assert "Counted twice." in whole


def test_hostile_names_become_safe_file_names(small: Workspace, tmp_path: Path) -> None:
    """A county named like a path stays in the folder, and its page shows it as text."""
    publish(small, tmp_path / "site")
    names = list(contents(tmp_path / "site"))
    assert all(publishing.is_safe(name) for name in names)
    pages = [body for name, body in contents(tmp_path / "site").items() if name.endswith(".html")]
    assert not [body for body in pages if b"<script" in body]


@pytest.mark.parametrize(
    "path", ["/c/units/wi/-/zo%C3%AB/", "/c/findings/B2/x/" + "y" * 300 + "/", "/c/units/../x/"]
)
def test_any_address_becomes_a_safe_file_name(path: str) -> None:
    """Of plain signs, short, and never upwards."""
    name = file_name(Address(path), "c")
    assert publishing.is_safe(name)
    assert max(map(len, name.split("/"))) <= 100


@pytest.mark.parametrize("name", ["../x", "a/../b", "/etc/passwd", "a//b", "", ".", "a\\b", "c:x", "a/./b"])
def test_a_name_that_leads_elsewhere_is_not_safe(name: str) -> None:
    """Whatever a record found in a folder names, nothing outside is touched."""
    assert not publishing.is_safe(name)


def test_a_folder_of_somebody_else_is_left_alone(small: Workspace, tmp_path: Path) -> None:
    """It is refused with a sentence, and nothing in it changes."""
    place = tmp_path / "photos"
    place.mkdir()
    (place / "cat.jpg").write_bytes(b"meow")
    with pytest.raises(RequestError, match="not published by Tallyproof"):
        publish(small, place)
    assert contents(place) == {"cat.jpg": b"meow"}


def test_publishing_again_removes_only_its_own_files(small: Workspace, tmp_path: Path) -> None:
    """A page that is gone goes; a file that somebody put beside it stays."""
    place = tmp_path / "site"
    publish(small, place)
    (place / "CNAME").write_text("results.example.org")
    importing.undo_import(small, ACTOR, "sauk", 2, "Sent by mistake")
    done = publish(small, place)
    assert done.removed > 0
    assert not (place / "contests").exists()
    assert (place / "CNAME").read_text() == "results.example.org"


def test_a_file_of_somebody_else_is_never_overwritten(small: Workspace, tmp_path: Path) -> None:
    """Not even where a new page would need its name."""
    place = tmp_path / "site"
    publish(small, place)
    record = json.loads((place / "record.json").read_bytes())
    del record["files"]["index.html"]
    (place / "record.json").write_text(json.dumps(record))
    with pytest.raises(RequestError, match=r"index.html was not published"):
        publish(small, place)


def test_a_record_that_names_files_elsewhere_removes_nothing(small: Workspace, tmp_path: Path) -> None:
    """A folder prepared by somebody else cannot make us delete what is beside it."""
    precious = tmp_path / "precious.txt"
    precious.write_text("keep me")
    place = tmp_path / "site"
    publish(small, place)
    record = json.loads((place / "record.json").read_bytes())
    record["files"]["../precious.txt"] = "0" * 64
    (place / "record.json").write_text(json.dumps(record))
    publish(small, place)
    assert precious.read_text() == "keep me"


def test_a_publication_that_was_broken_off_is_taken_up_again(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full half way; the second run finishes and leaves nothing of the first."""
    place, real = tmp_path / "site", publishing._write
    written: list[Path] = []

    def full(path: Path, content: bytes) -> None:
        if len(written) == 5:
            raise OSError(28, "No space left on device", str(path))
        written.append(path)
        real(path, content)

    monkeypatch.setattr(publishing, "_write", full)
    with pytest.raises(RequestError, match="publish again to finish it"):
        publish(small, place)
    monkeypatch.undo()
    publish(small, place)
    assert not [name for name in contents(place) if name.startswith(".")]


def test_a_folder_of_another_case_is_refused(small: Workspace, tmp_path: Path) -> None:
    """Two cases never mix in one folder."""
    publish(small, tmp_path / "site")
    cases.open_case(small, ACTOR, "other")
    with pytest.raises(RequestError, match="holds the published case sauk"):
        publishing.publish(small, ACTOR, "other", tmp_path / "site", site)


def test_who_may_only_read_may_not_publish(small: Workspace, tmp_path: Path) -> None:
    """Publishing is a right of its own."""
    with pytest.raises(AccessError):
        publish(small, tmp_path / "site", access.READER)
    assert not (tmp_path / "site").exists()


def test_a_broken_chain_is_not_published(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first broken link is named instead."""
    from tallyproof.store.chain import BrokenLink, Fault, Verification

    broken = Verification({}, (BrokenLink("sauk", 2, Fault.CONTENT),))
    monkeypatch.setattr(type(small.ledger), "verify", lambda *_: broken)
    with pytest.raises(StoreError, match="event 2"):
        publish(small, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_published_folder_is_checked_without_a_ledger(small: Workspace, tmp_path: Path) -> None:
    """Chain, head and every file hold; a changed and a lost file are named."""
    done = publish(small, tmp_path / "site")
    checked = records.check_record(tmp_path / "site")
    assert (checked.holds, checked.head, checked.manifest) == (True, done.head, done.manifest)
    (tmp_path / "site" / "index.html").write_text("Ann has won")
    (tmp_path / "site" / "data" / "count.csv").unlink()
    checked = records.check_record(tmp_path / "site" / "record.json")
    assert (checked.holds, checked.changed, checked.missing) == (False, ("index.html",), ("data/count.csv",))


@pytest.mark.parametrize("part", ["actor", "at", "hash", "previous", "kind"])
def test_an_altered_event_of_a_record_breaks_its_chain(small: Workspace, tmp_path: Path, part: str) -> None:
    """Whichever field was changed, the event is named; so is a head that is not the last event's."""
    publish(small, tmp_path / "site")
    place = tmp_path / "site" / "record.json"
    record = json.loads(place.read_bytes())
    altered = [*record["events"]]
    altered[1] = {**altered[1], part: "0" * 64}
    place.write_text(json.dumps({**record, "events": altered}))
    broken = records.check_record(place).broken
    assert broken is not None
    assert broken.sequence == 2
    place.write_text(json.dumps({**record, "events": record["events"][:-1]}))
    assert records.check_record(place).broken is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "tallyproof record 1"}', "[" * 9_000])
def test_what_is_no_record_is_refused_in_words(tmp_path: Path, text: str) -> None:
    """Also a file that is not there."""
    (tmp_path / "record.json").write_text(text)
    with pytest.raises(RequestError, match="is no record"):
        records.check_record(tmp_path)
    with pytest.raises(RequestError, match="cannot be read"):
        records.check_record(tmp_path / "nothing.json")


@pytest.mark.browser
@pytest.mark.parametrize(
    "page",
    ["index.html", "checks/index.html", "record/index.html", "units/index.html", "units/wi/sauk/index.html",
     "contests/wi-president/index.html", "findings/B2/wi-president/sauk/index.html", "imports/3/index.html"],
)  # fmt: skip
def test_a_page_opens_from_the_disk_without_a_server(browser: Browser, folder: Path, page: str) -> None:
    """With its style, nothing refused by its own policy, nothing found by axe, no scrolling at 320 pixels."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 320, "height": 800})
    shown, said = context.new_page(), []
    shown.on("console", lambda message: said.append(message.text))
    shown.goto((folder / page).as_uri())
    font = shown.evaluate("getComputedStyle(document.body).fontFamily")
    width = shown.evaluate("document.documentElement.scrollWidth")
    assert said == []
    assert "system-ui" in font
    assert width == 320
    shown.context.close()
    checked = browser.new_context(bypass_csp=True).new_page()
    checked.goto((folder / page).as_uri())
    found = Axe().run(checked).response["violations"]
    checked.context.close()
    assert [each["id"] for each in found] == []
