"""Tickets: the numbers that a seed gives to all cards of a population, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from tallyproof.sampling.counter import NUMBER_BITS
from tallyproof.sampling.seed import Seed

_THOUSAND = [b"%03d" % number for number in range(1000)]
_TOGETHER = 2048

Tickets = NDArray[np.uint64]
"""One ticket a row, shape (cards, 4): the 256 bits as four words, the most significant first."""


def counter_tickets(seed: Seed, size: int) -> Tickets:
    """The tickets of the counters 1 to ``size`` as an array, for a whole population at once."""
    prefix = f"{seed.text},".encode()
    return _as_words(islice(_counter_digests(prefix), -(-(size + 1) // 1000)))[1 : size + 1]


def _counter_digests(prefix: bytes) -> Iterator[bytes]:
    """Digests of the counters 0 to 999, 1000 to 1999 and so on: one text is made for a thousand."""
    yield b"".join([sha256(b"%b%d" % (prefix, counter)).digest() for counter in range(1000)])
    for thousand in count(1):
        start = b"%b%d" % (prefix, thousand)
        yield b"".join([sha256(start + end).digest() for end in _THOUSAND])


def card_tickets(seed: Seed, ids: Iterable[str]) -> Tickets:
    """The ticket of each card: SHA-256 of ``seed,id``, whatever the order of the list.

    A card keeps its ticket when others are added, removed or put into another order.
    """
    prefix = f"{seed.text},"
    return _as_words(_card_digests(prefix, iter(ids)))


def _card_digests(prefix: str, ids: Iterator[str]) -> Iterator[bytes]:
    while some := list(islice(ids, _TOGETHER)):
        yield b"".join([sha256((prefix + card).encode()).digest() for card in some])


def _as_words(digests: Iterable[bytes]) -> Tickets:
    words = np.frombuffer(b"".join(digests), dtype=">u8").reshape(-1, NUMBER_BITS // 64)
    return words.astype(np.uint64)


def ticket_hex(tickets: Tickets, card: int) -> str:
    """One card's ticket as 64 hexadecimal digits, as any SHA-256 program prints it."""
    return "".join(f"{int(word):016x}" for word in tickets[card])
