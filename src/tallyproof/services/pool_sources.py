"""Where pools come from: totals of batches, redacted rows, and records that nobody can match to paper."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from tallyproof.election.ballot_manifest import MOST_TOLD, Batch, BatchKey, BatchTotals, Manifest, closest
from tallyproof.formats.cards.redacted import Redacted, RedactedSum

SHOWN = 3

Source = Literal["batch totals", "redacted rows", "unmatched records"]
ContestVotes = Mapping[str, Mapping[str, int]]
"""Votes by contest and choice."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Which records cannot be matched to paper: those without an imprint, those of these modes, or none."""

    without_imprint: bool = False
    modes: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether any record may be unmatched."""
        return self.without_imprint or bool(self.modes)

    def filter(self) -> pl.Expr:
        """Which cards are unmatched."""
        wanted = [pl.col("mode").is_in(list(self.modes))] if self.modes else []
        wanted += [pl.col("imprint") == ""] if self.without_imprint else []
        return pl.any_horizontal(wanted) if wanted else pl.lit(value=False)


@dataclass(frozen=True, slots=True)
class PoolSources:
    """What else is known by jurisdiction: totals of batches, redacted rows, and which records are unmatched.

    ``contest`` names the contest of totals whose columns name choices only.
    """

    totals: Mapping[str, Sequence[BatchTotals]] = field(default_factory=dict)
    redacted: Mapping[str, Sequence[Redacted]] = field(default_factory=dict)
    unmatched: Unmatched = field(default_factory=Unmatched)
    contest: str = ""

    @property
    def any(self) -> bool:
        """Whether any card may be of a pool."""
        sums = any(each.sums for found in self.redacted.values() for each in found)
        return self.unmatched.any or sums or any(self.totals.values())


@dataclass(frozen=True, slots=True)
class Told:
    """A pool of which totals are told: its place, its cards (None: nobody says), votes by contest.

    ``batch`` is the batch that it is made of, None where it is of no batch.
    """

    name: str
    source: Source
    jurisdiction: str
    cards: int | None
    votes: ContestVotes
    file: str
    rows: tuple[int, ...]
    ranked: frozenset[str] = frozenset()
    batch: BatchKey | None = None


@dataclass(frozen=True, slots=True)
class Doubled:
    """Totals of a batch that has records too: the batch, its votes by contest, where they are told."""

    batch: Batch
    votes: ContestVotes
    file: str
    row: int


def batch_pools(
    jurisdiction: str,
    manifest: Manifest | None,
    totals: Sequence[BatchTotals],
    records: Mapping[BatchKey, int],
    contests: Mapping[str, Collection[str]],
    contest: str,
) -> tuple[list[Told], list[Doubled], list[str]]:
    """A pool for each batch without records of which totals are known, and sentences about what does not fit.

    ``records`` counts the cast vote records of each batch, ``contests`` gives the choices of each contest
    that is known, and ``contest`` names that of columns which name choices only. Batches with records are
    no pools, for their cards are compared one by one: they come second, to be held against the records.
    """
    if not totals:
        return [], [], []
    faults = [sentence for each in totals for sentence in _not_read(each)]
    if manifest is None:
        faults.append(f"{totals[0].file}: without a manifest nobody says how many cards its batches hold.")
        return [], [], faults
    found: list[Told] = []
    doubled: list[Doubled] = []
    named: dict[str, list[Batch]] = defaultdict(list)
    for batch in manifest.batches:
        named[batch.name].append(batch)
    votes, rows, files, wrong = _by_batch(totals, contests, contest)
    faults += wrong
    for name in votes:
        here = named.get(name, [])
        if len(here) != 1:
            faults.append(_not_one(files[name], rows[name], name, here, manifest, named))
        elif _has_records(here[0], records):
            faults += _contradicted(here[0], records, manifest)
            doubled.append(Doubled(here[0], votes[name], files[name], rows[name]))
        else:
            place, cards = place_name(jurisdiction, here[0].key), here[0].cards
            told = Told(
                place, "batch totals", jurisdiction, cards, votes[name], files[name], (rows[name],),
                batch=here[0].key,
            )  # fmt: skip
            found.append(told)
    return found, doubled, faults


def _not_read(totals: BatchTotals) -> list[str]:
    """A sentence for each row of totals that could not be read; of many the rest are counted."""
    told = [f"{each.file}, row {each.row:,}: {each.reason}." for each in totals.rejections[:MOST_TOLD]]
    if rest := totals.rejections[MOST_TOLD:]:
        rows = "1 row more" if len(rest) == 1 else f"{len(rest):,} rows more"
        told.append(f"{totals.file}: {rows} could not be read.")
    return told


def _by_batch(
    totals: Sequence[BatchTotals], contests: Mapping[str, Collection[str]], contest: str
) -> tuple[dict[str, dict[str, dict[str, int]]], dict[str, int], dict[str, str], list[str]]:
    """Votes of each batch by contest and choice over all files, where it is told first, and faults."""
    votes: dict[str, dict[str, dict[str, int]]] = {}
    rows: dict[str, int] = {}
    files: dict[str, str] = {}
    faults = []
    for each in totals:
        alone = contest or _contest_of(each.choices, contests)
        columns = [_column(choice, contests, alone) for choice in each.choices]
        if any(name == "" for name, _ in columns):
            faults.append(
                f"{each.file}: its columns do not name their contest. Say which it is with --totals-contest."
            )
            continue
        for batch, counts in each.votes.items():
            rows.setdefault(batch, each.rows[batch])
            files.setdefault(batch, each.file)
            here = votes.setdefault(batch, {})
            odd = []
            for (name, choice), number in zip(columns, counts, strict=True):
                first = here.setdefault(name, {}).setdefault(choice, number)
                odd += [f"{name}, {choice}: {number:,} here, {first:,} there"] if first != number else []
            if odd:
                faults.append(_at_odds(each, batch, odd))
    return votes, rows, files, faults


def _at_odds(totals: BatchTotals, batch: str, odd: Sequence[str]) -> str:
    more = f", and {len(odd) - SHOWN:,} more differ" if len(odd) > SHOWN else ""
    return (
        f"{totals.file}, row {totals.rows[batch]:,}: batch '{batch}' has other votes than in totals given "
        f"before ({'; '.join(odd[:SHOWN])}{more}). Those given first are used. Settle which is wrong before "
        "an audit."
    )


def _contest_of(choices: Sequence[str], contests: Mapping[str, Collection[str]]) -> str:
    """The only contest with all of these choices, or the only contest; empty where several may be meant."""
    likely = [name for name, known in contests.items() if set(choices) <= set(known)] or list(contests)
    return likely[0] if len(likely) == 1 else ""


def _column(text: str, contests: Mapping[str, Collection[str]], contest: str) -> tuple[str, str]:
    """Contest and choice of a column "Contest - Choice", or of a choice alone."""
    known = [name for name in contests if text.startswith(f"{name} - ")]
    if known:
        name = max(known, key=len)
        return name, text[len(name) + 3 :]
    return contest, text


def _has_records(batch: Batch, records: Mapping[BatchKey, int]) -> bool:
    """Whether cards of this batch are compared one by one."""
    return batch.has_cvr is True or records_in(batch, records) > 0


def _contradicted(batch: Batch, records: Mapping[BatchKey, int], manifest: Manifest) -> list[str]:
    if batch.has_cvr is not False:
        return []
    return [
        f"{manifest.file}, row {batch.row:,}: batch '{batch.name}' has no cast vote records by the manifest, "
        f"yet {records_in(batch, records):,} records name it; they are used and the totals are not."
    ]


def records_in(batch: Batch, records: Mapping[BatchKey, int]) -> int:
    """Cards of this batch with records; where the manifest names no tabulators, of all with its name."""
    if batch.tabulator:
        return records.get(batch.key, 0)
    return sum(cards for (_, name), cards in records.items() if name == batch.name)


def _not_one(
    file: str, row: int, name: str, here: Sequence[Batch], manifest: Manifest, named: Mapping[str, object]
) -> str:
    place = f"{file}, row {row:,}"
    if here:
        return f"{place}: {manifest.file} has {len(here)} batches '{name}'; totals must tell which is meant."
    near = closest(name, named)
    return f"{place}: {manifest.file} has no batch '{name}'." + (f" The closest is '{near}'." if near else "")


def redacted_pools(
    jurisdiction: str, redacted: Sequence[Redacted], hidden: int, left: int | None
) -> list[Told]:
    """Pools of redacted rows: by style where the cards withheld tell theirs, else all in one.

    ``hidden`` cards have a row without votes; ``left`` cards are listed and not accounted for otherwise, None
    without a manifest.
    """
    sums = [each for document in redacted for each in document.sums]
    if not sums:
        return []
    styles: Counter[str] = Counter()
    for document in redacted:
        styles.update(document.hidden)
    by_style: dict[str, list[RedactedSum]] = defaultdict(list)
    for each in sums:
        by_style[each.style].append(each)
    if all(style and styles[style] for style in by_style) and not hidden:
        return [
            _redacted(jurisdiction, f"redacted, style {style}", found, styles[style])
            for style, found in sorted(by_style.items())
        ]
    withheld = hidden + styles.total()
    return [_redacted(jurisdiction, "redacted", sums, withheld or left)]


def _redacted(jurisdiction: str, name: str, sums: Sequence[RedactedSum], cards: int | None) -> Told:
    votes: dict[str, Counter[str]] = {}
    for each in sums:
        for contest, found in each.votes.items():
            votes.setdefault(contest, Counter()).update(found)
    ranked = frozenset(name for each in sums for name in each.ranked)
    rows = tuple(each.row for each in sums)
    full = f"{jurisdiction}, {name}" if jurisdiction else name
    return Told(full, "redacted rows", jurisdiction, cards, votes, sums[0].file, rows, ranked)


def place_name(jurisdiction: str, key: BatchKey) -> str:
    """A batch in words that no other batch has."""
    tabulator, batch = key
    named = _named("batch", batch) or "cards without a batch"
    words = [jurisdiction, _named("tabulator", tabulator), named]
    return ", ".join(word for word in words if word)


def _named(what: str, name: str) -> str:
    """The name after what it is, unless it says so itself."""
    return name if not name or what in name.casefold() else f"{what} {name}"


def batch_cards(cards: pl.LazyFrame) -> Counter[BatchKey]:
    """How many cards stand in each batch."""
    rows = cards.group_by("tabulator", "batch").len().collect()
    return Counter({(tabulator, batch): number for tabulator, batch, number in rows.iter_rows()})
