"""Contests of several documents under one book: the same contest is counted together, choices by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tallyproof.election.card_joins import Join, join_of
from tallyproof.election.cast_vote_record import CardContest, Marks

ContestKey = tuple[str, int | None, int]
"""Name, votes per voter, and 1 where choices are ranked: documents that differ in these are not added up."""


def key_of(contest: CardContest) -> ContestKey:
    """What two documents must have in common to be counted together."""
    return contest.name, contest.vote_for, 1 if contest.ranks else 0


@dataclass(slots=True)
class MergedBooks:
    """The books of several documents, one for each contest, in the order in which contests were met.

    ``places`` gives by contest the choices that the documents of each place list, where cards bear it.
    """

    books: dict[ContestKey, CardContest] = field(default_factory=dict)
    places: dict[ContestKey, dict[str, dict[str, None]]] = field(default_factory=dict)

    def recoded(
        self, contest: CardContest, codes: Iterable[int], place: str = ""
    ) -> tuple[ContestKey, dict[int, int]]:
        """The key of a document's contest, and the code in the common book of each of these codes."""
        key, codes = key_of(contest), list(codes)
        if codes:
            here = self.places.setdefault(key, {}).setdefault(place, {})
            here.update(dict.fromkeys(contest.choices))
        same = self.books.setdefault(key, CardContest(contest.name, [], contest.vote_for, contest.ranks))
        same.ranks = max(same.ranks, contest.ranks)
        places = [same.choice(name) for name in contest.choices]
        marks = contest.marks
        return key, {code: same.code(_moved(marks[code], places)) for code in codes}

    def counted(
        self, contest: CardContest, counts: Mapping[int, int], place: str = ""
    ) -> tuple[ContestKey, Counter[int]]:
        """The key, and the cards of each code of the common book; ``place`` is where the cards are from."""
        codes = sorted(code for code, cards in counts.items() if cards)
        key, recoded = self.recoded(contest, codes, place)
        total: Counter[int] = Counter()
        for code, same in recoded.items():
            total[same] += counts[code]
        return key, total

    def join(self, key: ContestKey) -> Join | None:
        """How cards of several places meet in this contest; None where they are of one."""
        return join_of(key[0], self.places.get(key, {}), self.books[key].write_ins)

    @property
    def twice(self) -> tuple[str, ...]:
        """Names that stand more than once, since documents differ in votes per voter or ranks."""
        names = Counter(name for name, _, _ in self.books)
        return tuple(name for name, times in names.items() if times > 1)


def _moved(marks: Marks, places: list[int]) -> Marks:
    ranks = tuple(tuple(places[choice] for choice in rank) for rank in marks.ranks)
    return Marks(ranks, marks.overvoted)
