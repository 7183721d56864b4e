"""Clarity's summary JSON: votes in parallel lists, zeros that mean nothing, an unnamed region."""

import json
from pathlib import Path

from tallyproof.election.canvass import Status
from tallyproof.formats import intake, raw

from .reading import cells, read, written

GOVERNOR = {
    "C": "Governor", "K": "1", "VF": 1, "TP": 3, "PR": 3, "TV": 0, "BC": 0, "regvoters": 0, "BCxContest": 0,
    "CH": ["Ann Adams (I) (Dem)", "Bob Baker (Rep)"], "P": ["NP", "NP"], "V": [205, 195], "PCT": [51.3, 48.7],
}  # fmt: skip


def summary(folder: Path, *contests: dict[str, object]) -> Path:
    return written(folder, json.dumps([GOVERNOR | each for each in contests or ({},)]), "summary.json")


def test_the_toy_election_has_the_same_totals(shared_data: Path) -> None:
    """As its detail file, with ballots and registration of the whole."""
    reading = read(shared_data / "toy_election/summary.json", state="ZZ")
    assert cells(reading, "contest", "choice_id", "measure", "votes") == [
        ("", "ballots-cast", "ballots_cast", 800), ("", "registered", "registered", 1_000),
        ("zz-president", "adams", "choice", 380), ("zz-president", "baker", "choice", 395),
        ("zz-president", "write-in", "write_in", 5), ("zz-president", "total-votes", "total_votes", 780),
        ("zz-president", "ballots-cast", "ballots_cast", 800),
    ]  # fmt: skip
    assert not any(remark.topic == "region" for remark in reading.remarks)


def test_zeros_in_the_totals_are_unknown(tmp_path: Path) -> None:
    """Georgia 2020 gave 0 for total, ballots and voters beside millions of votes."""
    reading = read(summary(tmp_path))
    assert cells(reading, "choice", "party", "measure", "votes") == [
        ("Ann Adams", "DEM", "choice", 205), ("Bob Baker", "REP", "choice", 195),
    ]  # fmt: skip


def test_the_region_is_not_guessed(tmp_path: Path) -> None:
    """Numbers stand for the whole of what the user names; without a state that is said."""
    reading = read(summary(tmp_path))
    assert set(cells(reading, "state", "county", "unit", "level")) == {("", "", "", "state")}
    assert [remark.text for remark in reading.remarks if remark.topic == "region"] == [
        "does not say which state or county it is of: it is read as the whole of what is named with --state"
    ]


def test_places_still_out_make_it_partial(tmp_path: Path) -> None:
    """PR of TP reported; no status is claimed when all did."""
    assert read(summary(tmp_path, {"PR": 2})).status is Status.UNOFFICIAL_PARTIAL
    assert read(summary(tmp_path, {"PR": 3})).status is Status.UNKNOWN


def test_ballots_are_the_contests_own_where_they_differ(tmp_path: Path) -> None:
    """The same number in every contest is the region's."""
    levy: dict[str, object] = {"C": "Levy", "K": "2", "BC": 400, "BCxContest": 120, "regvoters": 9}
    reading = read(summary(tmp_path, {"BC": 400}, levy))
    found = [row for row in cells(reading, "contest", "measure", "votes") if row[1] != "choice"]
    assert found == [("", "ballots_cast", 400), ("levy", "ballots_cast", 120), ("levy", "registered", 9)]


def test_lists_of_different_length_are_rejected(tmp_path: Path) -> None:
    """No vote is given to the wrong choice; the other contests are kept."""
    reading = read(summary(tmp_path, {"V": [205]}, {"C": "Levy", "K": "2"}))
    assert [(each.row, each.reason) for each in reading.rejections] == [
        (1, "has 2 choices, 1 numbers of votes and 2 parties")
    ]
    assert (reading.read, reading.stored) == (3, 2)


def test_contests_of_one_name_stay_apart(tmp_path: Path) -> None:
    """By their keys."""
    reading = read(summary(tmp_path, {}, {"K": "2"}))
    assert reading.frame["contest"].unique(maintain_order=True).to_list() == ["governor-1", "governor-2"]


def test_a_number_is_shown_with_what_leads_to_it(tmp_path: Path) -> None:
    """Contest, choice and field."""
    with intake.documents([summary(tmp_path, {"TV": 400})]) as (document,):
        assert raw.raw_row(document, 2) == (("C", "CH", "V"), ("Governor", "Bob Baker", "195"))
        assert raw.raw_row(document, 3) == (("C", "TV"), ("Governor", "400"))
        assert raw.raw_row(document, 4) == ((), ())
