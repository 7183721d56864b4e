"""The lines of a frame's cards, written in order from records that may lie in any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from tallyproof.election.card_part import ROW
from tallyproof.errors import RequestError
from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import FrameBatch, Order
from tallyproof.services.frame_cards import BETWEEN, NAMES, STYLE, UNMATCHED, WAS_SPOILED, Joined, numbered

GROUP = 500_000
"""Cards that are held in memory at once, a batch more or less."""

ROWS = 100_000
UNLISTED, IN_POOL = "unlisted-", "unmatched-"
NAMED = {"rank": pl.Int64, STYLE: pl.Int64, "name": pl.String}


def blocks(found: Joined, batches: Sequence[FrameBatch], order: Order) -> Iterator[bytes]:
    """The lines of all cards, a group of batches at a time.

    Each jurisdiction's cards are first put aside without their votes, so that a group is found fast.
    """
    ranks = {batch.key: rank for rank, batch in enumerate(batches)}
    with TemporaryDirectory(prefix="tallyproof-frame-") as folder:
        aside = {
            name: _put_aside(found, name, ranks, Path(folder) / str(number))
            for number, name in enumerate(found.cards)
            if found.records(name)
        }
        first = 0
        for group in _groups(batches):
            lines = _group_lines(found, group, first, aside.get(group[0].key[0]), order)
            yield (lines.str.join("\n").item() + "\n").encode()
            first += len(group)


def _put_aside(found: Joined, jurisdiction: str, ranks: Mapping[frames.BatchKey, int], path: Path) -> Path:
    """Write the cards with the ranks of their batches, and nothing of their votes; count spoiled imprints."""
    cards, total = found.cards[jurisdiction], found.records(jurisdiction)
    known = {BETWEEN.join(key[1:]): rank for key, rank in ranks.items() if key[0] == jurisdiction}
    rank = numbered(pl.concat_str("tabulator", "batch", separator=BETWEEN), known).alias("rank")
    path.mkdir()
    for number, start in enumerate(range(0, total, GROUP)):
        some = cards.slice(start, GROUP).select(rank, "part", ROW, STYLE, *NAMES, WAS_SPOILED).collect()
        some = some.filter(pl.col(STYLE) != UNMATCHED)
        found.spoiled += int(some[WAS_SPOILED].sum())
        some.drop(WAS_SPOILED).write_parquet(path / f"{number:06}.parquet", row_group_size=ROWS)
    return path


def _groups(batches: Sequence[FrameBatch]) -> Iterator[list[FrameBatch]]:
    """Batches one after the other of one jurisdiction, together of about ``GROUP`` cards."""
    group: list[FrameBatch] = []
    cards = 0
    for batch in batches:
        if group and (batch.key[0] != group[0].key[0] or cards + batch.cards > GROUP):
            yield group
            group, cards = [], 0
        group.append(batch)
        cards += batch.cards
    if group:
        yield group


def _group_lines(
    found: Joined, group: Sequence[FrameBatch], first: int, path: Path | None, order: Order
) -> pl.Series:
    cards = _named(group, first, path) if path else pl.DataFrame(schema=NAMED)
    cards = pl.concat([cards, _without_record(found, group, cards)])
    if order == "canonical":
        is_number = pl.col("name").str.contains(r"^[0-9]{1,18}$")
        number = pl.when(is_number).then(pl.col("name")).cast(pl.Int64)
        cards = cards.sort("rank", number, "name", nulls_last=True)
    else:
        cards = cards.sort("rank", maintain_order=True)
    name = pl.col("name")
    in_marks = pl.format('"{}"', name.str.replace_all('"', '""', literal=True))
    quoted = pl.when(name.str.contains('[,"]')).then(in_marks).otherwise(name)
    prefixes = pl.Series([frames.batch_prefix(batch.key) for batch in group], dtype=pl.String)
    prefix = pl.lit(prefixes).gather(pl.col("rank"))
    return cards.select(
        pl.concat_str(pl.col(STYLE).cast(pl.String), pl.lit(","), prefix, quoted).alias("line")
    )["line"]


def _named(group: Sequence[FrameBatch], first: int, path: Path) -> pl.DataFrame:
    """Place of the batch in the group, style and name of each card, in the order of the sources.

    The name is the imprint where all cards of the batch have their own, else the record, else the number.
    """
    in_group = pl.col("rank").is_between(first, first + len(group) - 1)
    cards = (
        pl.scan_parquet(path / "*.parquet").filter(in_group).with_columns(pl.col("rank") - first).collect()
    )
    cards = cards.sort("rank", "part", ROW)
    usable = [
        ((pl.col(name) != "").all() & (pl.col(name).n_unique() == pl.len())).over("rank").alias(f"by_{name}")
        for name in NAMES
    ]
    cards = cards.with_columns(usable)
    chosen = pl.coalesce(pl.when(pl.col(f"by_{name}")).then(pl.col(name)) for name in NAMES)
    cards = cards.with_columns(chosen.alias("name"))
    _require_names(cards, group)
    return cards.select(*NAMED)


def _require_names(cards: pl.DataFrame, group: Sequence[FrameBatch]) -> None:
    nameless = cards.filter(pl.col("name").is_null())
    if nameless.height:
        batch = frames.batch_name(group[nameless["rank"][0]].key)
        rows = nameless.filter(pl.col("rank") == nameless["rank"][0])
        again = rows.filter(rows.select(*NAMES).is_duplicated())[ROW].head(2).to_list()
        shown = f", such as rows {again[0]:,} and {again[1]:,}" if len(again) > 1 else ""
        raise RequestError(f"{batch}: neither imprint nor record tells its cards apart{shown}. Find out if "
                           "the batch was scanned or exported twice.")  # fmt: skip
    strange = cards.filter(pl.col("name").str.contains(r"[\x00-\x1f\x7f-\x9f]"))
    if strange.height:
        frames.field_text(strange["name"][0])


def _without_record(found: Joined, group: Sequence[FrameBatch], cards: pl.DataFrame) -> pl.DataFrame:
    """Cards without a record of their own, pooled or beyond all records: free positions where records are."""
    rows: list[tuple[int, int, str]] = []
    without = {
        rank: short
        for rank, batch in enumerate(group)
        if (short := batch.cards - found.named.get(batch.key, 0))
    }
    beside = cards.filter(pl.col("rank").is_in(list(without))).group_by("rank").agg("name")
    taken: dict[int, list[str]] = dict(beside.iter_rows())
    for rank, short in without.items():
        batch = group[rank]
        pooled = found.pool_style.get(batch.key)
        style = found.unlisted_style[batch.key[0]] if pooled is None else pooled
        prefix = UNLISTED if pooled is None else IN_POOL
        names = _free(set(taken.get(rank, ())), batch.cards, short, prefix)
        rows += [(rank, style, name) for name in names]
    return pl.DataFrame(rows, schema=cards.schema, orient="row")


def _free(taken: set[str], cards: int, short: int, prefix: str) -> list[str]:
    positions = [str(place) for place in range(1, cards + 1)]
    if taken <= set(positions):
        return [place for place in positions if place not in taken]
    return [name for number in range(1, cards + short + 1) if (name := f"{prefix}{number}") not in taken][
        :short
    ]
