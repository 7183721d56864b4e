"""An import's returns written for others, whole or not at all, and what is said beside the file."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tallyproof.errors import AccessError, RequestError
from tallyproof.services import exporting_returns
from tallyproof.services.access import READER, Actor
from tallyproof.services.exporting_returns import Exported, Wanted
from tallyproof.services.importing import Request, import_returns
from tallyproof.services.reading import read_files
from tallyproof.services.workspace import Workspace

from .county import CLEAN, FAULTY, asked, written

KEYS = ["state", "county", "unit", "level", "contest", "choice_id", "measure", "mode", "votes"]


@pytest.fixture
def demo(workspace: Workspace, clerk: Actor, tmp_path: Path) -> Workspace:
    """A case with one import, of the election of 2016."""
    import_returns(workspace, clerk, "demo", asked(written(tmp_path / "in", CLEAN)))
    return workspace


def export(workspace: Workspace, path: Path, **wanted: object) -> Exported:
    chosen = exporting_returns.require_target(path, "")
    return exporting_returns.export_returns(workspace, READER, "demo", path, Wanted(chosen, **wanted))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["out.json", "out.xml", "out.csv", "out.xlsx"])
def test_every_format_reads_back_equal(demo: Workspace, tmp_path: Path, name: str) -> None:
    """With as many numbers as were told."""
    done = export(demo, tmp_path / name)
    given, found = (
        read_files(Request((path,), state="WI"))[0].reading.frame.select(KEYS).sort(KEYS)
        for path in (tmp_path / "in/20161108__wi__general__demo__precinct.csv", tmp_path / name)
    )
    assert found.height == done.numbers
    assert found.rows() == given.rows()


def test_a_report_speaks_for_the_source(demo: Workspace, tmp_path: Path) -> None:
    """Issuer, day and type come from the import; what the user says goes before."""
    export(demo, tmp_path / "a.json")
    told = json.loads((tmp_path / "a.json").read_text())
    assert (told["Issuer"], told["IssuerAbbreviation"]) == ("Demo County Clerk", "DCC")
    election = told["Election"][0]
    assert (election["StartDate"], election["Type"]) == ("2016-11-08", "general")
    export(demo, tmp_path / "b.json", issuer="Board", issuer_abbreviation="B", election_type="special")
    told = json.loads((tmp_path / "b.json").read_text())
    assert (told["Issuer"], told["IssuerAbbreviation"], told["Election"][0]["Type"]) == (
        "Board",
        "B",
        "special",
    )


def test_an_election_day_is_needed(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """The specification requires it; a table does not."""
    request = replace(asked(written(tmp_path / "in", CLEAN, "returns.csv")), state="WI")
    import_returns(workspace, clerk, "demo", request)
    with pytest.raises(RequestError, match="must name the election day. Say it with --election"):
        export(workspace, tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()
    assert export(workspace, tmp_path / "out.json", election=date(2016, 11, 8)).numbers
    assert export(workspace, tmp_path / "out.csv").numbers


def test_one_of_several_imports_must_be_named(demo: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """They are listed, and an event that is none is refused."""
    import_returns(demo, clerk, "demo", asked(written(tmp_path / "2", FAULTY)))
    with pytest.raises(
        RequestError, match=r"has 2 imports that count: say which with --import. 2: Demo County Clerk"
    ):
        export(demo, tmp_path / "out.csv")
    assert export(demo, tmp_path / "out.csv", import_number=3).import_number == 3
    with pytest.raises(RequestError, match="Event 1 of case demo is no import"):
        export(demo, tmp_path / "out.csv", import_number=1)


@pytest.mark.parametrize(
    ("name", "wanted", "fault"),
    [
        ("out.txt", "", "names no format. Use one of: nist-json, nist-xml, csv, xlsx"),
        ("out.csv", "nist-json", "a file of the format nist-json ends in .json"),
        ("out.json", "word", "'word' names no format"),
        ("missing/out.json", "", "there is no folder to write this file in"),
    ],
)
def test_a_target_is_looked_at_first(tmp_path: Path, name: str, wanted: str, fault: str) -> None:
    """Before anything is read."""
    with pytest.raises(RequestError, match=fault):
        exporting_returns.require_target(tmp_path / name, wanted)


def test_an_unknown_type_of_election_is_refused(demo: Workspace, tmp_path: Path) -> None:
    """With the words that there are."""
    with pytest.raises(RequestError, match="'midterm' is not a type of election. Use one of: general, other"):
        export(demo, tmp_path / "out.json", election_type="midterm")


def test_who_may_not_read_may_not_export(demo: Workspace, tmp_path: Path) -> None:
    """And nothing is written."""
    nobody = Actor("nobody", frozenset())
    with pytest.raises(AccessError):
        exporting_returns.export_returns(demo, nobody, "demo", tmp_path / "out.csv", Wanted("csv"))
    assert not (tmp_path / "out.csv").exists()


def test_what_has_no_place_is_told(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """Counted by what it is, in the answer and in the report."""
    path = written(tmp_path / "in", CLEAN + "Demo,P-1,Straight Party,,DEM,,40\n")
    import_returns(workspace, clerk, "demo", asked(path))
    done = export(workspace, tmp_path / "out.json")
    assert done.left_out == {"straight party": 1}
    assert "Not in this report: 1 straight party." in json.loads((tmp_path / "out.json").read_text())["Notes"]
    assert export(workspace, tmp_path / "out.csv").left_out == {}
