"""Cast vote records beside their manifests: which cards there are, by which name, of which style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from tallyproof.election.ballot_manifest import Manifest, not_in_manifest
from tallyproof.election.card_part import ROW, CardPart, column
from tallyproof.errors import RequestError
from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import BatchKey, CardStyle, FrameBatch, Order

GROUP = 1_000_000
"""Cards that are held in memory at once, a batch more or less."""

SHOWN = 5
BITS = 60
NAMES = ("imprint", "record", "card")
"""What names a card in its batch, the best first."""

UNLISTED = "unlisted-"

Contests = tuple[str, ...]


@dataclass(slots=True)
class Joined:
    """All cards of a frame by batch and style; the cards themselves stay where they are.

    ``counts`` gives each batch's cast vote records, ``unlisted_style`` the style of each jurisdiction's cards
    that have none; ``tabulators`` those jurisdictions whose batches are told apart by tabulator too.
    """

    batches: list[FrameBatch]
    styles: tuple[CardStyle, ...]
    counts: Mapping[BatchKey, int]
    cards: Mapping[str, pl.LazyFrame]
    unlisted_style: Mapping[str, int]
    unlisted: int


def joined(
    listed: Sequence[FrameBatch], files: Mapping[str, Manifest], parts: Mapping[str, tuple[CardPart, ...]]
) -> Joined:
    """Hold cast vote records against manifests. Raises RequestError for a batch too large or not listed."""
    counts: Counter[BatchKey] = Counter()
    for jurisdiction, own in parts.items():
        for part in own:
            counts.update(_counted(part, jurisdiction, listed, files))
    known = {batch.key: batch for batch in listed}
    _require_room(counts, known, files)
    batches = [*listed, *(FrameBatch(key, number) for key, number in counts.items() if key not in known)]
    styles, numbered = _styles(parts), dict[Contests, int]()
    missing = _missing(batches, counts)
    every = {name: _all_contests(parts.get(name, ())) for name in missing}
    anything = tuple(sorted({contest for own in styles for contest in own}))
    every = {name: contests or anything for name, contests in every.items()}
    for name, number in missing.items():
        styles[every[name]] += number
    numbered = {style: number for number, style in enumerate(sorted(styles))}
    return Joined(
        batches, tuple(CardStyle(style, styles[style]) for style in numbered), counts,
        {name: _lazy(own, numbered, _by_tabulator(name, listed)) for name, own in parts.items()},
        {name: numbered[every[name]] for name in missing}, sum(missing.values()),
    )  # fmt: skip


def _missing(batches: Sequence[FrameBatch], counts: Mapping[BatchKey, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for batch in batches:
        found[batch.key[0]] += batch.cards - counts.get(batch.key, 0)
    return {name: number for name, number in found.items() if number}


def _by_tabulator(jurisdiction: str, listed: Sequence[FrameBatch]) -> bool:
    """Whether tabulators name batches: not where a manifest lists none."""
    own = [batch for batch in listed if batch.key[0] == jurisdiction]
    return not own or any(batch.key[1] for batch in own)


def _counted(
    part: CardPart, jurisdiction: str, listed: Sequence[FrameBatch], files: Mapping[str, Manifest]
) -> dict[BatchKey, int]:
    """The cards of each batch of a part. Raises RequestError naming batches that its manifest has not."""
    with_tabulator = _by_tabulator(jurisdiction, listed)
    rows = part.cards.group_by("tabulator", "batch").len().collect().iter_rows()
    found: Counter[tuple[str, str]] = Counter()
    for tabulator, batch, cards in rows:
        key = (frames.field_text(tabulator) if with_tabulator else "", frames.field_text(batch))
        found[key] += cards
    if jurisdiction in files:
        keys = {batch.key for batch in listed}
        strange = {key: cards for key, cards in found.items() if (jurisdiction, *key) not in keys}
        sentences = not_in_manifest(files[jurisdiction], strange, part.file)
        if sentences:
            more = (
                f" {len(sentences) - SHOWN:,} more batches are not listed." if len(sentences) > SHOWN else ""
            )
            raise RequestError(" ".join(sentences[:SHOWN]) + more)
    if ("", "") in found or any(not batch for _, batch in found):
        raise RequestError(f"{part.file}: cards without a batch cannot be found again; name their batches.")
    return {(jurisdiction, *key): cards for key, cards in found.items()}


def _require_room(
    counts: Mapping[BatchKey, int], known: Mapping[BatchKey, FrameBatch], files: Mapping[str, Manifest]
) -> None:
    """Raise RequestError where there are more cast vote records than the manifest has cards."""
    over = [key for key, cards in counts.items() if key in known and cards > known[key].cards]
    if over:
        shown = "; ".join(
            f"{frames.batch_name(key)}: {counts[key]:,} cast vote records, {known[key].cards:,} cards"
            for key in over[:SHOWN]
        )
        more = f", and {len(over) - SHOWN:,} more batches" if len(over) > SHOWN else ""
        raise RequestError(f"{shown}{more}. There cannot be more records than cards: find out which count is "
                           "wrong before anything is drawn.")  # fmt: skip


# ---- styles


def _names(part: CardPart) -> list[str]:
    return [" ".join(frames.field_text(" ".join(each.name.split())).split()) for each in part.contests]


def _all_contests(parts: Sequence[CardPart]) -> Contests:
    return tuple(sorted({name for part in parts for name in _names(part)}))


def _masks(part: CardPart) -> list[pl.Expr]:
    """Which contests are on a card, as bits of whole numbers."""
    places = range(len(part.contests))
    groups = [places[start : start + BITS] for start in range(0, len(places), BITS)]
    return [
        pl.sum_horizontal(
            pl.col(column(place)).is_not_null().cast(pl.Int64) * (1 << bit) for bit, place in enumerate(group)
        ).alias(f"mask{number}")
        for number, group in enumerate(groups)
    ] or [pl.lit(0, dtype=pl.Int64).alias("mask0")]


def _masks_of(part: CardPart) -> Iterator[tuple[tuple[int, ...], Contests, int]]:
    """Each pattern of contests on a part's cards: its numbers, the contests by name, the cards."""
    names = _names(part)
    found = part.cards.select(ROW, *_masks(part)).drop(ROW)
    for *masks, cards in found.group_by(pl.all()).len().collect().iter_rows():
        contests = {
            names[number * BITS + bit]
            for number, mask in enumerate(masks)
            for bit in range(BITS)
            if mask >> bit & 1
        }
        yield tuple(masks), tuple(sorted(contests)), cards


def _styles(parts: Mapping[str, tuple[CardPart, ...]]) -> Counter[Contests]:
    found: Counter[Contests] = Counter()
    for own in parts.values():
        for part in own:
            for _, contests, cards in _masks_of(part):
                found[contests] += cards
    return found


def _lazy(parts: Sequence[CardPart], styles: Mapping[Contests, int], with_tabulator: bool) -> pl.LazyFrame:
    """The cards of a jurisdiction: batch, names, place in the source, number of the style."""
    return pl.concat([_with_styles(part, styles, with_tabulator) for part in parts])


def _with_styles(part: CardPart, styles: Mapping[Contests, int], with_tabulator: bool) -> pl.LazyFrame:
    masks = _masks(part)
    words = [f"mask{number}" for number in range(len(masks))]
    rows = [(*numbers, styles[contests]) for numbers, contests, _ in _masks_of(part)]
    numbers = pl.LazyFrame(rows, schema=dict.fromkeys([*words, "style_number"], pl.Int64), orient="row")
    tabulator = _plain("tabulator") if with_tabulator else pl.lit("").alias("tabulator")
    cards = part.cards.select(ROW, tabulator, _plain("batch"), *map(_plain, NAMES), *masks)
    return cards.join(numbers, on=words, how="left", maintain_order="left").drop(words)


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.normalize("NFC").str.strip_chars().alias(name)


# ---- lines


def blocks(found: Joined, batches: Sequence[FrameBatch], order: Order) -> Iterator[bytes]:
    """The lines of a frame's cards, a group of batches at a time."""
    for group in _groups(batches):
        table = _group_lines(found, group, order)
        yield (table.str.join("\n").item() + "\n").encode()


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


def _group_lines(found: Joined, group: Sequence[FrameBatch], order: Order) -> pl.Series:
    jurisdiction = group[0].key[0]
    ranks = pl.DataFrame(
        [(*batch.key[1:], rank, frames.batch_prefix(batch.key)) for rank, batch in enumerate(group)],
        schema={"tabulator": pl.String, "batch": pl.String, "rank": pl.Int64, "prefix": pl.String},
        orient="row",
    )
    cards = _named(found, jurisdiction, group, ranks)
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
    lines = pl.concat_str(pl.col("style_number").cast(pl.String), pl.lit(","), pl.col("prefix"), quoted)
    return cards.join(ranks.select("rank", "prefix"), on="rank", how="left", maintain_order="left").select(
        lines.alias("line")
    )["line"]


def _named(
    found: Joined, jurisdiction: str, group: Sequence[FrameBatch], ranks: pl.DataFrame
) -> pl.DataFrame:
    """Rank of the batch, style and name of each card: its imprint where all of the batch have their own."""
    schema = {"rank": pl.Int64, "style_number": pl.Int64, "name": pl.String}
    if jurisdiction not in found.cards:
        return pl.DataFrame(schema=schema)
    keys = ranks.lazy().select("tabulator", "batch", "rank")
    cards = found.cards[jurisdiction].join(keys, on=["tabulator", "batch"], maintain_order="left").collect()
    usable = [
        ((pl.col(name) != "").all() & (pl.col(name).n_unique() == pl.len())).over("rank").alias(f"by_{name}")
        for name in NAMES
    ]
    cards = cards.with_columns(usable)
    chosen = pl.coalesce(pl.when(pl.col(f"by_{name}")).then(pl.col(name)) for name in NAMES)
    cards = cards.with_columns(chosen.alias("name"))
    _require_names(cards, group)
    return cards.select(*schema)


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
    """The cards of the manifest beyond the records: free positions where records are positions."""
    rows: list[tuple[int, int, str]] = []
    for rank, batch in enumerate(group):
        short = batch.cards - found.counts.get(batch.key, 0)
        if short:
            taken = set(cards.filter(pl.col("rank") == rank)["name"])
            style = found.unlisted_style[batch.key[0]]
            rows += [(rank, style, name) for name in _free(taken, batch.cards, short)]
    return pl.DataFrame(rows, schema=cards.schema, orient="row")


def _free(taken: set[str], cards: int, short: int) -> list[str]:
    positions = [str(place) for place in range(1, cards + 1)]
    if taken <= set(positions):
        return [place for place in positions if place not in taken]
    return [name for number in range(1, cards + short + 1) if (name := f"{UNLISTED}{number}") not in taken][
        :short
    ]
