"""Contests ready for an audit: what records and pools say of each, and on how many cards it may stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tallyproof.audit.card_codes import RecordedContest, as_problem, rankings_of, recorded_contest, votes_of
from tallyproof.audit.contest import Contest
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.irv_rankings import RankingRules
from tallyproof.election.ballot_manifest import Manifest, closest
from tallyproof.errors import RequestError
from tallyproof.services.card_bounds import CardBound, Listed, bound_of, listed_cards
from tallyproof.services.card_tallies import CardTallies, ContestCards


@dataclass(frozen=True)
class CountedContest:
    """A contest: cards with records by code, pools with their totals, and the bound on all its cards.

    ``told`` says whether someone said how many win; else they are as many as a voter has votes. ``remarks`` are
    sentences that an answer must not leave out; ``refused`` says why no audit problem can be made of it.
    """

    recorded: RecordedContest
    counts: Mapping[int, int]
    bound: CardBound
    seats: int = 1
    told: bool = False
    pools: Mapping[str, PoolTotals] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    refused: str = ""

    @property
    def name(self) -> str:
        """The contest's name."""
        return self.recorded.book.name

    @property
    def votes(self) -> dict[str, int]:
        """Reported votes by choice, of records and pools; in a ranked contest first preferences."""
        total = Counter(votes_of(self.recorded, self.counts))
        for pool in self.pools.values():
            total.update(pool.votes)
            total.update(_first(pool.rankings))
        return {choice: total[choice] for choice in self.recorded.choices}

    @property
    def rankings(self) -> tuple[EqualBallots, ...]:
        """How many cards bear each ranking, of records and pools."""
        found: Counter[tuple[str, ...]] = Counter()
        for equal in (*rankings_of(self.recorded, self.counts), *_all(self.pools)):
            found[equal.ranking] += equal.ballots
        ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return tuple(EqualBallots(ballots, ranking) for ranking, ballots in ordered)

    def problem(self) -> Contest:
        """The contest as audits ask for it. Raises RequestError where there is no card or no choice."""
        if not self.recorded.choices or self.bound.cards < 1:
            raise RequestError(f"{self.name} has no {'cards' if self.recorded.choices else 'choices'}.")
        if not self.pools:
            return as_problem(self.recorded, self.counts, self.bound.cards, self.seats)
        if self.recorded.book.ranks:
            return Contest(self.votes, self.bound.cards, rule="irv", rankings=self.rankings)
        return Contest(
            self.votes, self.bound.cards, seats=self.seats, votes_per_card=self.recorded.vote_for
        )


def _first(rankings: Sequence[EqualBallots]) -> Counter[str]:
    found: Counter[str] = Counter()
    for equal in rankings:
        found.update({choice: equal.ballots for choice in equal.ranking[:1]})
    return found


def _all(pools: Mapping[str, PoolTotals]) -> list[EqualBallots]:
    return [equal for pool in pools.values() for equal in pool.rankings]


def counted_contests(
    tallies: CardTallies,
    manifests: Mapping[str, Manifest],
    *,
    seats: Mapping[str, int] | None = None,
    rules: RankingRules | None = None,
) -> tuple[CountedContest, ...]:
    """Every contest by its records alone, on as many cards as the manifests allow.

    ``seats`` says by contest how many win. Raises RequestError where it names a contest that is not there.
    """
    asked = seats or {}
    check_seats(asked, [each.book.name for each in tallies.contests])
    listed = listed_cards(tallies.cards, {}, manifests)
    return tuple(counted(each, listed, asked, rules) for each in tallies.contests)


def counted(
    contest: ContestCards,
    listed: Mapping[str, Listed],
    seats: Mapping[str, int],
    rules: RankingRules | None = None,
) -> CountedContest:
    """One contest by its records alone."""
    codes = contest.codes
    recorded = recorded_contest(contest.book, codes, rules)
    bound = bound_of(contest.cards, 0, [*contest.counts], listed)
    told = contest.book.name in seats
    wins = seats[contest.book.name] if told else usual_seats(contest)
    return CountedContest(recorded, codes, bound, wins, told)


def usual_seats(contest: ContestCards) -> int:
    """As many win as a voter has votes; one where that is not known, or choices are ranked."""
    return 1 if contest.book.ranks or contest.book.vote_for is None else contest.book.vote_for


def check_seats(seats: Mapping[str, int], names: Collection[str]) -> None:
    """Raise RequestError for seats of an unknown contest, or fewer than one."""
    for name, number in seats.items():
        if number < 1:
            raise RequestError(f"'{name}' cannot have {number} seats; at least one choice wins.")
        require_contest(name, names)


def require_contest(name: str, names: Collection[str]) -> None:
    """Raise RequestError, with the closest name, where no contest is called this."""
    if name not in names:
        near = closest(name, names)
        hint = f" The closest is '{near}'." if near else ""
        raise RequestError(f"No contest is called '{name}'.{hint}")
