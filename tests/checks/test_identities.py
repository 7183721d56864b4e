"""Votes, ballots, registration and ways of voting inside one unit."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

HEAD = "county,precinct,office,district,party,candidate,votes\n"
TIDY = "county,unit,office,vote_for,choice,party,measure,mode,votes\n"


def precinct(ballots: int, ann: int, bob: int, over: int, under: int, registered: int = 600) -> str:
    """One precinct with one contest, the rows of the file being 2 to 7."""
    return (
        HEAD + f"Demo,P-1,Registered Voters,,,,{registered}\nDemo,P-1,Ballots Cast,,,,{ballots}\n"
        f"Demo,P-1,President,,DEM,Ann Adams,{ann}\nDemo,P-1,President,,REP,Bob Baker,{bob}\n"
        f"Demo,P-1,President,,,Over Votes,{over}\nDemo,P-1,President,,,Under Votes,{under}\n"
    )


# ---- B1: votes, undervotes and overvotes account for every ballot


def test_bacon_county_2020_adds_up() -> None:
    """Bacon County, Georgia: 4,018 + 625 + 25 votes, 12 undervotes and no overvote are 4,680 ballots."""
    rows = [("Donald Trump", "choice", 4018), ("Joe Biden", "choice", 625), ("Jo Jorgensen", "choice", 25),
            ("", "undervotes", 12), ("", "overvotes", 0)]  # fmt: skip
    text = TIDY + "".join(
        f"Bacon,,President,1,{name},,{measure},total,{votes}\n" for name, measure, votes in rows
    )
    assert findings("B1", material(text + "Bacon,,,,,,ballots_cast,total,4680\n", state="GA")) == []


def test_toy_election_adds_up(shared_data: Path) -> None:
    """Both layouts of the toy election pass B1, B2, B3, B4 and B13."""
    toy = shared_data / "toy_election"
    for name in ("20241105__zz__general__demo__precinct.csv", "2024-zz-precinct-general.csv"):
        given = material_of(toy / name)
        assert [
            finding for check in ("B1", "B2", "B3", "B4", "B13") for finding in findings(check, given)
        ] == []


@pytest.mark.parametrize(
    ("ballots", "status", "severity"),
    [
        (503, Status.CERTIFIED, Severity.ERROR),
        (502, Status.CERTIFIED, Severity.WARNING),
        (503, Status.UNOFFICIAL_COMPLETE, Severity.WARNING),
    ],
)
def test_missing_votes_weigh_by_their_number_and_the_count(
    ballots: int, status: Status, severity: Severity
) -> None:
    """Three votes off is an error once the count is final, two or an unofficial count only a warning."""
    (found,) = findings("B1", material(precinct(ballots, 260, 228, 1, 11), status=status))
    assert (found.severity, found.votes_at_stake, found.numbers["d"]) == (
        severity,
        ballots - 500,
        500 - ballots,
    )
    assert (found.source.file, found.source.row) == ("file-1.csv", 4)
    assert "too few" in found.message


@settings(deadline=None, max_examples=examples(50))
@given(
    seats=st.integers(1, 5), votes=st.integers(0, 900), under=st.integers(0, 90), over=st.integers(0, 9),
    in_ballots=st.booleans(),
)  # fmt: skip
def test_either_reading_of_overvotes_adds_up(
    seats: int, votes: int, under: int, over: int, in_ballots: bool
) -> None:
    """Overvotes counted as votes and overvotes counted as ballots both pass, one ballot more does not."""
    room = votes + under + (seats * over if in_ballots else over)
    ballots, under = -(-room // seats), under + (-room) % seats
    rows = f"Demo,,Council,{seats},Ann,,choice,total,{votes}\n"
    rows += (
        f"Demo,,Council,{seats},,,undervotes,total,{under}\nDemo,,Council,{seats},,,overvotes,total,{over}\n"
    )
    fits = material(f"{TIDY}{rows}Demo,,,,,,ballots_cast,total,{ballots}\n")
    more = material(f"{TIDY}{rows}Demo,,,,,,ballots_cast,total,{ballots + 9}\n")
    assert findings("B1", fits) == []
    assert len(findings("B1", more)) == 1


def test_overvotes_not_published_are_not_taken_as_none() -> None:
    """Without overvotes the identity cannot be checked, and the answer says what is missing."""
    text = precinct(500, 260, 228, 1, 11).replace("Demo,P-1,President,,,Over Votes,1\n", "")
    assert "overvotes" in needs("B1", material(text))


def test_ballots_of_another_source_are_not_put_into_the_identity() -> None:
    """Votes of one file and ballots of another are compared by B2 only."""
    text = precinct(500, 260, 228, 1, 11)
    ballots = HEAD + "Demo,P-1,Ballots Cast,,,,900\n"
    votes_only = text.replace("Demo,P-1,Ballots Cast,,,,500\n", "")
    assert needs("B1", material(votes_only, ballots))


# ---- B2: no more votes than ballots


def test_sauk_county_is_an_inconsistency_of_2485() -> None:
    """31,838 ballots and 34,323 votes in one source: an error that says no more than resolve at canvass."""
    text = (
        TIDY + "Sauk,,President,1,,,ballots_cast,total,31838\nSauk,,President,1,,,total_votes,total,34323\n"
    )
    (found,) = findings("B2", material(text))
    assert (found.id, found.severity, found.votes_at_stake) == ("B2/wi-president/sauk", Severity.ERROR, 2485)
    assert found.message == (
        "Sauk: 34,323 votes for President exceed 31,838 ballots cast by 2,485: "
        "reporting inconsistency; resolve at canvass."
    )
    assert (found.source.row, found.also[0].row) == (3, 2)


def test_votes_and_ballots_of_two_sources_only_disagree() -> None:
    """The same numbers from two files are a warning that names the source of the ballots."""
    votes = TIDY + "Sauk,,President,1,,,total_votes,total,34323\n"
    ballots = TIDY + "Sauk,,,,,,ballots_cast,total,31838\n"
    (found,) = findings("B2", material(votes, ballots))
    assert found.severity is Severity.WARNING
    assert "two sources disagree (file-2.csv gives the ballots)" in found.message


def test_two_votes_for_two_seats_fit_one_ballot() -> None:
    """A contest for two seats may have twice as many votes as ballots."""
    rows = "Demo,,Council,2,Ann,,choice,total,60\nDemo,,Council,2,Bob,,choice,total,55\n"
    assert findings("B2", material(f"{TIDY}{rows}Demo,,,,,,ballots_cast,total,60\n")) == []


# ---- B3: no choice beyond ballots or registration


def test_gahanna_2004_is_found_at_the_row_of_the_choice() -> None:
    """Gahanna, Ohio: 4,258 votes for one candidate and 638 ballots."""
    text = precinct(638, 260, 4258, 0, 0, registered=900)
    (found,) = findings("B3", material(text, state="OH"))
    assert (found.severity, found.source.row, found.votes_at_stake) == (Severity.ERROR, 5, 4258 - 638)
    assert "only 638 ballots were cast and only 900 voters are registered" in found.message


def test_a_digit_too_many_exceeds_the_registration() -> None:
    """Shiawassee, Michigan, 2020: 153,710 keyed for 15,371, more than twice the registration."""
    text = (
        TIDY
        + "Shiawassee,,President,1,Joe Biden,DEM,choice,total,{}\nShiawassee,,,,,,registered,total,70000\n"
    )
    (found,) = findings("B3", material(text.format(153_710), state="MI"))
    assert (found.severity, found.votes_at_stake) == (Severity.ERROR, 153_710 - 70_000)
    assert findings("B3", material(text.format(15_371), state="MI")) == []


def test_registration_of_another_source_only_disagrees() -> None:
    """Votes of one file beyond the registration in another are a warning."""
    votes = TIDY + "Demo,,President,1,Ann,,choice,total,400\n"
    (found,) = findings("B3", material(votes, TIDY + "Demo,,,,,,registered,total,300\n"))
    assert found.severity is Severity.WARNING
    assert "file-2.csv gives the lower number" in found.message


def test_a_registration_of_zero_is_not_given() -> None:
    """Files that write 0 for an unknown registration make no finding of it."""
    assert findings("B3", material(precinct(500, 260, 228, 1, 11, registered=0))) == []
    assert "registered voters" in needs("B4", material(precinct(500, 260, 228, 1, 11, registered=0)))


# ---- B4: no more ballots than registered voters


@settings(deadline=None, max_examples=examples(50))
@given(ballots=st.integers(1, 2000), registered=st.integers(1, 2000))
def test_more_ballots_than_registered_voters_ask_for_a_word(ballots: int, registered: int) -> None:
    """A warning exactly where ballots exceed registration, with the excess at stake."""
    found = findings("B4", material(precinct(ballots, 1, 1, 0, 0, registered)))
    assert [(each.severity, each.votes_at_stake, each.contest) for each in found] == (
        [(Severity.WARNING, ballots - registered, "wi-president")] if ballots > registered else []
    )


# ---- B7: ways of voting add up


def by_mode(total: str, day: str, mail: str) -> str:
    """One choice with a stated total and two ways of voting, in row 2."""
    head = "county,precinct,office,party,candidate,votes,election_day,mail\n"
    return head + f"Demo,P-1,President,,Ann,{total},{day},{mail}\n"


def test_ways_of_voting_that_add_up_are_silent() -> None:
    """100 on election day and 60 by mail are 160."""
    assert findings("B7", material(by_mode("160", "100", "60"))) == []


def test_ways_of_voting_that_do_not_add_up_are_found_at_their_row() -> None:
    """100 on election day and 60 by mail are not 170."""
    (found,) = findings("B7", material(by_mode("170", "100", "60")))
    assert (found.severity, found.votes_at_stake) == (Severity.WARNING, 10)
    assert (found.source.row, found.source.column, found.topic) == (2, "votes", "ann")


def test_an_unknown_way_of_voting_makes_no_finding() -> None:
    """A suppressed number is unknown, so the sum is; the other precincts are judged."""
    others = "".join(f"Demo,P-{n},President,,Ann,{20 + n},20,{n}\n" for n in range(2, 14))
    assert findings("B7", material(by_mode("170", "100", "*") + others)) == []


def test_ballots_by_way_of_voting_are_added_too() -> None:
    """Ballots cast by mode are compared with ballots cast, under the top contest."""
    text = by_mode("160", "100", "60") + "Demo,P-1,Ballots Cast,,,170,100,60\n"
    (found,) = findings("B7", material(text))
    assert (found.contest, found.topic, found.numbers["d"]) == ("wi-president", "ballots-cast", -10)


def test_columns_that_contain_each_other_are_added_once() -> None:
    """Early voting that repeats two early sites is not counted twice."""
    head = (
        "county,precinct,office,party,candidate,votes,election_day,early_voting,ev_site_north,ev_site_south\n"
    )
    rows = "".join(f"Demo,P-{n},President,,Ann,{30 + 3 * n},30,{3 * n},{n},{2 * n}\n" for n in range(1, 7))
    assert findings("B7", material(head + rows)) == []


def test_a_missing_way_of_voting_is_told_once() -> None:
    """Where a column is missing throughout, one finding tells how many cells are off."""
    head = "county,precinct,office,party,candidate,votes,election_day\n"
    rows = "".join(
        f"Demo,P-{n},President,,{who},{90 + n},90\n" for n in range(1, 151) for who in ("Ann", "Bob")
    )
    (found,) = findings("B7", material(head + rows))
    assert (found.numbers["off"], found.numbers["cells"], found.unit) == (300, 300, "")
    assert found.votes_at_stake == sum(range(1, 151))


# ---- B13: no negative counts


def test_volusia_2000_is_an_error_at_its_row() -> None:
    """Volusia County, Florida, precinct 216: minus 16,022 votes in a precinct of 412 voters."""
    text = HEAD + "Volusia,216,Registered Voters,,,,412\nVolusia,216,President,,DEM,Al Gore,-16022\n"
    (found,) = findings("B13", material(text, state="FL"))
    assert (found.severity, found.source.row, found.votes_at_stake) == (Severity.ERROR, 3, 16_022)


@pytest.mark.parametrize(
    "row", ["Demo,Statistical Adjustments,President,,DEM,Ann,-3", "Demo,P-1,President,,,Under Votes,-3"]
)
def test_adjustments_and_corrected_aggregates_are_information(row: str) -> None:
    """Adjustment rows and undervotes below zero are shown, not judged."""
    (found,) = findings("B13", material(f"{HEAD}Demo,P-1,President,,DEM,Ann,30\n{row}\n"))
    assert (found.severity, found.source.row) == (Severity.INFO, 3)


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_no_count_of_zero_or_more_is_negative(votes: list[int]) -> None:
    """Ordinary counts are silent."""
    rows = "".join(f"Demo,P-{n},President,,DEM,Ann,{each}\n" for n, each in enumerate(votes))
    assert findings("B13", material(HEAD + rows)) == []
