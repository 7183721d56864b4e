"""Rivest's consistent sampler: every item has a ticket, and the lowest tickets are drawn."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from tallyproof.errors import RequestError
from tallyproof.sampling.seed import Seed

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class Ticket(Generic[Id]):
    """An item's ticket: an exact decimal fraction such as "0.2629", and how often it was drawn with this one.

    ``generation`` is 1 for the first ticket; an item that is put back receives the next, larger one.
    """

    number: str
    id: Id
    generation: int = 1


def uniform_number(text: str) -> str:
    """A decimal fraction in (0, 1) from a text: the SHA-256 as a decimal integer, its digits reversed.

    Reversing puts the unbiased low digits first. Source: Rivest, Consistent Sampling with Replacement,
    arXiv 1808.10016, and his package ``consistent_sampler``.
    """
    return "0." + f"{int(_hex(text), 16):064d}"[::-1]


def first_number(seed: Seed, id_text: str) -> str:
    """The first ticket number of an item, from the hash of the seed followed by the item's id."""
    return uniform_number(_hex(seed.text) + id_text)


def next_number(number: str) -> str:
    """The next ticket number after ``number``: uniform between it and 1.

    The leading nines stay; the rest is drawn anew from ``number:1``, ``number:2`` … until it is larger.
    Raises RequestError unless ``number`` is a decimal fraction below 1.
    """
    start = number[: 2 + _leading_nines(number)]
    floor, attempt = number + "0", 0
    while True:
        attempt += 1
        larger = start + uniform_number(f"{number}:{attempt}")[2:]
        if larger > floor:
            return larger


def trimmed(number: str, digits: int) -> str:
    """The ticket number cut, not rounded, to so many digits after its leading nines."""
    return number[: 2 + _leading_nines(number) + digits]


def rivest_tickets(
    seed: Seed, ids: Iterable[Id], *, with_replacement: bool, digits: int | None = None
) -> Iterator[Ticket[Id]]:
    """Draw items in the order of their tickets; with replacement there is no end.

    ``str(id)`` is what is hashed. ``digits`` cuts the numbers shown, not those compared. Equal numbers
    are drawn in the order of their ids' text. Raises RequestError where an id is listed twice.
    """
    items = list(ids)
    if len(set(items)) < len(items):
        raise RequestError("'ids' lists an item twice; each item needs an id of its own.")
    drawn = _lowest_first(seed, items, with_replacement)
    return (Ticket(trimmed(t.number, digits), t.id, t.generation) for t in drawn) if digits else drawn


def _lowest_first(seed: Seed, items: list[Id], with_replacement: bool) -> Iterator[Ticket[Id]]:
    texts = [str(item) for item in items]
    start = _hex(seed.text)
    heap = [(uniform_number(start + text), text, 1, place) for place, text in enumerate(texts)]
    heapq.heapify(heap)
    while heap:
        number, text, generation, place = heap[0]
        yield Ticket(number, items[place], generation)
        if with_replacement:
            heapq.heapreplace(heap, (next_number(number), text, generation + 1, place))
        else:
            heapq.heappop(heap)


def _leading_nines(number: str) -> int:
    fraction = number[2:]
    if not (number.startswith("0.") and fraction.isascii() and fraction.isdigit()):
        raise RequestError(f"'number' is '{number}'; it must be a decimal fraction below 1 such as 0.25471.")
    return len(fraction) - len(fraction.lstrip("9"))


def _hex(text: str) -> str:
    return sha256(text.encode()).hexdigest()
