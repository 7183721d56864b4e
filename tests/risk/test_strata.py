"""Stratified tests: proven maxima, permuted strata, ends, and the one-stratum case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import examples
from tallyproof.errors import RequestError
from tallyproof.risk.alpha import FixedAlternative, ShrinkTrunc
from tallyproof.risk.betting import Agrapa, FixedBet, FixedStake
from tallyproof.risk.bounding import fisher, largest_on_line
from tallyproof.risk.function import Bet, Floats, Population
from tallyproof.risk.strata import Stratum, banded_risk, stratified_risk
from tallyproof.risk.wealth import history

votes = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.0]), min_size=0, max_size=40).map(np.array)


def strata(*samples: Floats, cards: tuple[int, ...] = (60, 90, 120)) -> list[Stratum]:
    return [Stratum(x, size, ShrinkTrunc(0.6, d=10)) for x, size in zip(samples, cards, strict=False)]


def largest_by_grid(both: list[Stratum], by_fisher: bool) -> float:
    """Brute force: the strata's own histories at 4,001 points of the line."""
    weights = np.array([stratum.cards for stratum in both]) / sum(stratum.cards for stratum in both)
    low = max(both[0].range[0], (0.5 - weights[1] * both[1].range[1]) / weights[0])
    high = min(both[0].range[1], (0.5 - weights[1] * both[1].range[0]) / weights[0])
    first = np.linspace(low, high, 4_001)[1:-1]
    means = first, (0.5 - weights[0] * first) / weights[1]
    total = np.zeros(len(first))
    for stratum, mean in zip(both, means, strict=True):
        left = (mean * stratum.cards - np.append(0, np.cumsum(stratum.sample)[:-1])[:, None]) / (
            stratum.cards - np.arange(len(stratum.sample))[:, None]
        )
        share = stratum.stakes[:, None]
        logs = np.cumsum(np.log(1 - share + share * stratum.sample[:, None] / left), axis=0)
        if len(logs):
            total += np.maximum(logs.max(axis=0), 0) if by_fisher else logs[-1]
    total = np.maximum(total, 0)
    return float(np.max(fisher(-total, 2) if by_fisher else np.exp(-total)))


@settings(max_examples=examples(40), deadline=None)
@given(votes, votes, st.booleans())
def test_the_maximum_is_proven_and_found(first: Floats, second: Floats, by_fisher: bool) -> None:
    """No point of a fine grid exceeds P, and P exceeds what was found by at most the gap."""
    both = strata(first, second)
    found = stratified_risk(both, by_fisher=by_fisher, gap=1e-3)
    assert found.attained <= found.p <= 1
    assert found.gap <= 1e-3
    assert largest_by_grid(both, by_fisher) <= found.p * (1 + 1e-9)


@settings(max_examples=examples(25), deadline=None)
@given(votes, votes, votes, st.booleans())
def test_the_order_of_strata_does_not_matter(a: Floats, b: Floats, c: Floats, by_fisher: bool) -> None:
    """Permuted strata give the same P, for two and for three."""
    three = strata(a, b, c)
    first = stratified_risk(three, by_fisher=by_fisher, gap=1e-6).p
    for order in ([2, 0, 1], [1, 0, 2]):
        again = stratified_risk([three[k] for k in order], by_fisher=by_fisher, gap=1e-6).p
        assert again == pytest.approx(first, rel=1e-5)
    assert banded_risk(three[:2]).p == pytest.approx(banded_risk(three[1::-1]).p, rel=1e-9)


@settings(max_examples=examples(25), deadline=None)
@given(votes)
def test_one_stratum_is_the_plain_test(x: Floats) -> None:
    """The product over one stratum is its own wealth at the null mean."""
    alone = history(x, Population(1, 0.5, 60), ShrinkTrunc(0.6, d=10))
    if len(x) and np.isfinite(alone.log_t[-1]) and not alone.null_certain[-1]:
        found = stratified_risk([Stratum(x, 60, ShrinkTrunc(0.6, d=10))], gap=1e-6)
        assert found.p == pytest.approx(float(alone.p[-1]), rel=1e-4)


@pytest.mark.parametrize(
    "bet", [ShrinkTrunc(0.6, d=10), Agrapa(0.6, sd=0.3), FixedBet(0.5), FixedAlternative(0.6)]
)
def test_bands_hold_the_maximum_of_their_own_test(bet: Bet) -> None:
    """In every band T at any point is at least what the band reports: checked on a fine grid."""
    chance = np.random.default_rng(6)
    both = [Stratum(np.where(chance.random(80) < 0.6, 1.0, 0.0), size, bet) for size in (300, 500)]
    found = banded_risk(both, bands=30)
    finer = banded_risk(both, bands=300)
    assert 0 < found.p <= 1
    assert found.gap == 0
    assert finer.p <= found.p * 1.05


def test_a_stratum_without_draws_adds_nothing() -> None:
    """Its mean is free, so the other must bear the whole null."""
    x = np.ones(30)
    found = stratified_risk([Stratum(x, 100, FixedStake(0.5)), Stratum(np.zeros(0), 100, FixedStake(0.5))])
    assert found.p == pytest.approx(1.0)


def test_full_counts_of_all_strata_decide() -> None:
    """P is 0 for a winner by one vote and 1 for a tie."""
    won, lost = np.array([1.0] * 31 + [0.0] * 29), np.array([1.0] * 45 + [0.0] * 45)
    for by_fisher in (False, True):
        assert stratified_risk(strata(won, lost), by_fisher=by_fisher).p == 0
        assert stratified_risk(strata(won - won + lost[15:75], lost), by_fisher=by_fisher).p == 1
    assert banded_risk(strata(won, lost)).p == 0


def test_strata_with_replacement() -> None:
    """Means may then be anything in [0, u]; strong samples still reject."""
    x = np.array([1.0] * 45 + [0.0] * 5)
    both = [Stratum(x, 100, FixedStake(0.4), replaced=True), Stratum(x, 300, FixedStake(0.4), replaced=True)]
    found = stratified_risk(both)
    assert found.gap <= 1e-3
    assert found.p < 1e-4


def test_offsets_shift_the_null() -> None:
    """The same offset in all strata is that much less of a null mean; different ones weigh by cards."""
    chance = np.random.default_rng(9)
    samples = [np.where(chance.random(60) < 0.6, 1.0, 0.0) for _ in range(2)]

    def shifted(*offsets: float) -> list[Stratum]:
        sizes = zip(samples, (200, 600), offsets, strict=True)
        return [Stratum(x, size, ShrinkTrunc(0.6, d=20), offset=offset) for x, size, offset in sizes]

    for test in (stratified_risk, banded_risk):
        plain = test(shifted(0.0, 0.0), 0.45).p
        assert 0 < plain < 1
        assert test(shifted(0.05, 0.05), 0.5).p == pytest.approx(plain, rel=1e-6)
        assert test(shifted(0.2, 0.0), 0.5).p == pytest.approx(plain, rel=1e-6)


def test_bands_with_a_stratum_not_yet_sampled() -> None:
    """It adds nothing, in whichever place it stands."""
    x = np.where(np.random.default_rng(10).random(80) < 0.9, 1.0, 0.0)
    sampled = Stratum(x, 900, ShrinkTrunc(0.8, d=20))
    empty = Stratum(np.zeros(0), 100, ShrinkTrunc(0.8, d=20))
    p = banded_risk([sampled, empty]).p
    assert p < 1e-3
    assert banded_risk([empty, sampled]).p == pytest.approx(p, rel=1e-9)


def test_comparison_and_polling_strata_together() -> None:
    """A comparison stratum enters with u + A(paper) - A(record) and its reported mean as offset."""
    reported = 0.6
    compared = Stratum(np.ones(60), 400, FixedStake(0.5), upper=2.0, offset=reported - 1.0, reference=0.9)
    polled = Stratum(np.tile([1.0, 1.0, 0.0], 20), 200, ShrinkTrunc(0.6, d=20))
    found = stratified_risk([compared, polled])
    assert found.p < 0.05
    assert found.gap <= 1e-3
    wrong = Stratum(np.zeros(60), 400, FixedStake(0.5), upper=2.0, offset=reported - 1.0, reference=0.9)
    assert stratified_risk([wrong, polled]).p == 1


def test_eight_strata() -> None:
    """The bound is proven for many strata as for two."""
    chance = np.random.default_rng(8)
    many = [
        Stratum(np.where(chance.random(100) < 0.65, 1.0, 0.0), 1_000, ShrinkTrunc(0.6, d=20))
        for _ in range(8)
    ]
    found = stratified_risk(many)
    assert found.gap <= 1e-3
    assert found.p < 1e-6


def test_fisher_of_two_halves() -> None:
    """-2 ln(1/4) against chi-squared with 4 degrees of freedom, by its closed form."""
    assert float(fisher(np.array(np.log(0.25)), 2)) == pytest.approx(0.25 * (1 + np.log(4)))
    assert float(fisher(np.array(0.0), 5)) == 1.0
    assert float(fisher(np.array(-np.inf), 3)) == 0.0


@settings(deadline=None)
@given(st.floats(0.5, 5), st.floats(0.5, 5), st.floats(-1, 1))
def test_the_largest_on_a_line_is_bounded(steep: float, steeper: float, place: float) -> None:
    """Against the closed form of a falling and a rising curve."""
    found = largest_on_line(
        lambda x: -np.exp(steep * (x - place)),
        lambda x: -np.exp(-steeper * (x - place)),
        -3.0,
        3.0,
        np.exp,
        1e-4,
    )
    x = np.linspace(-3, 3, 20_001)
    exact = float(np.max(np.exp(-np.exp(steep * (x - place)) - np.exp(-steeper * (x - place)))))
    assert found.attained <= found.p
    assert exact <= found.p * (1 + 1e-7)
    assert found.gap <= 1e-4


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: banded_risk(strata(np.ones(3))), "strata"),
        (lambda: banded_risk(strata(np.ones(3), np.ones(3)), bands=0), "bands"),
        (lambda: Stratum(np.ones(5), 4, FixedBet(1)), "sample"),
        (lambda: Stratum(np.ones((5, 2)), 40, FixedBet(1)), "sample"),
        (lambda: largest_on_line(np.sin, np.cos, 0, 1, np.exp, gap=0), "gap"),
    ],
)
def test_what_is_no_stratum_is_refused(make: object, name: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]
