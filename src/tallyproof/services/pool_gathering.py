"""Cards of a case being gathered: those compared one by one, and those known in pools only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from tallyproof.election.ballot_manifest import Batch, BatchKey
from tallyproof.election.card_merging import ContestKey
from tallyproof.election.card_part import CardPart, CaseCards, code_counts, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.sampling.frame import order_key
from tallyproof.services.card_batches import BesideManifest, beside_manifest
from tallyproof.services.card_tallies import Counting, cards_of
from tallyproof.services.pool_doubled import contradiction, votes_in
from tallyproof.services.pool_sources import (
    Doubled,
    PoolSources,
    Source,
    Told,
    batch_cards,
    batch_pools,
    place_name,
    records_in,
    redacted_pools,
)

BATCH = ("tabulator", "batch")


@dataclass(frozen=True, slots=True)
class CardPool:
    """Cards known only together: how many, how many of them have records, the contests that any may bear.

    ``unrecorded`` are those among them that a manifest lists and no record names. ``batch`` is the batch
    that they lie in, as the manifest names it; None where they lie in no one batch.
    """

    name: str
    source: Source
    jurisdiction: str
    cards: int
    recorded: int
    contests: tuple[str, ...]
    file: str = ""
    rows: tuple[int, ...] = ()
    unrecorded: int = 0
    batch: BatchKey | None = None


@dataclass(slots=True)
class UnmatchedBatch:
    """Cards of one batch that nobody can match to paper: how many, and by contest their codes.

    ``withheld`` counts those that bear no contest; ``listed`` is the batch of the manifest.
    """

    name: str = ""
    cards: int = 0
    codes: dict[ContestKey, Counter[int]] = field(default_factory=dict)
    withheld: int = 0
    listed: Batch | None = None

    def join(self, other: UnmatchedBatch) -> None:
        """Take the cards of another, which lie among these."""
        self.cards += other.cards
        self.withheld += other.withheld
        for key, codes in other.codes.items():
            self.codes.setdefault(key, Counter()).update(codes)


@dataclass(slots=True)
class Gathering:
    """What is known so far: cards compared one by one, batches that cannot be matched, pools and faults.

    ``own`` counts cards compared one by one by batch, ``hidden`` those whose row withholds their votes;
    ``modes`` are the ways of voting found where some are to be pooled.
    ``not_auditable`` says by contest why no sample can be drawn.
    """

    cards: CaseCards
    sources: PoolSources
    counting: Counting = field(default_factory=Counting)
    unmatched: dict[tuple[str, BatchKey], UnmatchedBatch] = field(default_factory=dict)
    own: dict[str, Counter[BatchKey]] = field(default_factory=lambda: defaultdict(Counter))
    hidden: Counter[str] = field(default_factory=Counter)
    modes: set[str] = field(default_factory=set)
    pools: list[CardPool] = field(default_factory=list)
    told: list[tuple[Told, int]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    not_auditable: dict[str, str] = field(default_factory=dict)
    _beside: dict[str, BesideManifest] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, ContestKey]:
        """The book of each contest by its name; of a name that stands twice the first."""
        return {key[0]: key for key in reversed(self.counting.merged.books)}

    def add(self, part: CardPart) -> None:
        """Count a document's cards, those that cannot be matched apart and by batch."""
        unmatched, name = self.sources.unmatched, part.jurisdiction
        own = replace(part, cards=part.cards.filter(~unmatched.filter())) if unmatched.any else part
        self.counting.add(own, code_counts(own), cards_of(own))
        if unmatched.any or self.sources.totals.get(name) or name in self.cards.manifests:
            self.own[name].update(batch_cards(own.cards))
        if any(each.sums for each in self.sources.redacted.get(name, ())):
            self.hidden[name] += _without_contest(own)
        if unmatched.modes:
            self.modes.update(part.cards.select(pl.col("mode").unique()).collect()["mode"])
        if unmatched.any:
            self._add_by_batch(part, part.cards.filter(unmatched.filter()))

    def _add_by_batch(self, part: CardPart, cards: pl.LazyFrame) -> None:
        names = [column(place) for place in range(len(part.contests))]
        frame = cards.select(*BATCH, *names).collect()
        withheld = pl.all_horizontal(pl.col(name).is_null() for name in names).sum() if names else pl.len()
        keys = frame.group_by(BATCH).agg(pl.len().alias("cards"), withheld.alias("withheld"))
        keys = keys.sort(BATCH).with_row_index("place")
        frame = frame.join(keys.select(*BATCH, "place"), on=BATCH).drop(BATCH)
        here = [self._batch(part.jurisdiction, *row[1:]) for row in keys.iter_rows()]
        for name, contest in zip(names, part.contests, strict=True):
            rows = frame.drop_nulls(name).group_by("place", name).len()
            same, codes = self.counting.merged.recoded(
                contest, sorted(set(rows[name].to_list())), part.jurisdiction or part.file
            )
            for place, code, number in rows.iter_rows():
                here[place].codes.setdefault(same, Counter())[codes[code]] += number

    def _batch(
        self, jurisdiction: str, tabulator: str, batch: str, cards: int, withheld: int
    ) -> UnmatchedBatch:
        known = (jurisdiction, (tabulator, batch))
        found = self.unmatched.setdefault(known, UnmatchedBatch(place_name(*known)))
        found.cards += cards
        found.withheld += withheld
        return found

    def contests_of(self, jurisdiction: str) -> tuple[str, ...]:
        """Contests that a card may bear of which nothing is known: those of its jurisdiction.

        They stand in its records and totals; where there are no records these are all contests. All cards
        and totals must be counted.
        """
        parts = [part for part in self.cards.parts if part.jurisdiction == jurisdiction]
        names = [each.name for part in parts for each in part.contests] or [*self.keys]
        told = [name for each, _ in self.told if each.jurisdiction == jurisdiction for name in each.votes]
        return tuple(dict.fromkeys([*names, *told]))

    def beside(self, jurisdiction: str) -> BesideManifest | None:
        """The batches with records beside the manifest, None without one; all cards must be counted."""
        manifest = self.cards.manifests.get(jurisdiction)
        if manifest is None:
            return None
        if jurisdiction not in self._beside:
            files = [part.file for part in self.cards.parts if part.jurisdiction == jurisdiction]
            records = self.records_by_batch(jurisdiction)
            self._beside[jurisdiction] = beside_manifest(jurisdiction, records, manifest, files)
        return self._beside[jurisdiction]

    def left(self, jurisdiction: str) -> int:
        """Cards listed in batches that neither a record nor a pool so far accounts for."""
        beside = self.beside(jurisdiction)
        pooled = sum(pool.unrecorded for pool in self.pools if pool.jurisdiction == jurisdiction)
        return 0 if beside is None else max(0, beside.unrecorded - pooled)

    def records_by_batch(self, jurisdiction: str) -> Counter[BatchKey]:
        """Cards with records in each batch, whether they can be matched or not."""
        records = Counter(self.own[jurisdiction])
        for (name, key), batch in self.unmatched.items():
            records[key] += batch.cards if name == jurisdiction else 0
        return records


def _without_contest(part: CardPart) -> int:
    """Cards that bear no contest: their votes are withheld."""
    columns = [pl.col(column(place)).is_null() for place in range(len(part.contests))]
    if not columns:
        return 0
    return int(part.cards.select(pl.all_horizontal(columns).sum()).collect().item())


def add_unmatched(found: Gathering, jurisdiction: str) -> None:
    """A pool for each batch with records that cannot be matched: all its cards but those that can."""
    beside = found.beside(jurisdiction)
    if beside is not None:
        _join_listed(found, jurisdiction, beside)
    for (name, key), batch in sorted(found.unmatched.items(), key=_as_listed):
        if name == jurisdiction:
            more = 0 if beside is None else _not_recorded(beside, batch.listed)
            pool = CardPool(
                batch.name, "unmatched records", jurisdiction, batch.cards + more, batch.cards, (),
                unrecorded=more, batch=batch.listed.key if batch.listed else key,
            )  # fmt: skip
            found.pools.append(pool)


def _as_listed(each: tuple[tuple[str, BatchKey], UnmatchedBatch]) -> list[tuple[int, int, str]]:
    """The order of a canonical frame: batch 2 before batch 10."""
    (name, key), _ = each
    return [order_key(part) for part in (name, *key)]


def _join_listed(found: Gathering, jurisdiction: str, beside: BesideManifest) -> None:
    """Join what the manifest lists as one batch: nobody knows there of which tabulator a paper is."""
    by_row: dict[int, list[BatchKey]] = defaultdict(list)
    for name, key in sorted(found.unmatched):
        if name == jurisdiction and key in beside.listed:
            found.unmatched[name, key].listed = beside.listed[key]
            by_row[beside.listed[key].row].append(key)
    for keys in by_row.values():
        if len(keys) > 1:
            several = [found.unmatched.pop((jurisdiction, key)) for key in keys]
            listed = beside.listed[keys[0]]
            together = UnmatchedBatch(place_name(jurisdiction, listed.key), listed=listed)
            for each in several:
                together.join(each)
            found.unmatched[jurisdiction, listed.key] = together


def _not_recorded(beside: BesideManifest, listed: Batch | None) -> int:
    """Cards that the manifest lists in a batch and nothing records."""
    return 0 if listed is None else max(0, listed.cards - records_in(listed, beside.records))


def tell_contests(found: Gathering, jurisdiction: str) -> None:
    """Say which contests the cards of each pool of unmatched records may bear; all else must be gathered.

    Each of its papers may be that of any of its records. Where a card of its batch has no record, each may be
    that card, which may bear any contest of the jurisdiction; and where a record withholds its votes, a
    contest of the redacted rows.
    """
    of_batch = {batch.name: batch for (name, _), batch in found.unmatched.items() if name == jurisdiction}
    for place, pool in enumerate(found.pools):
        if pool.source == "unmatched records" and pool.jurisdiction == jurisdiction:
            batch = of_batch[pool.name]
            names = set(found.contests_of(jurisdiction) if pool.unrecorded else ())
            names |= _of_redacted(found, jurisdiction) if batch.withheld else set()
            for key in found.counting.merged.books:
                if key[0] in names:
                    batch.codes.setdefault(key, Counter())
            contests = tuple(dict.fromkeys(key[0] for key in batch.codes))
            found.pools[place] = replace(pool, contests=contests)


def _of_redacted(found: Gathering, jurisdiction: str) -> set[str]:
    """The contests of a jurisdiction's redacted rows."""
    told = (each for each, _ in found.told if each.source == "redacted rows")
    return {name for each in told if each.jurisdiction == jurisdiction for name in each.votes}


def add_told(found: Gathering, jurisdiction: str) -> None:
    """Pools whose totals are told: batches first, then redacted rows among the cards that are left."""
    manifest, sources = found.cards.manifests.get(jurisdiction), found.sources
    beside = found.beside(jurisdiction)
    batches, doubled, faults = batch_pools(
        jurisdiction,
        manifest,
        sources.totals.get(jurisdiction, ()),
        {} if beside is None else beside.records,
        {name: found.counting.merged.books[key].choices for name, key in found.keys.items()},
        sources.contest,
    )
    found.faults += [*faults, *_contradictions(found, jurisdiction, doubled)]
    for told in batches:
        _keep(found, told)
    withheld = found.hidden[jurisdiction]
    left = None if manifest is None else found.left(jurisdiction)
    for told in redacted_pools(jurisdiction, sources.redacted.get(jurisdiction, ()), withheld, left):
        _keep(found, told, withheld)


def _contradictions(found: Gathering, jurisdiction: str, doubled: Sequence[Doubled]) -> Iterator[str]:
    """A sentence for each batch whose records tell other votes than its totals."""
    beside = found.beside(jurisdiction)
    if not doubled or beside is None:
        return
    parts = [part for part in found.cards.parts if part.jurisdiction == jurisdiction]
    rows = {told.batch.row for told in doubled}
    batches = {key: batch.row for key, batch in beside.listed.items() if batch.row in rows}
    recorded = votes_in(parts, batches, {name for told in doubled for name in told.votes})
    for told in doubled:
        if sentence := contradiction(told, recorded.get(told.batch.row, {})):
            yield sentence


def _keep(found: Gathering, told: Told, with_rows: int = 0) -> None:
    """Note a pool, with at least as many cards as its votes need; so many of them have rows without votes."""
    needed = max((_cards_needed(found, name, votes) for name, votes in told.votes.items()), default=0)
    cards = needed if told.cards is None else max(told.cards, needed)
    if told.cards is None or told.cards < needed:
        fault = _without_size(told, needed)
        found.faults.append(fault)
        found.not_auditable.update(dict.fromkeys(told.votes, fault))
    if not cards:
        return
    _add_choices(found, told)
    found.told.append((told, cards))
    pool = CardPool(
        told.name, told.source, told.jurisdiction, cards, 0, tuple(told.votes), told.file, told.rows,
        max(0, (told.cards or 0) - with_rows), told.batch,
    )  # fmt: skip
    found.pools.append(pool)


def _cards_needed(found: Gathering, name: str, votes: Mapping[str, int]) -> int:
    most, key = max(votes.values(), default=0), found.keys.get(name)
    if key is None or key[1] is None:
        return most
    return max(most, -(-sum(votes.values()) // key[1]))


def _without_size(told: Told, needed: int) -> str:
    rows = f"row {told.rows[0]:,}" if len(told.rows) == 1 else f"rows {told.rows[0]:,} to {told.rows[-1]:,}"
    place = f"{told.file}, {rows}: pool '{told.name}'"
    if told.cards is None:
        return (
            f"{place} tells votes and not how many cards there are; at least {needed:,}. A manifest would "
            "tell. Without it margins are over the fewest cards possible, and no audit can draw from it."
        )
    return (
        f"{place} has votes for at least {needed:,} cards, and {max(told.cards, 0):,} are left for it. "
        "Settle which is wrong before an audit."
    )


def _add_choices(found: Gathering, told: Told) -> None:
    """Choices and contests that stand in totals only are added to the books, and said."""
    for name, votes in told.votes.items():
        key = found.keys.get(name, (name, None, 0))
        book = found.counting.merged.books.setdefault(key, CardContest(name, [], None))
        counts = found.counting.counts.setdefault(key, {})
        new = [choice for choice in votes if choice not in book.choices]
        for choice in new:
            book.choice(choice)
        if new and counts:
            found.faults.append(
                f"{told.file}: {', '.join(new)} of {name} stands in these totals and in no record. Choices "
                "must be named alike."
            )
