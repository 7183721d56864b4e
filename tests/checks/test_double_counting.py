"""Rows given twice, totals among the units, columns of votes that contain each other."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

HEAD = "county,precinct,office,district,party,candidate,votes\n"


def precinct(name: str, ann: int, bob: int) -> str:
    return f"Demo,{name},President,,DEM,Ann Adams,{ann}\nDemo,{name},President,,REP,Bob Baker,{bob}\n"


CLEAN = HEAD + precinct("P-1", 260, 225) + precinct("P-2", 120, 170)


# ---- A4: rows given twice


def test_every_row_once_is_silent() -> None:
    """No cell of a clean county stands twice."""
    assert findings("A4", material(CLEAN)) == []


def test_a_block_pasted_twice_is_a_warning_and_counted_once() -> None:
    """An exact copy puts its votes at stake, is found at the copy and shows the original."""
    given = material(CLEAN + precinct("P-2", 120, 170))
    (found,) = findings("A4", given)
    assert (found.severity, found.votes_at_stake, found.unit) == (Severity.WARNING, 290, "Demo, P-2")
    assert (found.source.row, found.also[0].row) == (6, 4)
    assert given.sums.filter(unit="P-2")["votes"].to_list() == [290]


def test_a_unit_with_two_different_rows_is_an_error_and_both_are_counted() -> None:
    """Copies that differ are told once per unit and contest, with both sums."""
    given = material(CLEAN + precinct("P-2", 120, 171))
    (found,) = findings("A4", given)
    assert (found.severity, found.votes_at_stake, found.source.row) == (Severity.ERROR, 291, 6)
    assert (found.numbers["least"], found.numbers["most"]) == (290, 291)
    assert given.sums.filter(unit="P-2")["votes"].to_list() == [581]


def test_party_lines_of_one_candidate_are_no_copies() -> None:
    """Fusion: a candidate on two party lines has two rows in one precinct."""
    lines = "Demo,P-3,President,,DEM,Ann Adams,50\nDemo,P-3,President,,WFP,Ann Adams,7\n"
    assert findings("A4", material(CLEAN + lines)) == []


def test_two_write_in_rows_are_only_a_warning() -> None:
    """Several persons under the one word 'Write-in' are nothing impossible."""
    rows = "Demo,P-1,President,,,Write-in,2\nDemo,P-1,President,,,Write-in,1\n"
    (found,) = findings("A4", material(CLEAN + rows))
    assert (found.severity, found.votes_at_stake) == (Severity.WARNING, 2)


@settings(max_examples=examples(25), deadline=None)
@given(ann=st.integers(0, 999), bob=st.integers(1, 999), copies=st.integers(2, 5))
def test_exact_copies_never_change_the_count(ann: int, bob: int, copies: int) -> None:
    """However often a block is repeated, its votes are counted once and the others are at stake."""
    given = material(HEAD + precinct("P-1", ann, bob) * copies)
    (found,) = findings("A4", given)
    assert given.sums["votes"].to_list() == [ann + bob]
    assert found.votes_at_stake == (copies - 1) * (ann + bob)


def test_michigan_2016_has_145_double_keys_in_two_contests(shared_data: Path) -> None:
    """Two State House districts elected for a full and a partial term, and the file lost the term."""
    found = findings("A4", material_of(shared_data / "medsl2016" / "mi.zip"))
    assert {finding.contest for finding in found} == {"mi-state-house-11", "mi-state-house-28"}
    assert sum(int(finding.numbers["cells"] or 0) for finding in found) == 145
    rows = {finding.source.row for finding in found if "WARREN CITY; Ward 1; Precinct 38" in finding.unit}
    assert rows == {145_196}


# ---- A5: totals as rows


def test_units_alone_are_silent() -> None:
    """A county without totals has nothing to tell."""
    assert findings("A5", material(CLEAN)) == []


@pytest.mark.parametrize("name", ["Totals", "COUNTY TOTAL", "Cumulative", ""])
def test_a_total_among_the_units_is_told_and_never_added(name: str) -> None:
    """A county's own row is kept beside its units and stays out of the sum."""
    given = material(CLEAN + precinct(name, 380, 395))
    (found,) = findings("A5", given)
    assert (found.severity, found.source.row, found.numbers["rows"]) == (Severity.INFO, 6, 2)
    assert given.leaves["votes"].sum() == 775


def test_a_total_as_a_choice_is_told_and_never_added() -> None:
    """'Total Votes Cast' among the candidates is no candidate."""
    given = material(CLEAN + "Demo,P-1,President,,,Total Votes Cast,485\n")
    (found,) = findings("A5", given)
    assert (found.source.row, found.numbers["rows"]) == (6, 1)
    assert given.sums.filter(unit="P-1")["votes"].to_list() == [485]


def test_floating_votes_are_told_and_counted() -> None:
    """Votes reported for the county as a whole, beside its units, belong to the count."""
    given = material(CLEAN + precinct("COUNTY FLOATING", 3, 4))
    (found,) = findings("A5", given)
    assert "counted once" in found.message and found.source.row == 6
    assert given.leaves["votes"].sum() == 782


def test_a_county_file_is_no_total() -> None:
    """Where only counties are given, their rows are the count itself."""
    text = "county,office,district,party,candidate,votes\nDemo,President,,DEM,Ann Adams,380\n"
    assert findings("A5", material(text)) == []


# ---- A8: modes


def by_mode(header: str, *rows: str) -> str:
    start = f"county,precinct,office,district,party,candidate,{header}\n"
    return start + "".join(f"Demo,P-{n},President,,DEM,Ann Adams,{row}\n" for n, row in enumerate(rows))


def test_without_modes_it_cannot_be_asked() -> None:
    """A file with one votes column says nothing of ways of voting."""
    assert needs("A8", material(CLEAN)) == "votes by way of voting (mode)"


def test_known_modes_are_silent() -> None:
    """Election day and mail are ways of voting and parts of nothing but the total."""
    assert findings("A8", material(by_mode("votes,election_day,mail", "9,5,4", "8,6,2", "7,3,4"))) == []


def test_parts_of_another_mode_are_told_and_counted_once() -> None:
    """Early votes given by site and in sum: the parts are named, and only the whole is counted."""
    rows = [f"{e + site + county},{e},{site + county},{site},{county}" for e, site, county in PARTS]
    text = by_mode("votes,election_day,early_voting,ev_local,ev_county", *rows)
    given = material(text)
    (found,) = [each for each in findings("A8", given) if "only the whole" in each.message]
    assert found.severity is Severity.WARNING and found.source.row == 2
    assert "'ev_local' and 'ev_county' add up to 'early_voting'" in found.message
    kept = given.returns.filter(pl.col("note") == "overlapping")["mode_raw"].unique().sort().to_list()
    assert kept == ["ev_county", "ev_local"]


PARTS = [(10 + n, 5 + 2 * n, 30 + n * n) for n in range(12)]


def test_parts_with_one_slip_are_a_question() -> None:
    """One wrong cell hides the overlap from the importer, so that all are counted: this asks."""
    rows = [f"{e},{site + county},{site},{county + (n == 7)}" for n, (e, site, county) in enumerate(PARTS)]
    text = by_mode("election_day,early_voting,ev_local,ev_county", *rows)
    found = [each for each in findings("A8", material(text)) if "Are they parts of it?" in each.message]
    assert len(found) == 1 and "in 91.7% of the rows; all are counted" in found[0].message


def test_an_unknown_mode_weighs_more_where_it_is_counted() -> None:
    """Beside stated totals a strange column is information, else it enters the sum and is a warning."""
    stated = findings("A8", material(by_mode("votes,election_day,zebra", "9,5,4", "8,6,2", "7,3,4")))
    counted = findings("A8", material(by_mode("election_day,zebra", "5,4", "6,2", "3,4")))
    assert [each.severity for each in (*stated, *counted)] == [Severity.INFO, Severity.WARNING]
    assert all("'zebra'" in each.message for each in (*stated, *counted))
