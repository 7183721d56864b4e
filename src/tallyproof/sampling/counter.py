"""Numbers that a seed gives to counters: SHA-256 of ``seed,i``, and the stream of ``cryptorandom``."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import count

from tallyproof.sampling.seed import Seed

NUMBER_BITS = 256


def counter_number(seed: Seed, counter: int) -> int:
    """The ticket of one counter: SHA-256 of ``seed,counter`` as an integer below 2^256.

    Source: the sampler of Stark's audit tools and of Colorado's audits; counters there start at 1.
    """
    return int.from_bytes(sha256(f"{seed.text},{counter}".encode()).digest(), "big")


def counter_numbers(seed: Seed, first: int = 1) -> Iterator[int]:
    """The tickets of all counters from ``first`` on, without an end."""
    prefix = f"{seed.text},".encode()
    for counter in count(first):
        yield int.from_bytes(sha256(b"%b%d" % (prefix, counter)).digest(), "big")


def cryptorandom_numbers(seed: Seed) -> Iterator[int]:
    """The integers of the ``cryptorandom`` package's SHA256 generator, which SHANGRLA gives to its cards.

    The k-th number, from k = 0, is the SHA-256 of ``seed,`` followed by k zero bytes.
    """
    hasher = sha256(f"{seed.text},".encode())
    while True:
        yield int.from_bytes(hasher.digest(), "big")
        hasher.update(b"\x00")
