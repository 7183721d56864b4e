"""Units beside each other: residual votes, roll-off, turnout, swing and ticket splitting."""

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.checks.robust import among_units
from tallyproof.election.evidence import Severity

from .county import findings, material, needs

TIDY = "state,county,unit,office,vote_for,choice,party,measure,mode,votes\n"
UNITS = [f"Ward {number}" for number in range(1, 31)]


def rows(unit: str, office: str, dem: int, rep: int) -> str:
    """Two parties' votes for an office in a unit."""
    names = (("Ann Lee", "DEM", dem), ("Bob Ray", "REP", rep))
    return "".join(f"WI,Oneida,{unit},{office},1,{n},{p},choice,total,{votes}\n" for n, p, votes in names)


def counted(unit: str, measure: str, number: int) -> str:
    """Ballots or registration of a unit."""
    return f"WI,Oneida,{unit},,,,,{measure},total,{number}\n"


def state(
    *,
    year: int = 0,
    president: dict[str, tuple[int, int]] | None = None,
    ballots: dict[str, int] | None = None,
) -> str:
    """Thirty wards of about 1,000 ballots with two contests, a little different each year; some as given."""
    text, noise = TIDY, Random(year)

    def about(number: int) -> int:
        return number + noise.randint(-15, 15)

    for unit in UNITS:
        votes = (president or {}).get(unit, (about(480), about(490)))
        cast = (ballots or {}).get(unit, about(1040))
        text += rows(unit, "President", *votes) + rows(unit, "U.S. Senate", about(478), about(487))
        text += counted(unit, "ballots_cast", cast) + counted(unit, "registered", about(1300))
    return text


@pytest.mark.parametrize("check", ["E1", "E2", "E3", "E5"])
def test_ordinary_wards_are_silent(check: str) -> None:
    """Thirty wards that differ by a few votes make no finding."""
    assert findings(check, material(state())) == []


def test_residual_votes_stand_out_at_their_row() -> None:
    """320 of 1,040 ballots without a vote for President where others have about 70."""
    text = state(president={"Ward 7": (350, 370)}, ballots={"Ward 7": 1040})
    (found,) = findings("E1", material(text))
    assert (found.contest, found.unit, found.severity) == ("wi-president", "Oneida, Ward 7", Severity.WARNING)
    line = text.splitlines()[(found.source.row or 0) - 1]
    assert line.startswith("WI,Oneida,Ward 7,President")
    assert 240 <= (found.votes_at_stake or 0) <= 260


def test_more_votes_than_ballots_are_left_to_b2() -> None:
    """A ward with too few ballots is an impossibility, not a rate."""
    text = state(ballots={"Ward 7": 800})
    assert findings("E1", material(text)) == []
    assert {each.unit for each in findings("B2", material(text))} == {"Oneida, Ward 7"}


def test_a_dropped_digit_is_the_largest_roll_off() -> None:
    """48 where 484 were meant: far fewer votes for President than for Senate in one ward."""
    text = state(president={"Ward 3": (48, 490)})
    (found,) = findings("E2", material(text))
    assert (found.unit, found.numbers["rank"], found.numbers["rank_by_votes"]) == ("Oneida, Ward 3", 1, 1)
    assert "fewer in the first" in found.message
    assert "WI,Oneida,Ward 3,President" in text.splitlines()[(found.source.row or 0) - 1]


def test_a_contest_with_several_votes_per_ballot_is_not_compared() -> None:
    """Where every ward has far more votes in the lower contest, each ballot has several votes there."""
    text = state()
    for unit in UNITS:
        text += rows(unit, "Trustee", 900, 880)
    assert findings("E2", material(text)) == []


def test_both_ranks_of_a_roll_off_are_told() -> None:
    """A small ward may stand out most by rate while a larger one has more votes at stake."""
    text = state(president={"Ward 3": (100, 150), "Ward 4": (3100, 3300)})
    found = {each.unit: each for each in findings("E2", material(text))}
    small, large = found["Oneida, Ward 3"], found["Oneida, Ward 4"]
    assert abs(float(small.numbers["z"] or 0)) < abs(float(large.numbers["z"] or 0))
    assert (small.numbers["rank"], small.numbers["rank_by_votes"]) == (2, 2)
    text = state(president={"Ward 3": (10, 20), "Ward 4": (1500, 1500)})
    found = {each.unit: each for each in findings("E2", material(text))}
    small, large = found["Oneida, Ward 3"], found["Oneida, Ward 4"]
    assert (small.numbers["rank"], small.numbers["rank_by_votes"]) == (1, 2)
    assert (large.numbers["rank"], large.numbers["rank_by_votes"]) == (2, 1)


def test_turnout_is_held_against_the_election_before() -> None:
    """A ward with half of last time's ballots, where others have as many as last time."""
    now, before = state(year=4, ballots={"Ward 9": 500}), state()
    (found,) = findings("E3", material(now, previous=before))
    assert (found.unit, found.numbers["now"], found.contest) == ("Oneida, Ward 9", 500, "wi-president")
    assert (found.votes_at_stake or 0) > 400


def test_turnout_is_held_against_registration_where_nothing_came_before() -> None:
    """Ballots over registered voters, in one source, against the other wards."""
    (found,) = findings("E3", material(state(ballots={"Ward 9": 500})))
    assert (found.unit, found.numbers["ballots"]) == ("Oneida, Ward 9", 500)


def test_votes_stand_for_ballots_where_neither_election_has_them() -> None:
    """Votes in the top contest, now and before."""
    fewer = state(year=4, president={"Ward 9": (100, 490)})
    now, before = (
        "".join(f"{line}\n" for line in text.splitlines() if ",,,,," not in line) for text in (fewer, state())
    )
    (found,) = findings("E3", material(now, previous=before))
    assert (found.unit, found.numbers["now"]) == ("Oneida, Ward 9", 590)
    assert "votes for President where the election before had" in found.message


def test_a_swing_far_from_the_others_is_found() -> None:
    """A ward whose two candidates were exchanged moves the other way by its whole margin."""
    before = state(president={"Ward 5": (300, 690)})
    exchanged, right = (state(year=4, president={"Ward 5": votes}) for votes in ((690, 300), (300, 690)))
    (found,) = findings("E4", material(exchanged, previous=before))
    assert (found.unit, found.severity, found.numbers["swing"]) == (
        "Oneida, Ward 5",
        Severity.WARNING,
        -78.79,
    )
    assert abs((found.votes_at_stake or 0) - 780) <= 10
    assert findings("E4", material(right, previous=before)) == []


def test_swing_needs_fifteen_places() -> None:
    """With fewer places no z-score is given, and the answer says why."""
    few = "\n".join(
        line for line in state().splitlines() if any(f",Ward {n}," in f"{line}," for n in range(1, 15))
    )
    assert "15" in needs("E4", material(TIDY + few + "\n", previous=TIDY + few + "\n"))
    assert needs("E4", material(state()))


@pytest.mark.parametrize("check", ["E1", "E2", "E3", "E5"])
def test_fourteen_units_are_too_few_for_a_z_score(check: str) -> None:
    """The answer says that at least 15 are needed."""
    few = "".join(f"{line}\n" for line in state().splitlines()[: 1 + 6 * 14])
    assert "15" in needs(check, material(few))


def test_units_that_do_not_meet_are_compared_by_county() -> None:
    """Wards with other names are added up; one county is too few for a comparison."""
    renamed = state().replace(",Ward ", ",Precinct ")
    assert needs("E4", material(renamed, previous=state()))


def test_a_split_ticket_far_from_the_others_is_found() -> None:
    """A ward that lost nine tenths of one candidate's votes for President only."""
    (found,) = findings("E5", material(state(president={"Ward 3": (485, 48)})))
    assert (found.unit, found.topic) == ("Oneida, Ward 3", "wi-us-senate")
    assert "points less" in found.message


@settings(deadline=None, max_examples=examples(50))
@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=40), st.integers(1, 9), st.integers(-(10**6), 10**6)
)
def test_a_z_score_does_not_depend_on_the_scale(values: list[int], factor: int, shift: int) -> None:
    """Multiplying and shifting all values leaves every z and rank as it was; the median unit has 0."""
    one = among_units(pl.DataFrame({"g": 1, "x": values}), "x", None, ["g"])
    other = among_units(pl.DataFrame({"g": 1, "x": [factor * v + shift for v in values]}), "x", None, ["g"])
    assert one["z"].is_null().to_list() == other["z"].is_null().to_list()
    assert one["z"].fill_null(0).to_list() == pytest.approx(other["z"].fill_null(0).to_list())
    assert one["rank"].to_list() == other["rank"].to_list()
