"""Sizes of audits as problems, in detail: each method's pile, population and bet, and what an answer says."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tallyproof.audit import plan
from tallyproof.audit.contest import Contest
from tallyproof.audit.contests_size import ContestsSize, solve_contests_size
from tallyproof.audit.plan import (
    ErrorRates,
    SampleSize,
    Size,
    SizeMethod,
    solve_sample_size,
)
from tallyproof.errors import RequestError
from tallyproof.risk import bravo
from tallyproof.risk.alpha import ShrinkTrunc
from tallyproof.risk.betting import FixedBet, cobra_bet, kelly_bet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.macro import macro_size
from tallyproof.risk.rounds import Smallest, normal_votes, smallest_round
from tallyproof.risk.sample_size import Sizes, comparison_size, simulated_sizes
from tallyproof.risk.shuffle import Cards, cards
from tallyproof.risk.supersimple import Discrepancies, starting_size

NOTHING = ErrorRates()


def size(method: SizeMethod, margin: float = 0.1, rates: ErrorRates = NOTHING, **more: Any) -> Size:
    """The one size of a problem of ten thousand cards."""
    given = {"cards": 10_000, "replications": 40, "quantile": 0.7, "risk_limit": 0.1, **more}
    (found,) = solve_sample_size(
        SampleSize(margins=(margin,), methods=(method,), rates=(rates,), **given)
    ).sizes
    return found


def formula(method: str, margin: float, found: int | None, how: Any = "formula", **more: Any) -> Size:
    told = {"two_votes": 0, "one_vote": 0, "low": None, "high": None, "draws": None, "replications": 0}
    return Size(method=method, margin=margin, cards=found, how=how, **{**told, **more})


def played(pile: Cards, upper: float, bet: Bet, total: int = 10_000, seed: int = 1) -> Sizes:
    """Forty audits at 10 %, watched until 70 % of them and the error of that are known."""
    chance = np.random.default_rng(seed)
    return simulated_sizes(pile, Population(upper, 0.5, total), bet, 0.1, chance, 40, (0.7,))


def simulated(method: str, margin: float, ended: Sizes, **rates: float) -> Size:
    found = ended.quantile(0.7)
    assert found is not None
    ends = {"low": int(found.low), "high": int(found.high), "replications": 40}
    return formula(method, margin, int(found.value), "simulated", **ends, **rates)


# ---- records compared with paper


def test_a_comparison_without_errors_is_a_formula() -> None:
    """ln 10 / -ln(1 - v / 2), rounded up."""
    assert size("comparison") == formula("comparison", 0.1, 45)
    assert comparison_size(0.1, 0.1) == math.ceil(math.log(10) / -math.log(0.95)) == 45


@pytest.mark.parametrize(
    ("two", "one", "most"), [(0.001, 0.01, 0.99), (0.0, 0.01, 1.0), (0.001, 0.0, 0.99), (0.0001, 0.0, 0.99)]
)
def test_a_comparison_with_errors_is_simulated(two: float, one: float, most: float) -> None:
    """Cards overstated by two votes count 0, by one half of a right one's 1 / 1.9."""
    usual, many = 1 / 1.9, [round(two * 10_000), round(one * 10_000)]
    pile = cards([0.0, usual / 2, usual], [*many, 10_000 - sum(many)])
    bet = FixedBet(cobra_bet(0.1, two, one), most)
    expected = simulated("comparison", 0.1, played(pile, 2 * usual, bet), two_votes=two, one_vote=one)
    assert size("comparison", rates=ErrorRates(two, one)) == expected


def test_rates_below_one_card_are_none() -> None:
    """Of ten thousand cards 0.00004 is none, and the bet is still made for the rates stated."""
    rates = ErrorRates(0.00004, 0.00004)
    found = size("comparison", rates=rates)
    assert found == formula("comparison", 0.1, 45, two_votes=0.00004, one_vote=0.00004)


def test_the_sizes_that_programs_plan() -> None:
    """Whole discrepancies at the rates stated."""
    rates = ErrorRates(0.0001, 0.001)
    expected = starting_size(0.1, 0.1, Discrepancies(0.001, 0.0001))
    found = formula("super_simple", 0.1, expected, two_votes=0.0001, one_vote=0.001)
    assert size("super_simple", rates=rates) == found


# ---- pools

POOLS = [
    (0.2, 0.0, 0.0, (900, 700, 400), 0.55),
    (0.2, 0.001, 0.01, (900, 700, 400), 0.55),
    (0.0001, 0.001, 0.01, (1, 0, 0), 1.0),
    (0.00004, 0.001, 0.01, (0, 0, 0), 0.0),
]


@pytest.mark.parametrize(("pooled", "two", "one", "votes", "mean"), POOLS)
def test_pools_vote_like_all_others(
    pooled: float, two: float, one: float, votes: tuple[int, int, int], mean: float
) -> None:
    """A tenth ahead, of four fifths that vote; papers of pools count (1 + paper - mean) / 1.9."""
    own, usual = 10_000 - sum(votes), 1 / 1.9
    mistaken = round(two * own), round(one * own)
    kinds = {0.0: mistaken[0], usual / 2: mistaken[1], usual: own - sum(mistaken)}
    for paper, many in zip((1, 0, 0.5), votes, strict=True):
        value = (1 + paper - mean) / 1.9
        kinds[value] = kinds.get(value, 0) + many
    kept = {value: many for value, many in kinds.items() if many}
    pile = cards(list(kept), list(kept.values()))
    bet = FixedBet(float(kelly_bet(pile.values, pile.counts / pile.counts.sum(), most=0.9)), 0.9)
    expected = simulated("pools", 0.1, played(pile, 2 * usual, bet), two_votes=two, one_vote=one)
    assert size("pools", rates=ErrorRates(two, one), voted=0.8, pooled=pooled) == expected


@pytest.mark.parametrize(("margin", "two"), [(0.1, 0.06), (1.0, 0.5)])
def test_pools_with_as_many_errors_as_the_margin_are_counted(margin: float, two: float) -> None:
    """Nothing is simulated where the mean is 1/2 (half of the cards at 0, half at 1) or less."""
    found = size("pools", margin, ErrorRates(two, 0), pooled=0.00004)
    assert found == formula("pools", margin, None, two_votes=two)


# ---- paper alone


@pytest.mark.parametrize(("voted", "votes"), [(0.8, (4_500, 3_500, 2_000)), (1.0, (5_500, 4_500, 0))])
@pytest.mark.parametrize("seed", [1, 2])
def test_alpha_from_paper_alone(voted: float, votes: tuple[int, int, int], seed: int) -> None:
    """A tenth of the cards ahead; the estimate starts at 0.55 and weighs a hundred draws."""
    kinds = [(value, many) for value, many in zip((1.0, 0.0, 0.5), votes, strict=True) if many]
    pile = cards([value for value, _ in kinds], [many for _, many in kinds])
    expected = simulated("alpha_polling", 0.1, played(pile, 1.0, ShrinkTrunc(0.55, d=100), seed=seed))
    assert size("alpha_polling", voted=voted, seed=seed) == expected


def test_a_margin_is_planned_as_a_contest_of_that_margin_is() -> None:
    """5,500 votes to 4,500: the same simulated audits, hence the same cards, as when the contest is told."""
    contest = Contest({"A": 5_500, "B": 4_500}, 10_000)
    asked = ContestsSize({"m": contest}, (), "polling", risk_limit=0.1, quantile=0.7, replications=40)
    found = solve_contests_size(asked).contests["m"]
    planned = size("alpha_polling")
    assert (planned.cards, planned.low, planned.high) == (found.cards, found.low, found.high)


def test_a_margin_of_less_than_a_card_is_one_card() -> None:
    """Of eleven cards six and five: the audit ends with the last, which is a full count."""
    ended = played(cards([1.0, 0.0], [6, 5]), 1.0, ShrinkTrunc(6 / 11, d=100), 11).quantile(0.7)
    assert ended is not None and ended.value == 11
    found = size("alpha_polling", 0.001, cards=11)
    assert found == formula("alpha_polling", 0.001, None, "simulated", replications=40)


@pytest.mark.parametrize(("margin", "voted"), [(0.1, 0.8), (0.1, 1.0), (0.05, 1.0)])
def test_the_first_round_of_minerva(margin: float, voted: float) -> None:
    """Votes for the two over their share of the cards, rounded up."""
    votes = smallest_round(0.5 + margin / voted / 2, 0.1, 0.7, Smallest.LASTING).votes
    found = size("minerva", margin, voted=voted)
    assert found == formula("minerva", margin, math.ceil(votes / voted))


@pytest.mark.parametrize(("margin", "voted"), [(0.012, 1.0), (0.009, 0.7), (0.002, 0.9)])
def test_narrow_rounds_of_minerva_take_the_normal_limit(margin: float, voted: float) -> None:
    """Below 1.5 % of the votes for the two."""
    votes = normal_votes(0.5 + margin / voted / 2, 0.1, 0.7)
    found = size("minerva", margin, voted=voted, cards=10**9)
    assert found == formula("minerva", margin, math.ceil(votes / voted), "normal approximation")


def test_the_first_round_of_bravo() -> None:
    """By votes of winner and loser among all cards; all for the winner end it by their number."""
    exact = bravo.size_for_chance(0.1, Fraction(4_500, 10_000), Fraction(3_500, 10_000), 0.7)
    assert size("bravo", voted=0.8) == formula("bravo", 0.1, exact)
    alone = bravo.expected_size(0.1, Fraction(8, 10), Fraction(0))
    assert size("bravo", 0.8, voted=0.8) == formula("bravo", 0.8, alone)
    assert size("bravo", 0.01) == formula("bravo", 0.01, None)


def test_large_rounds_of_bravo_take_the_approximation() -> None:
    """Beyond 200,000 votes for the two, in however many cards."""
    narrow, wide = Fraction(502, 1_000), Fraction(504, 1_000)
    found = size("bravo", 0.004, cards=10**6)
    approximate = bravo.approximate_size(0.1, narrow, 1 - narrow, 0.7)
    assert found == formula("bravo", 0.004, approximate, "normal approximation")
    exact = bravo.size_for_chance(0.1, wide, 1 - wide, 0.7)
    assert size("bravo", 0.008, cards=10**6) == formula("bravo", 0.008, exact)


def test_batches_are_drawn_by_macro() -> None:
    """U = 1 + 1 / v = 11; the draws are told even where their cards are all there are."""
    draws = macro_size(0.1, 11, 0)
    assert draws == math.ceil(math.log(10) / -math.log(10 / 11)) == 25
    assert size("batch", batch_cards=50) == formula("batch", 0.1, 1_250, draws=25)
    assert size("batch", batch_cards=400) == formula("batch", 0.1, None, draws=25)


# ---- what an answer says


def test_as_many_cards_as_there_are_is_a_full_count() -> None:
    """45 of 46 are a sample, 45 of 45 are all."""
    assert size("comparison", cards=46).cards == 45
    assert size("comparison", cards=45) == formula("comparison", 0.1, None)


def test_errors_that_use_up_the_margin_are_counted_by_hand() -> None:
    """By formula and by simulation alike."""
    rates = ErrorRates(0.06, 0.0)
    assert size("super_simple", rates=rates) == formula("super_simple", 0.1, None, two_votes=0.06)
    found = size("comparison", rates=rates, cards=500)
    assert found == formula("comparison", 0.1, None, "simulated", two_votes=0.06, replications=40)


def test_an_upper_end_that_is_not_known_is_not_told() -> None:
    """Of forty audits the 95 % quantile is the thirty-eighth; two standard errors more are not known."""
    found = size("alpha_polling", quantile=0.95)
    assert found.cards is not None and found.low is not None
    assert found.low < found.cards and found.high is None


def test_every_margin_and_rate_of_every_method() -> None:
    """Rates matter where records are compared, and nowhere else."""
    methods: tuple[SizeMethod, ...] = ("super_simple", "bravo", "comparison", "pools")
    rates = (NOTHING, ErrorRates(0.0001, 0.001))
    asked = SampleSize(10_000, (0.2, 0.3), methods, rates, 0.1, 0.7, replications=20)
    told = [(each.method, each.margin, each.one_vote) for each in solve_sample_size(asked).sizes]
    assert told == [
        (method, margin, one)
        for method in methods
        for margin in (0.2, 0.3)
        for one in ((0,) if method == "bravo" else (0, 0.001))
    ]


CONTRADICTIONS = [
    ({"margins": (0.2, 0.51)}, "'margins' must be at most 'voted', 0.5 of the cards."),
    (
        {"rates": (NOTHING, ErrorRates(0.5, 0.51))},
        "'rates' must together be at most 1: no card is two votes over and one vote over.",
    ),
]


@pytest.mark.parametrize(("more", "why"), CONTRADICTIONS)
def test_contradictions_are_told(more: dict[str, Any], why: str) -> None:
    """Any margin above the votes and any rates above all cards; at the border both are answered."""
    problem: dict[str, Any] = {"cards": 10_000, "margins": (0.2, 0.5), "methods": ("super_simple",)}
    with pytest.raises(RequestError) as told:
        solve_sample_size(SampleSize(**{**problem, "voted": 0.5, **more}))
    assert str(told.value) == why
    full = (NOTHING, ErrorRates(0.5, 0.5))
    assert len(solve_sample_size(SampleSize(**problem, voted=0.5, rates=full)).sizes) == 4


def test_what_is_left_out() -> None:
    """Every method, no errors, 5 %, four of five audits, and what simulations may cost."""
    every: tuple[SizeMethod, ...] = (
        "comparison", "super_simple", "pools", "alpha_polling", "minerva", "bravo", "batch",
    )  # fmt: skip
    rates = (ErrorRates(two_votes=0, one_vote=0),)
    told = SampleSize(9, (0.1,), every, rates, 0.05, 0.8, 1, 0.1, 500, 400, 100_000_000, 1)
    assert SampleSize(9, (0.1,)) == told


# ---- what is simulated, and how much of it


class Played:
    """Stands for the simulation: notes what it is asked, and gives audits that ended as told."""

    def __init__(self, *ended: list[int]) -> None:
        self.ended = list(ended)
        self.asked: list[tuple[int, int | None]] = []
        self.pile: dict[float, float] = {}

    def __call__(self, *given: Any) -> Sizes:
        """Take the place of ``simulated_sizes``."""
        pile, _, _, _, _, audits, _, horizon = given
        self.pile = dict(zip(pile.values.tolist(), pile.counts.tolist(), strict=True))
        self.asked.append((audits, horizon))
        return Sizes(np.array(self.ended.pop(0), dtype=np.int64), audits, horizon or 10**6)


def asked(monkeypatch: pytest.MonkeyPatch, *ended: list[int], **more: Any) -> tuple[Played, Size]:
    """What was asked of the simulation, at a hundred thousand cards drawn in all, and the answer."""
    stand_in = Played(*ended)
    monkeypatch.setattr(plan, "simulated_sizes", stand_in)
    given = {"cards": 10**6, "replications": 1_000, "most_drawn": 100_000, **more}
    return stand_in, size("alpha_polling", **given)


def test_the_cost_of_an_audit_tells_how_many_can_be_afforded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen drew 1,900 cards, the four that had not ended count 400 each: 175 on average, hence 571."""
    found, told = asked(monkeypatch, [100] * 15 + [400], [50] * 571)
    assert found.asked == [(20, 5_000), (571, None)]
    assert (told.cards, told.replications) == (50, 571)


def test_no_more_are_played_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a thousand could be afforded and thirty are wanted."""
    found, _ = asked(monkeypatch, [100] * 20, [50] * 30, replications=30)
    assert found.asked == [(20, 5_000), (30, None)]


def test_twenty_that_cost_all_are_not_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 cards are twenty audits of 5,000."""
    found, told = asked(monkeypatch, [5_000] * 20)
    assert found.asked == [(20, 5_000)]
    assert (told.cards, told.replications) == (5_000, 20)


@pytest.mark.parametrize(("ended", "again"), [(13, False), (14, True)])
def test_enough_must_have_ended_to_go_on(monkeypatch: pytest.MonkeyPatch, ended: int, again: bool) -> None:
    """Fourteen of twenty are 70 %; with fewer the first twenty are all that is known."""
    found, _ = asked(monkeypatch, [1_000] * ended, [1_000] * 100)
    assert (len(found.asked) == 2) is again


@pytest.mark.parametrize(
    ("quantile", "ended", "low"),
    [(0.7, 13, 1_000), (0.7, 10, 1_000), (0.7, 9, 5_000), (0.2, 3, 100), (0.1, 1, 100)],
)
def test_two_standard_errors_below_the_quantile(
    monkeypatch: pytest.MonkeyPatch, quantile: float, ended: int, low: int
) -> None:
    """70 % of twenty is the 14th, two errors of 2.05 less the 10th; the horizon where that is not known."""
    _, told = asked(monkeypatch, [100 * place for place in range(1, ended + 1)], quantile=quantile)
    assert (told.cards, told.low, told.high, told.replications) == (None, low, None, 20)


def test_what_just_fits_is_played_whole() -> None:
    """Forty audits of 2,500 cards are 100,000; one card more and the first twenty tell that none ends."""
    more: dict[str, Any] = {"rates": ErrorRates(0.06, 0.0), "most_drawn": 100_000}
    assert size("comparison", cards=2_500, **more).replications == 40
    assert size("comparison", cards=2_501, **more).replications == 20


@pytest.mark.parametrize(
    ("cards_in_all", "margin", "voted", "pile"),
    [
        (10, 0.1, 1.0, {1.0: 5, 0.0: 4, 0.5: 1}),
        (11, 0.001, 1.0, {1.0: 6, 0.0: 5}),
        (11, 0.001, 0.9, {1.0: 6, 0.0: 5}),
        (10, 0.5, 0.5, {1.0: 5, 0.5: 5}),
        (10, 1.0, 1.0, {1.0: 10}),
    ],
)
def test_the_pile_of_paper(
    monkeypatch: pytest.MonkeyPatch, cards_in_all: int, margin: float, voted: float, pile: dict[float, int]
) -> None:
    """Whole cards, at least one ahead, never more than there are."""
    found, _ = asked(monkeypatch, [1] * 1_000, margin=margin, cards=cards_in_all, voted=voted)
    assert found.pile == pile


def test_a_pool_of_one_card_is_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mean is its own value, so it counts as a right record does."""
    stand_in = Played([1] * 40)
    monkeypatch.setattr(plan, "simulated_sizes", stand_in)
    assert size("pools", cards=60, pooled=0.017).cards == 1
    assert stand_in.pile == {1 / 1.9: 60}


def test_rounds_of_bravo_beyond_all_cards_are_a_full_count() -> None:
    """By formula, whichever way a round of that size would be worked out."""
    assert size("bravo", 0.001) == formula("bravo", 0.001, None)


def test_large_rounds_of_bravo_are_told_by_votes_not_cards() -> None:
    """Half of the cards bear a vote for one of the two."""
    shares = Fraction(251_750, 10**6), Fraction(248_250, 10**6)
    exact = bravo.size_for_chance(0.1, *shares, 0.7)
    assert size("bravo", 0.0035, voted=0.5, cards=10**6) == formula("bravo", 0.0035, exact)
