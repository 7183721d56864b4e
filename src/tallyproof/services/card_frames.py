"""Contests on the counts of a frame, so that an audit's problem and its draw are about the same cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tallyproof.audit.contests_size import StyleCards
from tallyproof.audit.drawn_cards import PoolTotals
from tallyproof.errors import RequestError
from tallyproof.sampling.frame import Head
from tallyproof.services.card_contests import CountedContest
from tallyproof.services.card_pools import ON_NONE, PooledCards
from tallyproof.services.frame_cards import contest_name
from tallyproof.services.frame_files import head_of
from tallyproof.services.frame_pools import may_bear


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """How many cards of a frame bear each contest, and its card styles."""

    file: str
    head: Head

    def cards_with(self, contest: str) -> int:
        """Cards of the frame that may be drawn for this contest."""
        return self.head.cards_with(contest_name(contest))

    def styles(self, pooled: PooledCards) -> tuple[StyleCards, ...]:
        """The frame's styles, under the contests' own names."""
        names: Mapping[str, str] = {contest_name(each.name): each.name for each in pooled.contests}
        return tuple(
            StyleCards(tuple(names[name] for name in style.contests if name in names), style.cards)
            for style in self.head.styles
        )


def frame_counts(path: Path) -> FrameCounts:
    """The counts in a frame's head. Raises RequestError for a frame that does not tell contests."""
    head = head_of(path)
    if head.kind != "cards" or not head.contests:
        raise RequestError(f"{path.name} does not tell which contests its cards bear. Make the frame with "
                           "cast vote records: tallyproof cards frame")  # fmt: skip
    return FrameCounts(path.name, head)


def on_frame(pooled: PooledCards, frame: FrameCounts) -> PooledCards:
    """Every contest on as many cards as the frame lists for it; where it lists fewer, a fault.

    Cards of a pool that nothing records may bear more contests in a frame than the pool's totals name.
    """
    contests = tuple(_on_frame(_in_silent_pools(each, pooled, frame), frame) for each in pooled.contests)
    lost = [f"{each.name}: {fault}" for each in contests if (fault := _lost(each, frame))]
    borne = {pool: [each.name for each in contests if pool in each.pools] for pool in _names(contests)}
    pools = tuple(
        replace(pool, contests=tuple(dict.fromkeys([*pool.contests, *borne.get(pool.name, ())])))
        for pool in pooled.pools
    )
    return replace(pooled, contests=contests, pools=pools, faults=(*pooled.faults, *lost))


def _names(contests: Iterable[CountedContest]) -> set[str]:
    return {pool for each in contests for pool in each.pools}


def _in_silent_pools(contest: CountedContest, pooled: PooledCards, frame: FrameCounts) -> CountedContest:
    """The contest with the pools whose totals do not name it, and whose cards may bear it in a frame."""
    silent = [
        pool for pool in pooled.pools
        if pool.name not in contest.pools and contest.name in may_bear(pool, pooled)
    ]  # fmt: skip
    more = sum(pool.cards for pool in silent)
    bound = contest.bound
    if not more:
        return contest
    votes = {} if contest.recorded.book.ranks else dict.fromkeys(contest.recorded.choices, 0)
    cards = bound.cards + more
    wider = replace(bound, cards=cards, pooled=bound.pooled + more, all_cards=max(bound.all_cards, cards))
    remark = (
        f"{_cards(more).capitalize()} in pools whose totals do not name this contest may bear it by "
        f"{frame.file}. They count as cards without a vote."
    )
    return replace(
        contest,
        bound=wider,
        pools={**contest.pools, **{pool.name: PoolTotals(pool.cards, votes) for pool in silent}},
        remarks=(*(each for each in contest.remarks if not each.endswith(ON_NONE)), remark),
    )


def _on_frame(contest: CountedContest, frame: FrameCounts) -> CountedContest:
    bound = contest.bound
    more = frame.cards_with(contest.name) - bound.cards
    if more < 0:
        return replace(contest, not_auditable=contest.not_auditable or _lost(contest, frame))
    if more == 0:
        return contest
    cards = bound.cards + more
    wider = replace(bound, cards=cards, phantoms=bound.phantoms + more, all_cards=max(bound.all_cards, cards))
    remark = (
        f"{frame.file} lists {_cards(more)} more for this contest than can bear it by records and pools. "
        "They can be drawn for it, and count as cards without a record."
    )
    return replace(contest, bound=wider, remarks=(*contest.remarks, remark))


def _lost(contest: CountedContest, frame: FrameCounts) -> str:
    """What to say where some cards that may bear the contest could never be drawn for it."""
    there, cards = frame.cards_with(contest.name), contest.bound.cards
    if there >= cards:
        return ""
    return (
        f"{frame.file} lists {_cards(there)} for this contest, and {cards:,} may bear it: the others could "
        "never be drawn for it. Make the frame from the same records and manifests, with the same options "
        "for pools: --totals, --pool-mode, --pool-no-imprint."
    )


def _cards(number: int) -> str:
    return "1 card" if number == 1 else f"{number:,} cards"
