"""Whatever a file holds, its pages show it as text and nothing of it runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tallyproof.services import access, cases, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace

from .visitor import Visitor

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '"><img src=x onerror=alert(2)>'
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
    ]
    path.write_text("\n".join(lines) + "\n")
    importing.import_returns(home, actor, "hostile", Request((path,), f"Source {SCRIPT}{BREAKOUT}"))
    yield visit(home)


def test_no_page_of_a_hostile_case_holds_its_markup(hostile: Visitor) -> None:
    """Every page that shows the case, from the list of cases to the finding's source rows."""
    first = ["/", "/hostile/", "/hostile/contests/wi-president/", "/hostile/checks/", "/hostile/record/"]
    found = [link for link in hostile.get("/hostile/checks/").links if "/findings/" in link]
    pages = [hostile.get(address) for address in [*first, *found]]
    assert found
    assert {page.status for page in pages} == {200}
    assert not [page for page in pages if "<script" in page.html or "<img" in page.html]


def test_hostile_text_is_shown_as_it_stands(hostile: Visitor) -> None:
    """A reader sees what the file says, template signs included."""
    text = hostile.get("/hostile/contests/wi-president/").text
    assert f"Ann {SCRIPT}" in text
    assert TEMPLATE in text


@pytest.mark.parametrize("query", ["q", "county", "sort", "as_of", "page"])
def test_hostile_addresses_come_back_as_text(hostile: Visitor, query: str) -> None:
    """What an address holds is never markup in the page, shown or refused."""
    page = hostile.get(f"/hostile/contests/wi-president/?{query}=%22%3E%3Cscript%3Ealert(3)%3C/script%3E")
    assert page.status in (200, 400)
    assert "<script" not in page.html
    path = hostile.get("/%3Cscript%3Ealert(4)%3C/script%3E/nothing/here/")
    assert path.status == 404
    assert "<script" not in path.html
