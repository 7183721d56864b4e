"""Colorado's published tables: a cell that is no number and a row that is cut are told with their place."""

import pytest

from tallyproof.errors import UnreadableError
from tallyproof.formats.colorado_audit import (
    ContestRow,
    read_batch_counts,
    read_contests,
    read_manifest,
    read_votes,
)

HEADER = (
    "contest_name", "ballot_card_count", "min_margin", "risk_limit",
    "two_vote_over_count", "one_vote_over_count", "one_vote_under_count", "two_vote_under_count",
    "gamma", "optimistic_samples_to_audit",
)  # fmt: skip
MAYOR = ("Mayor", "1000", "100", "0.03", "0", "0", "0", "0", "1.03905", "73")


def read(*rows: tuple[str, ...]) -> tuple[tuple[ContestRow, ...], list[UnreadableError]]:
    faults: list[UnreadableError] = []
    return read_contests("contest.csv", rows, faults.append), faults


@pytest.mark.parametrize("text", ["NaN", "nan", "inf", "-Infinity", "1e999", "three"])
def test_a_risk_limit_that_is_no_number_is_told_and_its_contest_left_out(text: str) -> None:
    bad = (*MAYOR[:3], text, *MAYOR[4:])
    found, (fault,) = read(HEADER, bad, MAYOR)
    assert [(each.row, each.risk_limit) for each in found] == [(3, 0.03)]
    assert (fault.row, f"'{text}' stands where a number belongs" in str(fault)) == (2, True)


@pytest.mark.parametrize("names", [HEADER, (*HEADER, "winners_allowed")])
def test_a_contest_whose_row_is_cut_is_told_and_blank_rows_are_not(names: tuple[str, ...]) -> None:
    whole = (*MAYOR, "1")[: len(names)]
    found, (fault,) = read(names, (), whole, ("", " "), whole[:-1])
    assert [each.row for each in found] == [3]
    assert (fault.row, fault.reason) == (
        5,
        f"a row of {len(names) - 1} cells stands where {len(names)} belong",
    )


def test_a_county_whose_manifest_is_cut_is_told_and_others_are_read() -> None:
    rows = [("County", "Scanner", "Batch", "Cards"), ("Adams", "1", "1", "25"), ("", "1", "2", "9"), ("Elm",)]
    found = read_manifest("manifest.csv", rows)
    adams, elm = found["adams"], found["elm"]
    assert isinstance(adams, tuple) and [each.cards for each in adams] == [25, 9]
    assert isinstance(elm, UnreadableError) and str(elm) == (
        "manifest.csv, row 4: a row of 1 cell stands where 4 belong."
    )


def test_a_cut_row_of_votes_or_batch_counts_is_told() -> None:
    """The contest Mayor and the county Adams are not known in full, so neither is used."""
    votes = read_votes(
        "votes.csv", [("contest_name", "choice", "votes"), ("Mayor", "Ann", "9"), ("Mayor", "B")]
    )
    assert isinstance(votes["Mayor"], UnreadableError) and votes["Mayor"].row == 3
    header = ("county_name", "scanner_id", "batch_id", "count_per_manifest", "count_per_cvr_file")
    rows = [header, ("Adams", "1", "1", "25", "25"), ("Elm", "1", "1", "9", "9"), ("Adams", "1", "2")]
    faults: list[UnreadableError] = []
    assert [each.county for each in read_batch_counts("counts.csv", rows, faults.append)] == ["Elm"]
    assert [each.row for each in faults] == [4]
