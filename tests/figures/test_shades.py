"""A share belongs to one class, and to the right one at its bounds."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.figures.shades import MARGINS, known, margin_scale, share_scale

SCALE = margin_scale("Clinton", "Trump")


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**9))
def test_a_margin_has_the_class_of_its_exact_share(lead: int, total: int) -> None:
    """The float that we colour by is never on another side of a bound than the exact fraction."""
    exact = Fraction(lead, total)
    strength = sum(abs(exact) >= bound for bound in MARGINS)
    kind = "tied" if lead == 0 else f"{'a' if lead > 0 else 'b'}{strength + 1}"
    assert SCALE.shade(lead / total).kind == kind


@pytest.mark.parametrize("bound", MARGINS)
def test_a_bound_belongs_to_the_stronger_class(bound: Fraction) -> None:
    """A lead of exactly 5 points is not under 5 points, and one vote of a million less is."""
    at, below = SCALE.shade(bound), SCALE.shade(bound - Fraction(1, 10**6))
    assert int(at.kind[1]) == int(below.kind[1]) + 1
    assert SCALE.shade(-bound).kind == at.kind.replace("a", "b")


def test_classes_say_their_bounds() -> None:
    """Labels are made of the bounds, weakest first."""
    labels = ["under 5 points", "5 to 15 points", "15 to 30 points", "30 points or more"]
    assert [shade.label for shade in SCALE.first] == labels
    assert [shade.label for shade in share_scale((Fraction(1, 2),)).first] == ["under 50 %", "50 % or more"]


def test_few_classes_lie_far_apart() -> None:
    """With one bound the stronger class has the darkest shade."""
    assert [shade.kind for shade in share_scale((0.5,)).first] == ["s3", "s4"]
    assert share_scale((0.5,)).shade(-1).kind == "s3"


@pytest.mark.parametrize("bounds", [(), (0.5, 0.4), (0.1, 0.1), (0.1, 0.2, 0.3, 0.4)])
def test_bounds_that_make_no_scale_are_refused(bounds: tuple[float, ...]) -> None:
    """None, falling or repeated bounds, and more than there are shades for."""
    with pytest.raises(ValueError, match="parted at"):
        share_scale(bounds)


@pytest.mark.parametrize("share", [float("nan"), float("inf"), float("-inf"), None])
def test_what_is_no_number_is_not_known(share: float | None) -> None:
    """Nothing is coloured by infinity."""
    assert known(share) is None
