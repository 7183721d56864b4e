"""Contests ready for an audit: what records and pools say of each, and on how many cards it may stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tallyproof.audit.card_codes import RecordedContest, rankings_of, votes_of
from tallyproof.audit.contest import Contest
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.audit.irv import EqualBallots
from tallyproof.election.ballot_manifest import closest
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.errors import RequestError
from tallyproof.services.card_bounds import CardBound


@dataclass(frozen=True, slots=True)
class HowWon:
    """What somebody says of how a contest is won, where cards cannot say it.

    ``seats`` is how many win by most votes; with a ``share`` of valid votes, such as "0.55", ``choice`` must
    have more than it; ``runoff``: where nobody has a majority, the first two go to another election.
    """

    seats: int | None = None
    choice: str = ""
    share: str = ""
    runoff: bool = False


@dataclass(frozen=True)
class CountedContest:
    """A contest: cards with records by code, pools with their totals, and the bound on all its cards.

    ``told`` is what somebody said of how it is won; else as many win as a voter has votes. ``remarks`` are
    sentences that an answer must not leave out; ``refused`` says why nobody can tell who won,
    ``not_auditable`` why no sample can be drawn though the votes are known.
    """

    recorded: RecordedContest
    counts: Mapping[int, int]
    bound: CardBound
    told: HowWon = field(default_factory=HowWon)
    pools: Mapping[str, PoolTotals] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    refused: str = ""
    not_auditable: str = ""

    @property
    def name(self) -> str:
        """The contest's name."""
        return self.recorded.book.name

    @property
    def seats(self) -> int:
        """How many win: as said, else as many as a voter has votes; one by a share or a runoff."""
        if self.told.share or self.told.runoff:
            return 1
        return seats_of(self.recorded.book, self.told)

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
        votes, cards, told = self.votes, self.bound.cards, self.told
        if self.recorded.book.ranks:
            return Contest(votes, cards, rule="irv", rankings=self.rankings)
        if told.share:
            return Contest(votes, cards, rule="supermajority", share=told.share, choice=told.choice or None)
        if told.runoff:
            return Contest(votes, cards, rule="majority_or_runoff")
        return Contest(votes, cards, seats=self.seats, votes_per_card=self.recorded.vote_for)


def seats_of(book: CardContest, told: HowWon) -> int:
    """How many win by votes or rankings: as said, else as many as a voter has votes or positions stand."""
    return told.seats or book.vote_for or 1


def several_by_ranking(book: CardContest, told: HowWon) -> str:
    """Why a ranked contest with several seats is refused; empty for any other.

    Instant runoff tells one winner; who wins the others depends on transfers that no assertion here covers.
    """
    seats = seats_of(book, told)
    if not book.ranks or seats == 1:
        return ""
    source = "as was said" if told.seats else "as the records say"
    return (
        f"{seats} seats are filled by ranking, {source}. Several seats by ranking (single transferable vote) "
        "cannot be confirmed here: the assertions of instant runoff tell one winner only. Count such a "
        "contest by hand."
    )


def _first(rankings: Sequence[EqualBallots]) -> Counter[str]:
    found: Counter[str] = Counter()
    for equal in rankings:
        found.update(dict.fromkeys(equal.ranking[:1], equal.ballots))
    return found


def _all(pools: Mapping[str, PoolTotals]) -> list[EqualBallots]:
    return [equal for pool in pools.values() for equal in pool.rankings]


def check_told(told: Mapping[str, HowWon], books: Mapping[str, CardContest]) -> None:
    """Raise RequestError for unknown contests and choices, no seats, and shares of several votes."""
    for name, how in told.items():
        require_contest(name, books)
        book = books[name]
        if how.seats is not None and how.seats < 1:
            raise RequestError(f"'{name}' cannot have {how.seats} seats; at least one choice wins.")
        if (how.share or how.runoff) and (book.ranks or (book.vote_for or 1) != 1):
            raise RequestError(f"'{name}': a share of votes or a runoff needs one vote for each voter.")
        if how.choice and how.choice not in book.choices:
            raise RequestError(f"'{how.choice}' is no choice of '{name}': {', '.join(book.choices)}.")


def require_contest(name: str, names: Collection[str]) -> None:
    """Raise RequestError, with the closest name, where no contest is called this."""
    if name not in names:
        near = closest(name, names)
        hint = f" The closest is '{near}'." if near else ""
        raise RequestError(f"No contest is called '{name}'.{hint}")
