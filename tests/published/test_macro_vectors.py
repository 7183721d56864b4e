"""MACRO: first-round draws and risks from error bounds and taints."""

from typing import Any

import numpy as np
import pytest

from tallyproof.risk.macro import macro_history, macro_size

from .golden import vector
from .tolerance import agrees


def test_first_round_of_400_batches() -> None:
    """U of 21 at a risk limit of 25 % (macro-001)."""
    bound, draws = vector("macro-001")["expected"]
    assert macro_size(0.25, bound) == draws


def test_thirty_clean_batches() -> None:
    """(1 - 1/21)^30 (macro-004)."""
    given = vector("macro-004")["inputs"]
    assert agrees(macro_history(given["U"], np.zeros(given["n"])).p[-1], vector("macro-004"))


def test_a_taint_of_one_in_u_takes_back_a_clean_batch() -> None:
    """Six batches overstated by 20 of 420 votes leave P where thirty clean ones had it."""
    p = macro_history(21, np.append(np.zeros(30), np.full(6, 20 / 420))).p
    assert p[-1] == pytest.approx(p[29], rel=1e-12)


GEORGIA: list[tuple[str, float, int, float]] = [
    ("macro-005", 45.952834242, 138, 0.049083729),
    ("macro-006", 6.178975643, 18, 0.041726014),
]


@pytest.mark.parametrize(("name", "bound", "draws", "p"), GEORGIA)
def test_first_rounds_of_georgia_2026(name: str, bound: float, draws: int, p: float) -> None:
    """The published numbers of draws follow from the published bounds; clean batches give at most that P."""
    expected: Any = vector(name)["expected"]
    assert expected == [draws, p]
    assert macro_size(0.05, bound) == draws
    assert macro_history(bound, np.zeros(draws)).p[-1] <= p + 1e-9


def test_a_majority_claim_needs_more_draws() -> None:
    """U of 16.46 asks for 49 draws (macro-007)."""
    bound, draws = vector("macro-007")["expected"]
    assert macro_size(0.05, bound) == draws
