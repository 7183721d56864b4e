"""The doors: a draw asked for as JSON is the draw that the functions make."""

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from tallyproof.errors import RequestError
from tallyproof.sampling.bounds import draw_by_bounds
from tallyproof.sampling.draw import draw_positions
from tallyproof.sampling.problems import (
    BatchDraw,
    CardDraw,
    ContestDraw,
    solve_batch_draw,
    solve_card_draw,
    solve_contest_draw,
)
from tallyproof.sampling.seed import Seed

SEED = "53417960661093690826"
MANIFEST = [{"batch": ["102", "1"], "cards": 25}, {"batch": ["102", "2"], "cards": 5}]
BATCHES = [{"batch": ["A"], "bound": "1/3"}, {"batch": ["B"], "bound": "0.5"}, {"batch": ["C"], "bound": "2"}]
CARDS = [{"id": f"c{n}", "contests": ["X", "Y"] if n % 2 else ["X"]} for n in range(20)]


def card_draw(**more: Any) -> CardDraw:
    return msgspec.convert({"kind": "card_draw", "seed": SEED, "manifest": MANIFEST, **more}, CardDraw)


def batch_draw(**more: Any) -> BatchDraw:
    return msgspec.convert({"kind": "batch_draw", "seed": SEED, "batches": BATCHES, **more}, BatchDraw)


def contest_draw(**more: Any) -> ContestDraw:
    return msgspec.convert({"kind": "contest_draw", "seed": SEED, "cards": CARDS, **more}, ContestDraw)


def test_cards_are_named_by_batch_and_position() -> None:
    """Draws 3 to 6, each with its number."""
    answer = solve_card_draw(card_draw(size=4, already=2))
    positions = draw_positions(Seed(SEED), 30, 6, with_replacement=True)[2:]
    assert [(d.draw, d.position) for d in answer.draws] == list(enumerate(positions, start=3))
    assert all((d.position_in_batch + 25 * (d.batch == ("102", "2"))) == d.position for d in answer.draws)


def test_batches_are_drawn_by_either_method() -> None:
    """The house's own draw, and Arlo's with its tickets."""
    own = solve_batch_draw(batch_draw(size=5))
    bounds = {("A",): Fraction(1, 3), ("B",): Fraction(1, 2), ("C",): Fraction(2)}
    assert tuple(d.batch for d in own.draws) == draw_by_bounds(Seed(SEED), bounds, 5)
    arlo = solve_batch_draw(batch_draw(size=5, method="arlo"))
    assert all(d.ticket is not None and d.ticket.startswith("0.") for d in arlo.draws)


def test_a_second_round_lists_the_new_cards() -> None:
    """Together the rounds are one draw; each card tells for which contests it counts."""
    first = solve_contest_draw(contest_draw(sizes={"X": 3, "Y": 2}))
    second = solve_contest_draw(contest_draw(sizes={"X": 6}, earlier=[{"X": 3, "Y": 2}]))
    at_once = solve_contest_draw(contest_draw(sizes={"X": 6, "Y": 2}))
    assert {c.id for c in (*first.new, *second.new)} == {c.id for c in at_once.new}
    assert not {c.id for c in first.new} & {c.id for c in second.new}
    assert second.thresholds == at_once.thresholds
    assert sum("Y" in c.counts_for for c in first.new) == 2


@pytest.mark.parametrize(
    "call",
    [
        lambda: solve_card_draw(card_draw(size=1, seed="123")),
        lambda: solve_batch_draw(batch_draw(size=1, seed="123")),
        lambda: solve_contest_draw(contest_draw(sizes={}, seed="123")),
    ],
)
def test_a_short_seed_is_refused_everywhere(call: Any) -> None:
    """Three digits could be tried out one by one."""
    with pytest.raises(RequestError, match="'seed' is too short"):
        call()


def test_an_old_seed_is_taken_to_reproduce_an_audit() -> None:
    """The same draw with the same short seed."""
    answers = [solve_card_draw(card_draw(size=3, seed="123", reproducing=True)) for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("bound", ["-1", "1/0", "1e9", "nan", "", "1/3/4"])
def test_a_bound_that_is_no_number_is_refused(bound: str) -> None:
    """Only plain decimals and fractions are read."""
    with pytest.raises(msgspec.ValidationError, match="bound"):
        batch_draw(size=1, batches=[{"batch": ["A"], "bound": bound}])


def test_a_batch_listed_twice_is_refused() -> None:
    """It would have the chance of its last line only."""
    with pytest.raises(RequestError, match="'batches' lists one twice"):
        solve_batch_draw(batch_draw(size=1, batches=[BATCHES[0], BATCHES[0]]))


def test_bounds_without_a_common_measure_are_refused() -> None:
    """Hundreds of unlike denominators would make numbers of thousands of digits."""
    unlike = [{"batch": [str(n)], "bound": f"1/{10**17 + n}"} for n in range(300)]
    with pytest.raises(RequestError, match="common denominator is too large"):
        solve_batch_draw(batch_draw(size=1, batches=unlike))
