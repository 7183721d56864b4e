"""``tallyproof recount compare`` and ``recount paper``: files in, sentences, tables and JSON out."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from .conftest import Run

HEADER = "county,precinct,office,party,candidate,votes\n"


def returns(path: Path, *units: tuple[str, int, int]) -> Path:
    """A results file of one contest in which Ann and Bob stand."""
    lines = [
        f"Demo,{unit},President,{party},{name},{votes}"
        for unit, ann, bob in units
        for party, name, votes in (("DEM", "Ann Adams", ann), ("REP", "Bob Baker", bob))
    ]
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def counts(tmp_path: Path) -> tuple[Path, Path]:
    """A canvass of three wards, and a recount that has reached one and holds one that nobody knows."""
    return (
        returns(tmp_path / "canvass.csv", ("Ash 1", 213, 204), ("Ash 2", 90, 91), ("Elm", 80, 40)),
        returns(tmp_path / "recount.csv", ("ASH 01", 214, 201), ("Oak", 7, 2)),
    )


def test_the_answer_in_sentences(run: Run, counts: tuple[Path, Path]) -> None:
    """Progress, lead, gross change, what is left against the lead, and the stray unit."""
    ran = run("recount", "compare", *counts, "--state", "WI")
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert "1 of 3 units are recounted, with 417 votes; 2 left (301 votes)." in said
    assert "Ann Adams leads Bob Baker by 52 votes with what is recounted so far" in said
    assert "add up to 4, 0.959 % of 417 votes" in said
    assert "Only in the recount: 1 unit" in said and "Demo, Oak" in said


def test_reasons_and_equipment_come_from_tables(run: Run, counts: tuple[Path, Path], tmp_path: Path) -> None:
    """A reason by unit, a model by place; the row that matches nothing is listed."""
    cannot = tmp_path / "cannot.csv"
    cannot.write_text("county,precinct,reason\nDemo,Elm,seal broken\nDemo,Gone,fire\n", encoding="utf-8")
    models = tmp_path / "models.csv"
    models.write_text("county,municipality,model\nDemo,Ash,DS200\n", encoding="utf-8")
    ran = run(
        "recount", "compare", *counts, "--state", "WI", "--cannot", cannot, "--equipment", models, "--json"
    )
    found = json.loads(ran.out)
    assert [(each["unit"], each["why"]) for each in found["cannot"]] == [("Demo, Elm", "seal broken")]
    groups = [(each["value"], each["units"], each["left"]) for each in found["groups"]]
    assert groups == [("DS200", 1, 1), ("not stated", 0, 1)]
    assert [each["place"] for each in found["unused_rows"]] == ["Demo, Gone"]


def test_reports_as_csv_and_as_a_workbook(run: Run, counts: tuple[Path, Path], tmp_path: Path) -> None:
    """CSV holds the units, the workbook a sheet for every table."""
    for name in ("units.csv", "report.xlsx"):
        assert run("recount", "compare", *counts, "--state", "WI", "--output", tmp_path / name).code == 0
    with (tmp_path / "units.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["unit"], row["choice"], row["change"]) for row in csv.DictReader(stream)]
    assert rows[:2] == [("Demo, Ash 1", "Ann Adams", "1"), ("Demo, Ash 1", "Bob Baker", "-3")]
    assert rows[2] == ("Demo, Ash 2", "Ann Adams", "")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["summary", "units", "choices", "groups", "listed units", "unused rows"]


def test_a_unit_named_like_a_formula_is_made_harmless(run: Run, tmp_path: Path) -> None:
    """A spreadsheet runs nothing that a file brought with it."""
    first = returns(tmp_path / "a.csv", ("=1+1", 5, 4))
    second = returns(tmp_path / "b.csv", ("=1+1", 5, 5))
    table = tmp_path / "cannot.csv"
    table.write_text("county,precinct,reason\nDemo,=1+1,@SUM(A1)\n", encoding="utf-8")
    out = tmp_path / "report.csv"
    run("recount", "compare", first, second, "--state", "WI", "--cannot", table, "--output", out)
    with out.open(encoding="utf-8", newline="") as stream:
        cells = {cell for row in csv.reader(stream) for cell in row}
    assert "'@SUM(A1)" in cells and not any(cell.startswith(("=", "@")) for cell in cells)


def test_two_imports_of_a_case(run: Run, counts: tuple[Path, Path], home: Path) -> None:
    """By event number, as in ``diff``; a number that is no import is refused."""
    imported = [
        run("import", "returns", each, "--case", "demo", "--state", "WI", "--json") for each in counts
    ]
    events = [json.loads(each.out)["event"] for each in imported]
    ran = run("recount", "compare", *events, "--case", "demo", "--json")
    assert json.loads(ran.out)["lead"]["now"] == 52
    refused = run("recount", "compare", 1, 99, "--case", "demo")
    assert refused.code == 1 and "no import" in refused.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--contest", "wi-senate"), "There is no contest 'wi-senate' in the first count"),
        (("--equipment-mapping", "m.toml"), "--equipment-mapping needs the table that it maps"),
        (("--largest-change", "2"), "changed the margin by +4 votes"),
        (("--output", "report.pdf"), "can be written as .csv or .xlsx"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    run: Run, counts: tuple[Path, Path], more: tuple[str, ...], words: str
) -> None:
    """Exit 1 with a sentence that says why."""
    ran = run("recount", "compare", *counts, "--state", "WI", *more)
    assert ran.code == 1 and words in " ".join(ran.err.split())


def test_paper_says_what_cannot_be_checked(run: Run, tmp_path: Path, counts: tuple[Path, Path]) -> None:
    """From a table of equipment alone, and with the votes of a file beside it."""
    table = tmp_path / "equipment.csv"
    table.write_text("state,county,class,registration\nWI,Demo,DRE without VVPAT,900\n", encoding="utf-8")
    alone = " ".join(run("recount", "paper", table).out.split())
    assert (
        "Wisconsin: cannot be checked: 1 of 1 counties votes on machines without paper (900 registered"
        in alone
    )
    voted = json.loads(run("recount", "paper", table, "--returns", counts[0], "--state", "WI", "--json").out)
    (state,) = voted["states"]
    assert (state["none"]["number"], state["margin"], voted["counted"]) == (718, 48, "votes")
