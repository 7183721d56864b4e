"""Antrim County, Michigan, 2020: the swing check among 83 counties, from the first report to the last.

z = (x - median) / (1.4826 MAD) of the swing x from 2016, without a binomial term.
"""

import csv
from pathlib import Path
from statistics import median

import pytest

from tallyproof.election.evidence import Finding
from tallyproof.services import checking
from tallyproof.services.reading import Request

from .conftest import Mapping

SECOND = ",7289,9783,"
"""Biden and Trump in the file of 13 November 2020, which holds Antrim's second report."""
REPORTS = {"first": (7_769, 4_509, 20.0), "second": (7_289, 9_783, 5.1), "certified": (5_960, 9_748, 1.7)}


@pytest.fixture(scope="module")
def counties(shared_data: Path) -> tuple[Path, Path]:
    """All counties of 2016, and of 2020 as of 13 November."""
    before = shared_data / "us2016" / "counties_2016_2012_demographics_equipment.csv"
    return before, shared_data / "us2020_timeseries" / "nyt_2020_counties_20201113.csv"


def with_report(path: Path, report: str, folder: Path) -> Path:
    """The counties of 2020 with this report of Antrim."""
    biden, trump, _ = REPORTS[report]
    text = path.read_text(encoding="utf-8")
    assert text.count(f"MI,26009,Antrim,17347,0,16,16{SECOND}") == 1
    copy = folder / path.name
    copy.write_text(text.replace(SECOND, f",{biden},{trump},"), encoding="utf-8")
    return copy


def swings(before: Path, now: Path) -> dict[str, float]:
    """By county of Michigan how far the margin of the two parties moved, computed from the files alone."""

    def margins(path: Path, republican: str, democratic: str) -> dict[str, float]:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["state"] == "MI"]
        votes = {
            row["county"].removesuffix(" County"): (int(row[republican]), int(row[democratic]))
            for row in rows
        }
        return {county: (r - d) / (r + d) for county, (r, d) in votes.items()}

    old, new = margins(before, "trump_2016", "clinton_2016"), margins(now, "trump", "biden")
    assert old.keys() == new.keys()
    assert len(new) == 83
    return {county: new[county] - old[county] for county in new}


def found_in(before: Path, now: Path, mapping: Mapping) -> list[Finding]:
    """What check E4 finds in Michigan."""
    checked = checking.check_files(
        Request((now,), mapping=mapping("counties_2020")),
        previous=Request((before,), mapping=mapping("counties_2016")),
        only=["E4"],
    )
    assert not checked.not_checkable
    return [each for each in checked.findings if each.contest == "mi-president"]


@pytest.mark.parametrize("report", REPORTS)
def test_antrim_stands_out_until_it_is_right(
    counties: tuple[Path, Path], mapping: Mapping, tmp_path: Path, report: str
) -> None:
    """z 20 in the first report, 5.1 in the second; as certified 1.7, of which the check says nothing."""
    before, now = counties[0], with_report(counties[1], report, tmp_path)
    moved = swings(before, now)
    middle = median(moved.values())
    spread = 1.4826 * median(abs(each - middle) for each in moved.values())
    z, published = abs(moved["Antrim"] - middle) / spread, REPORTS[report][2]
    assert z == pytest.approx(published, abs=0.1)
    found = found_in(before, now, mapping)
    assert [(each.unit, each.numbers["units"]) for each in found] == ([("Antrim", 83)] if z > 5 else [])
    assert [abs(float(each.numbers["z"] or 0)) for each in found] == pytest.approx(
        [z] if z > 5 else [], abs=0.01
    )
