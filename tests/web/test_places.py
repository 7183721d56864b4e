"""The page of a place, the list of places, search, and the page of an import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof.errors import RequestError
from tallyproof.services import access, example, importing, pages, places, searching
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

CASE = f"/{example.CASE}"
READER = access.READER


def imported(home: Workspace, folder: Path, text: str, name: str = "county.csv") -> None:
    """A case "county" with one file."""
    path = folder / name
    path.write_text(text)
    importing.import_returns(home, access.terminal(), "county", Request((path,), "The county"))


def test_a_place_shows_votes_reports_ballots_and_findings(example_pages: Visitor) -> None:
    """Sauk: the recount's row, what the press said, ballots from form EL-190, and the finding of 2016."""
    text = example_pages.get(f"{CASE}/units/wi/sauk/").text
    assert "Donald Trump is 109 ahead of Hillary Clinton, of 31,357 votes, recounted." in text
    assert "Donald Trump REP | 14,799 | wisconsin_recount.csv, row 992" in text
    assert "Registered voters" in text
    assert "Sauk: 34,323 votes for President exceed 31,838 ballots" in text


def test_the_places_of_a_contest_add_up_to_it(example_home: Workspace) -> None:
    """The reports that the count relies on, over all of Wisconsin's counties, give its total."""
    known = places.places(example_home, READER, example.CASE)
    counties = [each for each in known.by_key.values() if each.state == "WI" and each.county]
    shown = [places.unit_page(example_home, READER, example.CASE, each.key) for each in counties]
    here = [each for page in shown for each in page.contests if each.contest.id == "wi-president"]
    assert len(here) == 72
    assert sum(each.reports[0].total or 0 for each in here) == 2_976_150


def test_as_of_a_day_a_place_is_what_was_known_then(example_pages: Visitor) -> None:
    """Before the recount the count of Oneida was the one first posted."""
    text = example_pages.get(f"{CASE}/units/wi/oneida/?as_of=2016-11-28").text
    assert "unofficial" in text.split("Choice | Number")[0]
    assert "recounted" not in text


def test_every_place_has_an_address_of_its_own() -> None:
    """Names that differ only in signs, case or length keep apart, and names of signs alone have one."""
    names = [("WI", "St. Croix", ""), ("WI", "St Croix", ""), ("WI", "", "***"), ("WI", "", "?"),
             ("WI", "a", "x" * 300), ("WI", "a", "x" * 301), ("", "", "Ward 1"), ("WI", "", "")]  # fmt: skip
    keys = [each.key for each in places.keyed(names).values()]
    assert len(set(keys)) == len(names)
    assert max(len(key) for key in keys) < 110


def test_a_place_that_nobody_speaks_of_is_not_there(example_pages: Visitor) -> None:
    """With what to do in words."""
    answer = example_pages.get(f"{CASE}/units/wi/atlantis/")
    assert answer.status == 404
    assert "Search for the place" in answer.text


def test_contest_and_finding_lead_to_the_place(example_pages: Visitor) -> None:
    """From the table of units and from the finding's card."""
    sauk = f"{CASE}/units/wi/sauk/"
    assert sauk in example_pages.get(f"{CASE}/contests/wi-president/?q=sauk").links
    assert sauk in example_pages.get(f"{CASE}/findings/B2/wi-president/sauk/").links


def test_the_list_of_places_leads_to_each(example_pages: Visitor) -> None:
    """51 states and 222 counties."""
    page = example_pages.get(f"{CASE}/units/")
    assert "Sources speak of 273 places." in page.text
    assert len({link for link in page.links if link.startswith(f"{CASE}/units/")}) >= 273


@pytest.mark.parametrize("asked", ["sauk", "SAUK wisconsin", "  wi   sauk "])
def test_search_finds_places_and_findings(example_home: Workspace, asked: str) -> None:
    """Whatever the case and order of the words; the nearest name first."""
    found = searching.search(example_home, READER, example.CASE, asked)
    assert found.places[0].key == "wi/sauk"
    assert "B2/wi-president/sauk" in [each.id for each in found.findings]


def test_search_leaves_out_what_lacks_a_word(example_home: Workspace) -> None:
    """Every word must be there."""
    assert not searching.search(example_home, READER, example.CASE, "sauk michigan atlantis").number


def test_a_search_that_finds_nothing_says_what_to_do(example_pages: Visitor) -> None:
    """And leads to the lists of everything."""
    page = example_pages.get(f"{CASE}/search/?q=atlantis")
    assert "Nothing here holds “atlantis”." in page.text
    assert f"{CASE}/units/" in page.links


@pytest.mark.parametrize(
    "asked",
    [
        "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "%00",
        "%F0%9F%97%B3",
        "a" * 5000,
        "%FF%FE",
        "%7B%7B7*7%7D%7D",
    ],
)
def test_hostile_questions_come_back_as_text(example_pages: Visitor, asked: str) -> None:
    """Nothing runs, nothing breaks, and the question is shown at most as long as it is read."""
    answer = example_pages.get(f"{CASE}/search/?q={asked}")
    assert answer.status == 200
    assert "<script" not in answer.html
    assert "a" * 201 not in answer.html.split("<main")[1].split("</main>")[0]
    assert "49" not in answer.text.split("Nothing here holds")[-1][:12]


HEADER = "state,county,office,choice,measure,votes\n"
REJECTED = "WI,Sauk,President,Bo,choice,many <script>\nWI,Dane,President,Bo,some,5\n"


def test_an_import_says_what_was_recognised_and_what_rejected(
    home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]
) -> None:
    """Two rows that cannot be stored, each with its row, its reason and its text."""
    imported(home, tmp_path, f"{HEADER}WI,Sauk,President,Ann,choice,60\n{REJECTED}")
    sequence = pages.look(home, READER, "county").state.imports[0].sequence
    page = visit(home).get(f"/county/imports/{sequence}/")
    assert "<script" not in page.html
    assert "3 rows were read; 2 were not stored, and the reasons stand below." in page.text
    assert "Recognised as: Tallyproof tidy CSV" in page.text
    rejected = pages.import_page(home, READER, "county", sequence).rejections
    assert [each.row for each in rejected] == [3, 4]
    assert all(f"county.csv | {each.row} | {each.reason}" in page.text for each in rejected)


def test_rejected_rows_are_filtered_by_words(
    home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]
) -> None:
    """A word of one row leaves that row; a word of none says so; an unknown file is refused."""
    imported(home, tmp_path, f"{HEADER}WI,Sauk,President,Ann,choice,60\n{REJECTED}")
    visitor, address = visit(home), "/county/imports/2/"
    assert visitor.get(f"{address}?q=many").html.count('<td class="n">') == 1
    assert "No rejected row fits." in visitor.get(f"{address}?q=atlantis").text
    assert visitor.get(f"{address}?file=other.csv").status == 400


def test_an_event_that_is_no_import_has_no_page(example_home: Workspace) -> None:
    """The first event opened the case."""
    with pytest.raises(RequestError, match="no import"):
        pages.import_page(example_home, READER, example.CASE, 1)
