"""Maps, tiles and axes say on each page what its numbers say, with the numbers in a table beside them."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallyproof.election.canvass import Status
from tallyproof.services import access, importing, pages
from tallyproof.services.reading import Request
from tallyproof.services.units import UnitRow, UnitTable, by_county
from tallyproof.services.workspace import Workspace
from tallyproof.web.django_setup import configure

from .visitor import Visitor

configure()

CASE = "/upper-midwest-2016"
CONTEST = f"{CASE}/contests/wi-president/"
HEADER = "state,county,unit,office,vote_for,choice,party,measure,votes\n"
Visit = Callable[[Workspace], Visitor]


def county(name: str, *votes: int, state: str = "WI", unit: str = "") -> str:
    people = (("Ann", "REP"), ("Bo", "DEM"), ("Cy", "LIB"))
    return "".join(
        f"{state},{name},{unit},President,1,{choice},{party},choice,{number}\n"
        for (choice, party), number in zip(people, votes, strict=False)
    )


def told(home: Workspace, folder: Path, *texts: str, status: Status = Status.CANVASSED) -> None:
    """Import each text as a version of one source, a day after the one before."""
    for number, text in enumerate(texts, start=1):
        path = folder / f"version-{number}.csv"
        path.write_text(HEADER + text)
        when = datetime(2024, 11, 5 + number, 12, tzinfo=UTC)
        importing.import_returns(
            home, access.terminal(), "small", Request((path,), "State board", status, as_of=when)
        )


def shape(html: str, figure: str, name: str) -> str:
    """The class of the shape with this name in one of the figures."""
    inside = html.split(f'id="{figure}"')[1].split("</figure>")[0]
    found = re.search(rf"<title>{name}: [^<]*</title><(?:path|circle)[^>]*class=\"([^\"]+)\"", inside)
    assert found, name
    return found[1]


def test_both_maps_and_the_table_tell_the_same_of_a_county(example_pages: Visitor) -> None:
    """Dane: Clinton by 146,422 of 309,354 votes, on either map, in the table and in the files."""
    page = example_pages.get(CONTEST)
    assert page.html.count("<title>Dane: Clinton by 146,422 of 309,354 votes, 47.3 points</title>") == 2
    assert "Dane | 309,354 | −146,422 | −47.3" in page.text
    assert shape(page.html, "map-by-share", "Dane") == "a4"
    assert shape(page.html, "map-by-votes", "Dane") == "a-lead"
    assert shape(page.html, "map-by-share", "Waukesha") == "b3"


def test_counties_lead_to_their_pages_at_the_same_time(example_pages: Visitor) -> None:
    """A county of the map as of a day is a link to its page as of that day."""
    page = example_pages.get(f"{CONTEST}?as_of=2016-12-02T23:30")
    links = [link for link in page.links if "/units/wi/dane/" in link]
    assert links
    assert set(links) == {f"{CASE}/units/wi/dane/?as_of=2016-12-02T23%3A30"}


def test_the_county_table_is_ordered_by_address(example_pages: Visitor) -> None:
    """Without touching the order of the units below it; a key that is none is refused in words."""
    rows = example_pages.get(f"{CONTEST}?counties=-lead&sort=-total").text
    assert rows.index("Waukesha | 237,593") < rows.index("Adams | 10,130") < rows.index("Dane | 309,354")
    assert example_pages.get(f"{CONTEST}?counties=height").status == 400


def test_county_files_add_up_to_the_contest(example_pages: Visitor) -> None:
    """72 counties in CSV and JSON, 2,976,150 votes."""
    answer = json.loads(example_pages.get(f"{CASE}/data/counties/wi-president.json").body)
    assert sum(each["total"] for each in answer["counties"]) == 2_976_150
    csv = example_pages.get(f"{CASE}/data/counties/wi-president.csv").html
    assert len(csv.splitlines()) == len(answer["counties"]) + 1 == 73


def test_units_are_added_up_by_county_and_an_unknown_part_stays_unknown() -> None:
    """Two wards make a county; a ward without a number leaves the county without one."""

    def ward(name: str, place: str, ann: int | None, bo: int | None) -> UnitRow:
        lead = None if ann is None or bo is None else ann - bo
        total = None if ann is None or bo is None else ann + bo
        return UnitRow(place, name, (ann, bo), None, total, lead, None, "WI")

    rows = (
        ward("1", "Dane", 5, 3),
        ward("2", "Dane", 4, 8),
        ward("1", "Sauk", 7, 1),
        ward("2", "Sauk", None, 2),
    )
    found = by_county(UnitTable(("Ann", "Bo"), rows, has_others=False, has_lead=True))
    assert [(each.county, each.votes, each.total, each.lead) for each in found.rows] == [
        ("Dane", (9, 11), 20, -2),
        ("Sauk", (None, 3), None, None),
    ]


def test_a_place_without_an_outline_is_listed_in_words(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """Votes that lie in no county of the map stand beside it, with their numbers."""
    told(home, tmp_path, county("Dane", 30, 20), county("Dane", 30, 20) + county("Overseas", 3, 5))
    text = visit(home).get("/small/contests/wi-president/").text
    assert "Not on the map, for want of an outline (1):" in text
    assert "Overseas: Bo by 2 of 8 votes, 25.0 points" in text


def test_where_no_county_has_an_outline_the_page_says_why(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """The table is there all the same."""
    told(home, tmp_path, county("Atlantis", 30, 20) + county("Lemuria", 3, 5))
    page = visit(home).get("/small/contests/wi-president/")
    assert "There is no map: none of these places has an outline" in page.text
    assert "Atlantis | 50 | +10 | +20.0" in page.text
    assert "map-figure" not in page.html


def test_a_county_that_a_third_choice_leads_is_nobodys_colour(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """It is hatched, its words name who leads, and the legend says so."""
    told(home, tmp_path, county("Dane", 50, 20, 1) + county("Sauk", 10, 12, 40) + county("Rock", 90, 90, 2))
    html = visit(home).get("/small/contests/wi-president/").html
    assert "<title>Sauk: Cy by 28 of 62 votes, 45.2 points</title>" in html
    assert shape(html, "map-by-share", "Sauk") == "none"
    assert shape(html, "map-by-share", "Dane") == "b4"
    assert "Another leads, or no figures" in html
    assert "<title>Rock: tied, of 182 votes</title>" in html


def test_colours_of_the_usual_parties_stay_put(home: Workspace, tmp_path: Path) -> None:
    """The Democratic choice is the first side whoever leads; others are in the order of votes."""
    from tallyproof.web.maps import sides_of

    told(home, tmp_path, county("Dane", 50, 20))
    counted = pages.look(home, access.READER, "small").count.contests[0]
    assert sides_of(counted, ("Ann", "Bo")).names == ("Bo", "Ann")
    assert sides_of(counted, ("Bo", "Ann")).names == ("Bo", "Ann")
    assert sides_of(counted, ("Ann", "Cy")).names == ("Ann", "Cy")


def test_words_of_a_county_without_figures() -> None:
    """An unknown number is never shown as a lead."""
    from tallyproof.web.maps import county_words

    row = UnitRow("Dane", "", (None, 3), None, None, None, None, "WI")
    assert (
        county_words(UnitTable(("Ann", "Bo"), (row,), has_others=False, has_lead=False), row) == "no figures"
    )


# ---- tiles and axes


def test_each_state_has_a_tile_with_its_lead_that_leads_to_its_contest(example_pages: Visitor) -> None:
    """Michigan 0.2 points, and its sentence for those who hear the page."""
    page = example_pages.get(f"{CASE}/")
    tiles = page.html.split('id="tiles"')[1].split("</figure>")[0]
    assert tiles.count("<a href=") == 51
    michigan = tiles.split(f'href="{CASE}/contests/mi-president/"')[1].split("</a>")[0]
    assert "Donald Trump leads by 10,704 of 4,799,284 votes" in michigan
    assert ">0.2<" in michigan
    assert "the closest is Michigan, Trump by 0.22 points" in tiles


def test_one_state_needs_no_tiles(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """A case of Wisconsin alone has none."""
    told(home, tmp_path, county("Dane", 30, 20) + county("Sauk", 3, 5))
    assert 'id="tiles"' not in visit(home).get("/small/").html


def test_findings_stand_on_one_axis_with_their_margin(example_pages: Visitor) -> None:
    """One axis for each contest; the longest bar is the one with most at stake, whatever the list's order."""
    for query in ("", "?sort=place"):
        html = example_pages.get(f"{CASE}/checks/{query}").html
        axes = html.split('<figure class="stakes">')[1:]
        assert ["margin 22,748" in axes[0], "margin 10,704" in axes[1]] == [True, True]
        names = re.findall(r'class="stake-name"><a href="[^"]*">([^<]*)<', axes[0])
        assert names[:2] == ["Sauk", "Sawyer"]


@pytest.mark.parametrize(
    ("order", "first"), [("severity", "Error"), ("place", "Adams"), ("contest", "Michigan"), ("check", "A5")]
)
def test_findings_can_be_listed_in_other_orders(example_pages: Visitor, order: str, first: str) -> None:
    """Gravest first, by place, by contest, by check; another word is refused."""
    html = example_pages.get(f"{CASE}/checks/?sort={order}").html.split('<ol class="findings">')[1]
    listed = re.sub(r"<[^>]+>", " ", html.split("</li>")[0])
    assert first in listed
    assert f'<option value="{order}" selected>' in example_pages.get(f"{CASE}/checks/?sort={order}").html
    assert example_pages.get(f"{CASE}/checks/?sort=colour").status == 400


def test_findings_by_check_follow_the_catalogue(example_pages: Visitor) -> None:
    """B2 before B5 before B10."""
    html = example_pages.get(f"{CASE}/checks/?sort=check").html.split('<ol class="findings">')[1]
    checks = re.findall(r'<p class="soft">([A-E]\d+) ', html)
    assert [name for name in dict.fromkeys(checks) if name in {"B2", "B5", "B10"}][:2] == ["B2", "B5"]
    assert len(checks) == 50


# ---- the margin over time


def test_pending_ballots_are_drawn_as_the_range_that_is_left(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """With the numbers in the table: 700 pending, then 40."""
    first = county("Dane", 900, 1_000) + "WI,Dane,,,,,,mail_pending,700\n"
    second = county("Dane", 1_300, 1_250) + "WI,Dane,,,,,,mail_pending,40\n"
    told(home, tmp_path, first, second, status=Status.UNOFFICIAL_PARTIAL)
    counted = pages.look(home, access.READER, "small").count.contests[0]
    page = visit(home).get("/small/contests/wi-president/")
    assert sorted(counted.pending.values()) == [40, 700]
    assert 'class="range"' in page.html
    assert "−100 | – | 1,900 | 700" in page.text


def test_provisional_ballots_count_as_pending_only_where_their_fate_is_told(
    home: Workspace, tmp_path: Path
) -> None:
    """90 issued, 60 counted and 10 rejected leave 20; issued ones alone say nothing of what is left."""
    issued = "WI,Dane,,,,,,provisional_issued,90\n"
    decided = "WI,Dane,,,,,,provisional_counted,60\nWI,Dane,,,,,,provisional_rejected,10\n"
    told(home, tmp_path, county("Dane", 5, 3) + issued, county("Dane", 5, 3) + issued + decided)
    counted = pages.look(home, access.READER, "small").count.contests[0]
    assert list(counted.pending.values()) == [20]


# ---- lists


def test_contests_and_places_are_filtered_by_address(example_pages: Visitor) -> None:
    """By state and by a part of a name; what fits nothing says so."""
    assert "2 of 51 contests" in example_pages.get(f"{CASE}/?q=virginia").text
    assert "1 of 51 contests" in example_pages.get(f"{CASE}/?state=WI").text
    assert "No contest has that name." in example_pages.get(f"{CASE}/?q=atlantis").text
    places = example_pages.get(f"{CASE}/units/?state=WI&q=sa").text
    assert "Sauk" in places and "Dane" not in places
    assert "No place has that name." in example_pages.get(f"{CASE}/units/?q=atlantis").text
    assert example_pages.get(f"{CASE}/units/?state=XX").status == 400


@pytest.mark.parametrize("name", ["places", "events", "imports", "count", "findings", "search"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_every_list_downloads(example_pages: Visitor, name: str, ending: str) -> None:
    """In three forms."""
    answer = example_pages.get(f"{CASE}/data/{name}.{ending}?q=sauk")
    assert answer.status == 200
    assert len(answer.body) > 100


def test_search_downloads_what_it_found(example_pages: Visitor) -> None:
    """The link below the results carries the words; the file holds the county and its findings."""
    page = example_pages.get(f"{CASE}/search/?q=dane+wisconsin")
    link = next(link for link in page.links if "search.json" in link)
    assert link.endswith("?q=dane%20wisconsin")
    found = json.loads(example_pages.get(f"{CASE}/data/search.json?q=sauk").body)["found"]
    assert {each["what"] for each in found} == {"place", "finding"}
    assert "wi/sauk" in {each["id"] for each in found}
