"""What is asked of a draw, and what comes out of it before it is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from tallyproof.errors import RequestError
from tallyproof.sampling.frame import BatchKey
from tallyproof.sampling.seed import Seed
from tallyproof.services.draw_records import Drawn, DrawRound, FrameFacts, Method


@dataclass(frozen=True, slots=True)
class Asked:
    """A draw: seed, method, and the sizes of its rounds, the first first.

    ``jurisdictions`` are those whose cards are drawn from, all where it is empty. A round's ``sizes`` are
    each contest's cards in all; its ``size`` is how many more are drawn in it.
    """

    seed: Seed
    method: Method
    rounds: tuple[DrawRound, ...]
    with_replacement: bool = True
    jurisdictions: tuple[str, ...] = ()
    numpy_major: Literal[1, 2] = 1

    @property
    def ends(self) -> list[int]:
        """How many were drawn after each round, where rounds have one size."""
        return list(accumulate(each.size for each in self.rounds))

    @property
    def size(self) -> int:
        """How many are drawn in all rounds."""
        return self.ends[-1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All draws in order, how many there were after each round, and what they count for."""

    frame: FrameFacts
    draws: tuple[Drawn, ...]
    ends: list[int]
    usable: dict[str, tuple[int, ...]] = field(default_factory=dict)
    thresholds: dict[str, str] = field(default_factory=dict)


def drawn(
    draw: int, key: BatchKey, card: object = "", *, number: int | None = None, ticket: str | None = None
) -> Drawn:
    """One draw as the record lists it."""
    return Drawn(draw, *key, str(card), number, ticket)


def require_known(wanted: Iterable[str], known: Iterable[str]) -> None:
    """Raise RequestError for a jurisdiction that the frame does not have."""
    has = set(known)
    for name in wanted:
        if name not in has:
            shown = ", ".join(sorted(has)[:8]) or "none"
            raise RequestError(f"The frame has no jurisdiction '{name}'. It has: {shown}.")
