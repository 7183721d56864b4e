"""Consistent sampling: lowest tickets per contest, rounds that only add, skipped cards end a run."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.sampling.consistent import (
    CardFrame,
    ConsistentSample,
    card_frame,
    draw_consistently,
    draw_next_round,
    unbroken_run,
)
from tallyproof.sampling.seed import Seed

SEED = Seed("53417960661093690826")
STYLES = (frozenset("X"), frozenset("XY"), frozenset("YZ"), frozenset("Z"), frozenset[str]())


@st.composite
def frames(draw: st.DrawFn) -> CardFrame:
    """Up to 30 cards; tickets from few values, so that ties are common."""
    cards = draw(st.integers(1, 30))
    styles = draw(st.lists(st.integers(0, 4), min_size=cards, max_size=cards))
    tickets = draw(st.lists(st.integers(0, 6), min_size=cards, max_size=cards))
    ids = draw(st.permutations([f"c{number}" for number in range(cards)]))
    return CardFrame(ids, np.array(styles), STYLES, np.array(tickets))


@st.composite
def rounds(draw: st.DrawFn) -> tuple[CardFrame, dict[str, int], dict[str, int]]:
    """A frame and two rounds' sizes, the second nowhere smaller."""
    frame = draw(frames())
    first = {c: draw(st.integers(0, frame.count_with(c))) for c in "XYZ"}
    return frame, first, {c: draw(st.integers(size, frame.count_with(c))) for c, size in first.items()}


def by_rule(frame: CardFrame, contest: str, size: int) -> list[int]:
    """The rule as it is printed: sort the cards that bear the contest, take the first."""
    bearing = [card for card in range(len(frame.ids)) if contest in frame.styles[frame.style_of[card]]]
    return sorted(bearing, key=lambda card: (frame.tickets[card], frame.ids[card]))[:size]


def names(frame: CardFrame, cards: Any) -> list[str]:
    return [frame.ids[card] for card in cards]


@settings(deadline=None)
@given(rounds())
def test_each_contest_takes_its_lowest_tickets(
    given: tuple[CardFrame, dict[str, int], dict[str, int]],
) -> None:
    """Partition and shared passes find what sorting finds; the sample is the union."""
    frame, sizes, _ = given
    sample = draw_consistently(frame, sizes)
    expected = {contest: by_rule(frame, contest, size) for contest, size in sizes.items()}
    assert {contest: cards.tolist() for contest, cards in sample.usable.items()} == expected
    assert sorted(sample.order.tolist()) == sorted(set().union(*expected.values()))


@settings(deadline=None)
@given(rounds())
def test_the_next_round_adds_and_keeps(given: tuple[CardFrame, dict[str, int], dict[str, int]]) -> None:
    """Nothing is dropped or drawn twice, every contest's cards go on, and the end is that of one draw."""
    frame, first, second = given
    earlier = draw_consistently(frame, first)
    later, at_once = draw_next_round(earlier, second), draw_consistently(frame, second)
    assert later.order[: len(earlier.order)].tolist() == earlier.order.tolist()
    assert len(set(later.order.tolist())) == len(later.order)
    assert sorted(later.order.tolist()) == sorted(at_once.order.tolist())
    for contest in "XYZ":
        assert later.usable[contest][: first[contest]].tolist() == earlier.usable[contest].tolist()
        assert later.usable[contest].tolist() == at_once.usable[contest].tolist()


@settings(deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_cards_does_not_matter(
    given: tuple[CardFrame, dict[str, int], dict[str, int]], random: Any
) -> None:
    """The same cards in another order make the same sample; equal tickets are settled by the ids."""
    frame, sizes, _ = given
    mixed = list(range(len(frame.ids)))
    random.shuffle(mixed)
    other = CardFrame([frame.ids[i] for i in mixed], frame.style_of[mixed], STYLES, frame.tickets[mixed])
    sample, again = draw_consistently(frame, sizes), draw_consistently(other, sizes)
    assert names(frame, sample.order) == names(other, again.order)


@settings(deadline=None)
@given(rounds())
def test_a_run_ends_at_the_first_skipped_card(
    given: tuple[CardFrame, dict[str, int], dict[str, int]],
) -> None:
    """A contest's run holds the cards that speak for it, and each card of it that comes before is sampled."""
    frame, sizes, _ = given
    sample = draw_consistently(frame, sizes)
    for contest in "XYZ":
        run, whole = unbroken_run(sample, contest).tolist(), by_rule(frame, contest, len(frame.ids))
        assert run == whole[: len(run)]
        assert run[: sizes[contest]] == sample.usable[contest].tolist()
        assert len(run) == len(whole) or whole[len(run)] not in sample.order


def test_a_card_beyond_the_threshold_does_not_speak_for_the_contest() -> None:
    """It was drawn for another contest, and cards of this one were skipped before it."""
    frame = CardFrame(["a", "b", "c", "d"], np.array([0, 0, 1, 2]), STYLES, np.array([0.1, 0.2, 0.3, 0.4]))
    sample = draw_consistently(frame, {"X": 1, "Y": 1})
    assert names(frame, sample.order) == ["a", "c"]
    assert names(frame, sample.usable["X"]) == ["a"]
    assert names(frame, unbroken_run(sample, "X")) == ["a"]
    assert sample.thresholds() == {"X": 0, "Y": 2}


def test_words_after_the_first_decide_where_first_words_are_equal() -> None:
    """Tickets of 256 bits are compared as whole numbers."""
    tickets = np.array([[5, 1, 0, 0], [5, 0, 9, 0], [5, 0, 9, 0], [4, 9, 9, 9]], dtype=np.uint64)
    frame = CardFrame(["a", "c", "b", "d"], np.zeros(4, dtype=int), STYLES, tickets)
    assert names(frame, draw_consistently(frame, {"X": 4}).order) == ["d", "b", "c", "a"]


def test_tickets_may_be_decimal_texts() -> None:
    """Rivest's ticket numbers can be used as they are printed."""
    tickets = np.array(["0.25", "0.0998", "0.1"])
    frame = CardFrame(["a", "b", "c"], np.zeros(3, dtype=int), STYLES, tickets)
    assert names(frame, draw_consistently(frame, {"X": 2}).order) == ["b", "c"]


def big_sample(sizes: dict[str, int]) -> ConsistentSample:
    """30,000 cards, a third of them with X."""
    ids = [f"102-{number}" for number in range(30_000)]
    style_of = np.arange(30_000) % 3
    return draw_consistently(card_frame(SEED, ids, style_of, ["X", "Y", "YZ"]), sizes)


def test_a_small_share_of_many_cards_is_found_in_one_pass() -> None:
    """Few and many cards of 30,000, by the rule."""
    sample = big_sample({"X": 12, "Y": 300, "Z": 9_000})
    lead = sample.frame.lead
    for contest, cards in sample.usable.items():
        bearing = sample.frame.cards_with(contest)
        assert lead[cards].tolist() == sorted(lead[bearing].tolist())[: len(cards)]


def test_every_card_is_equally_likely_to_be_first() -> None:
    """Chi-square of the first card over 4,000 seeds and 10 cards lies within four standard deviations."""
    ids, styles = [f"card {number}" for number in range(10)], np.zeros(10, dtype=int)
    frames = (card_frame(Seed(f"{number:020d}"), ids, styles, ["X"]) for number in range(4_000))
    counts = np.bincount([draw_consistently(frame, {"X": 1}).order[0] for frame in frames], minlength=10)
    chi_square = float(((counts - 400) ** 2 / 400).sum())
    assert abs(chi_square - 9) < 4 * 18**0.5


@pytest.mark.parametrize("sizes", [{"X": 5}, {"X": -1}, {"W": 1}])
def test_more_cards_than_bear_the_contest_cannot_be_drawn(sizes: dict[str, int]) -> None:
    """The message names the contest and the largest size."""
    frame = CardFrame(["a", "b"], np.array([0, 1]), STYLES, np.array([1, 2]))
    with pytest.raises(RequestError, match=r"'sizes' asks for -?\d cards with [XW]; it must be 0 to [02]"):
        draw_consistently(frame, sizes)


def test_a_round_never_shrinks() -> None:
    """Asking for fewer cards than were drawn is an error; other contests may join."""
    frame = CardFrame(["a", "b"], np.array([0, 1]), STYLES, np.array([1, 2]))
    sample = draw_consistently(frame, {"X": 2})
    with pytest.raises(RequestError, match="a round only adds"):
        draw_next_round(sample, {"X": 1})
    assert draw_next_round(sample, {"Y": 1}).sizes == {"X": 2, "Y": 1}


@pytest.mark.parametrize(
    ("ids", "style_of", "tickets", "message"),
    [
        (["a", "a"], [0, 1], [1.0, 2.0], "lists a more than once"),
        (["a", "b"], [0, 9], [1.0, 2.0], "'style_of' must lie from 0 to 4"),
        (["a", "b"], [0], [1.0, 2.0], "as many styles and tickets"),
        (["a", "b"], [0, 1], [1.0], "as many styles and tickets"),
        (["a", "b"], [0, 1], [1.0, float("nan")], "'tickets' holds NaN"),
    ],
)
def test_a_frame_that_does_not_fit_together_is_refused(
    ids: list[str], style_of: list[int], tickets: list[float], message: str
) -> None:
    """Each message names what does not fit."""
    with pytest.raises(RequestError, match=message):
        CardFrame(ids, np.array(style_of), STYLES, np.array(tickets))
