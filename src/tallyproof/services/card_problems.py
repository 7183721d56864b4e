"""Audit problems from cards and pools: what ``card_audit`` and ``contests_audit`` are asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tallyproof.audit.card_audit import CardAudit
from tallyproof.audit.contest import Contest
from tallyproof.audit.contests_audit import ContestSample, ContestsAudit
from tallyproof.audit.contests_size import StyleCards
from tallyproof.election.card_part import CardPart, CaseCards
from tallyproof.errors import RequestError
from tallyproof.services.card_contests import CountedContest, require_contest
from tallyproof.services.card_pools import PooledCards
from tallyproof.services.card_styles import contest_sets
from tallyproof.services.pool_sources import PoolSources


def contest_called(pooled: PooledCards, name: str) -> CountedContest:
    """The contest of this name. Raises RequestError with the closest one where there is none."""
    require_contest(name, [each.name for each in pooled.contests])
    return next(each for each in pooled.contests if each.name == name)


def problem_for(contest: CountedContest, risk_limit: float = 0.05) -> CardAudit:
    """The card audit of one contest before the first card is drawn: a comparison, with its pools.

    Raises RequestError where no sample can be drawn.
    """
    return CardAudit(auditable(contest), pools=dict(contest.pools), risk_limit=risk_limit)


def auditable(contest: CountedContest) -> Contest:
    """The contest as audits ask for it. Raises RequestError, saying why, where no sample can be drawn."""
    if contest.refused or contest.not_auditable:
        raise RequestError(contest.refused or contest.not_auditable)
    return contest.problem()


def contests_problem_for(
    pooled: PooledCards, styles: Sequence[StyleCards], names: Iterable[str] = (), risk_limit: float = 0.05
) -> ContestsAudit:
    """The audit of several contests (all that can be audited, unless named) before the first card is drawn.

    Raises RequestError for an unknown contest, and where none can be audited.
    """
    asked = [contest_called(pooled, name) for name in names]
    chosen = asked or [each for each in pooled.contests if is_auditable(each)]
    if not chosen:
        raise RequestError("No contest can be audited here; see why with: tallyproof cards margins.")
    contests = {each.name: ContestSample(auditable(each), pools=dict(each.pools)) for each in chosen}
    return ContestsAudit(contests, (), styles_among(styles, contests), risk_limit=risk_limit)


def is_auditable(contest: CountedContest) -> bool:
    """Whether samples can be drawn: there are cards and choices, and every pool's size is known."""
    there = bool(contest.recorded.choices) and contest.bound.cards > 0
    return there and not contest.refused and not contest.not_auditable


def styles_among(styles: Iterable[StyleCards], names: Iterable[str]) -> tuple[StyleCards, ...]:
    """The styles by the contests named; cards that bear none of them are left out."""
    wanted = set(names)
    found: Counter[tuple[str, ...]] = Counter()
    for style in styles:
        there = tuple(name for name in style.contests if name in wanted)
        found[there] += style.cards if there else 0
    return tuple(StyleCards(contests, cards) for contests, cards in found.items() if cards)


def styles_for(
    cards: CaseCards, pooled: PooledCards, sources: PoolSources | None = None
) -> tuple[StyleCards, ...]:
    """All cards but phantoms by the contests on them; cards of a pool may bear every contest of the pool."""
    found: Counter[tuple[str, ...]] = Counter()
    for part in cards.parts:
        found.update(_styles_of(part, sources))
    names = Counter(each.name for each in pooled.contests)
    twice = {name for name, times in names.items() if times > 1}
    for pool in pooled.pools:
        found[tuple(sorted(pool.contests))] += pool.cards
    kept: Counter[tuple[str, ...]] = Counter()
    for style, number in found.items():
        kept[tuple(name for name in style if name not in twice)] += number
    return tuple(StyleCards(style, number) for style, number in sorted(kept.items()) if style and number)


def _styles_of(part: CardPart, sources: PoolSources | None) -> Mapping[tuple[str, ...], int]:
    unmatched = (sources or PoolSources()).unmatched
    own = replace(part, cards=part.cards.filter(~unmatched.filter())) if unmatched.any else part
    found: Counter[tuple[str, ...]] = Counter()
    for places, stated in contest_sets(own).items():
        found[tuple(sorted(part.contests[place].name for place in places))] += sum(stated.values())
    return found
