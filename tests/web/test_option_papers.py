"""The calendar file and the memo of a contest's Options page."""

import csv
import html
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tallyproof import web
from tallyproof.services import access, cases, example, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.web.attached import file_name
from tallyproof.web.django_setup import configure
from tallyproof.web.serving import Serving
from tallyproof.web.static import site

from .official import Official
from .visitor import Visitor

configure()
WISCONSIN = f"/{example.CASE}/options/wi-president/"
ASKED = {"on": "2016-11-23T12:00", "act-last_county_statement": "2016-11-21", "requester": "Jill Stein"}
PAPERS = ("deadlines.ics", "memo.pdf")


def test_the_page_links_to_both_with_its_own_question(example_pages: Visitor) -> None:
    """Following the links asks the same: the calendar has the Friday that the act gives."""
    page = example_pages.get(f"{WISCONSIN}?{urlencode({**ASKED, 'as_of': '2016-12-20'})}")
    links = [link for link in page.links if link.partition("?")[0].endswith(PAPERS)]
    assert [link.partition("?")[0].removeprefix(WISCONSIN) for link in links] == list(PAPERS)
    assert all("as_of=2016-12-20" in link for link in links)
    assert b"DTEND;TZID=America/Chicago:20161125T170000" in example_pages.get(links[0]).body


def test_without_the_act_there_is_no_such_event(example_pages: Visitor) -> None:
    """The day cannot be counted then: neither a link nor a file, and the reason in a sentence."""
    query = urlencode({"on": ASKED["on"]})
    assert not [each for each in example_pages.get(f"{WISCONSIN}?{query}").links if ".ics" in each]
    refused = example_pages.get(f"{WISCONSIN}deadlines.ics?{query}")
    assert refused.status == 404
    assert "nothing for a calendar" in refused.text


@pytest.mark.parametrize(
    ("name", "kind", "begins"),
    [
        ("deadlines.ics", "text/calendar; charset=utf-8", b"BEGIN:VCALENDAR"),
        ("memo.pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_each_is_a_file_of_its_kind_that_nobody_keeps(
    example_pages: Visitor, name: str, kind: str, begins: bytes
) -> None:
    """Content type, a plain name to store it under, and no copy in a cache, signed in or not."""
    answer = example_pages.get(f"{WISCONSIN}{name}?{urlencode(ASKED)}")
    assert answer.status == 200
    assert answer.body.startswith(begins)
    assert answer.headers["Content-Type"] == kind
    stem, ending = name.split(".")
    told = f'attachment; filename="{example.CASE}-wi-president-{stem}.{ending}"'
    assert answer.headers["Content-Disposition"] == told
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize(
    ("field", "text"),
    [("on", "yesterday"), ("on", "9999-12-31"), ("requester", "Nobody"), ("precincts", "-3"),
     ("act-last_county_statement", "0001-01-01"), ("act-last_county_statement", "2016-11-07"),
     ("office", "emperor")],
)  # fmt: skip
def test_what_cannot_be_read_makes_no_paper(example_pages: Visitor, name: str, field: str, text: str) -> None:
    """The page shows such a fault beside its field; a paper could not, so the address is refused."""
    query = urlencode({**ASKED, field: text})
    refused = example_pages.get(f"{WISCONSIN}{name}?{query}")
    assert refused.status == 400
    assert text in html.unescape(refused.text)
    page = example_pages.get(f"{WISCONSIN}?{query}")
    assert page.status == 200
    assert not [each for each in page.links if each.partition("?")[0].endswith(PAPERS)]


@pytest.mark.parametrize("name", PAPERS)
def test_an_unknown_contest_has_none(example_pages: Visitor, name: str) -> None:
    """404, whatever signs are in the name."""
    for contest in ("mars-president", "..", "a\r\nSet-Cookie: b=c", '"><script>', "%00", "x" * 3_000):
        answer = example_pages.get(f"/{example.CASE}/options/{quote(contest)}/{name}")
        assert answer.status == 404, contest
        assert "<script>" not in answer.html
        assert "Set-Cookie" not in answer.headers


NAMES = (
    '=HYPERLINK("x")', "#set page(fill: red)", "\u202eevil", "Ann; BEGIN:VALARM", "<script>alert(1)</script>",
    "x" * 180,
)  # fmt: skip


def imported(home: Workspace, tmp_path: Path, choice: str, state: str = "WI") -> str:
    """The address of the options of a contest in which this choice came second."""
    path = tmp_path / "returns.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["state", "county", "office", "vote_for", "choice", "party", "measure", "votes"])
        rows.writerow([state, "Sauk", "President", 1, "Bob", "", "choice", 60])
        rows.writerow([state, "Sauk", "President", 1, choice, "", "choice", 50])
    cases.open_case(home, access.terminal(), "sauk", election=date(2016, 11, 8))
    importing.import_returns(home, access.terminal(), "sauk", Request((path,), "Sauk County"))
    return f"/sauk/options/{state.lower()}-president/"


@pytest.mark.parametrize("choice", NAMES)
def test_hostile_names_stay_text(
    home: Workspace, visit: Callable[[Workspace], Visitor], tmp_path: Path, choice: str
) -> None:
    """A choice's name adds no event or alarm, no header, and does not break the memo."""
    place = imported(home, tmp_path, choice)
    for name in PAPERS:
        answer = visit(home).get(f"{place}{name}?{urlencode({**ASKED, 'requester': choice})}")
        assert answer.status == 200, answer.text
        assert b"BEGIN:VALARM" not in answer.body
        assert "\n" not in answer.headers["Content-Disposition"]


def test_a_published_folder_has_the_calendar_and_no_memo(home: Workspace, tmp_path: Path) -> None:
    """Its days stay as they are; the same ledger gives the same bytes, and the link is relative."""
    imported(home, tmp_path, "Ann", "PA")
    published = [dict(site(home, "sauk")) for _ in range(2)]
    page = published[0]["options/pa-president/index.html"].decode()
    assert 'href="deadlines.ics"' in page
    assert b"DTEND;TZID=America/New_York:20161128T2359" in published[0]["options/pa-president/deadlines.ics"]
    assert not any(each.endswith(".pdf") for each in published[0])
    assert "memo.pdf" not in page
    assert published[0] == published[1]


def test_no_name_of_a_file_can_break_its_header() -> None:
    """Quotes, line ends, slashes and signs of other scripts become plain ones."""
    assert file_name('a"b\r\nc', "d/e", "Ω.ics") == "a_b__c-d-e-_.ics"


@pytest.mark.parametrize("name", PAPERS)
def test_a_stranger_to_a_private_case_gets_404(
    home: Workspace, signed_in: Callable[..., Official], tmp_path: Path, name: str
) -> None:
    """As for a case that is not there, also somebody signed in for another case; its own people get it."""
    paper = f"{imported(home, tmp_path, 'Ann', 'PA')}{name}"
    own, other = signed_in(home, cases=["sauk"]), signed_in(home, "Al Poe", cases=["other"])
    assert own.get(paper).status == 200
    stranger = Official(web.application(home, Serving()), host="localhost")
    for visitor in (other, stranger):
        answer, gone = visitor.get(paper), visitor.get(paper.replace("sauk", "soko"))
        assert answer.status == gone.status == 404
        assert answer.text.replace("sauk", "soko") == gone.text


def test_only_one_is_made_at_a_time(example_pages: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes meanwhile waits; after a while they are told to ask again."""
    from tallyproof.web.pages import option_papers

    monkeypatch.setattr(option_papers, "PATIENCE", 0.01)
    with option_papers._turn():
        busy = example_pages.get(f"{WISCONSIN}memo.pdf?{urlencode(ASKED)}")
    assert busy.status == 503
    assert busy.headers["Retry-After"] == "5"
    assert example_pages.get(f"{WISCONSIN}memo.pdf?{urlencode(ASKED)}").status == 200
