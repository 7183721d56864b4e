"""Cast vote records: contests on cards, what was marked in them, and how marks become votes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_WRITE_IN = re.compile(r"^\W*write[\s_-]*ins?(\b|\d|_|$)|\bwrite[\s_-]*ins?\W*$|^un\w+ write", re.IGNORECASE)

MOST_VOTE_FOR = 1_000
"""More votes than any contest gives a voter."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on a card in one contest.

    ``ranks`` lists for each rank the choices marked at it, by their places; a contest without ranks has one.
    ``overvoted``: the source says so without saying for whom.
    """

    ranks: tuple[tuple[int, ...], ...] = ((),)
    overvoted: bool = False

    @property
    def count(self) -> int:
        """How many marks there are."""
        return sum(map(len, self.ranks))


@dataclass(slots=True)
class CardContest:
    """A contest as cards carry it: its choices, votes a voter has, ranks (0 where choices are not ranked).

    ``vote_for`` is None where the source does not say. ``codes`` numbers the different marks found so far:
    the column of a contest holds that number for each card, and null where the card does not bear it.
    """

    name: str
    choices: list[str]
    vote_for: int | None = 1
    ranks: int = 0
    codes: dict[Marks, int] = field(default_factory=dict)

    def code(self, marks: Marks) -> int:
        """The number of these marks, a new one where they are new."""
        return self.codes.setdefault(marks, len(self.codes))

    def choice(self, name: str) -> int:
        """The place of a choice, added at the end where it is new."""
        if name not in self.choices:
            self.choices.append(name)
        return self.choices.index(name)

    @property
    def marks(self) -> tuple[Marks, ...]:
        """The different marks, by their codes."""
        return tuple(self.codes)

    def is_overvote(self, marks: Marks) -> bool:
        """Whether more choices are marked than a voter has votes, in a contest without ranks."""
        too_many = not self.ranks and self.vote_for is not None and len(marks.ranks[0]) > self.vote_for
        return marks.overvoted or too_many

    @property
    def write_ins(self) -> tuple[str, ...]:
        """The choices whose name says that a voter wrote one in."""
        return tuple(name for name in self.choices if is_write_in(name))


def is_write_in(choice: str) -> bool:
    """Whether this is the place of a write-in: "Write-in", "WRITE_IN", "writeIn 2" and so on."""
    return bool(_WRITE_IN.search(choice.strip()))


@dataclass(frozen=True, slots=True)
class ContestTally:
    """What all cards say of a contest without ranks, overvotes counted for nobody.

    ``votes`` by choice; ``cards`` bear the contest, ``overvotes`` of them are marked too often and ``blank``
    not at all; ``undervotes`` counts votes not cast, None where votes per voter are not known.
    """

    votes: Mapping[str, int]
    cards: int
    overvotes: int
    blank: int
    undervotes: int | None
    write_ins: int


def tally(contest: CardContest, counts: Mapping[int, int]) -> ContestTally:
    """Add up a contest from the number of cards that bear each code."""
    votes = dict.fromkeys(contest.choices, 0)
    valid, overvotes, blank = 0, 0, 0
    for marks, cards in counted(contest, counts):
        if contest.is_overvote(marks):
            overvotes += cards
            continue
        valid += cards
        blank += cards if not marks.count else 0
        for choice in marks.ranks[0]:
            votes[contest.choices[choice]] += cards
    cast = sum(votes.values())
    undervotes = None if contest.vote_for is None or contest.ranks else valid * contest.vote_for - cast
    write_ins = sum(votes[name] for name in contest.write_ins)
    return ContestTally(votes, valid + overvotes, overvotes, blank, undervotes, write_ins)


def counted(contest: CardContest, counts: Mapping[int, int]) -> Iterable[tuple[Marks, int]]:
    """The marks that cards bear, and how many cards each."""
    marks = contest.marks
    return ((marks[code], cards) for code, cards in sorted(counts.items()) if cards)
