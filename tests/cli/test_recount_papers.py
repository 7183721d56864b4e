"""``tallyproof recount plan``, ``memo``, ``petition``, ``calendar``: files written, and said in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

WISCONSIN = (
    *("--state", "WI", "--date", "2016-11-08", "--on", "2016-11-23T12:00", "--total", "2976150"),
    *("--votes", "Trump=1404440", "Clinton=1381823", "Stein=31072"),
    *("--act", "last_county_statement=2016-11-21"),
)
PLAN = {
    "kind": "recount_plan",
    "on": "2016-11-23T12:00:00",
    "contests": [
        {
            "contest": {
                "state": "MI", "date": "2016-11-08", "office": "president", "requester": "Stein",
                "votes": {"Trump": 2279543, "Clinton": 2268839, "Stein": 51463},
            },
            "jurisdictions": [
                {"name": "Wayne", "precincts": 1680, "method": "hand"}, {"name": "others", "precincts": 6106},
            ],
        }
    ],
}  # fmt: skip


def flat(text: str) -> str:
    """Return the words without the lines that the terminal made of them."""
    return " ".join(text.split())


def test_memo(run: Run, tmp_path: Path) -> None:
    """The answer is printed too; the file is a PDF."""
    ran = run("recount", "memo", *WISCONSIN, "--requester", "Stein", "--output", tmp_path / "memo.pdf")
    assert ran.code == 0
    assert flat(ran.out).startswith("In Wisconsin a recount may be asked for, at the requester's cost.")
    assert (tmp_path / "memo.pdf").read_bytes().startswith(b"%PDF-")


def test_petition_by_district(run: Run, tmp_path: Path) -> None:
    """A folder of sheets; the row that names no district is told."""
    (tmp_path / "list.csv").write_text("county,ward\nDane,1\nDane,\nDoor,2\n")
    ran = run("recount", "petition", *WISCONSIN, "--districts", tmp_path / "list.csv", "-o", tmp_path / "out")
    out = flat(ran.out)
    assert "2 worksheets written to" in out
    assert "Left out: row 3 names no district." in out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["dane.pdf", "door.pdf"]


def test_petition_refuses_in_words(run: Run, tmp_path: Path) -> None:
    """The winner: nothing is written, the reason is said, the exit code is 1."""
    ran = run("recount", "petition", *WISCONSIN, "--requester", "Trump", "-o", tmp_path / "x.pdf")
    assert ran.code == 1
    assert "So there is no worksheet." in flat(ran.err)
    assert not list(tmp_path.iterdir())


def test_calendar(run: Run, tmp_path: Path) -> None:
    """One deadline, and none that is from memory without being said."""
    ran = run("recount", "calendar", *WISCONSIN, "-o", tmp_path / "wi.ics")
    assert flat(ran.out).startswith("1 deadline written to")
    assert b"DTSTART;TZID=America/Chicago:20161125T170000" in (tmp_path / "wi.ics").read_bytes()


def test_plan_of_a_file(run: Run, tmp_path: Path) -> None:
    """Budget by jurisdiction and checklist, as text, JSON and PDF; solve gives the same."""
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(PLAN))
    ran = run("recount", "plan", file, "-o", tmp_path / "plan.pdf")
    assert flat(ran.out).startswith("Asking in Michigan costs $973,250.")
    assert "$210,000" in ran.out
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF-")
    shown = json.loads(run("recount", "plan", file, "--json").out)
    assert shown["low"] == "973250"
    assert json.loads(run("solve", file).out) == shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("memo", *WISCONSIN, "--output", "memo.txt"), "this is written as .pdf"),
        (("memo", *WISCONSIN, "--paper", "a5"), "'a5' is no size of paper here. Use one of: us-letter, a4."),
        (("calendar", *WISCONSIN, "--output", "x.pdf"), "this is written as .ics"),
        (("memo", "--state", "WI"), "--date is needed"),
        (("plan",), "Name one plan as a file"),
        (("plan", "nowhere.json"), "nowhere.json cannot be read"),
        (("plan", "--case", "x", "--precincts", "7786"), "write it like MI="),
        (("plan", "--case", "x", "--estimate", "WI=much"), "'much' is no number"),
        (("plan", "--case", "x", "--act", "state_canvass=2016-11-28"), "WI:last_county_statement="),
    ],
)
def test_wrong_requests_are_told(run: Run, words: tuple[str, ...], why: str) -> None:
    """Each with what to write instead; nothing is made."""
    ran = run("recount", *words)
    assert ran.code == 1
    assert why in flat(ran.err)


@pytest.mark.parametrize("text", ["jurisdiction,method\nWayne,hand\n", "county,precincts\nWayne,9\n"])
def test_a_list_of_jurisdictions_needs_their_names_and_something_to_count(
    run: Run, tmp_path: Path, text: str
) -> None:
    """A list without either would price nothing."""
    (tmp_path / "list.csv").write_text(text)
    ran = run("recount", "plan", "--case", "x", "--jurisdictions", f"MI={tmp_path / 'list.csv'}")
    assert ran.code == 1
    assert "needs a column jurisdiction, and one of precincts, ballots, areas" in flat(ran.err)


def test_report_of_a_recount(run: Run, tmp_path: Path) -> None:
    """The comparison as a PDF beside the answer on the screen."""
    header = "county,precinct,office,party,candidate,votes\n"
    (tmp_path / "a.csv").write_text(f"{header}Demo,Ash,President,DEM,Ann,20\nDemo,Ash,President,REP,Bob,10\n")
    (tmp_path / "b.csv").write_text(f"{header}Demo,Ash,President,DEM,Ann,21\nDemo,Ash,President,REP,Bob,10\n")
    files = (tmp_path / "a.csv", tmp_path / "b.csv")
    ran = run("recount", "compare", *files, "--state", "WI", "--report", tmp_path / "r.pdf")
    assert "Report written to" in ran.err
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
