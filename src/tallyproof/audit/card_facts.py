"""Where the cards of a jurisdiction lie and what tells them apart, one number for each card and question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tallyproof.election.card_part import ROW, CardPart

Numbers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

BATCH = ("tabulator", "batch")
GROUP = ("unit", "mode", "style")
PART = "part"
MOST_KEYS = 20_000_000
"""Keys up to this size are numbered by a table, larger ones by sorting."""


@dataclass(frozen=True, slots=True)
class Places:
    """The different values of some facts: a row for each, with how many cards, and where the first stands.

    Columns: ``id``, the facts, ``cards``, ``part`` (place among the jurisdiction's parts) and ``row``.
    """

    table: pl.DataFrame

    def __len__(self) -> int:
        return self.table.height


@dataclass(frozen=True)
class CardFacts:
    """All cards of a jurisdiction in the order of its files; arrays have one number for each card.

    ``batch`` and ``group`` are ids in ``batches`` and ``groups`` (unit, mode and ballot type together);
    ``place`` is a hash of tabulator, batch and record and ``imprint`` one of the imprint, 0 where the source
    gives none; ``record`` is the number in the batch, -1 where it is none.
    """

    parts: tuple[CardPart, ...]
    part: Numbers
    row: Numbers
    batch: Numbers
    group: Numbers
    record: Numbers
    place: Hashes
    imprint: Hashes
    batches: Places
    groups: Places

    @property
    def cards(self) -> int:
        """How many cards there are."""
        return len(self.row)

    def slices(self) -> tuple[slice, ...]:
        """Where each part's cards stand in the arrays."""
        ends = np.searchsorted(self.part, np.arange(len(self.parts) + 1))
        return tuple(slice(int(start), int(end)) for start, end in pairwise(ends))


def by_jurisdiction(parts: Sequence[CardPart]) -> Mapping[str, tuple[CardPart, ...]]:
    """The parts of each jurisdiction, in the order in which they came."""
    found: dict[str, tuple[CardPart, ...]] = {}
    for part in parts:
        found[part.jurisdiction] = (*found.get(part.jurisdiction, ()), part)
    return found


def facts_of(parts: Sequence[CardPart]) -> CardFacts:
    """Read the facts of all cards of one jurisdiction, never their votes."""
    frames = [_facts(part).with_columns(pl.lit(place, pl.UInt32).alias(PART))
              for place, part in enumerate(parts)]  # fmt: skip
    cards = pl.concat(frames)
    batches, batch = _places(cards, BATCH)
    groups, group = _places(cards, GROUP)
    return CardFacts(
        tuple(parts), _whole(cards[PART]), _whole(cards[ROW]), batch, group,
        _whole(cards["record"]), cards["place"].to_numpy(), cards["imprint"].to_numpy(), batches, groups,
    )  # fmt: skip


def _facts(part: CardPart) -> pl.DataFrame:
    """The facts as categories and hashes: texts are compared once for each different one."""
    named = (pl.col("batch") != "") & (pl.col("record") != "")
    key = pl.struct("tabulator", "batch", "record").hash()
    return part.cards.select(
        pl.col(ROW).cast(pl.Int64),
        *(pl.col(name).cast(pl.Categorical) for name in (*BATCH, *GROUP)),
        pl.col("record").cast(pl.Int64, strict=False).fill_null(-1),
        pl.when(named).then(key).otherwise(0).alias("place"),
        pl.when(pl.col("imprint") != "").then(pl.col("imprint").hash()).otherwise(0).alias("imprint"),
    ).collect()


def _places(cards: pl.DataFrame, facts: Sequence[str]) -> tuple[Places, Numbers]:
    """The different values of some facts together, and the id of each card's; ids by first occurrence."""
    ids = np.zeros(cards.height, np.int64)
    size = 1
    for name in facts:
        codes, number = dense(_whole(cards[name].to_physical()))
        ids, size = dense(ids * number + codes)
    first = np.zeros(size, np.int64)
    first[ids[::-1]] = np.arange(cards.height)[::-1]
    order = np.argsort(first)
    places = np.zeros(size, np.int64)
    places[order] = np.arange(size)
    ids = places[ids]
    texts = pl.col(list(facts)).cast(pl.String)
    table = cards[first[order]].select(
        pl.int_range(pl.len()).alias("id"), texts, pl.Series("cards", np.bincount(ids, minlength=size)),
        PART, ROW,
    )  # fmt: skip
    return Places(table), ids


def dense(keys: Numbers) -> tuple[Numbers, int]:
    """Numbers from 0 in place of the keys, in their order, and how many different ones there are."""
    most = int(keys.max(initial=0)) + 1
    if most > MOST_KEYS:
        found, numbers = np.unique(keys, return_inverse=True)
        return numbers, len(found)
    present = np.zeros(most, np.int64)
    present[keys] = 1
    places = np.cumsum(present) - 1
    return places[keys], int(present.sum())


def dense_few(keys: Hashes) -> tuple[Numbers, int]:
    """Numbers from 0 in place of keys of which few are different, and how many that are."""
    cards = pl.DataFrame({"key": keys})
    table = cards.unique(maintain_order=True).with_row_index("id")
    ids = cards.join(table, on="key", how="left", maintain_order="left")["id"]
    return _whole(ids), table.height


def _whole(column: pl.Series) -> Numbers:
    return column.cast(pl.Int64).to_numpy()
