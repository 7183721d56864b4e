"""Uniform draws of card positions by counter, and where in a manifest a position lies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

from tallyproof.errors import RequestError
from tallyproof.sampling.counter import counter_numbers
from tallyproof.sampling.seed import Seed


def positions(seed: Seed, cards: int, *, with_replacement: bool) -> Iterator[int]:
    """Positions 1 to ``cards`` in draw order.

    The i-th number is SHA-256(``seed,i``) modulo ``cards``, plus 1, for i = 1, 2, … Without replacement a
    position that came before is passed over, and the draws end after all cards; with replacement there is no
    end. Source: Stark's audit tools; Colorado's audits draw so.
    """
    if cards < 1:
        raise RequestError(f"'cards' is {cards}; a sample needs at least one card to draw from.")
    numbers = (number % cards + 1 for number in counter_numbers(seed))
    return numbers if with_replacement else islice(_first_seen(numbers), cards)


def _first_seen(numbers: Iterable[int]) -> Iterator[int]:
    seen: set[int] = set()
    for number in numbers:
        if number not in seen:
            seen.add(number)
            yield number


def draw_positions(
    seed: Seed, cards: int, size: int, *, with_replacement: bool, already: int = 0
) -> tuple[int, ...]:
    """The next ``size`` positions after the ``already`` drawn in earlier rounds.

    Rounds one after the other are the same as one draw of their whole size. Raises RequestError where a
    size is below 0, or more cards would be drawn without replacement than there are.

    The first cards of Colorado's statewide sample in 2024:

    >>> draw_positions(Seed("53417960661093690826"), 4_746_866, 3, with_replacement=True)
    (950139, 2630014, 3592308)
    """
    if size < 0 or already < 0:
        raise RequestError(f"'size' is {size} and 'already' {already}; neither can be below 0.")
    if not with_replacement and already + size > cards:
        raise RequestError(
            f"'size' asks for {already + size:,} cards in all, more than the {cards:,} there are; "
            "without replacement each card is drawn once."
        )
    drawn = positions(seed, cards, with_replacement=with_replacement)
    return tuple(islice(drawn, already, already + size))


@dataclass(frozen=True)
class Stack:
    """A batch as a manifest lists it: its names from the outermost in, and its cards."""

    names: tuple[str, ...]
    cards: int

    def __post_init__(self) -> None:
        if self.cards < 0:
            raise RequestError(
                f"batch {' '.join(self.names)} has {self.cards} cards; none can have fewer than 0."
            )


@dataclass(frozen=True)
class Place:
    """Where a card lies: the batch's names, and its position in the batch from 1."""

    names: tuple[str, ...]
    position: int


@dataclass(frozen=True)
class Manifest:
    """Batches in the order in which their cards are numbered through, from 1."""

    stacks: tuple[Stack, ...]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(stack.cards for stack in self.stacks))

    @property
    def cards(self) -> int:
        """All cards."""
        return self._ends[-1] if self._ends else 0

    def place(self, position: int) -> Place:
        """Where the card at this position of the whole lies; RequestError beyond the last card."""
        if not 1 <= position <= self.cards:
            raise RequestError(f"'position' is {position}; it must be from 1 to {self.cards:,}.")
        which = bisect_left(self._ends, position)
        before = self._ends[which - 1] if which else 0
        return Place(self.stacks[which].names, position - before)
