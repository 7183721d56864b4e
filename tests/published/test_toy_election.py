"""One toy election in two formats: the same numbers per choice, unit and mode after mode mapping."""

from pathlib import Path

import polars as pl
import pytest

from tallyproof.election.returns import resolve_modes
from tallyproof.services import checking, counting, reading
from tallyproof.services.reading import Request

OPENELECTIONS = "20241105__zz__general__demo__precinct.csv"
MEDSL = "2024-zz-precinct-general.csv"


def table(folder: Path, name: str) -> pl.DataFrame:
    """The returns table of one file."""
    [read] = reading.read_files(Request((folder / name,)))
    assert (read.reading.read, read.reading.rejections) == (read.reading.stored, ())
    return read.reading.frame


@pytest.fixture
def toy(shared_data: Path) -> Path:
    """The folder of the toy election."""
    return shared_data / "toy_election"


def by_mode(frame: pl.DataFrame) -> dict[tuple[str, ...], int]:
    """Votes, over- and undervotes by unit, choice and mode; totals beside modes are left aside."""
    rows = frame.filter((pl.col("contest") != "") & (pl.col("mode") != "total"))
    keys = ("county", "unit", "contest", "choice_id", "measure", "mode")
    found = {
        tuple(str(part) for part in key): votes for *key, votes in rows.select(*keys, "votes").iter_rows()
    }
    assert len(found) == rows.height
    return found


def test_per_choice_unit_and_mode_they_are_identical(toy: Path) -> None:
    """Each of the 20 numbers stands in both files under the same key."""
    openelections, medsl = by_mode(table(toy, OPENELECTIONS)), by_mode(table(toy, MEDSL))
    assert openelections == medsl
    assert len(openelections) == 20
    assert openelections["Demo", "P-1", "zz-president", "adams", "choice", "absentee-mail"] == 80


def test_with_modes_resolved_they_are_identical(toy: Path) -> None:
    """Totals by unit, ballots and registration are the same, and so is the count."""
    keys = ["county", "unit", "contest", "choice_id", "measure", "votes"]
    resolved = [
        sorted(resolve_modes(table(toy, name)).select(keys).cast({"votes": pl.String}).iter_rows())
        for name in (OPENELECTIONS, MEDSL)
    ]
    assert resolved[0] == resolved[1]
    found = counting.difference_of_files(Request((toy / OPENELECTIONS,)), Request((toy / MEDSL,)))
    assert (found.changes, found.margins, found.compared) == ((), (), 14)


def test_one_number_altered_is_told(toy: Path, tmp_path: Path) -> None:
    """A single vote more in one mode is one change in one unit, and the modes no longer add up."""
    text = (toy / OPENELECTIONS).read_text(encoding="utf-8").replace("260,180,80", "260,180,81")
    altered = tmp_path / OPENELECTIONS
    altered.write_text(text, encoding="utf-8")
    assert by_mode(table(tmp_path, OPENELECTIONS)) != by_mode(table(toy, MEDSL))
    checked = checking.check_files(Request((altered,)), only=["B7"])
    assert [each.unit for each in checked.findings] == ["Demo, P-1"]


def test_nothing_of_it_is_impossible(toy: Path) -> None:
    """Everything adds up in every format: no finding is an error or a warning."""
    for name in (OPENELECTIONS, MEDSL):
        checked = checking.check_files(Request((toy / name,)))
        assert [each.id for each in checked.findings if each.severity.value != "info"] == []
