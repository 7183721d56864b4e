"""Cast vote records and manifests straight from files: tallies, rankings, card styles, faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from tallyproof.audit.irv_rankings import RankingRules, ranking_of
from tallyproof.election import ballot_manifest, card_joins, cast_vote_record
from tallyproof.election.ballot_manifest import BatchKey, BatchTotals, Manifest
from tallyproof.election.card_merging import ContestKey, MergedBooks
from tallyproof.election.card_part import ROW, code_counts, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.standard_names import StandardNames
from tallyproof.errors import RequestError
from tallyproof.formats import manifests
from tallyproof.formats.cards import registry
from tallyproof.formats.cards.importer import AskedCards, CardChunk
from tallyproof.formats.intake import Document, documents
from tallyproof.services.tally_names import under_names, without_effect

MOST_KEPT = 1_000
"""Rejections kept with their text; the others are counted."""

WORD = 60
"""Contests that go into one whole number as bits."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking by names, and how many cards bear it."""

    ranking: tuple[str, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class ContestResult:
    """One contest over all files; ``votes`` of a ranked contest are first preferences.

    ``overvotes`` are cards whose marks count for nobody because there are too many, ``blank`` those without
    a mark, or whose first ranks are empty where the rules then count none; ``undervotes`` counts votes not
    cast, None where that has no meaning or votes per voter are not known.
    """

    name: str
    vote_for: int | None
    ranks: int
    cards: int
    votes: dict[str, int]
    overvotes: int
    blank: int
    undervotes: int | None
    write_ins: int
    rankings: tuple[Ranked, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """Contests that stand together on cards, and how many cards have just these."""

    contests: tuple[str, ...]
    cards: int


@dataclass(frozen=True, slots=True)
class FileCount:
    """One document: what it says it is of, its layout, cards read and rows rejected."""

    file: str
    election: str
    layout: str
    cards: int
    rejected: int


@dataclass(frozen=True, slots=True)
class CardsTally:
    """All that cards say by themselves; ``faults`` are sentences about whole files.

    ``remarks`` tell of contests of one name that several files have, and that may be different ones.
    """

    files: tuple[FileCount, ...]
    contests: tuple[ContestResult, ...]
    styles: tuple[Style, ...]
    rejections: tuple[Rejection, ...]
    faults: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def cards(self) -> int:
        """All cards read."""
        return sum(file.cards for file in self.files)

    @property
    def rejected(self) -> int:
        """All rows rejected."""
        return sum(file.rejected for file in self.files)


@dataclass(slots=True)
class _Sums:
    """What is kept of all cards while they stream by: numbers, never the cards."""

    merged: MergedBooks = field(default_factory=MergedBooks)
    counts: dict[ContestKey, Counter[int]] = field(default_factory=dict)
    styles: Counter[tuple[str, ...]] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def tally_cards(
    paths: Sequence[Path],
    asked: AskedCards | None = None,
    *,
    rules: RankingRules | None = None,
    manifest: Path | None = None,
    names: StandardNames | None = None,
    encoding: str = "",
    told: Callable[[str], None] | None = None,
) -> CardsTally:
    """Count the cards of these files, contests of the same name together.

    Overvotes count for nobody; ``rules`` say how ranked ballots are read. With a manifest, batches that it
    does not list are faults; with standard ``names``, contests and choices go by these, but for names that
    hold in some jurisdictions only, since nobody says of which a file is. Raises UnreadableError for a file
    of which nothing can be read, RequestError for a file given twice, and for names that would make one of
    two that a card bears.
    """
    asked, listed = asked or AskedCards(), read_manifest(manifest) if manifest is not None else None
    sums, files, seen = _Sums(), [], dict[str, str]()
    sums.faults += map(sentence, listed.remarks if listed is not None else ())
    with documents(list(paths), encoding) as found:
        for document in found:
            if document.facts.sha256 in seen:
                raise RequestError(f"{document.name} is the same file as {seen[document.facts.sha256]}. "
                                   "Give each file once.")  # fmt: skip
            seen[document.facts.sha256] = document.name
            files.append(_count_file(document, asked, sums, listed, names, told))
    _say_mixed(files, sums)
    sums.remarks += without_effect(names) if names is not None else ()
    contests = tuple(result_of(book, sums.counts[key], rules or RankingRules())
                     for key, book in sums.merged.books.items())  # fmt: skip
    styles = tuple(Style(names, cards) for names, cards in sorted(sums.styles.items(), key=_by_size))
    return CardsTally(tuple(files), contests, styles, tuple(sums.rejections), tuple(sums.faults),
                      tuple(sums.remarks))  # fmt: skip


def _by_size(style: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -style[1], style[0]


def read_manifest(path: Path, encoding: str = "") -> Manifest:
    """The manifest in this file."""
    with documents([path], encoding) as found:
        return manifests.read_manifest(_only(found, path))


def read_totals(path: Path, encoding: str = "") -> BatchTotals:
    """The totals by batch in this file."""
    with documents([path], encoding) as found:
        return manifests.read_totals(_only(found, path))


def _only(found: Sequence[Document], path: Path) -> Document:
    if len(found) != 1:
        raise RequestError(f"{path.name} holds {len(found)} files. Give the one that is wanted.")
    return found[0]


def _count_file(
    document: Document,
    asked: AskedCards,
    sums: _Sums,
    manifest: Manifest | None,
    names: StandardNames | None,
    told: Callable[[str], None] | None,
) -> FileCount:
    reading = registry.read(document, asked)
    kept: list[pl.DataFrame] = []
    counts: list[Counter[int]] = []
    batches, firsts = Counter[BatchKey](), dict[BatchKey, int]()
    styles = Counter[int]()
    cards = rejected = 0
    for chunk in reading.chunks:
        cards += chunk.cards.height
        rejected += len(chunk.rejections)
        sums.rejections += chunk.rejections[: max(0, MOST_KEPT - len(sums.rejections))]
        counts += (Counter[int]() for _ in range(len(reading.contests) - len(counts)))
        _add_votes(chunk, counts)
        _add_styles(chunk, len(counts), styles)
        _add_batches(chunk, batches, firsts)
        if names is not None:
            kept.append(chunk.cards.select(ROW, pl.selectors.matches(r"^c\d+$")))
        if told is not None:
            told(f"{document.name}: {cards:,} cards")
    contests: Sequence[CardContest] = reading.contests
    if names is not None and kept:
        part = under_names(document.name, contests, kept, names)
        contests, counts, styles = part.contests, [*map(Counter, code_counts(part))], Counter()
        _add_styles(CardChunk(part.cards.collect()), len(contests), styles)
    _merge(document.name, contests, counts, sums)
    sums.styles += _named_styles(contests, styles)
    sums.faults += map(sentence, reading.remarks)
    if manifest is not None:
        sums.faults += ballot_manifest.not_in_manifest(manifest, batches, document.name, firsts)
    return FileCount(document.name, reading.election, reading.layout, cards, rejected)


def sentence(remark: Remark) -> str:
    """The remark with its file and row."""
    place = f", row {remark.row:,}" if remark.row is not None else ""
    return f"{remark.file}{place}: {remark.text}."


def _add_votes(chunk: CardChunk, counts: Sequence[Counter[int]]) -> None:
    for place, counter in enumerate(counts):
        if (name := column(place)) in chunk.cards:
            counter.update(dict(chunk.cards[name].drop_nulls().value_counts().iter_rows()))


def _add_styles(chunk: CardChunk, contests: int, styles: Counter[int]) -> None:
    """Count the cards of each set of contests, the contests as bits of a whole number by their place."""
    places = [place for place in range(contests) if column(place) in chunk.cards]
    words = [[place for place in places if place // WORD == word] for word in range(contests // WORD + 1)]
    masks = chunk.cards.select(
        (pl.col(ROW) * 0).cast(pl.Int64).alias("none"),
        *(
            pl.sum_horizontal(
                pl.col(column(place)).is_not_null().cast(pl.Int64) * (1 << place % WORD) for place in group
            ).alias(f"m{word}")
            for word, group in enumerate(words)
            if group
        ),
    )
    given = [word for word, group in enumerate(words) if group]
    for _, *bits, cards in masks.group_by(masks.columns).len().iter_rows():
        styles[sum(mask << word * WORD for word, mask in zip(given, bits, strict=True))] += cards


def _named_styles(contests: Sequence[CardContest], styles: Mapping[int, int]) -> Counter[tuple[str, ...]]:
    named = Counter[tuple[str, ...]]()
    for mask, cards in styles.items():
        named[tuple(each.name for place, each in enumerate(contests) if mask >> place & 1)] += cards
    return named


def _add_batches(chunk: CardChunk, batches: Counter[BatchKey], firsts: dict[BatchKey, int]) -> None:
    """Count the cards of each batch, and keep the row of its first."""
    grouped = chunk.cards.group_by("tabulator", "batch").agg(pl.len(), pl.col(ROW).min())
    for tabulator, batch, cards, row in grouped.iter_rows():
        batches[tabulator, batch] += cards
        firsts.setdefault((tabulator, batch), row)


def _say_mixed(files: Sequence[FileCount], sums: _Sums) -> None:
    elections = list(dict.fromkeys(file.election for file in files if file.election))
    if len(elections) > 1:
        shown = "; ".join(elections[:5])
        sums.faults.append(
            f"The files name {len(elections)} elections: {shown}. Look whether all belong here."
        )
    sums.faults += [*differing(sums.merged), *apart(sums.merged)]
    sums.remarks += joined(sums.merged)


def differing(merged: MergedBooks) -> list[str]:
    """A sentence for each contest that documents describe differently."""
    times = Counter(name for name, _, _ in merged.books)
    return [
        f"{name}: the files differ in votes per voter or ranks, so it stands {times[name]} times."
        for name in merged.twice
    ]


def apart(merged: MergedBooks) -> list[str]:
    """A sentence for each contest whose places have no choice in common that names anybody."""
    joins = filter(None, map(merged.join, merged.books))
    return [f"{join.contest}: {card_joins.sentence(join)}" for join in joins if join.is_apart]


def joined(merged: MergedBooks) -> list[str]:
    """A sentence for each other contest of several places that may be different ones."""
    joins = [join for join in map(merged.join, merged.books) if join is not None and not join.is_apart]
    told = [(join.contest, card_joins.sentence(join)) for join in joins]
    return [f"{name}: {said}" for name, said in told if said]


def _merge(place: str, contests: Sequence[CardContest], counts: Sequence[Counter[int]], sums: _Sums) -> None:
    """Add a file's contests to those of the same name, votes per voter and kind; choices go by name."""
    for contest, found in zip(contests, counts, strict=False):
        key, moved = sums.merged.counted(contest, found, place)
        sums.counts.setdefault(key, Counter()).update(moved)


def result_of(contest: CardContest, counts: Mapping[int, int], rules: RankingRules) -> ContestResult:
    """A contest's result from the number of cards that bear each code of its book."""
    if contest.ranks:
        return _ranked_result(contest, counts, rules)
    tally = cast_vote_record.tally(contest, counts)
    return ContestResult(
        contest.name, contest.vote_for, 0, tally.cards, dict(tally.votes), tally.overvotes, tally.blank,
        tally.undervotes, tally.write_ins,
    )  # fmt: skip


def _ranked_result(contest: CardContest, counts: Mapping[int, int], rules: RankingRules) -> ContestResult:
    rankings: Counter[tuple[int, ...]] = Counter()
    overvotes = blank = 0
    for marks, cards in cast_vote_record.counted(contest, counts):
        ranking = () if marks.overvoted else ranking_of(marks.ranks, rules)
        rankings[ranking] += cards
        first = next((rank for rank in marks.ranks if rank), ())
        overvotes += cards if marks.overvoted or (len(first) > 1 and not ranking) else 0
        blank += cards if not ranking and len(first) < 2 and not marks.overvoted else 0
    votes = dict.fromkeys(contest.choices, 0)
    for ranking, cards in rankings.items():
        if ranking:
            votes[contest.choices[ranking[0]]] += cards
    named = tuple(
        Ranked(tuple(contest.choices[place] for place in ranking), cards)
        for ranking, cards in sorted(rankings.items(), key=lambda each: (-each[1], each[0]))
        if ranking
    )
    write_ins = sum(votes[name] for name in contest.write_ins)
    return ContestResult(
        contest.name, contest.vote_for, contest.ranks, sum(rankings.values()), votes, overvotes, blank, None,
        write_ins, named,
    )  # fmt: skip
