"""Contests as cards record them: what each code of a book shows to assorters, all write-ins as one choice.

Who was written in stands on the paper only, so records give one total for all of them. A person written in
has at most one vote of a card with a write-in and none of the others; so a choice that is ahead of all
write-ins together is ahead of each person written in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tallyproof.audit.assertion import Assertion, Claims
from tallyproof.audit.assorter import (
    NO_VOTE,
    NOT_ON_CARD,
    OVERVOTE,
    Column,
    Interpretation,
    State,
    interpretation,
)
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.irv_rankings import RankingRules, ranking_of
from tallyproof.audit.ranked import marks_of
from tallyproof.election.cast_vote_record import CardContest, Marks

ALL_WRITE_INS = "All write-ins"
Shown = Mapping[int, Interpretation]
"""What codes show."""


@dataclass(frozen=True)
class RecordedContest:
    """A contest and how its marks are read: the choices of an audit, and the place there of each on a card.

    ``vote_for`` is the most that is marked on a card where the source does not say; ``write_in`` is the
    choice that stands for everyone written in, empty where there is none.
    """

    book: CardContest
    choices: tuple[str, ...]
    places: tuple[int, ...]
    vote_for: int
    rules: RankingRules
    write_in: str

    def read(self, marks: Marks) -> Interpretation:
        """What these marks show: points, or a ranking of choices, or why there is no vote."""
        if self.book.is_overvote(marks):
            return OVERVOTE
        if not self.book.ranks:
            marked = {self.places[choice] for choice in marks.ranks[0]}
            return interpretation(marked, len(self.choices), self.vote_for)
        ranked = (self.places[choice] for choice in ranking_of(marks.ranks, self.rules))
        ranking = tuple(dict.fromkeys(ranked))
        return Interpretation(ranking=ranking) if ranking else NO_VOTE

    def shown(self, codes: Iterable[int]) -> dict[int, Interpretation]:
        """What each of these codes shows."""
        marks = self.book.marks
        return {code: self.read(marks[code]) for code in codes}


def recorded_contest(
    book: CardContest, codes: Iterable[int], rules: RankingRules | None = None
) -> RecordedContest:
    """The contest of a book of which these codes stand on cards."""
    choices, places, write_in = _choices(book)
    vote_for = book.vote_for
    if vote_for is None:
        marks = book.marks
        vote_for = max((len(marks[code].ranks[0]) for code in codes if not marks[code].overvoted), default=1)
    return RecordedContest(book, choices, places, max(1, vote_for), rules or RankingRules(), write_in)


def _choices(book: CardContest) -> tuple[tuple[str, ...], tuple[int, ...], str]:
    """The choices with write-ins at one place, where those of the book stand, and the write-ins' name."""
    written = book.write_ins
    if len(written) < 2:
        return tuple(book.choices), tuple(range(len(book.choices))), written[0] if written else ""
    named = [name for name in book.choices if name not in written]
    places = tuple(named.index(each) if each in named else len(named) for each in book.choices)
    return (*named, ALL_WRITE_INS), places, ALL_WRITE_INS


def votes_of(
    contest: RecordedContest, counts: Mapping[int, int], read: Shown | None = None
) -> dict[str, int]:
    """Votes by choice on cards with these codes; in a ranked contest first preferences.

    ``read`` is what the codes show, for those who ask of many groups of cards.
    """
    votes = [0] * len(contest.choices)
    for code, shown in _shown(contest, counts, read):
        for place in shown.ranking[:1]:
            votes[place] += counts[code]
        for place, point in enumerate(shown.points):
            votes[place] += point * counts[code]
    return dict(zip(contest.choices, votes, strict=True))


def rankings_of(
    contest: RecordedContest, counts: Mapping[int, int], read: Shown | None = None
) -> tuple[EqualBallots, ...]:
    """How many cards bear each ranking, the most frequent first; ``read`` as for votes."""
    found: Counter[tuple[int, ...]] = Counter()
    for code, shown in _shown(contest, counts, read):
        if shown.ranking:
            found[shown.ranking] += counts[code]
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    names = contest.choices
    return tuple(EqualBallots(cards, tuple(names[place] for place in order)) for order, cards in ordered)


def kinds(contest: RecordedContest, claims: Claims, codes: Iterable[int]) -> dict[int, Interpretation]:
    """What each code shows to the assorters of these claims."""
    return {code: to_assorters(shown, claims) for code, shown in contest.shown(codes).items()}


def to_assorters(shown: Interpretation, claims: Claims) -> Interpretation:
    """A ranking as marks for and against each assertion; anything else as it is."""
    if shown.state is not State.VOTED or not shown.ranking:
        return shown
    return Interpretation(marks_of(shown.ranking, claims.ranked))


def values(
    contest: RecordedContest, claims: Claims, assertion: Assertion, codes: Iterable[int]
) -> dict[int, Fraction]:
    """The assorter's value of a card with each code. A card without the contest counts 1/2."""
    return {code: assertion.assorter.value(kind) for code, kind in kinds(contest, claims, codes).items()}


def column_of(found: Mapping[int, Interpretation], codes: NDArray[np.int64]) -> Column:
    """Cards as a column for audits; a code below 0 is a card that does not bear the contest."""
    place_of = {code: place for place, code in enumerate(found)}
    distinct, inverse = np.unique(codes, return_inverse=True)
    places = np.array([place_of[int(code)] if code >= 0 else len(found) for code in distinct], dtype=np.int64)
    return Column(places[inverse.ravel()], (*found.values(), NOT_ON_CARD))


def _shown(
    contest: RecordedContest, counts: Mapping[int, int], read: Shown | None
) -> Iterable[tuple[int, Interpretation]]:
    """The codes that stand on cards, with what they show."""
    there = [code for code, cards in counts.items() if cards]
    return contest.shown(there).items() if read is None else ((code, read[code]) for code in there)
