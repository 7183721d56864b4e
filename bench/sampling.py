"""How fast tickets and draws are, on as many cards as a state has.

Run it alone (``python bench/sampling.py``), or take its lines from ``measure``.
"""

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice

import numpy as np

from tallyproof.sampling.arlo import arlo_batches
from tallyproof.sampling.bounds import draw_by_bounds
from tallyproof.sampling.consistent import CardFrame, draw_consistently, draw_next_round
from tallyproof.sampling.draw import draw_positions
from tallyproof.sampling.rivest import rivest_tickets
from tallyproof.sampling.seed import Seed
from tallyproof.sampling.tickets import card_tickets, counter_tickets

SEED = Seed("53417960661093690826")
CARDS, CONTESTS, STYLES = 1_000_000, 10, 200


def measure() -> Iterator[str]:
    """One line for each thing measured."""
    ids = [f"102-{card // 100}-{card % 100}" for card in range(CARDS)]
    yield line("1,000,000 tickets by counter", lambda: counter_tickets(SEED, CARDS))
    yield line("1,000,000 tickets by card id", lambda: card_tickets(SEED, ids))
    tickets, styles, style_of = card_tickets(SEED, ids), some_styles(), some_cards()
    yield line("frame of 1,000,000 cards", lambda: CardFrame(ids, style_of, styles, tickets))
    sizes = {f"contest {number}": 1_000 for number in range(CONTESTS)}
    fresh = [CardFrame(ids, style_of, styles, tickets) for _ in range(3)]
    yield line("10 contests' thresholds", lambda: draw_consistently(fresh.pop(), sizes))
    sample = draw_consistently(CardFrame(ids, style_of, styles, tickets), sizes)
    larger = dict.fromkeys(sizes, 2_000)
    yield line("next round of 10 contests", lambda: draw_next_round(sample, larger))
    yield line("10,000 positions", lambda: draw_positions(SEED, CARDS, 10_000, with_replacement=True))
    drawn = lambda: list(islice(rivest_tickets(SEED, ids, with_replacement=True), 10_000))  # noqa: E731
    yield line("10,000 of 1,000,000, Rivest", drawn)
    bounds = {f"batch {number}": Fraction(300 + number % 700, 93_000) for number in range(5_640)}
    yield line("138 of 5,640 batches", lambda: draw_by_bounds(SEED, bounds, 138))
    yield line("138 of 5,640 batches, Arlo", lambda: arlo_batches(SEED, bounds, 138))


def some_styles() -> tuple[frozenset[str], ...]:
    """Styles that bear from three to ten contests."""
    random = np.random.default_rng(2024)
    names = [f"contest {number}" for number in range(CONTESTS)]
    sizes = random.integers(3, CONTESTS + 1, STYLES)
    return tuple(frozenset(random.choice(names, size, replace=False).tolist()) for size in sizes)


def some_cards() -> np.ndarray:
    """The style of each card."""
    return np.random.default_rng(2025).integers(0, STYLES, CARDS)


def line(what: str, work: Callable[[], object]) -> str:
    """The least of three runs."""
    return f"sampling, {what:30} {min(seconds(work) for _ in range(3)) * 1000:9.1f} ms"


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    for text in measure():
        print(text, flush=True)
