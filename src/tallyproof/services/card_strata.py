"""Strata of a contest's cards: by jurisdiction, by way of voting, or with and without records."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from tallyproof.audit.card_codes import rankings_of, votes_of
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.audit.irv import EqualBallots
from tallyproof.audit.stratified_audit import CardStratum, StratifiedAudit
from tallyproof.election.card_merging import MergedBooks, key_of
from tallyproof.election.card_part import CardPart, CaseCards, column
from tallyproof.services.card_contests import CountedContest
from tallyproof.services.card_pools import PooledCards
from tallyproof.services.card_problems import auditable
from tallyproof.services.pool_sources import PoolSources

By = Literal["jurisdiction", "mode", "records"]
WITH_RECORDS, WITHOUT_RECORDS, NOT_RECORDED = "with records", "without records", "not recorded"
UNKNOWN = "not known"


@dataclass(slots=True)
class _Stratum:
    """Cards compared one by one by code, pools, and phantoms."""

    codes: Counter[int] = field(default_factory=Counter)
    pools: dict[str, PoolTotals] = field(default_factory=dict)
    phantoms: int = 0

    @property
    def cards(self) -> int:
        return self.codes.total() + sum(pool.cards for pool in self.pools.values()) + self.phantoms


def strata_for(
    cards: CaseCards,
    pooled: PooledCards,
    contest: CountedContest,
    by: By,
    sources: PoolSources | None = None,
    risk_limit: float = 0.05,
) -> StratifiedAudit:
    """The stratified audit of a contest before the first card is drawn; strata without cards are left out.

    A pool lies in one stratum as a whole. Phantoms lie in that of their jurisdiction, or of cards with
    records; by way of voting they are a stratum of their own, since nobody knows theirs. Raises RequestError
    where no sample can be drawn.
    """
    problem = auditable(contest)
    strata: dict[str, _Stratum] = defaultdict(_Stratum)
    for part in cards.parts:
        for name, codes in _codes(part, contest, by, sources or PoolSources()).items():
            strata[name].codes.update(codes)
    homes = {pool.name: pool.jurisdiction for pool in pooled.pools}
    for name, pool in contest.pools.items():
        home = _named(homes[name]) if by == "jurisdiction" else WITHOUT_RECORDS
        strata[home].pools[name] = pool
    for jurisdiction in contest.bound.jurisdictions:
        strata[_of_phantoms(jurisdiction, by)].phantoms += pooled.jurisdictions[jurisdiction].phantoms
    told = {name: _told(contest, each) for name, each in sorted(strata.items()) if each.cards}
    return StratifiedAudit(problem, told, risk_limit=risk_limit)


def _codes(part: CardPart, contest: CountedContest, by: By, sources: PoolSources) -> dict[str, Counter[int]]:
    """A document's cards that are compared one by one, by stratum and code of the contest."""
    book, unmatched = contest.recorded.book, sources.unmatched
    found: dict[str, Counter[int]] = defaultdict(Counter)
    own = part.cards.filter(~unmatched.filter()) if unmatched.any else part.cards
    for place, each in enumerate(part.contests):
        if key_of(each) != key_of(book):
            continue
        name = column(place)
        rows = own.drop_nulls(name).group_by("mode", name).len().collect()
        _, same = MergedBooks({key_of(book): book}).recoded(each, sorted(set(rows[name].to_list())))
        for mode, code, number in rows.iter_rows():
            found[_stratum_of(part.jurisdiction, mode, by)][same[code]] += number
    return found


def _stratum_of(jurisdiction: str, mode: str, by: By) -> str:
    if by == "records":
        return WITH_RECORDS
    return _named(jurisdiction if by == "jurisdiction" else mode)


def _of_phantoms(jurisdiction: str, by: By) -> str:
    return NOT_RECORDED if by == "mode" else _stratum_of(jurisdiction, "", by)


def _named(name: str) -> str:
    return name or UNKNOWN


def _told(contest: CountedContest, stratum: _Stratum) -> CardStratum:
    """A stratum with its votes, or its rankings; phantoms have none."""
    if contest.recorded.book.ranks:
        rankings = Counter[tuple[str, ...]]()
        for equal in (*rankings_of(contest.recorded, stratum.codes), *_of_pools(stratum)):
            rankings[equal.ranking] += equal.ballots
        told = tuple(EqualBallots(ballots, ranking) for ranking, ballots in sorted(rankings.items()))
        return CardStratum(stratum.cards, rankings=told, pools=stratum.pools)
    votes = Counter(votes_of(contest.recorded, stratum.codes))
    for pool in stratum.pools.values():
        votes.update(pool.votes)
    named = {choice: votes[choice] for choice in contest.recorded.choices}
    return CardStratum(stratum.cards, named, pools=stratum.pools)


def _of_pools(stratum: _Stratum) -> list[EqualBallots]:
    return [equal for pool in stratum.pools.values() for equal in pool.rankings]
