"""Draws of batches with probability proportional to their error bounds (PPEB), in exact arithmetic."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate, islice
from math import lcm
from typing import TypeVar

from tallyproof.errors import RequestError
from tallyproof.sampling.counter import NUMBER_BITS, counter_numbers
from tallyproof.sampling.seed import Seed

Key = TypeVar("Key", bound=str | tuple[str, ...])
MOST_BITS = 4096


def draw_by_bounds(
    seed: Seed, bounds: Mapping[Key, Fraction], size: int, *, already: int = 0
) -> tuple[Key, ...]:
    """Draw batches with probability ``bounds[batch] / sum(bounds)``, with replacement.

    Draw i takes the number r = SHA-256(``seed,i``) / 2^256. Batches lie side by side in the order of their
    names, each as long as its bound; r times the whole length falls into the batch that is drawn. Lengths
    are exact, so the answer is the same on every machine and for every order of the list. These are draws
    ``already`` + 1 to ``already + size``. Source of the design: Aslam, Popa and Rivest 2008; Stark 2009.
    Raises RequestError for a negative bound or none above 0.
    """
    require_bounds(bounds)
    if size < 0 or already < 0:
        raise RequestError(f"'size' is {size} and 'already' {already}; neither can be below 0.")
    names: list[Key] = sorted(bounds)
    sums = list(accumulate(_whole_lengths([bounds[name] for name in names])))
    numbers = islice(counter_numbers(seed, already + 1), size)
    return tuple(names[bisect_right(sums, (number * sums[-1]) >> NUMBER_BITS)] for number in numbers)


def _whole_lengths(bounds: list[Fraction]) -> list[int]:
    """Bounds times their common denominator."""
    shared = lcm(*{bound.denominator for bound in bounds})
    if shared.bit_length() > MOST_BITS:
        raise RequestError("the bounds' common denominator is too large; give all bounds over a few margins.")
    return [bound.numerator * (shared // bound.denominator) for bound in bounds]


def require_bounds(bounds: Mapping[Key, Fraction]) -> None:
    """Raise RequestError where a bound is below 0, is not exact, or nothing can be drawn."""
    for key, bound in bounds.items():
        if not isinstance(bound, (int, Fraction)):
            raise RequestError(f"the bound of {key} is {bound!r}; give whole numbers or fractions.")
        if bound < 0:
            raise RequestError(f"the bound of {key} is {bound}; no bound can be below 0.")
    if not any(bounds.values()):
        raise RequestError("no bound is above 0, so no batch can be drawn.")
