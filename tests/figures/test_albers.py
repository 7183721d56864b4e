"""The projection that the outlines were drawn with."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from albers import LOWER_48, Albers, fitted


def test_snyder_page_291() -> None:
    """The numerical example of Snyder (1987), page 291: 35° N, 75° W, on the unit sphere."""
    x, y = Albers(29.5, 45.5, 23, -96).project(-75, 35)
    assert (round(x, 7), round(y, 7)) == (0.2952720, 0.2416774)


def test_another_parallel_gives_another_place() -> None:
    """The example does not hold with one parallel altered."""
    x, y = Albers(29.5, 45.0, 23, -96).project(-75, 35)
    assert (round(x, 7), round(y, 7)) != (0.2952720, 0.2416774)


@given(st.floats(-125, -67), st.floats(25, 49))
def test_areas_are_kept(longitude: float, latitude: float) -> None:
    """A small field has the same area on the map as on the sphere, wherever it lies."""
    step = 1e-3
    (x, y), (east, _up), (_right, north) = (
        LOWER_48.project(longitude + a, latitude + b) for a, b in ((0, 0), (step, 0), (0, step))
    )
    across = (east - x, _up - y)
    along = (_right - x, north - y)
    on_map = across[0] * along[1] - across[1] * along[0]
    on_sphere = math.radians(step) ** 2 * math.cos(math.radians(latitude + step / 2))
    assert on_map == pytest.approx(on_sphere, rel=1e-3)


def test_a_state_is_drawn_upright() -> None:
    """The middle of a fitted area is the origin, and its meridian goes straight up."""
    own = fitted(-93, 42, -87, 48)
    assert own.project(-90, 45) == pytest.approx((0, 0), abs=1e-12)
    x, y = own.project(-90, 46)
    assert x == pytest.approx(0) and y > 0
