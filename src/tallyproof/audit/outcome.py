"""Outcomes: which ones votes allow, by lot too, and whether the announced one is among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Seats: TypeAlias = Mapping[str, int]


@dataclass(frozen=True)
class Announced:
    """Who was announced to have won: seats by choice, or where ``numbers`` is false only the names."""

    seats: Seats
    numbers: bool = True


@dataclass(frozen=True)
class Possible:
    """Outcomes that votes allow: ``sure`` seats, and ``places`` more, each for another of the ``tied``.

    Without places the votes decide alone.
    """

    sure: Seats
    tied: frozenset[str] = frozenset()
    places: int = 0

    def allows(self, told: Announced) -> bool:
        """Whether the announced outcome is one of these."""
        if not told.numbers:
            more = told.seats.keys() - self.sure.keys()
            reach = len(more) <= self.places <= len(self.tied & told.seats.keys())
            return self.sure.keys() <= told.seats.keys() and more <= self.tied and reach
        gained = {
            name: told.seats.get(name, 0) - self.sure.get(name, 0) for name in {*told.seats, *self.sure}
        }
        lucky = {name for name, seats in gained.items() if seats}
        return lucky <= self.tied and len(lucky) == self.places and all(gained[name] == 1 for name in lucky)


def announced(winners: Collection[str] | Seats, numbers: bool = True) -> Announced:
    """The outcome in which these won: one seat each, or as many as are told; nobody with none is named."""
    if isinstance(winners, Mapping):
        return Announced({name: seats for name, seats in winners.items() if seats})
    return Announced(dict.fromkeys(winners, 1), numbers)


def in_words(seats: Seats, numbers: bool) -> str:
    """Names in order, with their seats where ``numbers`` are asked."""
    return ", ".join(f"{name} {seats[name]}" if numbers else name for name in sorted(seats)) or "nobody"


def most_votes(votes: Mapping[str, int], seats: int) -> Possible:
    """Who can have the ``seats`` (fewer than there are choices) if most votes win and lots break ties."""
    last = sorted(votes.values(), reverse=True)[seats - 1]
    sure = {name: 1 for name, count in votes.items() if count > last}
    tied = frozenset(name for name, count in votes.items() if count == last)
    places = seats - len(sure)
    if places == len(tied):
        return Possible(sure | dict.fromkeys(tied, 1))
    return Possible(sure, tied, places)
