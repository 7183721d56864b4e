"""Elections from a seed: everything adds up, and each planted fault is found where it stands."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.errors import RequestError
from tallyproof.services import checking
from tallyproof.services.reading import Request
from tallyproof.testing.elections import Election, Fault, Planted, units_for, write_openelections

UNITS = 120


def found_in(folder: Path, *planted: Planted) -> list[tuple[str, str, int | None]]:
    """Check, unit and row of every finding in an election with these faults."""
    written = write_openelections(Election(UNITS, planted=planted), folder)
    checked = checking.check_files(Request((written.path,)))
    return [(each.check, each.unit, each.source.row) for each in checked.findings]


def test_a_clean_election_has_no_finding(tmp_path: Path) -> None:
    """Where nothing is planted no check finds anything."""
    assert found_in(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        (Fault.FEW_BALLOTS, "B2"), (Fault.DROPPED_DIGIT, "E2"), (Fault.REPEATED_ROW, "A4"),
        (Fault.NEGATIVE, "B13"),
    ],
    ids=["few ballots", "dropped digit", "repeated row", "negative"],
)  # fmt: skip
def test_a_planted_fault_is_found_at_its_row(tmp_path: Path, fault: Fault, check: str) -> None:
    """The check made for it names the unit and the row that were planted, and no other unit."""
    written = write_openelections(Election(UNITS, planted=(Planted(fault, 77),)), tmp_path)
    found = found_in(tmp_path, Planted(fault, 77))
    assert (check, "County 002, Precinct 28", written.planted[0].row) in found
    assert {unit for _, unit, _ in found} == {"County 002, Precinct 28"}


def test_a_missing_unit_is_missed_beside_the_election_before(tmp_path: Path) -> None:
    """Against an election in which the unit was there check C3 names it."""
    before = write_openelections(Election(UNITS, seed=2), tmp_path)
    (tmp_path / "now").mkdir()
    now = write_openelections(Election(UNITS, planted=(Planted(Fault.MISSING_UNIT, 77),)), tmp_path / "now")
    checked = checking.check_files(Request((now.path,)), previous=Request((before.path,)), only=["C3"])
    assert ["County 002, Precinct 28" in each.unit + each.message for each in checked.findings] == [True]


@settings(max_examples=examples(20), deadline=None)
@given(
    st.builds(
        Election, units=st.integers(1, 30), contests=st.integers(1, 8), choices=st.integers(2, 6),
        seed=st.integers(0, 999),
    )
)  # fmt: skip
def test_votes_of_each_contest_account_for_every_ballot(
    tmp_path_factory: pytest.TempPathFactory, election: Election
) -> None:
    """Choices, over- and undervotes add up to ballots cast; the same plan gives the same file."""
    written = write_openelections(election, tmp_path_factory.mktemp("election"))
    with written.path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == written.rows == election.units * election.rows_per_unit
    sums: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (row["county"], row["precinct"], row["office"], row["district"])
        sums[key] = sums.get(key, 0) + int(row["votes"])
    ballots = {key[:2]: votes for key, votes in sums.items() if key[2] == "Ballots Cast"}
    contests = {
        key: votes for key, votes in sums.items() if key[2] not in {"Ballots Cast", "Registered Voters"}
    }
    assert len(contests) == election.units * election.contests
    assert all(votes == ballots[key[:2]] for key, votes in contests.items())
    assert min(int(row["votes"]) for row in rows) >= 0
    again = write_openelections(election, tmp_path_factory.mktemp("again"))
    assert again.path.read_bytes() == written.path.read_bytes()


def test_about_so_many_rows() -> None:
    """As many units as give about the wanted rows."""
    assert units_for(1_000_000, Election(1, contests=10)) * Election(1, contests=10).rows_per_unit == 999_998


@pytest.mark.parametrize(
    "election",
    [
        Election(0), Election(3, contests=0), Election(3, choices=1), Election(3, choices=99),
        Election(3, planted=(Planted(Fault.NEGATIVE, 3),)),
        Election(3, planted=(Planted(Fault.NEGATIVE, 1), Planted(Fault.REPEATED_ROW, 1))),
    ],
)  # fmt: skip
def test_an_impossible_plan_is_refused(tmp_path: Path, election: Election) -> None:
    """No units, one choice, or a fault outside the election are refused before anything is written."""
    with pytest.raises(RequestError):
        write_openelections(election, tmp_path)
    assert list(tmp_path.iterdir()) == []
