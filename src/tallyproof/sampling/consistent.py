"""Consistent sampling: one ticket for each card, each contest takes the lowest of the cards that bear it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tallyproof.errors import RequestError
from tallyproof.sampling.seed import Seed
from tallyproof.sampling.tickets import card_tickets

Cards = NDArray[np.intp]
"""Places of cards in their frame, from 0."""

_SMALL_SHARE = 1 / 16


@dataclass(frozen=True, eq=False)
class CardFrame:
    """Cards that may be drawn, in any order.

    ``ids`` (N texts, each once), ``style_of`` (N whole numbers, each card's style), ``styles`` (the contests
    on a card of each style) and ``tickets``: N numbers that can be ordered, or N rows of words, the most
    significant first. Cards with equal tickets are ordered by their ids. Raises RequestError where the
    lengths differ, an id stands twice, or a card has an unknown style.
    """

    ids: Sequence[str]
    style_of: NDArray[Any]
    styles: tuple[frozenset[str], ...]
    tickets: NDArray[Any]

    def __post_init__(self) -> None:
        cards = len(self.ids)
        if self.style_of.shape != (cards,) or self.tickets.shape[:1] != (cards,):
            raise RequestError(
                f"{cards:,} 'ids' need as many styles and tickets, not {len(self.style_of):,} "
                f"and {len(self.tickets):,}."
            )
        if len(set(self.ids)) < cards:
            twice = Counter(self.ids).most_common(1)[0][0]
            raise RequestError(f"'ids' lists {twice} more than once; each card needs an id of its own.")
        if cards and not 0 <= int(self.style_of.min()) <= int(self.style_of.max()) < len(self.styles):
            raise RequestError(f"'style_of' must lie from 0 to {len(self.styles) - 1}, the styles given.")
        if self.tickets.dtype.kind == "f" and not np.isfinite(self.tickets).all():
            raise RequestError("'tickets' holds NaN or infinity; every card needs a number.")

    @cached_property
    def lead(self) -> NDArray[Any]:
        """The first word of each ticket, which alone decides unless two are equal."""
        return np.ascontiguousarray(self.tickets[:, 0]) if self.tickets.ndim == 2 else self.tickets

    @cached_property
    def _by_style(self) -> list[Cards]:
        """The cards of each style."""
        small = self.style_of.astype(np.uint16 if len(self.styles) <= 2**16 else np.uint64)
        ends = np.cumsum(np.bincount(small.astype(np.intp), minlength=len(self.styles)))
        return np.split(np.argsort(small, kind="stable"), ends[:-1])

    def cards_with(self, contest: str) -> Cards:
        """All cards that bear the contest."""
        found = [self._by_style[style] for style in self.styles_with(contest)]
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)

    def count_with(self, contest: str) -> int:
        """How many cards bear the contest."""
        return sum(len(self._by_style[style]) for style in self.styles_with(contest))

    def styles_with(self, contest: str) -> list[int]:
        """The styles that hold the contest."""
        return [style for style, contests in enumerate(self.styles) if contest in contests]

    def in_order(self, cards: Cards) -> Cards:
        """The cards by ticket, equal tickets by id."""
        lead = self.lead[cards]
        order = np.argsort(lead, kind="stable")
        if (lead[order][1:] == lead[order][:-1]).any():
            order = self._order_with_ids(cards)
        return cards[order]

    def _order_with_ids(self, cards: Cards) -> Cards:
        words = np.atleast_2d(self.tickets[cards].T)
        names = np.array([self.ids[card] for card in cards], dtype=object)
        ranks = [np.unique(key, return_inverse=True)[1] for key in (*words, names)]
        order: Cards = np.lexsort(ranks[::-1])
        return order


def card_frame(
    seed: Seed, ids: Sequence[str], style_of: NDArray[Any], styles: Iterable[Iterable[str]]
) -> CardFrame:
    """A frame whose tickets follow from the seed and each card's id (see ``tickets.card_tickets``)."""
    return CardFrame(ids, style_of, tuple(map(frozenset, styles)), card_tickets(seed, ids))


@dataclass(frozen=True, eq=False)
class ConsistentSample:
    """Cards drawn for several contests at once.

    ``order`` lists all of them in the order drawn: round by round, within a round by ticket.
    ``usable[contest]`` are the cards that speak for a contest, by ticket; the last of them is the
    contest's threshold. A card beyond the threshold that was drawn for another contest is not among
    them, since cards of this contest before it were skipped.
    """

    frame: CardFrame
    sizes: Mapping[str, int]
    usable: Mapping[str, Cards]
    order: Cards

    def thresholds(self) -> dict[str, int]:
        """The last card of each contest that has any: cards up to its ticket are drawn."""
        return {contest: int(cards[-1]) for contest, cards in self.usable.items() if len(cards)}


def draw_consistently(frame: CardFrame, sizes: Mapping[str, int]) -> ConsistentSample:
    """Draw for each contest the ``sizes[contest]`` cards that bear it and have the lowest tickets.

    Source: Glazer, Spertus and Stark, More Style, Less Work (2020), and Rivest 2018. Raises RequestError
    for a size below 0 or above the number of cards that bear the contest.
    """
    return _draw(frame, sizes, np.empty(0, dtype=np.intp))


def draw_next_round(earlier: ConsistentSample, sizes: Mapping[str, int]) -> ConsistentSample:
    """Draw so many more cards that each contest has ``sizes[contest]`` in all.

    Contests that are not named keep their size; new ones may join. What was drawn stays, in its order, and
    nothing is drawn twice. Raises RequestError where a size would shrink.
    """
    for contest, size in sizes.items():
        if size < earlier.sizes.get(contest, 0):
            raise RequestError(
                f"'sizes' gives {contest} {size:,} cards, fewer than the {earlier.sizes[contest]:,} already "
                "drawn; a round only adds."
            )
    return _draw(earlier.frame, {**earlier.sizes, **sizes}, earlier.order)


def _draw(frame: CardFrame, sizes: Mapping[str, int], before: Cards) -> ConsistentSample:
    _check_sizes(frame, sizes)
    usable = _lowest_of_each(frame, sizes)
    drawn = np.unique(np.concatenate([before[:0], *usable.values()]))
    new = frame.in_order(np.setdiff1d(drawn, before, assume_unique=True))
    return ConsistentSample(frame, dict(sizes), usable, np.concatenate([before, new]))


def _lowest_of_each(frame: CardFrame, sizes: Mapping[str, int]) -> dict[str, Cards]:
    """Each contest's lowest cards; contests that take few of theirs share one pass over the tickets."""
    shares = {contest: size / max(frame.count_with(contest), 1) for contest, size in sizes.items()}
    common = max((share for share in shares.values() if share <= _SMALL_SHARE), default=0.0)
    low = _lowest_share(frame, common)
    usable = {}
    for contest, size in sizes.items():
        among = _bearing(frame, low, contest) if shares[contest] <= common else None
        if among is None or len(among) < size:
            among = frame.cards_with(contest)
        usable[contest] = _lowest(frame, among, size)
    return usable


def _lowest_share(frame: CardFrame, share: float) -> Cards:
    """The cards with the lowest tickets, somewhat more of them than this share."""
    expected = share * len(frame.ids)
    upto = int(expected + 8 * expected**0.5 + 64)
    if share == 0 or upto >= len(frame.ids):
        return np.arange(len(frame.ids)) if share else np.empty(0, dtype=np.intp)
    return np.flatnonzero(frame.lead <= np.partition(frame.lead, upto)[upto])


def _bearing(frame: CardFrame, cards: Cards, contest: str) -> Cards:
    holds = np.zeros(len(frame.styles), dtype=bool)
    holds[frame.styles_with(contest)] = True
    bearing: Cards = cards[holds[frame.style_of[cards]]]
    return bearing


def _lowest(frame: CardFrame, cards: Cards, size: int) -> Cards:
    """The ``size`` lowest of these cards, in order."""
    if 0 < size < len(cards):
        lead = frame.lead[cards]
        cards = cards[lead <= np.partition(lead, size - 1)[size - 1]]
    return frame.in_order(cards)[:size] if size else cards[:0]


def _check_sizes(frame: CardFrame, sizes: Mapping[str, int]) -> None:
    for contest, size in sizes.items():
        there = frame.count_with(contest)
        if not 0 <= size <= there:
            raise RequestError(f"'sizes' asks for {size:,} cards with {contest}; it must be 0 to {there:,}.")


def unbroken_run(sample: ConsistentSample, contest: str) -> Cards:
    """The sampled cards that bear the contest, by ticket, up to the first such card that was not drawn.

    This is what a contest without a size of its own may use: from the first skipped card on, the cards
    drawn for others are no longer a random sample of this contest's. It ends where other contests' cards
    happen to end, so use it with risk functions that may be read at any time.
    """
    frame, bearing = sample.frame, sample.frame.cards_with(contest)
    sampled = np.isin(bearing, sample.order)
    skipped = _lowest(frame, bearing[~sampled], 1)
    together = frame.in_order(np.concatenate([bearing[sampled], skipped]))
    end = int(np.flatnonzero(together == skipped[0])[0]) if len(skipped) else len(together)
    return together[:end]
