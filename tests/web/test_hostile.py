"""Whatever a file holds, its pages show it as text and nothing of it runs."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tallyproof.services import access, cases, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '"><img src=x onerror=alert(2)>'
FORMULA = "=Hyperlink(1)"
TEMPLATE = "{{ request.META }}{% now 'Y' %}"


@pytest.fixture
def hostile(home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]) -> Iterator[Visitor]:
    """A case whose title, source, county, choices and cells are all written to break a page."""
    actor = access.terminal()
    cases.open_case(home, actor, "hostile", title=f"Title {SCRIPT}", summary=BREAKOUT)
    path = tmp_path / "a 'file' & more.csv"
    quoted = BREAKOUT.replace('"', '""')
    lines = [
        "state,county,office,vote_for,choice,party,measure,votes",
        f'WI,"County {quoted}",President,1,"Ann {SCRIPT}",DEM,choice,60',
        f'WI,"County {quoted}",President,1,"{TEMPLATE}",REP,choice,50',
        f'WI,"County {quoted}",,,,,ballots_cast,100',
        f'WI,Dane,President,1,"Ann {SCRIPT}",DEM,choice,20',
        f'WI,Dane,President,1,"{TEMPLATE}",REP,choice,30',
        f'WI,"{FORMULA}",President,1,"Ann {SCRIPT}",DEM,choice,7',
        f'WI,"{FORMULA}",President,1,"{TEMPLATE}",REP,choice,7',
        f'MN,"{FORMULA}",President,1,"Ann {SCRIPT}",DEM,choice,5',
        f'MN,"{FORMULA}",President,1,"{TEMPLATE}",REP,choice,9',
        f'WI,"{quoted}{FORMULA}",President,1,"Ann {SCRIPT}",DEM,choice,{SCRIPT}',
    ]
    path.write_text("\n".join(lines) + "\n")
    for day in range(1, 11):  # enough reports for a chart with an axis of time
        when = datetime(2024, 11, day, tzinfo=UTC)
        asked = Request((path,), f"Source {SCRIPT}{BREAKOUT}", as_of=when)
        importing.import_returns(home, actor, "hostile", asked)
        path.write_text(path.read_text().replace(",60\n", f",{60 + day}\n"))
    yield visit(home)


def test_no_page_of_a_hostile_case_holds_its_markup(hostile: Visitor) -> None:
    """Every page that shows the case, from the list of cases to the finding's source rows."""
    pages = [hostile.get(address) for address in addresses(hostile)]
    assert len(pages) > 20
    assert {page.status for page in pages} == {200}
    assert not [page for page in pages if "<script" in page.html or "<img" in page.html]


def addresses(hostile: Visitor) -> list[str]:
    """Every page that links lead to from the list of cases, and searches for what the case holds."""
    waiting = ["/", "/hostile/", f"/hostile/search/?q={FORMULA}", "/hostile/search/?q=script"]
    found: dict[str, None] = {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        found[address] = None
        links = hostile.get(address).links
        waiting += [link.split("#")[0] for link in links if link.startswith("/hostile") and "?" not in link
                    and "/data/" not in link]  # fmt: skip
    return list(found)


def test_no_page_has_an_attribute_that_runs_or_leads_elsewhere(hostile: Visitor) -> None:
    """Maps, tiles, axes and charts included: no on… attribute, no script address, no foreign host."""
    for address in addresses(hostile):
        reader = Attributes()
        reader.feed(hostile.get(address).html)
        wrong = [
            (tag, name, value) for tag, name, value in reader.found
            if name.startswith("on") or name == "style" or (
                name in {"href", "src", "action", "xlink:href"}
                and (value or "").partition(":")[0].casefold() in {"javascript", "data", "http", "https"})
        ]  # fmt: skip
        assert wrong == []


class Attributes(HTMLParser):
    """Every attribute of a page, and the texts of its titles and descriptions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(tag, name, value) for name, value in attrs]


def test_the_map_and_the_chart_of_a_hostile_contest_are_drawn(hostile: Visitor) -> None:
    """Dane on the map, the other counties in the list beside it, ten reports over time, two tiles."""
    html = hostile.get("/hostile/contests/wi-president/").html
    assert "<title>Dane: " in html
    assert "Not on the map, for want of an outline (2):" in html
    assert "time-chart" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; leads in" in html
    assert 'id="tiles"' in hostile.get("/hostile/").html


DATA = ("count", "findings", "places", "imports", "units/wi-president", "counties/wi-president",
        "rejections/2", "changes/2-3")  # fmt: skip


@pytest.mark.parametrize("name", DATA)
def test_no_cell_of_a_spreadsheet_is_a_formula(hostile: Visitor, name: str) -> None:
    """Texts that begin with = + - @ carry an apostrophe in CSV and are text in Excel."""
    openpyxl = pytest.importorskip("openpyxl")
    told = hostile.get(f"/hostile/data/{name}.csv").html
    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert not [cell for cell in cells if cell.startswith("-") and not cell[1:].replace(".", "").isdigit()]
    book = openpyxl.load_workbook(io.BytesIO(hostile.get(f"/hostile/data/{name}.xlsx").body))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds


def test_hostile_cells_stand_in_the_files_as_text(hostile: Visitor) -> None:
    """The formula behind an apostrophe, the script as it is, in JSON without one; never as HTML."""
    answer = hostile.get("/hostile/data/counties/wi-president.csv")
    assert f"'{FORMULA}" in answer.html
    plain = hostile.get("/hostile/data/counties/wi-president.json")
    assert FORMULA in {each["county"] for each in json.loads(plain.body)["counties"]}
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert plain.headers["Content-Type"] == "application/json"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_file_names_cannot_leave_their_header(hostile: Visitor) -> None:
    """A data file whose name holds quotes and line breaks is refused, not echoed."""
    answer = hostile.get('/hostile/data/units/x"%0d%0aSet-Cookie: a=b.csv')
    assert answer.status == 404
    assert "Set-Cookie" not in answer.headers


def test_hostile_text_is_shown_as_it_stands(hostile: Visitor) -> None:
    """A reader sees what the file says, template signs included."""
    text = hostile.get("/hostile/contests/wi-president/").text
    assert f"Ann {SCRIPT}" in text
    assert TEMPLATE in text


def test_a_name_cannot_turn_the_text_around_it(
    home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]
) -> None:
    """A sign for another direction of writing is shown as one that cannot be shown; Arabic stays as it is."""
    arabic, path = "\u0645\u062d\u0645\u062f", tmp_path / "turned.csv"
    head = "state,county,office,vote_for,choice,party,measure,votes"
    rows = [f"WI,Dane,Mayor,1,{name},,choice,{votes}" for name, votes in (("Ann\u202eeeL", 12), (arabic, 5))]
    path.write_text("\n".join([head, *rows]))
    cases.open_case(home, access.terminal(), "turned", title="Turned \u2067 case")
    importing.import_returns(home, access.terminal(), "turned", Request((path,), "Dane"))
    for address in ("/", "/turned/", "/turned/contests/wi-mayor/"):
        html = visit(home).get(address).html
        assert "Ann\ufffdeeL" in html
        assert not {"\u202e", "\u2067"} & set(html)
    assert arabic in html


@pytest.mark.parametrize("query", ["q", "county", "sort", "as_of", "page"])
def test_hostile_addresses_come_back_as_text(hostile: Visitor, query: str) -> None:
    """What an address holds is never markup in the page, shown or refused."""
    page = hostile.get(f"/hostile/contests/wi-president/?{query}=%22%3E%3Cscript%3Ealert(3)%3C/script%3E")
    assert page.status in (200, 400)
    assert "<script" not in page.html
    path = hostile.get("/%3Cscript%3Ealert(4)%3C/script%3E/nothing/here/")
    assert path.status == 404
    assert "<script" not in path.html
