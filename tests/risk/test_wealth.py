"""Wealth against a null mean: exact ends, laws that hold for all samples, and refused input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tallyproof.errors import RequestError
from tallyproof.risk.alpha import ConstantAlternative, FixedAlternative, ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake, bet_of_estimate, estimate_of_bet
from tallyproof.risk.function import Bet, Population
from tallyproof.risk.kaplan import KaplanKolmogorov, KaplanWald
from tallyproof.risk.wealth import average, bets, estimates, history, null_means, stakes

Values = NDArray[np.float64]

BETS: list[Bet] = [
    FixedAlternative(0.7),
    ConstantAlternative(0.7),
    ShrinkTrunc(0.6),
    ShrinkTrunc(0.6, d=5, f=0.1),
    FixedBet(1.5),
    FixedStake(0.4),
    Agrapa(0.6),
    KaplanKolmogorov(0.1),
    KaplanWald(0.2),
]
VALUES = [0.0, 0.25, 0.5, 0.5, 1.0]


def samples(longest: int = 30) -> st.SearchStrategy[Values]:
    """Samples of a few values, some of them at the ends."""
    return st.lists(st.sampled_from(VALUES), min_size=1, max_size=longest).map(np.array)


def populations() -> st.SearchStrategy[Population]:
    """With replacement, or of 30 to 60 cards."""
    return st.one_of(st.just(Population()), st.integers(30, 60).map(lambda n: Population(1, 0.5, n)))


any_bet = st.sampled_from(BETS)


# ---- laws


@settings(deadline=None)
@given(samples(), populations(), any_bet)
def test_risk_lies_between_0_and_1(x: Values, population: Population, bet: Bet) -> None:
    """Whatever is drawn: after each draw, sequentially, and at the end."""
    found = history(x, population, bet)
    for p in (found.p, found.sequential, found.p_value):
        assert np.all((p >= 0) & (p <= 1))


@settings(deadline=None)
@given(samples(), populations(), any_bet, st.data())
def test_bets_know_only_the_past(x: Values, population: Population, bet: Bet, data: st.DataObject) -> None:
    """Another value at draw j changes no stake up to j, and no wealth before j."""
    place = data.draw(st.integers(0, len(x) - 1))
    other = x.copy()
    other[place] = data.draw(st.sampled_from(VALUES))
    before, after = stakes(x, population, bet), stakes(other, population, bet)
    assert np.array_equal(before[: place + 1], after[: place + 1])
    logs = history(x, population, bet).log_t, history(other, population, bet).log_t
    assert np.array_equal(logs[0][:place], logs[1][:place])


@settings(deadline=None)
@given(samples(), populations(), any_bet)
def test_a_larger_last_value_never_raises_the_risk(x: Values, population: Population, bet: Bet) -> None:
    """Only the latest draw is monotone."""
    better = x.copy()
    better[-1] = 1.0
    assert history(better, population, bet).p[-1] <= history(x, population, bet).p[-1] + 1e-12


def test_a_better_earlier_draw_may_raise_the_risk() -> None:
    """Not asked for: a bet that learns can be led astray by a better beginning."""
    worse, better = [0.5, 0, 1, 1, 1, 1, 1], [1.0, 0, 1, 1, 1, 1, 1]
    bet = Agrapa(0.6, sd=0.3, weight=0.5)
    first, second = (history(x, Population(), bet).p[-1] for x in (worse, better))
    assert second > first


@settings(deadline=None)
@given(samples(), populations(), st.floats(0, 2))
def test_alpha_is_betting_under_the_map(x: Values, population: Population, bet: float) -> None:
    """The product of ALPHA's factors at the mapped estimates is the wealth of the bet."""
    means = null_means(x, population)
    inside = (means > 1e-9) & (means < 1 - 1e-9)
    amounts = np.minimum(bet, 1 / np.where(inside, means, 1.0))
    eta = np.asarray(estimate_of_bet(amounts, means))
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = x * eta / means + (1 - x) * (1 - eta) / (1 - means)
        betting = 1 + amounts * (x - means)
    assert np.allclose(alpha[inside], betting[inside], atol=1e-9)
    assert np.allclose(bet_of_estimate(eta[inside], means[inside]), amounts[inside], atol=1e-7)


@settings(deadline=None)
@given(samples(), populations())
def test_the_engine_plays_what_the_map_says(x: Values, population: Population) -> None:
    """Wealth of a fixed alternative, from ALPHA's printed product of factors."""
    found = history(x, population, FixedAlternative(0.7))
    m, eta = null_means(x, population), estimates(x, population, FixedAlternative(0.7))
    usable = np.cumprod((m > 1e-9) & (m < 1 - 1e-9) & np.isfinite(found.log_t)).astype(bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        product = np.cumprod(x * eta / m + (1 - x) * (1 - eta) / (1 - m))
    assert np.allclose(np.exp(found.log_t[usable]), product[usable], rtol=1e-9)


@settings(deadline=None)
@given(samples(), populations(), st.floats(0.1, 10))
def test_the_unit_does_not_matter(x: Values, population: Population, unit: float) -> None:
    """Values, bound, null mean and estimate in another unit give the same wealth."""
    other = Population(unit, unit / 2, population.size)
    found = history(x * unit, other, ShrinkTrunc(0.6 * unit)).log_t
    assert np.allclose(found, history(x, population, ShrinkTrunc(0.6)).log_t, atol=1e-8)
    # The pull towards u divides by a standard deviation, which has a unit (and is 1 before the third draw).
    pulled = stakes(x * unit, other, ShrinkTrunc(0.6 * unit, f=0.1 * unit))[2:]
    assert np.allclose(pulled, stakes(x, population, ShrinkTrunc(0.6, f=0.1))[2:], atol=1e-4)


@settings(deadline=None)
@given(samples(), st.floats(0.1, 10), st.floats(0, 5))
def test_a_bet_does_not_see_a_shift(x: Values, unit: float, shift: float) -> None:
    """x -> a x + b with lambda / a leaves T unchanged."""
    bet = 1 / (unit * 0.5 + shift) / 2 * unit
    moved = Population(unit + shift, unit / 2 + shift)
    found = history(x * unit + shift, moved, FixedBet(bet / unit)).log_t
    assert np.allclose(found, history(x, Population(), FixedBet(bet)).log_t, atol=1e-9)


@settings(deadline=None)
@given(st.lists(samples(20), min_size=2, max_size=4), any_bet)
def test_columns_do_not_see_each_other(columns: list[Values], bet: Bet) -> None:
    """Many assertions at once answer as one after the other."""
    length = min(len(x) for x in columns)
    table = np.stack([x[:length] for x in columns], axis=1)
    sizes = np.arange(30, 30 + len(columns))
    together = history(table, Population(1, 0.5, sizes), bet)
    for number, size in enumerate(sizes):
        alone = history(table[:, number], Population(1, 0.5, int(size)), bet)
        assert np.allclose(together.log_t[:, number], alone.log_t, atol=1e-12)
        assert together.p_value[number] == pytest.approx(float(alone.p_value))


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample worked on in many blocks gives the history of one block."""
    x = np.random.default_rng(1).choice([0, 0.5, 1], size=2_000)
    population = Population(1, 0.5, 2_500)
    for bet in BETS:
        whole = history(x, population, bet).log_t
        monkeypatch.setattr("tallyproof.risk.wealth.BLOCK", 64)
        assert np.allclose(history(x, population, bet).log_t, whole, atol=1e-9)
        monkeypatch.undo()


def test_running_sums_row_by_row() -> None:
    """Wide tables are summed row by row, with the same result."""
    x = np.random.default_rng(2).choice([0, 0.5, 1], size=(100, 300))
    wide = history(x, Population(1, 0.5, 1000), ShrinkTrunc(0.6)).log_t
    narrow = history(x[:, :10], Population(1, 0.5, 1000), ShrinkTrunc(0.6)).log_t
    assert np.allclose(wide[:, :10], narrow, atol=1e-12)


# ---- the ends


@pytest.mark.parametrize("bet", BETS)
@pytest.mark.parametrize(("votes", "p"), [(21, 0.0), (20, 1.0), (19, 1.0)])
def test_a_full_count_leaves_no_doubt(bet: Bet, votes: int, p: float) -> None:
    """40 cards: one vote above one half P is 0, tied or below it is 1, however promising the draws were."""
    x = np.array([1.0] * votes + [0.0] * (40 - votes))
    assert history(x, Population(1, 0.5, 40), bet).p_value == p


@pytest.mark.parametrize("bet", BETS)
def test_an_outcome_is_proven_before_the_last_card(bet: Bet) -> None:
    """P is 0 from the draw on that makes S > N t."""
    found = history(np.ones(30), Population(1, 0.5, 40), bet)
    assert np.all(found.p[:20] > 0)
    assert np.all(found.p[20:] == 0)


@pytest.mark.parametrize("bet", BETS)
def test_a_null_is_proven_before_the_last_card(bet: Bet) -> None:
    """P is 1 once the cards left cannot lift the mean above one half, whatever came before."""
    x = np.array([1.0] * 15 + [0.0] * 20)
    found = history(x, Population(1, 0.5, 40), bet)
    assert not found.null_certain[33]
    assert found.null_certain[34]
    assert found.p[34] == 1
    assert found.p_value == 1


@pytest.mark.parametrize(
    ("mean", "ones", "zeros"), [(0.1, 5, 37), (0.25, 11, 31), (0.75, 31, 11), (0.9, 37, 5)]
)
def test_ends_for_any_null_mean(mean: float, ones: int, zeros: int) -> None:
    """Of 40 cards: one more than the null allows proves it false, one fewer than it needs proves it true."""
    population = Population(1, mean, 40)
    false = history(np.ones(ones), population, FixedBet(0.5))
    assert false.p[-2] > 0 and false.p[-1] == 0
    true = history(np.zeros(zeros - 1), population, FixedBet(0.5))
    assert not true.null_certain[-2] and true.null_certain[-1]


def test_columns_end_on_their_own() -> None:
    """One proven false, one proven true, one open, in the same table."""
    x = np.stack([np.ones(30), np.zeros(30), np.tile([1.0, 0.0], 15)], axis=1)
    found = history(x, Population(1, 0.5, 40), FixedBet(0.5))
    assert found.p_value[:2].tolist() == [0, 1]
    assert 0 < found.p_value[2] < 1
    assert found.null_certain[-1].tolist() == [False, True, False]


@pytest.mark.parametrize("bet", BETS)
def test_nothing_is_staked_where_nothing_is_left_to_find(bet: Bet) -> None:
    """After S reaches N t, and after the null is certain, stakes and bets are 0."""
    for x, last in ((np.ones(30), 20), (np.zeros(30), 20)):
        assert np.all(stakes(x, Population(1, 0.5, 40), bet)[last:] == 0)
        assert np.all(bets(x, Population(1, 0.5, 40), bet)[last:] == 0)


def test_averages_of_extreme_wealth() -> None:
    """No overflow, and nothing lost: log of the mean of e^1000, e^-1000, 0 and infinity."""
    thirds = np.full(3, 1 / 3)
    assert average(np.array([1000.0, -1000.0, -np.inf]), thirds) == pytest.approx(1000 - np.log(3))
    assert average(np.array([-1000.0, -1000.0, -1000.0]), thirds) == pytest.approx(-1000)
    assert average(np.full(3, -np.inf), thirds) == -np.inf
    assert average(np.array([np.inf, 0.0, 0.0]), thirds) == np.inf


def test_a_stake_of_everything_lost_is_never_won_back() -> None:
    """eta = u and a value 0: T is 0 for good, unless the cards prove the outcome."""
    found = history([1, 0, 1, 1, 1, 1, 1], Population(1, 0.5, 10), ConstantAlternative(1.0))
    assert np.all(found.log_t[1:5] == -np.inf)
    assert found.p.tolist() == [0.5, 1, 1, 1, 1, 1, 0]


def test_a_null_mean_of_zero_or_u_is_not_bet_on() -> None:
    """The factor is 1 there: five of ten cards found, and nothing left to find."""
    found = history([1, 1, 1, 1, 1, 0, 0], Population(1, 0.5, 10), FixedAlternative(0.9))
    assert found.log_t[5] == found.log_t[4] == found.log_t[6]


def test_half_points_at_ten_million_cards_are_exact() -> None:
    """One half point decides a full count of 10^7 cards; a tie is no proof."""
    size = 10_000_000
    x = np.full(size, 0.5)  # 80 MB: the border must hold where a sum of 10^7 numbers is rounded
    assert history(x, Population(1, 0.5, size), FixedBet(1.0)).p_value == 1
    x[0] = 1.0
    assert history(x, Population(1, 0.5, size), FixedBet(1.0)).p_value == 0


def test_values_that_are_no_binary_fractions_stay_far_from_the_border() -> None:
    """A tied comparison population of a million cards is not taken for a proven outcome."""
    usual = 1 / (2 - 0.02)
    lost = round(1_000_000 * (1 - 0.5 / usual))
    x = np.random.default_rng(3).permutation(np.append(np.full(1_000_000 - lost, usual), np.zeros(lost)))
    found = history(x, Population(2 * usual, 0.5, len(x)), FixedBet(1.0))
    assert found.p_value == (0 if x.sum() > 500_000 + 1e-3 else 1)


def test_no_draw_no_evidence() -> None:
    """An empty sample leaves P at 1."""
    found = history([], Population(1, 0.5, 10), FixedBet(1.0))
    assert found.p_value == 1
    assert found.crossing(0.05) == 0


def test_padded_columns_answer_at_their_own_length() -> None:
    """P after so many draws of each column is that of the shorter sample."""
    x = np.random.default_rng(4).choice([0.0, 1.0], size=(50, 4), p=[0.3, 0.7])
    x[0] = 1.0
    found = history(x, Population(1, 0.5, 60), ShrinkTrunc(0.6))
    lengths = [0, 1, 17, 50]
    alone = [
        history(x[:n, k], Population(1, 0.5, 60), ShrinkTrunc(0.6)).p_value for k, n in enumerate(lengths)
    ]
    assert found.p_value_after(lengths) == pytest.approx([float(p) for p in alone])


def test_one_card_is_a_population() -> None:
    """Drawn, it decides."""
    assert history([1], Population(1, 0.5, 1), FixedBet(1.0)).p_value == 0
    assert history([0.5], Population(1, 0.5, 1), FixedBet(1.0)).p_value == 1


def test_the_crossing_is_the_first_draw_at_the_limit() -> None:
    """Twenty ones under a bet of 2: wealth doubles, and is 32 after five draws."""
    found = history(np.ones(20), Population(), FixedBet(2.0))
    assert found.crossing(1 / 32) == 5
    assert found.crossing(1 / 33) == 6
    assert history(np.zeros(3), Population(), FixedBet(1.0)).crossing(0.05) == 0


# ---- estimates


def test_a_fixed_alternative_follows_what_is_left() -> None:
    """(N eta - S) / (N - j + 1), kept in (m, u]; with replacement eta stays."""
    x = np.array([1.0, 0.0, 0.5, 1.0, 1.0])
    before = np.array([0.0, 1.0, 1.0, 1.5, 2.5])
    expected = (20 * 0.7 - before) / (20 - np.arange(5))
    assert estimates(x, Population(1, 0.5, 20), FixedAlternative(0.7)) == pytest.approx(expected)
    assert estimates(x, Population(), FixedAlternative(0.7)) == pytest.approx(np.full(5, 0.7))
    assert estimates(np.zeros(5), Population(1, 0.5, 20), FixedAlternative(0.95)).max() == 1.0


def test_shrink_trunc_keeps_its_distance_at_every_draw() -> None:
    """c / sqrt(d + j - 1) from m below and from u above, early and late, for a short memory."""
    x = np.append(np.ones(1), np.tile([0.0, 1.0], 5_000))
    found = estimates(x, Population(), ShrinkTrunc(0.95, d=0.5, c=0.2))
    gap = 0.2 / np.sqrt(0.5 + np.arange(len(x)))
    assert np.all(found <= 1 - gap + 1e-12)
    assert np.all(found[1:] >= 0.5 + gap[1:] - 1e-12)
    assert found[0] == pytest.approx(1 - gap[0])  # before the first draw the two distances overlap


def test_the_usual_distance_is_half_of_the_hope() -> None:
    """c is (eta - t) / 2 unless given, and 0 where eta hopes for less than the null."""
    x, population = np.tile([1.0, 0.0, 1.0], 20), Population(1, 0.4, 100)
    for eta, c in ((0.6, 0.1), (0.3, 0.0)):
        usual, given_c = (history(x, population, ShrinkTrunc(eta, c=value)).log_t for value in (None, c))
        assert np.array_equal(usual, given_c)


# ---- what is refused

BAD = [
    ([0.5, float("nan")], Population(), "sample"),
    ([0.5, 1.5], Population(), "sample"),
    ([-0.1], Population(), "sample"),
    ([1.0] * 11, Population(1, 0.5, 10), "sample"),
    (0.5, Population(), "sample"),
    ([[0.5, 1.5]], Population(np.array([2.0, 1.0])), "sample"),
    (np.ones((11, 2)), Population(1, 0.5, np.array([20, 10])), "sample"),
]


@pytest.mark.parametrize(("x", "population", "argument"), BAD)
def test_what_is_no_sample_is_refused(x: object, population: Population, argument: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{argument}' must be"):
        history(x, population, FixedBet(1.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"upper": 0}, "upper"),
        ({"upper": float("inf")}, "upper"),
        ({"null_mean": 1.0}, "null_mean"),
        ({"null_mean": 0.0}, "null_mean"),
        ({"null_mean": float("nan")}, "null_mean"),
        ({"size": 0}, "size"),
        ({"size": 10.5}, "size"),
        ({"size": np.array([10, 0])}, "size"),
        ({"upper": np.array([1.0, -1.0])}, "upper"),
        ({"null_mean": np.array([0.5, 1.5])}, "null_mean"),
    ],
)
def test_what_is_no_population_is_refused(arguments: dict[str, float], name: str) -> None:
    """Bounds and sizes that nothing has."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        Population(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: ShrinkTrunc(0.6, d=0), "d"),
        (lambda: ShrinkTrunc(0.6, f=-1), "f"),
        (lambda: ShrinkTrunc(0.6, min_sd=0), "min_sd"),
        (lambda: ShrinkTrunc(0.6, c=-0.1), "c"),
        (lambda: FixedBet(-1), "bet"),
        (lambda: FixedBet(1, most=0), "most"),
        (lambda: FixedStake(1.1), "share"),
        (lambda: Agrapa(0.6, sd=0), "sd"),
        (lambda: Agrapa(0.6, weight=0), "weight"),
        (lambda: Agrapa(0.6, most=1.5), "most"),
        (lambda: KaplanKolmogorov(-0.1), "padding"),
        (lambda: KaplanWald(1.0), "padding"),
        (lambda: history([1], Population(), FixedBet(1)).crossing(0), "alpha"),
        (lambda: history([1], Population(), FixedBet(1)).crossing(1), "alpha"),
        (lambda: history([1], Population(), FixedBet(1)).p_value_after(2), "draws"),
        (lambda: history([[1, 1]], Population(), FixedBet(1)).p_value_after([1, 2]), "draws"),
        (lambda: ShrinkTrunc(0.6, c=np.array([0.1, -0.1])), "c"),
    ],
)
def test_what_is_no_bet_is_refused(make: object, name: str) -> None:
    """Parameters outside their range."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]


def test_bets_are_kept_within_the_wealth() -> None:
    """lambda never exceeds 1 / m, whatever was asked for."""
    x = np.array([1.0] * 8)
    amounts = bets(x, Population(1, 0.5, 20), FixedBet(50.0))
    means = null_means(x, Population(1, 0.5, 20))
    assert np.allclose(amounts, 1 / means)
