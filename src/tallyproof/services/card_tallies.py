"""Tallies of all contests over all cards of a case: one pass over the cards, the rest on the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election.card_merging import ContestKey, MergedBooks
from tallyproof.election.card_part import CardPart, code_counts
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.services.cards import ContestResult, apart, differing, result_of


@dataclass(frozen=True, slots=True)
class ContestCards:
    """A contest over all documents: its book, and by jurisdiction how many cards bear each code."""

    book: CardContest
    counts: Mapping[str, Mapping[int, int]]

    @property
    def codes(self) -> Counter[int]:
        """Cards by code in all jurisdictions."""
        return sum_of(self.counts.values())

    @property
    def cards(self) -> int:
        """All cards that bear the contest."""
        return sum(sum(found.values()) for found in self.counts.values())


@dataclass(frozen=True, slots=True)
class CardTallies:
    """All contests, the cards read of each jurisdiction, and sentences about whole documents."""

    contests: tuple[ContestCards, ...]
    cards: Mapping[str, int]
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Counting:
    """Contests being counted over documents: their common books, and cards by contest and jurisdiction."""

    merged: MergedBooks = field(default_factory=MergedBooks)
    counts: dict[ContestKey, dict[str, Counter[int]]] = field(default_factory=dict)
    cards: Counter[str] = field(default_factory=Counter)

    def add(self, part: CardPart, counts: Sequence[Mapping[int, int]], cards: int) -> None:
        """Add a document's cards, which bear each code so often."""
        self.cards[part.jurisdiction] += cards
        for contest, found in zip(part.contests, counts, strict=True):
            key, moved = self.merged.counted(contest, found, part.jurisdiction or part.file)
            places = self.counts.setdefault(key, {})
            if moved:
                places.setdefault(part.jurisdiction, Counter()).update(moved)

    def tallies(self) -> CardTallies:
        """What was counted so far."""
        contests = tuple(ContestCards(book, self.counts[key]) for key, book in self.merged.books.items())
        return CardTallies(contests, dict(self.cards), (*differing(self.merged), *apart(self.merged)))


def in_order(parts: Iterable[CardPart]) -> list[CardPart]:
    """The documents in an order of their own, so that no answer depends on the order in which they came."""
    return sorted(parts, key=lambda part: (part.jurisdiction, part.file, part.sha256))


def count_contests(parts: Iterable[CardPart]) -> CardTallies:
    """Count the cards of these documents, contests of the same name together."""
    counting = Counting()
    for part in in_order(parts):
        counting.add(part, code_counts(part), cards_of(part))
    return counting.tallies()


def cards_of(part: CardPart) -> int:
    """How many cards a document holds."""
    return int(part.cards.select(pl.len()).collect().item())


def results(tallies: CardTallies, rules: RankingRules | None = None) -> tuple[ContestResult, ...]:
    """Votes, overvotes, undervotes, write-ins and rankings of each contest."""
    return tuple(result_of(each.book, each.codes, rules or RankingRules()) for each in tallies.contests)


def sum_of(counts: Iterable[Mapping[int, int]]) -> Counter[int]:
    """Cards by code, added up."""
    total: Counter[int] = Counter()
    for found in counts:
        total.update(found)
    return total
