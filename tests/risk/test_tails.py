"""Chances too small for a float: landslides beyond the reported result, and contests closer than 0.3 %."""

import itertools
import math
from fractions import Fraction

import pytest

from tallyproof.risk import minerva, providence
from tallyproof.risk.binomial import tail_ratio
from tallyproof.risk.bravo import end_of_round_risk
from tallyproof.risk.rounds import Smallest, smallest_round, stop_after, stops


def exact_ratio(draws: int, least: int, share: Fraction) -> float:
    """By whole numbers: sums of n over k (a b^(n - k)), with a / (a + b) the share."""
    a, b = share.numerator, share.denominator - share.numerator
    ways = [math.comb(draws, k) for k in range(least, draws + 1)]
    tied: int = sum(ways) * share.denominator**draws
    reported = sum(way * a**k * b ** (draws - k) for k, way in enumerate(ways, least)) * 2**draws
    return float(tied / reported)


@pytest.mark.parametrize("least", [0, 520, 900, 1_200, 1_490, 1_499, 1_500])
def test_ratios_of_tails_far_out(least: int) -> None:
    """1,500 draws at 51 %: from sure to 0.51^1500, which no float holds."""
    assert tail_ratio(1_500, least, 0.51) == pytest.approx(
        exact_ratio(1_500, least, Fraction(51, 100)), rel=1e-9, abs=0
    )


def test_ratios_of_tails_at_their_ends() -> None:
    """A share of 1 leaves the tie's chance; no draw says nothing."""
    assert tail_ratio(10, 10, 1.0) == pytest.approx(0.5**10)
    assert tail_ratio(0, 0, 0.6) == 1
    assert tail_ratio(2_000, 2_000, 1.0) == 0.0


@pytest.mark.parametrize(("votes", "won"), [(1_500, 1_499), (20_000, 14_000), (20_000, 20_000)])
def test_a_winner_far_beyond_the_report_has_no_risk(votes: int, won: int) -> None:
    """P is no larger than BRAVO's at the end of the round, which is 1e-13 and less; in any round."""
    bravo = float(end_of_round_risk(won, votes - won, 0.51))
    for found in (
        minerva.risks(0.51, 0.1, [votes], [won]),
        minerva.risks(0.51, 0.1, [10, 10 + votes], [5, 5 + won])[1:],
        providence.risks(0.51, [votes], [won]),
        providence.risks(0.51, [10, votes], [5, won])[1:],
    ):
        assert found[0] <= bravo * 1.1 < 1e-12


def test_a_landslide_is_not_lost_in_a_later_round() -> None:
    """What was earned keeps its worth, and a round that goes against the winner costs no overflow."""
    first = providence.risks(0.6, [100, 10], [70, 5])
    assert first[1] == first[0]
    assert providence.risks(0.9, [2_000, 10], [0, 10])[1] == 1


@pytest.mark.parametrize("share", [0.501, 0.5005])
def test_rounds_of_close_contests(share: float) -> None:
    """Votes and chances of each round on its own, where the first chances are below 1e-308."""
    for stop in itertools.islice(stops(share, 0.1), 1_000, 6_001, 500):
        alone = stop_after(stop.votes, share, 0.1)
        assert stop.chance == pytest.approx(alone.chance, rel=1e-6, abs=1e-280)
        if alone.chance > 1e-250:
            assert stop.winner_votes == alone.winner_votes


def test_a_round_for_a_close_contest_is_found() -> None:
    """A margin of 0.2 %: the first round with a chance of 1 in 10,000 is one of the rule itself."""
    found = smallest_round(0.501, 0.1, 1e-4, Smallest.FIRST)
    assert stop_after(found.votes, 0.501, 0.1).chance >= 1e-4 > stop_after(found.votes - 1, 0.501, 0.1).chance


def test_rounds_that_earlier_ones_have_helped_follow_too() -> None:
    """Where alpha has grown above 1 the votes needed start from none."""
    for stop in itertools.islice(stops(0.6, 3.0), 40):
        alone = stop_after(stop.votes, 0.6, 3.0)
        assert stop.winner_votes == alone.winner_votes
        assert stop.chance == pytest.approx(alone.chance)
