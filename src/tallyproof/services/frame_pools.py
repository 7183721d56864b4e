"""What pools say of a frame's cards: which have no record of their own, and which contests they may bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from tallyproof.election.card_part import CaseCards
from tallyproof.sampling.frame import BatchKey, field_text
from tallyproof.services.card_pools import PooledCards, gather
from tallyproof.services.frame_cards import Contests, Pools, contest_name
from tallyproof.services.frame_lists import home_of
from tallyproof.services.pool_gathering import CardPool
from tallyproof.services.pool_sources import PoolSources


@dataclass(frozen=True, slots=True)
class FramePools:
    """The pools of a frame; ``rows`` counts rows that are no cards and stand for some of a pool.

    They are counted by jurisdiction and file, for two counties may call their files alike.

    ``faults`` are sentences about what does not fit in totals.
    """

    pools: Pools = field(default_factory=Pools)
    rows: Mapping[tuple[str, str], int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def frame_pools(cards: CaseCards, sources: PoolSources) -> FramePools:
    """The pools of these cards, gathered as an audit gathers them; nothing is counted where there are none.

    Raises RequestError where the sources name what is not there.
    """
    if not sources.any or not cards.parts:
        return FramePools()
    return pools_on_frame(gather(cards, sources), sources, cards)


def pools_on_frame(pooled: PooledCards, sources: PoolSources, cards: CaseCards) -> FramePools:
    """Pools that are gathered already, under the names of a frame."""
    homes = {field_text(name) for name in cards.manifests}
    voted = {home_of(field_text(name), homes): _style(found) for name, found in pooled.voted.items()}
    batches: dict[BatchKey, Contests] = {}
    withheld: dict[str, Contests] = {}
    for pool in pooled.pools:
        home = home_of(field_text(pool.jurisdiction), homes)
        if pool.source == "unmatched records" and pool.batch is not None:
            tabulator, batch = map(field_text, pool.batch)
            key = (home, tabulator, batch)
            batches[key] = _style([*batches.get(key, ()), *pool.contests])
        elif pool.source == "redacted rows":
            withheld[home] = _style([*withheld.get(home, ()), *may_bear(pool, pooled)])
    pools = Pools(sources.unmatched, batches, withheld, voted)
    return FramePools(pools, _rows(sources, homes), pooled.of_pools)


def may_bear(pool: CardPool, pooled: PooledCards) -> tuple[str, ...]:
    """Contests on any card of a pool in a frame: where some have no record, all of their jurisdiction.

    A frame cannot tell a card that only a total knows of from one that nothing knows of.
    """
    more = pooled.voted.get(pool.jurisdiction, ()) if pool.unrecorded else ()
    return tuple(dict.fromkeys([*pool.contests, *more]))


def _style(names: Iterable[str]) -> Contests:
    return tuple(sorted({contest_name(name) for name in names}))


def _rows(sources: PoolSources, homes: Collection[str]) -> Counter[tuple[str, str]]:
    rows: Counter[tuple[str, str]] = Counter()
    for name, found in sources.redacted.items():
        for each in found:
            if each.sums:
                rows[home_of(field_text(name), homes), each.file] += len(each.sums) + sum(
                    each.hidden.values()
                )
    return rows
