"""Arlo's draws, so that an audit run with Arlo can be reproduced: ballots, and batches by their bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from tallyproof.errors import RequestError
from tallyproof.sampling.bounds import require_bounds
from tallyproof.sampling.rivest import Ticket, first_number, next_number, rivest_tickets, trimmed
from tallyproof.sampling.seed import Seed

ARLO_DIGITS = 18
Key = TypeVar("Key", bound=str | tuple[str, ...])
"""A batch as Arlo's files name it: by one name, or by jurisdiction and name."""
NumpyMajor = Literal[1, 2]


@dataclass(frozen=True)
class DrawnBatch(Generic[Key]):
    """One draw: the batch as its file names it, and the ticket number printed beside it."""

    batch: Key
    number: str


def arlo_ballots(
    seed: Seed, batches: Mapping[Key, int], *, with_replacement: bool
) -> Iterator[Ticket[tuple[Key, int]]]:
    """Draw ballots as Arlo does: Rivest's sampler on the text of ``(batch, position)``, positions from 1.

    ``batches`` gives the ballots in each batch; the order of the batches does not matter.
    """
    ids = [(key, place) for key, ballots in batches.items() for place in range(1, ballots + 1)]
    return rivest_tickets(seed, ids, with_replacement=with_replacement, digits=ARLO_DIGITS)


def arlo_batches(
    seed: Seed,
    bounds: Mapping[Key, Fraction],
    size: int,
    *,
    already: int = 0,
    numpy_major: NumpyMajor = 1,
) -> tuple[DrawnBatch[Key], ...]:
    """Draw batches as Arlo does for its batch audits: draws ``already`` + 1 to ``already + size``.

    Each draw takes a batch with probability ``bounds[batch] / sum(bounds)``, with replacement. The order of
    ``bounds`` decides which batches come out; for another program's audit it is that program's order.
    ``numpy_major`` is the version of NumPy that Arlo ran on: it changes the printed tickets, never the
    batches. Raises RequestError for a negative bound or none above 0.
    """
    require_bounds(bounds)
    if size < 0 or already < 0:
        raise RequestError(f"'size' is {size} and 'already' {already}; neither can be below 0.")
    keys = list(bounds)
    chosen = [keys[place] for place in numpy_choices(seed, list(bounds.values()), already + size)]
    return tuple(number_batches(seed, chosen, numpy_major=numpy_major))[already:]


def numpy_choices(seed: Seed, bounds: Sequence[Fraction], size: int) -> NDArray[np.int64]:
    """The places that ``numpy.random.default_rng(seed).choice(…, p=bounds/sum)`` takes, from 0.

    Written from the generator's raw 64-bit words, which NumPy promises never to change: a word's upper
    53 bits are a number in [0, 1), which is looked up among the running sums of the probabilities.
    """
    total = sum(bounds)
    sums = np.cumsum(np.array([float(bound / total) for bound in bounds]))
    words = np.random.PCG64(int(sha256(seed.text.encode()).hexdigest(), 16)).random_raw(size)
    fractions = (words >> np.uint64(11)) * 2.0**-53
    return np.searchsorted(sums / sums[-1], fractions, side="right").astype(np.int64)


def number_batches(
    seed: Seed, chosen: Sequence[Key], *, numpy_major: NumpyMajor = 1
) -> Iterator[DrawnBatch[Key]]:
    """The ticket numbers that Arlo prints beside batches in the order drawn.

    A batch drawn again has the number after its last, made from the printed 18 digits.
    """
    last: dict[Key, str] = {}
    for key in chosen:
        new = next_number(last[key]) if key in last else first_number(seed, key_text(key, numpy_major))
        last[key] = trimmed(new, ARLO_DIGITS)
        yield DrawnBatch(key, last[key])


def key_text(key: str | tuple[str, ...], numpy_major: NumpyMajor = 1) -> str:
    """A batch's key as Arlo hashes it; from NumPy 2 on, the parts of a tuple print as ``np.str_('…')``."""
    if numpy_major == 1 or isinstance(key, str):
        return str(key)
    parts = [f"np.str_({part!r})" for part in key]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
