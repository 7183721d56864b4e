"""No plan takes longer than it may: fewer simulated audits, or a lower bound that says so."""

from fractions import Fraction

import pytest

from tallyproof.audit.plan import FEWEST, SampleSize, Size, solve_sample_size
from tallyproof.risk import bravo


def size(method: str, margin: float, **more: object) -> Size:
    """The one size of a problem of a million cards."""
    given = {"cards": 1_000_000, "replications": 200, **more}
    (found,) = solve_sample_size(SampleSize(margins=(margin,), methods=(method,), **given)).sizes  # type: ignore[arg-type]
    return found


def test_what_can_be_afforded_is_simulated_as_asked() -> None:
    """A limit that is not reached changes no figure."""
    assert size("alpha_polling", 0.1) == size("alpha_polling", 0.1, most_drawn=10**9)


def test_less_to_draw_means_fewer_audits_and_a_wider_range() -> None:
    """The figure stays within the wider one's range, which says how little is known."""
    exact = size("alpha_polling", 0.05, most_drawn=10**9)
    quick = size("alpha_polling", 0.05, most_drawn=300_000)
    assert FEWEST <= quick.replications < exact.replications == 200
    assert quick.low is not None and quick.high is not None and exact.cards is not None
    assert quick.low <= exact.cards <= quick.high


def test_beyond_the_limit_the_answer_is_a_lower_bound() -> None:
    """No figure is invented: more than so many, and the true one is more than that."""
    quick = size("alpha_polling", 0.02, most_drawn=100_000)
    exact = size("alpha_polling", 0.02, most_drawn=10**9, replications=100)
    assert (quick.cards, quick.high, quick.low) == (None, None, 5_000)
    assert exact.cards is not None and exact.cards > 5_000


@pytest.mark.parametrize(("cards", "margin"), [(10_000, 0.0001), (10**8, 0.0001), (2**53 - 1, 1e-12)])
def test_a_hair_s_breadth_is_answered_at_once(cards: int, margin: float) -> None:
    """BRAVO's exact round would need more memory than there is; beyond all cards it is a full count."""
    assert size("bravo", margin, cards=cards).cards is None


@pytest.mark.parametrize("chance", [0.5, 0.8, 0.9])
def test_the_approximation_of_large_bravo_rounds_is_close(chance: float) -> None:
    """Within one part in a thousand of the exact size, just below where it takes over."""
    winner = Fraction(1, 2) + Fraction(5, 1_000)
    exact = bravo.size_for_chance(0.05, winner, 1 - winner, chance)
    assert bravo.approximate_size(0.05, winner, 1 - winner, chance) == pytest.approx(exact, rel=1e-3)
    told = size("bravo", 0.002, cards=10**9, quantile=chance)
    assert told.how == "normal approximation"
