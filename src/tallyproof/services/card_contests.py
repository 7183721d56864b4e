"""Contests ready for an audit: what records and pools say of each, and on how many cards it may stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tallyproof.audit.card_codes import RecordedContest, as_problem, rankings_of, votes_of
from tallyproof.audit.contest import Contest
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.audit.irv import EqualBallots
from tallyproof.election.ballot_manifest import closest
from tallyproof.errors import RequestError
from tallyproof.services.card_bounds import CardBound


@dataclass(frozen=True)
class CountedContest:
    """A contest: cards with records by code, pools with their totals, and the bound on all its cards.

    ``told`` says whether someone said how many win; else they are as many as a voter has votes. ``remarks``
    are sentences that an answer must not leave out; ``refused`` says why nobody can tell who won, and
    ``not_auditable`` why no sample can be drawn though the votes are known.
    """

    recorded: RecordedContest
    counts: Mapping[int, int]
    bound: CardBound
    seats: int = 1
    told: bool = False
    pools: Mapping[str, PoolTotals] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    refused: str = ""
    not_auditable: str = ""

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
        return Contest(self.votes, self.bound.cards, seats=self.seats, votes_per_card=self.recorded.vote_for)


def _first(rankings: Sequence[EqualBallots]) -> Counter[str]:
    found: Counter[str] = Counter()
    for equal in rankings:
        found.update(dict.fromkeys(equal.ranking[:1], equal.ballots))
    return found


def _all(pools: Mapping[str, PoolTotals]) -> list[EqualBallots]:
    return [equal for pool in pools.values() for equal in pool.rankings]


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
