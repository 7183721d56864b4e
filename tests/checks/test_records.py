"""Poll books, paper, provisional and mail ballots beside what was counted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.election.evidence import Severity

from .county import findings, material, material_of, needs

TIDY = "county,unit,office,vote_for,choice,measure,mode,votes\n"
NOTHING = TIDY + "Demo,P-1,President,1,Ann Adams,choice,total,260\n"


def unit(name: str = "P-1", **counts: int | None) -> str:
    """One unit's counts, each in a row of its own."""
    given_ = {measure: number for measure, number in counts.items() if number is not None}
    return "".join(f"Demo,{name},,,,{measure},total,{number}\n" for measure, number in given_.items())


@pytest.mark.parametrize("check", ["B5", "B6", "B8", "B9"])
def test_votes_alone_leave_the_question_open(check: str) -> None:
    """Each of these needs counts of ballots beside the votes."""
    assert needs(check, material(NOTHING))


# ---- B5: poll book balance


def test_a_unit_in_balance_is_silent() -> None:
    """As many ballots as voters: nothing to tell, of the unit or the county."""
    assert findings("B5", material(TIDY + unit(ballots_cast=500, voters=500))) == []


@pytest.mark.parametrize(
    ("ballots", "voters", "severity"),
    [
        (501, 500, Severity.INFO),
        (101, 100, Severity.INFO),
        (2004, 2000, Severity.WARNING),
        (1998, 2000, Severity.WARNING),
        (2005, 2000, Severity.ERROR),
        (504, 500, Severity.ERROR),
        (490, 500, Severity.ERROR),
    ],
)
def test_a_difference_weighs_by_its_size(ballots: int, voters: int, severity: Severity) -> None:
    """One ballot is information, up to four a warning; five, or half a percent, an error."""
    found = findings(
        "B5",
        material(TIDY + unit("P-0", ballots_cast=9, voters=9) + unit(ballots_cast=ballots, voters=voters)),
    )
    (one,) = [each for each in found if each.unit == "Demo, P-1"]
    assert (one.severity, one.source.row, one.also[0].row) == (severity, 4, 5)
    assert (one.votes_at_stake, one.numbers["d"]) == (abs(ballots - voters), ballots - voters)


@pytest.mark.parametrize(("ballots", "severity"), [(50_240, Severity.WARNING), (50_250, Severity.ERROR)])
def test_a_whole_county_is_judged_by_its_share(ballots: int, severity: Severity) -> None:
    """Where only the county's figures are given, half a percent of the voters is the limit."""
    (one,) = findings("B5", material(TIDY + unit("", ballots_cast=ballots, voters=50_000)))
    assert (one.unit, one.severity) == ("Demo", severity)


def test_a_county_has_one_summary_with_the_sum_of_differences() -> None:
    """Two units off by +3 and -1 of three: the gross difference is 4, the net 2."""
    text = TIDY + unit("P-1", ballots_cast=903, voters=900) + unit("P-2", ballots_cast=899, voters=900)
    found = findings("B5", material(text + unit("P-3", ballots_cast=80, voters=80)))
    (summary,) = [each for each in found if each.unit == "Demo"]
    numbers = [summary.numbers[name] for name in ("units", "out", "gross", "net", "largest")]
    assert (summary.severity, numbers) == (Severity.INFO, [3, 2, 4, 2, 3])


def test_two_sources_that_disagree_are_never_an_error() -> None:
    """Ballots of one file against the poll book of another: a warning that the two disagree."""
    found = findings("B5", material(TIDY + unit(ballots_cast=600), TIDY + unit(voters=500)))
    (one,) = [each for each in found if each.unit == "Demo, P-1"]
    assert one.severity is Severity.WARNING and "file-2.csv gives the voters" in one.message


def test_an_unknown_poll_book_is_no_difference() -> None:
    """A blank number of voters says nothing."""
    text = TIDY + unit("P-1", ballots_cast=500, voters=500) + unit("P-2", ballots_cast=400)
    assert findings("B5", material(text + "Demo,P-2,,,,voters,total,\n")) == []


def test_el_190_is_out_of_balance_in_498_units(shared_data: Path) -> None:
    """Wisconsin's self-reported statistics of 2016; the Town of Daniels wrote 38 voters for 385 ballots."""
    file = shared_data / "wi2016" / "raw" / "wec_el190_2016_general_2017-10-05.csv"
    units = [each for each in findings("B5", material_of(file)) if "summary" not in each.topic]
    assert len(units) == 498
    largest = max(units, key=lambda each: each.votes_at_stake or 0)
    assert (largest.unit, largest.numbers["d"]) == ("Burnett, TOWN OF DANIELS Ward 1", 347)
    assert largest.source.row == 236


# ---- B6: paper balance


def paper(issued: int, cast: int, spoiled: int | None, unused: int | None, provisional: int | None) -> str:
    return TIDY + unit(
        ballots_issued=issued,
        ballots_cast=cast,
        ballots_spoiled=spoiled,
        ballots_unused=unused,
        provisional_issued=provisional,
    )


@settings(max_examples=examples(30), deadline=None)
@given(
    cast=st.integers(0, 900), spoiled=st.integers(0, 30), unused=st.integers(0, 300),
    provisional=st.none() | st.integers(0, 20), apart=st.booleans(), gap=st.integers(-3, 3),
)  # fmt: skip
def test_paper_that_adds_up_passes_and_one_sheet_less_does_not(
    cast: int, spoiled: int, unused: int, provisional: int | None, apart: bool, gap: int
) -> None:
    """With or without provisional ballots issued = voted + spoiled + unused passes; a gap is found."""
    beside = (provisional or 0) if apart else 0
    issued = cast + spoiled + unused + beside + gap
    found = findings("B6", material(paper(max(0, issued), cast, spoiled, unused, provisional)))
    explained = issued < 0 or gap == 0 or gap + beside in (0, provisional or 0)
    assert explained or [each.severity for each in found] == [Severity.WARNING]
    assert gap != 0 or found == []


def test_missing_paper_is_found_at_its_unit() -> None:
    """Twelve ballots that nobody can account for."""
    (found,) = findings("B6", material(paper(1000, 700, 8, 280, None)))
    assert (found.votes_at_stake, found.numbers["d"], found.source.row) == (12, 12, 2)
    assert "12 ballots missing" in found.message


def test_with_unknown_unused_ballots_only_too_many_are_found() -> None:
    """Fewer ballots than issued may be unused ones; more can not."""
    assert findings("B6", material(paper(1000, 700, 8, None, None))) == []
    (found,) = findings("B6", material(paper(700, 700, 8, None, None)))
    assert "8 ballots more than were issued" in found.message


# ---- B8: provisional ballots


def provisional(issued: int | None, counted: int | None, rejected: int | None) -> str:
    return TIDY + unit(provisional_issued=issued, provisional_counted=counted, provisional_rejected=rejected)


@pytest.mark.parametrize(
    ("issued", "counted", "rejected", "x"),
    [(20, 12, 8, None), (20, 12, 5, None), (20, 15, 8, 3), (20, 21, None, 1)],
)
def test_no_more_can_be_decided_than_were_issued(
    issued: int, counted: int, rejected: int | None, x: int | None
) -> None:
    """Counted and rejected above issued is an error, even while one of them is unknown."""
    found = findings("B8", material(provisional(issued, counted, rejected)))
    assert [(each.severity, each.votes_at_stake, each.source.row) for each in found] == (
        [(Severity.ERROR, x, 2)] if x else []
    )


@pytest.mark.parametrize(("votes", "told"), [(12, False), (13, True)])
def test_provisional_votes_fit_into_provisional_ballots(votes: int, told: bool) -> None:
    """Thirteen votes for one office on twelve counted ballots are a warning."""
    row = f"Demo,P-1,President,1,Ann Adams,choice,provisional,{votes}\n"
    found = findings("B8", material(provisional(None, 12, None) + row))
    assert [(each.severity, each.contest, each.source.row) for each in found] == (
        [(Severity.WARNING, "wi-president", 3)] if told else []
    )


# ---- B9: mail ballots


def mail(sent: int, returned: int, accepted: int, rejected: int, pending: int | None) -> str:
    return TIDY + unit(
        mail_sent=sent,
        mail_returned=returned,
        mail_accepted=accepted,
        mail_rejected=rejected,
        mail_pending=pending,
    )


@pytest.mark.parametrize(
    ("numbers", "topics"),
    [
        ((100, 90, 80, 4, 6), []),
        ((100, 90, 80, 4, None), []),
        ((80, 90, 80, 4, 6), ["returned"]),
        ((100, 90, 80, 4, 3), ["accounted"]),
        ((100, 90, 88, 4, None), ["accounted"]),
    ],
)
def test_mail_ballots_are_followed_from_sent_to_decided(
    numbers: tuple[int, int, int, int, int | None], topics: list[str]
) -> None:
    """More back than sent, or not all accounted for, is a warning; unknown pending ones leave room."""
    found = findings("B9", material(TIDY + NOTHING.removeprefix(TIDY) + mail(*numbers).removeprefix(TIDY)))
    assert [each.topic for each in found] == topics
    assert all(each.severity is Severity.WARNING and each.source.row == 3 for each in found)
