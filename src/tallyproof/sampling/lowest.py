"""The lowest tickets among a block of a frame's lines: the part of a draw that looks at every card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

Low = tuple[bytes, bytes, bytes]
"""A card with a low ticket: its style's number, its id, its ticket."""


def cut(share: float) -> bytes:
    """The first 8 bytes of the ticket below which this share of all tickets lies; 9 where all do."""
    return b"\xff" * 9 if share >= 1 else int(share * 2**64).to_bytes(8, "big")


def share_with_room(wanted: int, cards: int) -> float:
    """A share of tickets among which ``wanted`` of ``cards`` are, but for about one draw in 10^14.

    Below the share p lie N·p tickets on average, with a standard deviation below the square root of N·p:
    eight of them, and 64 for small numbers, are the room.
    """
    return (wanted + 8 * wanted**0.5 + 64) / cards if cards else 1.0


def lowest_in(block: bytes, prefix: bytes, cuts: Mapping[bytes, bytes]) -> list[Low]:
    """The cards of a block whose ticket is below the cut of their style.

    ``block`` is whole lines ``style,id``; the ticket is SHA-256 of ``prefix`` (the seed and a comma) and id.
    A card whose style has no cut is not wanted and not hashed.
    """
    found: list[Low] = []
    start, highest = sha256(prefix).copy, max(cuts.values(), default=b"")
    for text in block.split(b"\n"):
        style, _, name = text.partition(b",")
        if style in cuts:
            hasher = start()
            hasher.update(name)
            ticket = hasher.digest()
            if ticket < highest and ticket < cuts[style]:
                found.append((style, name, ticket))
    return found


def lowest_by_place(
    blocks: Iterable[bytes], prefix: bytes, cuts: Mapping[bytes, bytes]
) -> Iterator[list[Low]]:
    """The same where the k-th line of all has the k-th number of ``cryptorandom``, whatever its id.

    The number is SHA-256 of ``prefix`` and k zero bytes, k = 0, 1, …
    """
    hasher = sha256(prefix)
    for block in blocks:
        found: list[Low] = []
        for text in block.removesuffix(b"\n").split(b"\n"):
            style, _, name = text.partition(b",")
            ticket = hasher.digest()
            hasher.update(b"\x00")
            if style in cuts and ticket < cuts[style]:
                found.append((style, name, ticket))
        yield found
