"""Sizes for several contests in detail: every field of the answers, full counts and what is refused."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from tallyproof.audit.contest import Contest, claims_of
from tallyproof.audit.contests_size import (
    ContestSize,
    ContestsSize,
    ContestsSizeAnswer,
    Simulation,
    StyleCards,
    expected_cards,
    largest,
    likely_draws,
    merged,
    planned,
    reported_pile,
    solve_contests_size,
    with_phantoms,
)
from tallyproof.errors import RequestError
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.function import Population
from tallyproof.risk.shuffle import cards

TWO = {
    "m": {"votes": {"A": 600, "B": 400}, "cards": 1_000},
    "t": {"votes": {"X": 150, "Y": 50}, "cards": 200},
}
ONE = {"m": TWO["m"]}
STYLES = [{"contests": ["m"], "cards": 790}, {"contests": ["m", "t"], "cards": 200}]
M, T = "A has more votes than B.", "X has more votes than Y."
ALL = "Every such audit takes so many."


def answer(**told: Any) -> ContestsSizeAnswer:
    return solve_contests_size(msgspec.convert({"contests": TWO, "styles": STYLES} | told, ContestsSize))


def test_sizes_without_errors_in_full() -> None:
    """30 of 1,000 and 11 of 200: 200 * 11/200 + 800 * 30/1000 = 35 by style, 60 where drawn alike."""
    assert answer() == ContestsSizeAnswer(
        {"m": ContestSize(30, None, None, M, 0.2, ALL), "t": ContestSize(11, None, None, T, 0.5, ALL)},
        35,
        None,
        None,
        60,
        None,
        None,
        1_000,
        400,
    )


def test_simulated_sizes_in_full() -> None:
    """Polling, nine of ten of 50 simulated audits; a seed repeats them. A style's largest share decides."""
    share = "90 % of 50 simulated audits end by then."
    assert answer(design="polling", replications=50, quantile=0.9) == ContestsSizeAnswer(
        {"m": ContestSize(227, 192, 396, M, 0.2, share), "t": ContestSize(39, 32, 64, T, 0.5, share)},
        227,
        192,
        396,
        353,
        323,
        470,
        1_000,
        50,
    )


def test_errors_make_sizes_larger() -> None:
    """Of the cards that bear the contest 0.5 % are overstated by two votes, 1 % by one."""
    found = answer(two_votes=0.005, one_vote=0.01, replications=50)
    sizes = [(each.cards, each.low, each.high) for each in found.contests.values()]
    assert sizes == [(36, 30, 60), (11, 11, 11)]
    assert (found.by_style, found.uniform, found.uniform_low, found.uniform_high) == (40, 60, 60, 73)


def test_cards_by_style_carry_the_error_of_the_simulation() -> None:
    """800 * 0.036 + 200 * 0.055; at the ends 800 * 0.03 + 200 * 0.055 and 800 * 0.06 + 200 * 0.06."""
    found = answer(two_votes=0.005, one_vote=0.01, replications=50)
    assert (found.by_style, found.by_style_low, found.by_style_high) == (40, 35, 60)


def test_a_size_without_a_known_high_end_may_be_all_cards() -> None:
    """Of 20 audits at 97 % the error reaches beyond the last, so all 1,000 cards are the high end."""
    found = answer(contests=ONE, styles=[], design="polling", replications=20, quantile=0.97)
    size = found.contests["m"]
    assert size.low is not None and size.high is None
    assert (found.by_style, found.by_style_low, found.by_style_high) == (size.cards, size.low, 1_000)


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_ends_hold_what_many_audits_say(seed: int) -> None:
    """40 audits each: the number that 4,000 audits give lies between their ends."""
    told = {"design": "polling", "quantile": 0.8}
    many = answer(**told, replications=4_000, seed=99).by_style
    few = answer(**told, replications=40, seed=seed)
    assert few.by_style_low is not None and few.by_style_high is not None
    assert few.by_style_low <= many <= few.by_style_high
    assert few.by_style_low < few.by_style < few.by_style_high


@pytest.mark.parametrize(
    ("told", "claim", "margin", "sentence"),
    [
        ({"contests": {"m": {"votes": {"A": 500, "B": 500}, "cards": 1_000}}}, "", None,
         "All cards must be counted: A and B tie with 500 votes."),
        ({"two_votes": 0.6, "one_vote": 0.4}, M, 0.2,
         "No sample would suffice if the cards left are like this."),
        ({"contests": {"m": {"votes": {"A": 750, "B": 250}, "cards": 1_000}}, "two_votes": 0.333,
          "risk_limit": 1e-9}, M, 0.5, "No sample would suffice if the cards left are like this."),
    ],
)  # fmt: skip
def test_full_counts(told: dict[str, Any], claim: str, margin: float | None, sentence: str) -> None:
    """Null sizes, and all cards are retrieved."""
    found = answer(**({"contests": ONE, "styles": []} | told))
    assert found.contests == {"m": ContestSize(None, None, None, claim, margin, sentence)}
    assert (found.by_style, found.uniform, found.all_cards) == (1_000, None, 1_000)
    assert (found.by_style_low, found.by_style_high) == (None, None)


def test_a_sample_no_smaller_than_all_cards() -> None:
    """Four cards: not even all of them are enough to bet on."""
    found = answer(contests={"m": {"votes": {"A": 3, "B": 1}, "cards": 4}}, styles=[])
    assert found.contests["m"].sentence == "A sample would be no smaller than all cards."
    assert (found.by_style, found.uniform) == (4, None)


def test_a_contest_without_a_loser_needs_no_card() -> None:
    """Size 0, with the reason."""
    found = answer(contests={"m": {"votes": {"A": 500}, "cards": 1_000}}, styles=[])
    sentence = "There are no more choices than seats."
    assert found.contests["m"] == ContestSize(0, None, None, "", None, sentence)
    assert (found.by_style, found.uniform) == (0, 0)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"styles": [{"contests": ["m"], "cards": 1_001}]},
         "'styles' hold 1,001 cards with m; its 'cards' are 1,000. Settle which of the two is wrong before "
         "an audit."),
        ({"styles": [{"contests": ["z", "y"], "cards": 1}]},
         "'styles' name y, z; give all contests that are audited."),
        ({"two_votes": 0.6, "one_vote": 0.41},
         "'two_votes' and 'one_vote' must be shares of cards that are at most 1 together."),
    ],
)  # fmt: skip
def test_what_is_no_plan(told: dict[str, Any], sentence: str) -> None:
    """Refused in these words."""
    with pytest.raises(RequestError) as refused:
        answer(**told)
    assert str(refused.value) == sentence


def test_phantoms_fill_up_to_the_bounds() -> None:
    """One more style for each contest whose styles hold fewer cards than its bound."""
    contests = {"m": Contest({"A": 1}, 10), "t": Contest({"X": 1}, 4)}
    styles = (StyleCards(("m", "t"), 4), StyleCards((), 3))
    assert with_phantoms(contests, styles) == (*styles, StyleCards(("m",), 6))
    assert expected_cards(with_phantoms(contests, styles), contests, {"m": 5, "t": 1}) == 5.0
    assert expected_cards(with_phantoms(contests, styles), contests, {"m": 5, "t": 4}) == 7.0


@pytest.mark.parametrize(
    ("contest", "piles"),
    [
        (Contest({"A": 600, "B": 400}, 1_100), [{1: 600, 0: 400, 0.5: 100}]),
        (Contest({"A": 90, "B": 70, "C": 40}, 100, seats=2, votes_per_card=2),
         [{1: 60, 0.5: 30, 0: 10}, {1: 60, 0: 30, 0.5: 10}]),
        (Contest({"A": 7, "B": 5}, 20, rule="score", points=3), [{0.5: 16, 1: 2, 0: 2}]),
    ],
)  # fmt: skip
def test_cards_as_reported(contest: Contest, piles: list[dict[float, int]]) -> None:
    """Blank cards count 1/2; votes beyond the cards stand together; points are given in full."""
    tally, claims = claims_of(contest)
    found = [reported_pile(tally, each) for each in claims.assertions]
    assert [dict(zip(pile.values.tolist(), pile.counts.tolist(), strict=True)) for pile in found] == piles


def test_values_stand_once_in_a_pile() -> None:
    """Counts of equal values are added, values without a card left out."""
    pile = merged([0.5, 1.0, 0.5, 0.0], [3, 4, 2, 0])
    assert (pile.values.tolist(), pile.counts.tolist()) == ([0.5, 1.0], [5, 4])


def test_how_long_an_audit_is_likely_to_be() -> None:
    """1 + 2 ln 20 * 0.24 / 0.1^2 = 144.8 draws, of 1,000 cards 126.5."""
    found = likely_draws(cards([1, 0], [600, 400]), Simulation(0.05, 0.8, 400, 1))
    assert found == pytest.approx(144.796 / 1.144796, rel=1e-4)


# ---- one size: what is left, what was drawn, and how long is watched

ASKED = Simulation(0.05, 0.9, 20, 1)
SHARE = "90 % of 20 simulated audits end by then."


def among(left: tuple[int, int], drawn: Sequence[float] = (), asked: Simulation = ASKED) -> ContestSize:
    """The size by ALPHA where so many cards for winner and loser are left after those drawn."""
    kinds = [(value, many) for value, many in zip((1.0, 0.0), left, strict=True) if many]
    pile = cards([value for value, _ in kinds], [many for _, many in kinds])
    population = Population(1, 0.5, sum(left) + len(drawn))
    return planned(pile, population, ShrinkTrunc(0.6), asked, drawn)


def test_cards_drawn_already_count() -> None:
    """Four drawn, one of them against the winner: part of the size and of both ends."""
    assert among((700, 300), [0, 1, 1, 1]) == ContestSize(56, 51, None, "", None, SHARE)
    every = "Every such audit takes so many."
    assert among((1_000, 0), [0, 1, 1, 1]) == ContestSize(16, None, None, "", None, every)
    known = among((700, 300), [0, 1, 1, 1], Simulation(0.05, 0.5, 40, 1))
    assert (known.cards, known.low, known.high) == (37, 35, 44)


@pytest.mark.parametrize(
    ("left", "drawn", "sentence"),
    [
        ((500, 500), [], "No sample would suffice if the cards left are like this."),
        ((6, 4), [0] * 4, "A sample would be no smaller than all cards."),
    ],
)
def test_cards_that_cannot_show_it(left: tuple[int, int], drawn: list[float], sentence: str) -> None:
    """Half of what is left against the winner, or more than half with what was drawn."""
    assert among(left, drawn) == ContestSize(None, None, None, "", None, sentence)


def close(votes: int, lead: int, **told: Any) -> ContestSize:
    """The size of the one contest of a problem, all of whose cards have a vote."""
    contest = {"votes": {"A": (votes + lead) // 2, "B": (votes - lead) // 2}, "cards": votes}
    return answer(contests={"m": contest}, styles=[], **told).contests["m"]


def test_long_simulations_play_fewer_audits() -> None:
    """400 audits may draw 25,000 cards each: too few at 2 %, where 133 that may draw 75,000 tell."""
    found = close(10**8, 2 * 10**6, design="polling")
    expected = close(10**8, 2 * 10**6, design="polling", replications=133)
    assert found == expected
    assert (found.cards, found.sentence) == (38_486, "80 % of 133 simulated audits end by then.")


def test_how_many_audits_are_played_first_follows_from_how_long_they_are_likely_to_be() -> None:
    """26,630 cards at 1.5 %: 375 audits at first, and then a third of these."""
    found = close(10**8, 15 * 10**5, design="polling")
    assert found.sentence == "80 % of 125 simulated audits end by then."


def test_ten_million_draws_are_the_end() -> None:
    """Twenty audits of half a million cards each do not end at 0.01 %; more cards than that are needed."""
    found = close(10**8, 10**4, design="polling")
    sentence = "More than 500,000 cards: count by hand, or take a method that suits better."
    assert found == ContestSize(None, None, None, M, 0.0001, sentence)
    wins, losses = 50_005_000, 49_995_000
    assert among((wins, losses), [1.0, 0.0]).sentence == sentence.replace("500,000", "500,002")


def test_one_audit_that_tells_all_may_be_long() -> None:
    """No errors at 0.01 %: 79,724 of twenty million cards, each like the others."""
    assert close(2 * 10**7, 2_000) == ContestSize(79_724, None, None, M, 0.0001, ALL)


# ---- several assertions, several contests


def simulated(cards: int | None, low: int | None, high: int | None, claim: str = M) -> ContestSize:
    return ContestSize(cards, low, high, claim, 0.1, "")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(60, 55, 65), (59, 50, 80)], (60, 55, 80)),
        ([(60, 40, 65), (59, 58, None)], (60, 58, None)),
        ([(60, None, None), (59, 50, 80)], (60, 60, 80)),
        ([(60, None, None), (50, 40, 60)], (60, None, None)),
        ([(60, None, None), (50, None, None)], (60, None, None)),
        ([(60, 55, 65), (None, None, None)], (None, None, None)),
    ],
)
def test_the_ends_of_the_largest_size_are_the_largest_ends(sizes: Any, expected: Any) -> None:
    """In either order: another size may be the largest in truth."""
    for each in (sizes, sizes[::-1]):
        found = largest(simulated(*size) for size in each)
        assert (found.cards, found.low, found.high) == expected


def test_the_assertion_that_needs_most_decides() -> None:
    """A against B at 2 % needs more than A against C; at one vote even all cards do not suffice."""
    three = {"votes": {"A": 500, "C": 10, "B": 480}, "cards": 1_000}
    found = answer(contests={"m": three}, styles=[]).contests["m"]
    assert found == ContestSize(270, None, None, M, 0.02, ALL)
    tight = {"votes": {"A": 500, "C": 10, "B": 499}, "cards": 1_009}
    none = answer(contests={"m": tight}, styles=[], two_votes=0.001).contests["m"]
    assert (none.cards, none.claim) == (None, M)


def test_a_full_count_of_one_contest_is_one_of_all_cards_drawn_alike() -> None:
    """By style the other contest still needs its own sample only."""
    tied = {"m": {"votes": {"A": 500, "B": 500}, "cards": 1_000}, "t": TWO["t"]}
    found = answer(contests=tied, styles=[{"contests": ["m"], "cards": 1_000}])
    assert [each.cards for each in found.contests.values()] == [None, 11]
    assert (found.by_style, found.uniform, found.uniform_low, found.uniform_high) == (1_011, None, None, None)


def test_what_holds_unless_told() -> None:
    """Comparison without errors, 5 %, four audits in five of 400, seed 1; and what may be told."""
    told = msgspec.convert({"contests": ONE, "styles": []}, ContestsSize)
    assert told == ContestsSize(told.contests, (), "comparison", 0, 0, None, 0.05, 0.8, 400, 1)
    for ends in ({"replications": 20, "seed": 0}, {"replications": 20_000, "quantile": 0.999}):
        msgspec.convert({"contests": ONE, "styles": [], **ends}, ContestsSize)
    for beyond in ({"replications": 19}, {"replications": 20_001}, {"seed": -1}, {"quantile": 1.0}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"contests": ONE, "styles": [], **beyond}, ContestsSize)
