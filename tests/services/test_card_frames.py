"""An audit's problem on the counts of its frame: whatever can be drawn for a contest is in its population."""

import json
from pathlib import Path

import msgspec
import pytest

from tallyproof.election.ballot_manifest import BatchTotals
from tallyproof.election.card_part import CaseCards
from tallyproof.errors import RequestError
from tallyproof.services import solving
from tallyproof.services.card_frames import frame_counts, on_frame
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.card_problems import contest_called, contests_problem_for, problem_for, styles_for
from tallyproof.services.framing import make_frame
from tallyproof.services.pool_sources import PoolSources
from tallyproof.testing.cards import MadeCard, MadeContest

from .made_parts import manifest_of, part_of

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob")), MadeContest("Judge  of  Peace", ("Pat", "Quin"))]
MADE = [
    MadeCard("1", "1", str(n), {0: ((0,),), 1: ((n % 3 // 2,),)} if n > 2 else {0: ((0,),)})
    for n in range(1, 9)
]
LISTED = manifest_of([("1", "1", 8, True), ("1", "2", 5, False)])
CARDS = CaseCards((part_of(CONTESTS, MADE),), {"": LISTED})
TOTALS = BatchTotals("totals.csv", ("Mayor - Ann", "Mayor - Bob"), {"2": (3, 1)}, {"2": 2})
SOURCES = PoolSources({"": (TOTALS,)})


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """The frame of these cards, in which the five without records may bear any contest."""
    make_frame(tmp_path / "frame.csv", CARDS)
    return tmp_path / "frame.csv"


def framed(frame: Path, cards: CaseCards = CARDS, sources: PoolSources = SOURCES) -> PooledCards:
    """All cards gathered, on the counts of the frame."""
    return on_frame(gather(cards, sources), frame_counts(frame))


def test_the_problem_is_about_the_cards_that_the_frame_lists(frame: Path) -> None:
    """Totals do not name the judge, and their five cards may bear it in the frame: a pool without votes."""
    assert contest_called(gather(CARDS, SOURCES), "Judge  of  Peace").bound.cards == 6
    pooled = framed(frame)
    judge = contest_called(pooled, "Judge  of  Peace")
    assert (judge.bound.cards, judge.bound.pooled, problem_for(judge).contest.cards) == (11, 5, 11)
    assert judge.pools["tabulator 1, batch 2"].votes == {"Pat": 0, "Quin": 0}
    (remark,) = judge.remarks
    assert remark.startswith(
        "5 cards in pools whose totals do not name this contest may bear it by frame.csv"
    )
    mayor = contest_called(pooled, "Mayor")
    assert (mayor.bound.cards, mayor.bound.phantoms, pooled.faults) == (13, 0, ())


def test_several_contests_have_the_styles_of_the_frame(frame: Path) -> None:
    """The styles of the problem hold all cards of the frame, and every contest's are its population."""
    pooled, counts = framed(frame), frame_counts(frame)
    assert [len(pool.contests) for pool in pooled.pools] == [2]
    problem = contests_problem_for(pooled, counts.styles(pooled))
    for name, sample in problem.contests.items():
        assert sum(style.cards for style in problem.styles if name in style.contests) == sample.contest.cards
    assert sum(style.cards for style in problem.styles) == LISTED.cards
    assert sum(style.cards for style in styles_for(CARDS, pooled, SOURCES)) == LISTED.cards
    assert json.loads(solving.solve_json(msgspec.json.encode(problem)))["finished"] is False


def test_a_frame_that_lists_fewer_cards_is_a_fault(frame: Path) -> None:
    """Another card of the mayor than the frame knows could not be drawn: no problem is made."""
    more = CaseCards((part_of(CONTESTS, [*MADE, MadeCard("1", "3", "1", {0: ((0,),)})]),), {})
    make_frame(frame, CaseCards((part_of(CONTESTS, MADE),), {}))
    pooled = framed(frame, more, PoolSources())
    assert pooled.faults[0].startswith("Mayor: frame.csv lists 8 cards for this contest, and 9 may bear it")
    with pytest.raises(RequestError, match="could never be drawn"):
        problem_for(contest_called(pooled, "Mayor"))
    assert problem_for(contest_called(pooled, "Judge  of  Peace")).contest.cards == 6


def test_a_frame_of_positions_is_refused(tmp_path: Path) -> None:
    """It does not tell which contests its cards bear."""
    make_frame(tmp_path / "frame.csv", CaseCards((), {"": LISTED}))
    with pytest.raises(RequestError, match="does not tell which contests its cards bear"):
        frame_counts(tmp_path / "frame.csv")
