"""Rounds of ballot polling: binomials, stopping rules, smallest rounds, risks over rounds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyproof.errors import RequestError
from tallyproof.risk import bravo, minerva, providence
from tallyproof.risk.binomial import probabilities, tails
from tallyproof.risk.rounds import Smallest, normal_votes, smallest_round, stop_after, stops


@settings(deadline=None)
@given(st.integers(0, 60), st.floats(0.01, 0.99))
def test_binomial_chances(draws: int, share: float) -> None:
    """Each is the product of its definition, and tails are their sums."""
    found = probabilities(draws, share)
    exact = [math.comb(draws, k) * share**k * (1 - share) ** (draws - k) for k in range(draws + 1)]
    assert found == pytest.approx(exact, rel=1e-9, abs=1e-300)
    assert tails(found) == pytest.approx(
        [math.fsum(exact[k:]) for k in range(draws + 1)], rel=1e-9, abs=1e-300
    )


def test_large_binomials_sum_to_one_around_their_mean() -> None:
    """A million draws: mean and variance are right to nine digits."""
    chances = probabilities(1_000_000, 0.51)
    k = np.arange(len(chances))
    mean = float(chances @ k)
    assert mean == pytest.approx(510_000, rel=1e-9)
    assert float(chances @ (k - mean) ** 2) == pytest.approx(1_000_000 * 0.51 * 0.49, rel=1e-9)


@pytest.mark.parametrize(("share", "alpha"), [(0.6, 0.1), (0.52, 0.05), (0.95, 0.01), (1.0, 0.1), (0.7, 3.0)])
def test_rounds_one_vote_longer_follow_from_the_one_before(share: float, alpha: float) -> None:
    """Stepping through n gives the stopping rule of each n on its own."""
    for stop in itertools.islice(stops(share, alpha), 400):
        alone = stop_after(stop.votes, share, alpha)
        assert stop.winner_votes == alone.winner_votes
        assert stop.chance == pytest.approx(alone.chance, abs=1e-10)


def test_rounds_too_short_to_end_an_audit() -> None:
    """Below ln(1/alpha) / ln(2 s) votes nothing can be confirmed."""
    shortest = math.ceil(math.log(10) / math.log(1.2))
    assert stop_after(shortest - 1, 0.6, 0.1).winner_votes is None
    assert stop_after(shortest, 0.6, 0.1).winner_votes == shortest


@pytest.mark.parametrize("chance", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("share", [0.55, 0.7])
def test_the_smallest_round_is_what_it_says(share: float, chance: float) -> None:
    """FIRST: none shorter works. LASTING: the one before fails, none longer does up to twice as long."""
    first = smallest_round(share, 0.05, chance, Smallest.FIRST)
    lasting = smallest_round(share, 0.05, chance, Smallest.LASTING)
    works = [stop.chance >= chance for stop in itertools.islice(stops(share, 0.05), 2 * lasting.votes)]
    assert works.index(True) + 1 == first.votes
    assert all(works[lasting.votes - 1 :])
    assert not works[lasting.votes - 2]
    for meaning in (Smallest.HALVING, Smallest.DECADES):
        found = smallest_round(share, 0.05, chance, meaning).votes
        assert works[found - 1] and not works[found - 2]
        assert first.votes <= found <= lasting.votes


def test_the_normal_approximation_is_near() -> None:
    """Within 2 % of the exact size at a margin of 4 %."""
    exact = smallest_round(0.52, 0.1, 0.9).votes
    assert normal_votes(0.52, 0.1, 0.9) == pytest.approx(exact, rel=0.02)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=60), st.floats(0.51, 0.99))
def test_bravo_in_order_is_never_above_the_end_of_the_round(votes: list[int], share: float) -> None:
    """The same likelihood ratio, with the right to stop in between."""
    won = sum(votes)
    end = float(bravo.end_of_round_risk(won, len(votes) - won, share))
    found = bravo.selection_ordered(votes, share)
    assert found.p[-1] == pytest.approx(end, rel=1e-9)
    assert float(found.p_value) <= end * (1 + 1e-9)


@settings(deadline=None)
@given(st.integers(1, 40), st.data(), st.floats(0.55, 0.9))
def test_one_round_of_minerva_is_one_round_of_providence(
    votes: int, data: st.DataObject, share: float
) -> None:
    """Without earlier rounds the two tests are the same."""
    won = data.draw(st.integers(0, votes))
    first, second = minerva.risks(share, 0.1, [votes], [won]), providence.risks(share, [votes], [won])
    assert first == pytest.approx(second, rel=1e-9)


def test_risks_never_rise_over_rounds() -> None:
    """A round that went badly does not take back an earlier success."""
    assert minerva.risks(0.6, 0.1, [100, 200], [70, 90])[1] <= minerva.risks(0.6, 0.1, [100], [70])[0]
    found = providence.risks(0.6, [100, 100], [70, 30])
    assert found[1] == found[0] < 2e-3


def test_providence_stops_where_its_risk_says() -> None:
    """The fewest new votes named end the round; one fewer does not."""
    stop = providence.stop_after_round(0.6, 0.1, 50, (40, 35))
    assert stop.winner_votes is not None
    assert providence.risks(0.6, [75, 50], [40, stop.winner_votes])[-1] <= 0.1
    assert providence.risks(0.6, [75, 50], [40, stop.winner_votes - 1])[-1] > 0.1


def test_providence_plans_less_after_a_good_round() -> None:
    """The more the votes seen favour the winner, the fewer are still needed."""
    sizes = [providence.next_round(0.6, 0.1, 0.9, seen).votes for seen in ((0, 0), (30, 22), (34, 18))]
    assert sizes == sorted(sizes, reverse=True)


def test_landslides_need_few_ballots() -> None:
    """All votes for the winner: ln(1/alpha) / ln 2 of them, for every method."""
    assert smallest_round(1.0, 0.1, 0.9).votes == 4
    assert bravo.expected_size(0.1, 1.0, 0.0) == 4
    assert stop_after(4, 1.0, 0.1).chance == 1.0
    assert float(bravo.end_of_round_risk(4, 0, 1.0)) == pytest.approx(1 / 16)
    assert float(bravo.end_of_round_risk(4, 1, 1.0)) == 1.0


def test_chances_of_finishing_are_consistent_with_sizes() -> None:
    """A round of the size for 80 % ends with a chance near 80 %, and one already earned surely."""
    size = bravo.size_for_chance(0.05, 0.48, 0.40, 0.8)
    assert bravo.chance_of_finishing(0.05, 0.48, 0.40, size) == pytest.approx(0.8, abs=0.02)
    assert bravo.chance_of_finishing(0.05, 0.48, 0.40, 10, (300, 100)) == 1.0
    assert bravo.expected_size(0.05, 0.48, 0.40, 3.0) == 0


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: stop_after(-1, 0.6, 0.1), "votes"),
        (lambda: stop_after(10, 0.5, 0.1), "share"),
        (lambda: smallest_round(0.6, 0.1, 1.0), "chance"),
        (lambda: smallest_round(0.6, 0.0, 0.9), "alpha"),
        (lambda: minerva.risks(0.6, 0.1, [], []), "schedule"),
        (lambda: minerva.risks(0.6, 0.1, [10, 5], [5, 5]), "schedule"),
        (lambda: minerva.risks(0.6, 0.1, [10, 20], [5, 16]), "winner_votes"),
        (lambda: minerva.risks(0.6, 0.1, [10, 20], [5]), "winner_votes"),
        (lambda: minerva.risks(0.6, 1.1, [10], [5]), "alpha"),
        (lambda: providence.risks(0.6, [10], [11]), "winner_votes"),
        (lambda: providence.risks(0.6, [10, 10], [5]), "winner_votes"),
        (lambda: bravo.log_ratio(1, 1, 0.5), "share"),
        (lambda: bravo.log_ratio(-1, 1, 0.6), "winner_votes"),
        (lambda: bravo.selection_ordered([1], 0.4), "share"),
        (lambda: bravo.expected_size(0.1, 0.4, 0.4), "winner"),
        (lambda: bravo.expected_size(1.0, 0.5, 0.4), "alpha"),
        (lambda: bravo.size_for_chance(0.1, 0.5, 0.0, 0.9), "loser"),
        (lambda: bravo.size_for_chance(0.1, 0.5, 0.4, 0.0), "chance"),
    ],
)
def test_what_is_no_round_is_refused(make: object, name: str) -> None:
    """The message names the argument."""
    with pytest.raises(RequestError, match=f"'{name}' must be"):
        make()  # type: ignore[operator]
