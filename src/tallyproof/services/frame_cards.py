"""Cast vote records beside their manifests: which cards there are, by which name, of which style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from tallyproof.election.ballot_manifest import Manifest, not_in_manifest
from tallyproof.election.card_part import ROW, CardPart, column
from tallyproof.errors import RequestError
from tallyproof.formats.spreadsheet_cells import DATE, SPOILED
from tallyproof.sampling import frame as frames
from tallyproof.sampling.frame import BatchKey, CardStyle, FrameBatch
from tallyproof.services.pool_sources import Unmatched

SHOWN = 5
BITS = 60
NAMES = ("imprint", "record", "card")
"""What names a card in its batch, the best first."""

STYLE = "style_number"
WAS_SPOILED = "was_spoiled"
"""Whether a spreadsheet program changed the imprint, so that the card goes by another name."""

UNMATCHED = -1
"""In place of a style: the record of a card that nobody can match to paper, which names none."""

BETWEEN = "\x1f"
"""A control sign, which no name in a frame holds."""

Contests = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pools:
    """Cards without a record of their own, as a frame names places: what the cards of each pool may bear.

    ``batches`` gives the contests of each batch's pool of ``unmatched`` records, ``withheld`` by jurisdiction
    those of cards whose rows withhold their votes, ``voted`` those of cards of which nothing is known.
    """

    unmatched: Unmatched = field(default_factory=Unmatched)
    batches: Mapping[BatchKey, Contests] = field(default_factory=dict)
    withheld: Mapping[str, Contests] = field(default_factory=dict)
    voted: Mapping[str, Contests] = field(default_factory=dict)


@dataclass(slots=True)
class Joined:
    """All cards of a frame by batch and style; the cards themselves stay where they are.

    ``counts`` gives each batch's cast vote records, ``named`` those of them that can be matched to paper,
    ``cards`` each jurisdiction's with ``ROW``, part, tabulator, batch, ``NAMES``, ``STYLE`` (``UNMATCHED``
    for those that cannot) and ``WAS_SPOILED``. The cards of a batch without a record of their own have the
    batch's ``pool_style``, else ``unlisted_style`` by jurisdiction; ``pooled`` counts the cards known only
    in pools of unmatched or withheld records. ``spoiled`` counts the spoiled imprints once the lines were
    made.
    """

    batches: list[FrameBatch]
    styles: tuple[CardStyle, ...]
    counts: Mapping[BatchKey, int]
    named: Mapping[BatchKey, int]
    cards: Mapping[str, pl.LazyFrame]
    unlisted_style: Mapping[str, int]
    pool_style: Mapping[BatchKey, int]
    unlisted: int
    pooled: int = 0
    spoiled: int = 0

    def records(self, jurisdiction: str) -> int:
        """How many cast vote records a jurisdiction has."""
        return sum(cards for key, cards in self.counts.items() if key[0] == jurisdiction)


def joined(
    listed: Sequence[FrameBatch],
    files: Mapping[str, Manifest],
    parts: Mapping[str, tuple[CardPart, ...]],
    pools: Pools | None = None,
) -> Joined:
    """Hold cast vote records against manifests. Raises RequestError for a batch too large or not listed."""
    told = pools or Pools()
    counts, named = _counts(listed, files, parts, told.unmatched)
    known = {batch.key: batch for batch in listed}
    _require_room(counts, known)
    batches = [*listed, *(FrameBatch(key, number) for key, number in counts.items() if key not in known)]
    patterns = {
        name: [_patterns(part, told.unmatched, told.withheld.get(name, ())) for part in own]
        for name, own in parts.items()
    }
    styles: Counter[Contests] = Counter()
    for each in (each for own in patterns.values() for found in own for each in found):
        styles[each.contests] += each.cards
    withheld = sum(
        each.cards
        for name in told.withheld
        for found in patterns.get(name, ())
        for each in found
        if not any(each.masks)
    )
    in_pools, missing = _without_record(batches, named, told.batches)
    every = _every(parts, missing, told.voted)
    for key, number in in_pools.items():
        styles[told.batches[key]] += number
    for name, number in missing.items():
        styles[every[name]] += number
    number_of = {style: number for number, style in enumerate(sorted(styles))}
    return Joined(
        batches, tuple(CardStyle(style, styles[style]) for style in number_of), counts, named,
        {name: _lazy(own, patterns[name], number_of, told.unmatched, by_tabulator=_by_tabulator(name, listed))
         for name, own in parts.items()},
        {name: number_of[every[name]] for name in missing},
        {key: number_of[told.batches[key]] for key in in_pools},
        sum(missing.values()), sum(in_pools.values()) + withheld,
    )  # fmt: skip


def _counts(
    listed: Sequence[FrameBatch],
    files: Mapping[str, Manifest],
    parts: Mapping[str, tuple[CardPart, ...]],
    unmatched: Unmatched,
) -> tuple[Counter[BatchKey], Counter[BatchKey]]:
    """The records of each batch, and those that can be matched to paper."""
    counts: Counter[BatchKey] = Counter()
    named: Counter[BatchKey] = Counter()
    for jurisdiction, own in parts.items():
        for part in own:
            for key, (cards, matched) in _counted(part, jurisdiction, listed, files, unmatched).items():
                counts[key] += cards
                named[key] += matched
    return counts, named


def _without_record(
    batches: Sequence[FrameBatch], named: Mapping[BatchKey, int], pools: Mapping[BatchKey, Contests]
) -> tuple[dict[BatchKey, int], dict[str, int]]:
    """Cards without a record of their own: of each batch with a pool, and others by jurisdiction."""
    in_pools: dict[BatchKey, int] = {}
    missing: Counter[str] = Counter()
    for batch in batches:
        number = batch.cards - named.get(batch.key, 0)
        if number and batch.key in pools:
            in_pools[batch.key] = number
        elif number:
            missing[batch.key[0]] += number
    return in_pools, dict(missing)


def _every(
    parts: Mapping[str, tuple[CardPart, ...]],
    names: Iterable[str],
    voted: Mapping[str, Contests],
) -> dict[str, Contests]:
    """By jurisdiction what a card may bear of which nothing is known; without records all contests."""
    anything = _all_contests([part for own in parts.values() for part in own])
    return {name: voted.get(name, ()) or _all_contests(parts.get(name, ())) or anything for name in names}


def _by_tabulator(jurisdiction: str, listed: Sequence[FrameBatch]) -> bool:
    """Whether tabulators name batches: not where a manifest lists none."""
    own = [batch for batch in listed if batch.key[0] == jurisdiction]
    return not own or any(batch.key[1] for batch in own)


def _counted(
    part: CardPart,
    jurisdiction: str,
    listed: Sequence[FrameBatch],
    files: Mapping[str, Manifest],
    unmatched: Unmatched,
) -> dict[BatchKey, tuple[int, int]]:
    """The cards of each batch of a part, and those that can be matched to paper.

    Raises RequestError naming batches that its manifest has not.
    """
    with_tabulator = _by_tabulator(jurisdiction, listed)
    own = (~unmatched.filter()).sum() if unmatched.any else pl.len()
    grouped = part.cards.group_by("tabulator", "batch").agg(pl.len().alias("cards"), own.alias("matched"))
    found: Counter[tuple[str, str]] = Counter()
    matched: Counter[tuple[str, str]] = Counter()
    for tabulator, batch, cards, number in grouped.collect(engine="streaming").iter_rows():
        key = (frames.field_text(tabulator) if with_tabulator else "", frames.field_text(batch))
        found[key] += cards
        matched[key] += number
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
    return {(jurisdiction, *key): (cards, matched[key]) for key, cards in found.items()}


def _require_room(counts: Mapping[BatchKey, int], known: Mapping[BatchKey, FrameBatch]) -> None:
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


def _lazy(
    parts: Sequence[CardPart],
    patterns: Sequence[Sequence[_Pattern]],
    styles: Mapping[Contests, int],
    unmatched: Unmatched,
    *,
    by_tabulator: bool,
) -> pl.LazyFrame:
    return pl.concat(
        _with_styles(place, part, found, styles, unmatched, by_tabulator=by_tabulator)
        for place, (part, found) in enumerate(zip(parts, patterns, strict=True))
    )


# ---- styles


def contest_name(name: str) -> str:
    """A contest as a frame names it."""
    return " ".join(frames.field_text(" ".join(name.split())).split())


def _names(part: CardPart) -> list[str]:
    return [contest_name(each.name) for each in part.contests]


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


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Contests that stand together on cards of one part: the numbers of ``_masks``, the names, the cards."""

    masks: tuple[int, ...]
    contests: Contests
    cards: int


def _patterns(part: CardPart, unmatched: Unmatched, withheld: Contests) -> list[_Pattern]:
    """The styles of the cards that can be matched; a card without a contest bears those ``withheld``."""
    names = _names(part)
    cards = part.cards.filter(~unmatched.filter()) if unmatched.any else part.cards
    found = cards.select(ROW, *_masks(part)).drop(ROW).group_by(pl.all()).len()
    patterns = []
    for *masks, cards in found.collect(engine="streaming").iter_rows():
        contests = {
            names[number * BITS + bit]
            for number, mask in enumerate(masks)
            for bit in range(BITS)
            if mask >> bit & 1
        }
        patterns.append(_Pattern(tuple(masks), tuple(sorted(contests)) or withheld, cards))
    return patterns


def _with_styles(
    place: int,
    part: CardPart,
    patterns: Sequence[_Pattern],
    styles: Mapping[Contests, int],
    unmatched: Unmatched,
    *,
    by_tabulator: bool,
) -> pl.LazyFrame:
    """A part's cards: batch, names, place in the sources, number of the style."""
    words = pl.concat_str([mask.cast(pl.String) for mask in _masks(part)], separator=BETWEEN)
    known = {BETWEEN.join(map(str, each.masks)): styles[each.contests] for each in patterns}
    if unmatched.any:
        words = pl.when(unmatched.filter()).then(pl.lit("")).otherwise(words)
        known[""] = UNMATCHED
    tabulator = _plain("tabulator") if by_tabulator else pl.lit("").alias("tabulator")
    others = [_plain(name) for name in NAMES if name != "imprint"]
    facts = (tabulator, _plain("batch"), _imprint(), *others, _is_spoiled().alias(WAS_SPOILED))
    return part.cards.select(ROW, pl.lit(place).alias("part"), *facts, numbered(words, known).alias(STYLE))


def _is_spoiled() -> pl.Expr:
    """Whether an imprint looks like a date or a rounded number; 2007-05-01 may be of tabulator 2007."""
    imprint = _plain("imprint")
    of_tabulator = _plain("tabulator").str.strip_chars_start("0") == imprint.str.slice(0, 4)
    return imprint.str.contains(SPOILED) | (imprint.str.contains(DATE) & ~of_tabulator)


def _imprint() -> pl.Expr:
    """The imprint; tabulator, batch and record, as they are printed, where it is spoiled; else empty."""
    whole = [_plain(name) for name in ("tabulator", "batch", "record")]
    is_whole = pl.all_horizontal(part != "" for part in whole)
    instead = pl.when(is_whole).then(pl.concat_str(whole, separator="-")).otherwise(pl.lit(""))
    return pl.when(_is_spoiled()).then(instead).otherwise(_plain("imprint")).alias("imprint")


def numbered(texts: pl.Expr, numbers: Mapping[str, int]) -> pl.Expr:
    """The number of each text, card by card, so that it can be streamed as a join cannot."""
    return texts.replace_strict(list(numbers), list(numbers.values()), return_dtype=pl.Int64)


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.normalize("NFC").str.strip_chars().alias(name)
