"""Ballots by unit: EL-190 in two layouts, and any other table of ballots."""

from pathlib import Path

import polars as pl
import pytest

from .reading import claims, read, written

SAMPLES = Path(__file__).parents[1] / "samples/ballots-by-unit"
EL190 = ("wi2016/raw/wec_el190_2016_general_2017-10-05.csv", "wi2016/wi_2016_el190_ballots_by_ward.csv")


def counts(path: Path) -> dict[tuple[str, str], int]:
    """The sum of each count over all units."""
    frame = read(path).frame.group_by("measure", "choice").agg(pl.col("votes").sum())
    return {(str(measure), str(choice)): int(votes) for measure, choice, votes in frame.iter_rows()}


@pytest.mark.parametrize("path", EL190)
def test_el190_as_published_and_tidied(path: str, shared_data: Path) -> None:
    """2,998,823 ballots, by device 299,503 and 247,354 and 2,447,462."""
    found = counts(shared_data / path)
    assert found["ballots_cast", ""] == 2_998_823
    devices = (found["ballots_by_device", name] for name in ("DRE", "paper", "optical scan"))
    assert tuple(devices) == (299_503, 247_354, 2_447_462)


def test_both_layouts_of_el190_tell_the_same(shared_data: Path) -> None:
    """Every count, added up."""
    first, second = (counts(shared_data / path) for path in EL190)
    assert first == second
    assert len(first) == 13


def test_a_blank_count_is_unknown() -> None:
    """Elm did not say how many voters came."""
    frame = read(SAMPLES / "el190.csv").frame.filter(pl.col("measure") == "voters")
    assert frame.select("unit", "votes", "note").rows() == [
        ("TOWN OF OAK Wards 1-2", 601, ""),
        ("CITY OF ELM Ward 1", None, "blank"),
    ]


def test_a_town_is_not_named_twice() -> None:
    """A unit that begins with its town's name keeps it."""
    assert set(read(SAMPLES / "el190_tidy.csv").frame["unit"]) == {
        "TOWN OF OAK Wards 1-2",
        "CITY OF ELM Ward 1",
    }


@pytest.mark.parametrize(
    "more",
    ["candidate", "votes", "office", "choice", "Contest Name", "Candidate_Name", "Early Votes", "Ann Adams"],
)
def test_a_table_with_votes_is_none_of_these(more: str, tmp_path: Path) -> None:
    """A column of contests, candidates or votes makes it another format; so do numbers under a name."""
    header = "county,precinct,ballots_cast"
    assert claims(written(tmp_path, f"{header}\nFern,1,5\n")) == ["ballots-by-unit"]
    assert "ballots-by-unit" not in claims(written(tmp_path, f"{header},{more}\nFern,1,5,6\n"))


@pytest.mark.parametrize("more", ["county_fips", "Late Registrants", "turnout percent", "HINDI"])
def test_numbers_that_are_no_votes_leave_it_one_of_these(more: str, tmp_path: Path) -> None:
    """Codes, other counts of voters and shares may stand beside the ballots."""
    assert claims(written(tmp_path, f"county,precinct,ballots_cast,{more}\nFern,1,5,6\n")) == [
        "ballots-by-unit"
    ]


def test_a_table_of_votes_under_names_of_its_own_is_none_of_these() -> None:
    """Contest, candidate and early votes, although a county, a precinct and ballots cast stand there too."""
    assert claims(Path(__file__).parent / "proposals/long.csv") == []
