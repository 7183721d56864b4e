"""Contests of several documents under one book: the same contest is counted together, choices by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tallyproof.election.cast_vote_record import CardContest, Marks

ContestKey = tuple[str, int | None, int]
"""Name, votes per voter, and 1 where choices are ranked: documents that differ in these are not added up."""


def key_of(contest: CardContest) -> ContestKey:
    """What two documents must have in common to be counted together."""
    return contest.name, contest.vote_for, 1 if contest.ranks else 0


@dataclass(slots=True)
class MergedBooks:
    """The books of several documents, one for each contest, in the order in which contests were met."""

    books: dict[ContestKey, CardContest] = field(default_factory=dict)

    def recoded(self, contest: CardContest, codes: Iterable[int]) -> tuple[ContestKey, dict[int, int]]:
        """The key of a document's contest, and the code in the common book of each of these codes."""
        key = key_of(contest)
        same = self.books.setdefault(key, CardContest(contest.name, [], contest.vote_for, contest.ranks))
        same.ranks = max(same.ranks, contest.ranks)
        places = [same.choice(name) for name in contest.choices]
        marks = contest.marks
        return key, {code: same.code(_moved(marks[code], places)) for code in codes}

    def counted(self, contest: CardContest, counts: Mapping[int, int]) -> tuple[ContestKey, Counter[int]]:
        """The key, and the cards of each code of the common book."""
        key, recoded = self.recoded(contest, sorted(code for code, cards in counts.items() if cards))
        total: Counter[int] = Counter()
        for code, same in recoded.items():
            total[same] += counts[code]
        return key, total

    @property
    def twice(self) -> tuple[str, ...]:
        """Names that stand more than once, since documents differ in votes per voter or ranks."""
        names = Counter(name for name, _, _ in self.books)
        return tuple(name for name, times in names.items() if times > 1)


def _moved(marks: Marks, places: list[int]) -> Marks:
    ranks = tuple(tuple(places[choice] for choice in rank) for rank in marks.ranks)
    return Marks(ranks, marks.overvoted)
