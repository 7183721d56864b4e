"""Rounds in detail: borders, and formulas written out once more from their definitions."""

import itertools
import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest

from tallyproof.errors import RequestError
from tallyproof.risk import bravo, minerva, providence, rounds
from tallyproof.risk.binomial import probabilities, tails
from tallyproof.risk.rounds import (
    Smallest,
    Stop,
    check_share,
    halve,
    normal_votes,
    smallest_round,
    stop_after,
    stops,
)

QUANTILE = NormalDist().inv_cdf

# ---- binomials and stopping rules


def test_sure_votes_have_one_outcome() -> None:
    """No draw, all for one side, all for the other."""
    assert probabilities(0, 0.3).tolist() == [1]
    assert probabilities(0, 1.0).tolist() == [1]
    assert probabilities(3, 1.0).tolist() == [0, 0, 0, 1]
    assert probabilities(3, 0.0).tolist() == [1, 0, 0, 0]
    assert tails(np.array([0.25, 0.5, 0.25])).tolist() == [1, 0.75, 0.25]


@pytest.mark.parametrize("votes", [0, 1, 7, 30])
def test_a_stopping_rule_from_its_definition(votes: int) -> None:
    """The fewest k with Pr(K >= k | tie) at most alpha Pr(K >= k | s), by exact fractions."""
    share, alpha = Fraction(7, 10), Fraction(1, 5)

    def tail(s: Fraction, least: int) -> Fraction:
        each = (math.comb(votes, k) * s**k * (1 - s) ** (votes - k) for k in range(least, votes + 1))
        return sum(each, Fraction())

    enough = [k for k in range(votes + 1) if tail(Fraction(1, 2), k) <= alpha * tail(share, k)]
    found = stop_after(votes, float(share), float(alpha))
    assert found.votes == votes
    assert found.winner_votes == (enough[0] if enough else None)
    assert found.chance == pytest.approx(float(tail(share, enough[0])) if enough else 0.0)


def test_a_round_that_earlier_ones_have_won_ends_at_once() -> None:
    """Where alpha has grown to 1 no vote is needed."""
    assert stop_after(0, 0.6, 1.0) == Stop(0, 0, 1.0)
    assert next(stops(0.6, 2.0)) == next(stops(0.6, 1.0)) == Stop(1, 0, 1.0)
    for stop in (stop_after(5, 0.6, 1.01), next(stops(0.6, 2.0))):
        assert stop.winner_votes == 0
        assert 1 - 1e-12 < stop.chance <= 1


def test_the_first_rounds_are_too_short() -> None:
    """Rounds come as 1, 2, 3 …; below ln(1/alpha) / ln(2s) votes none can end."""
    first = list(itertools.islice(stops(0.75, 0.05), 9))
    assert [stop.votes for stop in first] == list(range(1, 10))
    assert [stop.winner_votes for stop in first] == [None] * 7 + [8, 9]
    assert first[7].chance == pytest.approx(0.75**8)


def test_the_normal_approximation_is_as_printed() -> None:
    """((z(chance) sqrt(s (1 - s)) + z(1 - alpha chance) / 2) / (s - 1/2))^2, rounded up."""
    spread = QUANTILE(0.8) * math.sqrt(0.51 * 0.49) + QUANTILE(1 - 0.05 * 0.8) / 2
    assert normal_votes(0.51, 0.05, 0.8) == math.ceil((spread / 0.01) ** 2)


def test_halving_finds_where_a_rule_begins_to_work() -> None:
    """From 37 votes on; the upper end where only it works; looked at in halves."""
    seen = []

    def rule(votes: int) -> Stop:
        seen.append(votes)
        return Stop(votes, None, 0.9 if votes >= 37 else 0.1)

    assert halve(rule, 0.9, 1, 100).votes == 37
    assert seen[:3] == [50, 25, 37]
    assert halve(rule, 0.9, 36, 37).votes == 37
    assert halve(rule, 0.9, 30, 39).votes == 37


def test_programs_begin_to_halve_where_they_do() -> None:
    """Athena in (1, 10,000], doubled until its end works; R2B2 in the first decade whose end works."""
    for meaning, works, looked in (
        (Smallest.HALVING, 37, [10_000, 5_000, 2_500]),
        (Smallest.HALVING, 25_000, [10_000, 20_000, 40_000, 20_000, 30_000]),
        (Smallest.HALVING, 10_000, [10_000, 5_000, 7_500]),
        (Smallest.DECADES, 37, [10, 100, 55, 32]),
        (Smallest.DECADES, 450, [10, 100, 1_000, 550, 325]),
        (Smallest.DECADES, 10, [10, 5, 7]),
    ):
        seen: list[int] = []

        def rule(votes: int, works: int = works, seen: list[int] = seen) -> Stop:
            seen.append(votes)
            return Stop(votes, None, 0.9 if votes >= works else 0.1)

        assert rounds._halved(rule, 0.9, meaning).votes == works
        assert seen[: len(looked)] == looked


def test_a_chance_never_exceeds_1() -> None:
    """Whatever rounding does to a sum of hundreds of terms."""
    assert all(stop_after(votes, 0.6, 1.01).chance <= 1 for votes in range(300))


def test_what_no_round_can_be_planned_for_is_refused() -> None:
    """By each function, in each meaning."""
    for meaning in Smallest:
        with pytest.raises(RequestError, match="'alpha'"):
            smallest_round(0.6, 0.0, 0.9, meaning)
        with pytest.raises(RequestError, match="'share'"):
            smallest_round(0.5, 0.1, 0.9, meaning)
    for make, name in (
        (lambda: next(stops(0.5, 0.1)), "share"),
        (lambda: next(stops(0.6, 0.0)), "alpha"),
        (lambda: normal_votes(0.5, 0.1, 0.9), "share"),
        (lambda: normal_votes(0.6, 1.0, 0.9), "alpha"),
        (lambda: providence.risks(0.5, [], []), "share"),
        (lambda: providence.next_round(0.6, 1.0, 0.9), "alpha"),
    ):
        with pytest.raises(RequestError, match=f"'{name}'"):
            make()


def test_providence_begins_with_no_votes_seen() -> None:
    """The first round is one on its own."""
    for votes in range(20, 60):
        assert providence.stop_after_round(0.6, 0.1, votes) == stop_after(votes, 0.6, 0.1)
    assert providence.next_round(0.6, 0.1, 0.9) == smallest_round(0.6, 0.1, 0.9)


@pytest.mark.parametrize("meaning", list(Smallest))
@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_no_round_ends_surely(meaning: Smallest, chance: float) -> None:
    """Nor never."""
    with pytest.raises(RequestError, match="'chance'"):
        smallest_round(0.6, 0.1, chance, meaning)


def test_all_votes_may_be_for_the_winner() -> None:
    """A share of 1 is allowed, a half is not."""
    check_share(1.0)
    for share in (0.5, 1.01):
        with pytest.raises(RequestError, match="'share'"):
            check_share(share)


# ---- BRAVO


def test_what_was_earned_is_not_drawn_again() -> None:
    """(ln(1/alpha) - earned + z_w / 2) / (p_w z_w + p_l z_l); none once P is at the limit."""
    z_w, z_l = math.log(1.2), math.log(0.8)
    drift = 0.3 * z_w + 0.2 * z_l
    for earned in (0.0, 1.5, -1.5):
        size = math.ceil((math.log(20) - earned + z_w / 2) / drift)
        assert bravo.expected_size(0.05, 0.3, 0.2, earned) == size
    assert bravo.expected_size(0.05, 0.3, 0.2, math.log(20)) == 0


def test_the_chance_of_finishing_is_as_printed() -> None:
    """Normal chance of the votes that bring the ratio from what 30 and 25 votes earned to 1 / alpha."""
    z_w, z_l = math.log(1.2), math.log(0.8)
    missing = math.log(20) - 30 * z_w - 25 * z_l
    relevant = 400 * 0.5
    needed = (missing - z_l * relevant) / (z_w - z_l)
    chance = NormalDist(relevant * 0.6, math.sqrt(relevant * 0.24)).cdf(2 * relevant * 0.6 - needed)
    assert bravo.chance_of_finishing(0.05, 0.3, 0.2, 400, (30, 25)) == pytest.approx(chance)


def test_an_audit_that_has_ended_needs_no_luck() -> None:
    """Seventeen votes of 60 % earn ln 22: above ln 20, so the chance is 1 whatever comes; sixteen do not."""
    assert bravo.chance_of_finishing(0.05, 0.6, 0.4, 10, (17, 0)) == 1.0
    assert bravo.chance_of_finishing(0.05, 0.6, 0.4, 10, (16, 0)) < 1.0


def test_a_landslide_leaves_nothing_to_chance() -> None:
    """All votes for the winner: four of them are enough for 1/10, three are not; nor is a round of none."""
    assert [bravo.chance_of_finishing(0.1, 1.0, 0.0, ballots) for ballots in (0, 3, 4, 5)] == [0, 0, 1, 1]
    assert bravo.chance_of_finishing(0.1, 0.5, 0.0, 6) == 0
    assert bravo.chance_of_finishing(0.1, 0.5, 0.0, 7) == 1
    assert bravo.chance_of_finishing(0.1, 1.0, 0.0, 3, (1, 0)) == 1
    assert bravo.chance_of_finishing(1 / 16, 1.0, 0.0, 4) == 1
    assert bravo.chance_of_finishing(0.1, 1.0, 0.0, 10, (5, 1)) == 0
    assert bravo.chance_of_finishing(0.1, 0.6, 0.4, 0) == 0
    with pytest.raises(RequestError, match="'ballots'"):
        bravo.chance_of_finishing(0.1, 0.6, 0.4, -1)


def test_an_order_of_votes_needs_a_share_above_a_half() -> None:
    """Up to 1, and no chance of 1 can be planned for."""
    assert bravo.selection_ordered([1, 1], 1.0).p.tolist() == [0.5, 0.25]
    for share in (0.5, 1.01):
        with pytest.raises(RequestError, match="'share'"):
            bravo.selection_ordered([1], share)
    with pytest.raises(RequestError, match="'chance'"):
        bravo.size_for_chance(0.1, 0.6, 0.4, 1.0)


def test_a_round_for_a_chance_ends_with_just_that_many_votes() -> None:
    """The winner's (1 - chance) quantile ends the audit; none is needed where it has ended."""
    for chance in (0.3, 0.5, 0.9):
        ballots = bravo.size_for_chance(0.1, Fraction(3, 5), Fraction(2, 5), chance)
        below = np.cumsum(probabilities(ballots, 0.6))
        won = int(np.searchsorted(below, 1 - chance))
        assert float(bravo.end_of_round_risk(won, ballots - won, 0.6)) < 0.1
    half = bravo.size_for_chance(0.1, Fraction(3, 10), Fraction(2, 10), 0.9)
    assert half == 2 * bravo.size_for_chance(0.1, Fraction(3, 5), Fraction(2, 5), 0.9)
    assert bravo.size_for_chance(0.1, 0.6, 0.4, 0.9, (30, 5)) == 0
    sizes = [bravo.size_for_chance(0.1, 0.6, 0.4, 0.9, *seen) for seen in ((), ((0, 0),), ((0, 1),))]
    assert sizes[0] == sizes[1] < sizes[2]


@pytest.mark.parametrize(("winner", "loser"), [(0.4, -0.1), (1.1, 0.2), (0.4, 0.4), (0.3, 0.4)])
def test_shares_that_no_result_has_are_refused(winner: float, loser: float) -> None:
    """Below 0, above 1, or not ahead."""
    with pytest.raises(RequestError, match="'winner'"):
        bravo.expected_size(0.1, winner, loser)


def test_a_ratio_needs_votes_of_both_kinds_to_be_numbers_of_votes() -> None:
    """None is a number; below none is not, of either side, in any place."""
    assert bravo.log_ratio([0, 4], [0, 0], 1.0).tolist() == pytest.approx([0, 4 * math.log(2)])
    for won, lost in (([3, -1], [0, 0]), ([3, 1], [0, -1])):
        with pytest.raises(RequestError, match="'winner_votes'"):
            bravo.log_ratio(won, lost, 0.6)
    for share in ([0.6, 0.5], [0.6, 1.1]):
        with pytest.raises(RequestError, match="'share'"):
            bravo.log_ratio(1, 1, share)


# ---- Minerva and Providence


def paths(share: float, steps: tuple[int, int], stop: int | None) -> list[float]:
    """Chances of the votes after two rounds, of the paths that had not stopped after the first."""
    first = [math.comb(steps[0], k) * share**k * (1 - share) ** (steps[0] - k) for k in range(steps[0] + 1)]
    if stop is not None:
        first[stop:] = [0.0] * len(first[stop:])
    total = [0.0] * (sum(steps) + 1)
    for k, j in itertools.product(range(steps[0] + 1), range(steps[1] + 1)):
        total[k + j] += first[k] * math.comb(steps[1], j) * share**j * (1 - share) ** (steps[1] - j)
    return total


@pytest.mark.parametrize("first", [3, 12])
def test_minervas_second_round_counts_the_paths_that_reach_it(first: int) -> None:
    """Path by path, with a first round that could not end and one that could."""
    rules = minerva.stopping_rules(0.7, 0.1, [first, first + 8])
    assert rules[0].winner_votes == stop_after(first, 0.7, 0.1).winner_votes
    reported, tied = (paths(share, (first, 8), rules[0].winner_votes) for share in (0.7, 0.5))
    enough = [k for k in range(first + 9) if 0 < sum(reported[k:]) * 0.1 >= sum(tied[k:])]
    assert rules[1].winner_votes == enough[0]
    assert rules[1].chance == pytest.approx(sum(reported[enough[0] :]))
    won = enough[0] - 1
    p = minerva.risks(0.7, 0.1, [first, first + 8], [min(first, won) // 2, won])
    assert p[1] == pytest.approx(min(p[0], sum(tied[won:]) / sum(reported[won:])))


def test_a_second_round_that_can_add_nothing_cannot_end() -> None:
    """No new votes: all that would end it had ended before. A result that had ended before says nothing."""
    assert minerva.stopping_rules(0.7, 0.1, [12, 12])[1] == Stop(12, None, 0.0)
    p = minerva.risks(0.7, 0.1, [12, 20], [12, 20])
    assert p[0] == p[1] == pytest.approx((0.5 / 0.7) ** 12)


def test_minerva_needs_a_majority() -> None:
    """As every test of a winner."""
    with pytest.raises(RequestError, match="'share'"):
        minerva.stopping_rules(0.5, 0.1, [10])


def test_a_round_without_new_votes_is_allowed() -> None:
    """It changes nothing; votes for the winner may be none of it or all of it."""
    p = minerva.risks(0.7, 0.1, [10, 10], [6, 6])
    assert p[0] == p[1]
    assert minerva.risks(0.7, 0.1, [4], [0])[0] == 1
    assert providence.risks(0.7, [4, 4], [0, 4])[0] == 1
    assert providence.risks(0.7, [4], [4])[0] == pytest.approx((0.5 / 0.7) ** 4)


def test_providence_refuses_votes_below_none() -> None:
    """And more than the round holds."""
    for won in (-1, 5):
        with pytest.raises(RequestError, match="'winner_votes'"):
            providence.risks(0.7, [4], [won])


def test_providence_after_a_landslide_needs_nothing_more() -> None:
    """However much was earned, nothing overflows."""
    assert providence.next_round(0.6, 0.1, 0.9, (9_000, 0)).winner_votes == 0
    assert providence.stop_after_round(0.6, 0.1, 10, (9_000, 0)).winner_votes == 0
