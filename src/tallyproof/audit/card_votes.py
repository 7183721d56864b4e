"""Votes of a jurisdiction's cards by groups of cards, and a number for what stands on each card."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tallyproof.audit.card_facts import CardFacts, Hashes, Numbers
from tallyproof.audit.irv_rankings import RankingRules, ranking_of
from tallyproof.election.card_part import ROW, CardPart, column
from tallyproof.election.cast_vote_record import CardContest, Marks

AT_ONCE = 12
"""Columns of codes read together: enough to be fast, few enough to keep a million cards small."""
MOST_CELLS = 20_000_000
"""More groups times codes than this are counted by sorting, which needs no table of all of them."""


@dataclass(slots=True)
class GroupedContest:
    """A contest's votes in each group of cards; every array has a number for each group.

    ``votes`` by choice: overvotes count for nobody, ranked contests give first preferences. ``cards`` bear
    the contest, ``overvotes`` of them are marked too often, ``blank`` not at all; ``undervotes`` are votes
    not cast, meaningless where ``vote_for`` is None or the contest is ranked.
    """

    name: str
    vote_for: int | None
    ranks: int
    groups: int
    votes: dict[str, Numbers] = field(default_factory=dict)
    cards: Numbers = field(init=False)
    overvotes: Numbers = field(init=False)
    blank: Numbers = field(init=False)
    undervotes: Numbers = field(init=False)

    def __post_init__(self) -> None:
        for name in ("cards", "overvotes", "blank", "undervotes"):
            setattr(self, name, np.zeros(self.groups, np.int64))

    def agree(self, vote_for: int | None, ranks: int) -> None:
        """Hear another source: votes a voter has are known where all say the same, ranks are the most."""
        self.vote_for = vote_for if vote_for == self.vote_for else None
        self.ranks = max(self.ranks, ranks)

    @property
    def has_undervotes(self) -> bool:
        """Whether votes not cast can be counted."""
        return self.vote_for is not None and not self.ranks

    def total(self) -> dict[str, int]:
        """Votes by choice over all groups."""
        return {choice: int(votes.sum()) for choice, votes in self.votes.items()}

    @property
    def margin(self) -> int | None:
        """Votes between the last winner and the first loser; None where that is not told by votes alone."""
        if self.ranks or self.vote_for is None:
            return None
        ordered = sorted(self.total().values(), reverse=True)
        if len(ordered) <= self.vote_for:
            return None
        return ordered[self.vote_for - 1] - ordered[self.vote_for]


@dataclass(frozen=True, slots=True)
class Ballots:
    """For each card a hash of its votes with the contests they are in, and one of its contests alone."""

    votes: Hashes
    contests: Hashes


def count_votes(facts: CardFacts, group: Numbers, groups: int) -> tuple[dict[str, GroupedContest], Ballots]:
    """Count all contests by the group of each card and number what is on it, a few columns at a time."""
    found: dict[str, GroupedContest] = {}
    ballots = Ballots(np.zeros(facts.cards, np.uint64), np.zeros(facts.cards, np.uint64))
    for part, cards in zip(facts.parts, facts.slices(), strict=True):
        for contest, codes in _codes(part):
            add_counts(found, contest, codes, group[cards], groups)
            _add_hashes(ballots, cards, contest, codes)
    return found, ballots


def count_rows(
    parts: Sequence[CardPart], part: Numbers, row: Numbers, group: Numbers, groups: int
) -> dict[str, GroupedContest]:
    """Count some cards only, named by part and row, each in a group of its own or with others."""
    found: dict[str, GroupedContest] = {}
    for place, each in enumerate(parts):
        here = part == place
        if not here.any():
            continue
        labels = pl.LazyFrame({ROW: row[here], "_group": group[here]})
        cards = each.cards.with_columns(pl.col(ROW).cast(pl.Int64)).join(labels, on=ROW).collect()
        labelled = cards["_group"].to_numpy()
        for number, contest in enumerate(each.contests):
            codes = _filled(cards, number, contest)
            add_counts(found, contest, codes, labelled, groups)
    return found


def _codes(part: CardPart) -> Iterator[tuple[CardContest, NDArray[np.uint32]]]:
    for start in range(0, len(part.contests), AT_ONCE):
        places = range(start, min(start + AT_ONCE, len(part.contests)))
        cards = part.cards.select(column(place) for place in places).collect()
        for place in places:
            yield part.contests[place], _filled(cards, place, part.contests[place])


def _filled(cards: pl.DataFrame, place: int, contest: CardContest) -> NDArray[np.uint32]:
    """The codes, one above the last for cards that do not bear the contest."""
    return cards[column(place)].cast(pl.UInt32).fill_null(len(contest.codes)).to_numpy()


def add_counts(
    found: dict[str, GroupedContest], contest: CardContest, codes: NDArray[np.uint32], group: Numbers,
    groups: int,
) -> None:  # fmt: skip
    """Add the cards of one part to the contest of the same name."""
    known = found.setdefault(
        contest.name, GroupedContest(contest.name, contest.vote_for, contest.ranks, groups)
    )
    known.agree(contest.vote_for, contest.ranks)
    cells = _cells(codes, group, len(contest.codes) + 1, groups)
    if not cells[0].size:
        for choice in contest.choices:
            known.votes.setdefault(choice, np.zeros(groups, np.int64))
        return
    read = _readings(contest)
    known.cards += _summed(cells, np.ones(len(contest.codes), np.int64), groups)
    known.overvotes += _summed(cells, read.overvotes, groups)
    known.blank += _summed(cells, read.blank, groups)
    known.undervotes += _summed(cells, read.undervotes, groups)
    for place, choice in enumerate(contest.choices):
        votes = _summed(cells, read.votes[:, place], groups)
        known.votes[choice] = known.votes.get(choice, 0) + votes


Cells = tuple[Numbers, Numbers, Numbers]
"""Groups, codes and cards of each pair of them that occurs."""


def _cells(codes: NDArray[np.uint32], group: Numbers, size: int, groups: int) -> Cells:
    key = group * size + codes
    if groups * size <= MOST_CELLS:
        counts = np.bincount(key, minlength=groups * size)
        keys = np.flatnonzero(counts)
        counts = counts[keys]
    else:
        keys, counts = np.unique(key, return_counts=True)
    borne = keys % size != size - 1
    keys = keys[borne]
    return keys // size, keys % size, counts[borne]


def _summed(cells: Cells, each: Numbers, groups: int) -> Numbers:
    """Sums by group of what each card of a code counts; exact, for no sum comes near 2 to the 53rd."""
    group, code, cards = cells
    weights = cards * each[code]
    some = np.flatnonzero(weights)
    return np.bincount(group[some], weights[some], minlength=groups).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Readings:
    """What one card of each code counts; ``votes`` has a column for each choice."""

    votes: NDArray[np.int64]
    overvotes: Numbers
    blank: Numbers
    undervotes: Numbers


def _readings(contest: CardContest) -> _Readings:
    size = len(contest.codes)
    votes = np.zeros((size, len(contest.choices)), np.int64)
    overvotes, blank, undervotes = (np.zeros(size, np.int64) for _ in range(3))
    read: Callable[[Marks], tuple[int, ...]] = _first if contest.ranks else lambda marks: marks.ranks[0]
    for code, marks in enumerate(contest.marks):
        counted = () if contest.is_overvote(marks) else read(marks)
        is_marked = marks.overvoted or marks.count > 0
        for choice in counted:
            votes[code, choice] += 1
        overvotes[code] = is_marked and not counted
        blank[code] = not is_marked
        is_void = contest.is_overvote(marks)
        undervotes[code] = 0 if is_void else (contest.vote_for or 0) - len(counted)
    return _Readings(votes, overvotes, blank, undervotes)


def _first(marks: Marks) -> tuple[int, ...]:
    return ranking_of(marks.ranks, RankingRules())[:1]


def _add_hashes(ballots: Ballots, cards: slice, contest: CardContest, codes: NDArray[np.uint32]) -> None:
    """Sums of 64-bit hashes, so that neither the order of contests nor the file's own codes matter."""
    values = [_number(contest.name, _named(contest, marks)) for marks in contest.marks]
    ballots.votes[cards] += np.array([*values, 0], np.uint64)[codes]
    borne = codes != len(contest.codes)
    ballots.contests[cards] += borne * np.uint64(_number(contest.name, ""))


def _named(contest: CardContest, marks: Marks) -> str:
    ranks = "|".join(",".join(sorted(contest.choices[place] for place in rank)) for rank in marks.ranks)
    return f"{ranks}{'*' if marks.overvoted else ''}"


def _number(*texts: str) -> int:
    digest = hashlib.blake2b("\x1f".join(texts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")
