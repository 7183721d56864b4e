"""The margin against which findings on cards are held, beside returns that say less or more."""

import pytest

from tallyproof.checks.card_bounds import reported_ballots
from tallyproof.checks.card_contests import card_contests
from tallyproof.services.reconciling import reconciled

from .card_material import text_material
from .county import findings

CHOICES = ("Cy Dunn", "Di Eads", "Ed Fox")
VOTES = (70, 42, 30)
"""Two win of three: 12 votes between the last winner and the first loser, 28 between the first two."""
HEAD = "county,precinct,office,district,party,candidate,votes"


def export(votes: tuple[int, ...] = VOTES, vote_for: int = 2) -> str:
    """Cards with one mark each in a contest of several winners."""
    empty = "," * 7
    lines = [
        "Made up,5.10" + "," * 9,
        empty + f",Council (Vote For={vote_for})" * 3,
        f"{empty},{','.join(CHOICES)}",
        "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,,",
    ]
    marks = [place for place, number in enumerate(votes) for _ in range(number)]
    for number, mark in enumerate(marks, 1):
        bits = ",".join("1" if place == mark else "0" for place in range(3))
        lines.append(f"{number},1,1,{number},1-1-{number},Mail,Ward 1 (1),1,{bits}")
    return "\n".join(lines) + "\n"


def listed(cards: int) -> str:
    """A manifest of one batch."""
    return f"Tabulator,Batch Name,Number of Ballots\n1,1,{cards}\n"


def returns(votes: tuple[int, ...] = VOTES, county: str = "Lake", office: str = "Council") -> str:
    """Returns of one ward, which do not say how many votes a voter has."""
    rows = [
        f"{county},Ward 1,{office},,,{name},{number}" for name, number in zip(CHOICES, votes, strict=True)
    ]
    return "\n".join([HEAD, *rows]) + "\n"


def test_returns_that_do_not_say_how_many_win_weaken_no_warning() -> None:
    """Twenty phantoms exceed the margin of the last winner, with the returns as without them."""
    alone = findings("B19", text_material(export(), listed(162)))
    beside = findings("B19", text_material(export(), listed(162), returns()))
    told = [(each.severity.value, each.votes_at_stake, each.margin) for each in (*alone, *beside)]
    assert told == [("warning", 20, 12)] * 2


def test_the_table_and_the_findings_use_one_margin() -> None:
    """What stands beside a contest is what its findings are held against."""
    found = reconciled(text_material(export(), listed(150), returns((70, 40, 31))))
    (line,) = found.tables.contests
    assert (line.margin, line.margin_left) == (9, 1)
    assert {each.margin for each in found.findings if each.contest == "co-council"} == {9}


@pytest.mark.parametrize(
    ("reported", "margin"), [((70, 42, 30), 12), ((270, 242, 30), 12), ((70, 42, 41), 1)]
)
def test_the_smaller_margin_of_the_same_place_counts(reported: tuple[int, ...], margin: int) -> None:
    """Returns with a larger lead than the cards do not make a lead safer."""
    contests = card_contests(text_material(export(), returns=returns(reported)))
    assert contests.margins["Council"] == margin


def test_a_contest_that_reaches_further_has_the_margin_of_the_returns() -> None:
    """Cards of one of two counties say nothing of who leads in both, but how many win."""
    both = returns() + returns((900, 500, 100), county="Hill").partition("\n")[2]
    assert card_contests(text_material(export(), returns=both)).margins["Council"] == 542 - 130


def test_returns_that_say_how_many_win_are_believed() -> None:
    """Two win by the returns, one by the cards: the returns say so themselves, and theirs is the smaller."""
    material = text_material(export(vote_for=1), returns=returns(office="Council (Vote For 2)"))
    assert card_contests(material).margins["Council"] == 12


def test_ballots_reported_are_votes_by_what_a_voter_has() -> None:
    """142 votes with 138 undervotes are 140 ballots where each voter has two votes, as the cards say."""
    more = "Lake,Ward 1,Council,,,Under Votes,138\nLake,Ward 1,Council,,,Over Votes,0\n"
    material = text_material(export(), returns=returns() + more)
    assert reported_ballots(material, card_contests(material)) == {"Council": 140}
