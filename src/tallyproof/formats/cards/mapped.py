"""Any CSV of cards, read as a small mapping in TOML says."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from tallyproof.election.card_part import FACTS
from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.evidence import Rejection
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import tables
from tallyproof.formats.cards import blocks
from tallyproof.formats.cards.importer import AskedCards, CardChunk, CardFile, CardRow, chunk_of
from tallyproof.formats.importer import Match
from tallyproof.formats.intake import Document

id = "mapped-cards"
title = "CSV by a mapping"

BATCH = 50_000
Row = tuple[int, list[str], str]
"""A line: its number in rows, its cells, and why it cannot be split, else empty."""
MARKED, UNMARKED = frozenset({"1", "x", "yes", "true"}), frozenset({"0", "no", "false"})


class MappedContest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contest: where its votes stand.

    ``choices`` gives each choice its own column of marks. Else ``columns`` hold names of choices: of a
    ranked contest one column for each rank, of others one for each vote. ``separator`` parts several names
    in one cell. ``overvote``, ``undervote`` and ``absent`` are the words for those; an empty cell is an
    undervote where ``empty`` says so, else a contest that is not on the card.
    """

    name: str
    columns: tuple[str, ...] = ()
    choices: dict[str, str] = msgspec.field(default_factory=dict)
    vote_for: Annotated[int, Meta(ge=1, le=1_000)] | None = 1
    ranked: bool = False
    separator: str = ""
    overvote: tuple[str, ...] = ("overvote",)
    undervote: tuple[str, ...] = ("undervote",)
    absent: tuple[str, ...] = ()
    empty: str = "absent"


class CardMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The header's row, the column of each fact, and the contests."""

    contest: Annotated[tuple[MappedContest, ...], Meta(min_length=1)]
    header_row: Annotated[int, Meta(ge=1, le=1_000)] = 1
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    election: str = ""


def identify(document: Document, rows: Sequence[Sequence[str]]) -> Match:
    """Never by itself: a mapping must be given."""
    return Match(False)


def parse(text: str, name: str = "the mapping") -> CardMapping:
    """The mapping in this TOML; raises RequestError with what is wrong."""
    try:
        mapping = msgspec.convert(tomllib.loads(text), CardMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as fault:
        raise RequestError(f"{name}: {fault}. See the page on cast vote records by a mapping.") from None
    unknown = next((fact for fact in mapping.facts if fact not in FACTS), "")
    if unknown:
        raise RequestError(f"{name}: '{unknown}' is not a fact of a card. There are: {', '.join(FACTS)}.")
    names = [contest.name for contest in mapping.contest]
    for contest in mapping.contest:
        if bool(contest.columns) == bool(contest.choices):
            raise RequestError(f"{name}: {contest.name}: give either columns or choices.")
        if contest.ranked and contest.choices:
            raise RequestError(f"{name}: {contest.name}: a ranked contest needs columns, one for each rank.")
        if contest.empty not in {"absent", "undervote"}:
            raise RequestError(f"{name}: {contest.name}: empty must be 'absent' or 'undervote'.")
        if names.count(contest.name) > 1:
            raise RequestError(f"{name}: the contest {contest.name} stands twice.")
    return mapping


def read(document: Document, asked: AskedCards) -> CardFile:
    """Open a CSV file as the mapping says; raises RequestError for columns that it does not have."""
    if not asked.mapping:
        raise RequestError("This layout needs a mapping: give it with --mapping FILE.")
    if document.kind != "csv":
        raise UnreadableError(document.name, "is not CSV", remedy="Save the sheet as CSV UTF-8")
    mapping = parse(asked.mapping, asked.mapping_name or "the mapping")
    sign = tables.delimiter(document)
    lines = _lines(document)
    header = _header(document.name, lines, sign, mapping.header_row)
    places = _places(document.name, mapping, header)
    contests = [
        CardContest(each.name, list(each.choices), each.vote_for, len(each.columns) if each.ranked else 0)
        for each in mapping.contest
    ]
    return CardFile(document.name, mapping.election, contests,
                    _chunks(document.name, _rows(lines, sign, mapping), mapping, places, contests,
                            len(header)))  # fmt: skip


def _lines(document: Document) -> Iterator[str]:
    for block in blocks.blocks(document.path, document.name, document.encoding, 4 << 20):
        yield from blocks.lines(block)


def _header(name: str, lines: Iterator[str], sign: str, row: int) -> list[str]:
    """The row that names the columns, taken from the lines; a name may hold line ends."""
    csv.field_size_limit(1 << 20)
    remedy = "Export it again, or close the quotation mark"
    try:
        header = next(islice(csv.reader(lines, delimiter=sign), row - 1, None), [])
    except csv.Error as fault:
        reason = f"the header cannot be split into cells ({fault})"
        raise UnreadableError(name, reason, row=row, remedy=remedy) from None
    if blocks.swallows(header, sign):
        reason = "a quotation mark is opened and not closed in the row that names the columns"
        raise UnreadableError(name, reason, row=row, remedy=remedy)
    return [cell.strip() for cell in header]


def _rows(lines: Iterator[str], sign: str, mapping: CardMapping) -> Iterator[Row]:
    """Each line below the header by itself, however its quotation marks stand."""
    for number, line in enumerate(lines, mapping.header_row + 1):
        cells, reason = blocks.split(line, sign)
        yield number, [cell.strip() for cell in cells] or [line.strip()], reason


def _places(name: str, mapping: CardMapping, header: Sequence[str]) -> dict[str, int]:
    wanted = [*mapping.facts.values()]
    for contest in mapping.contest:
        wanted += [*contest.columns, *contest.choices.values()]
    for text in wanted:
        if text not in header:
            near = _near(text, header)
            raise RequestError(f"{name}: row {mapping.header_row} has no column '{text}'.{near} "
                               "Correct the mapping or its header_row.")  # fmt: skip
        if header.count(text) > 1:
            raise RequestError(f"{name}: the column '{text}' stands twice; give each column its own name.")
    return {text: header.index(text) for text in wanted}


def _near(text: str, names: Sequence[str]) -> str:
    import difflib

    found = difflib.get_close_matches(text, names, 1)
    return f" The closest is '{found[0]}'." if found else ""


def _chunks(
    name: str,
    rows: Iterator[Row],
    mapping: CardMapping,
    places: Mapping[str, int],
    contests: Sequence[CardContest],
    width: int,
) -> Iterator[CardChunk]:
    kept: list[CardRow] = []
    rejections: list[Rejection] = []
    for number, cells, reason in rows:
        if not any(cells):
            continue
        if not reason and (len(cells) > BATCH or len(cells) < width or any(cells[width:])):
            reason = f"has {len(cells)} cells where the header has {width}; one is missing or too many"
        found = dict[int, int]()
        if not reason:
            found, reason = _votes(mapping, contests, places, cells)
        if reason:
            rejections.append(Rejection(name, number, reason, ",".join(cells)[:200]))
            continue
        known = {fact: cells[places[text]] for fact, text in mapping.facts.items()}
        kept.append((number, known, found))
        if len(kept) >= BATCH:
            yield chunk_of(kept, len(contests), rejections)
            kept, rejections = [], []
    yield chunk_of(kept, len(contests), rejections)


def _votes(
    mapping: CardMapping, contests: Sequence[CardContest], places: Mapping[str, int], cells: Sequence[str]
) -> tuple[dict[int, int], str]:
    """The code of each contest on the card; or why the row cannot be read."""
    found: dict[int, int] = {}
    for place, (told, contest) in enumerate(zip(mapping.contest, contests, strict=True)):
        if told.choices:
            texts = [cells[places[text]] for text in told.choices.values()]
            marks = _marks_of_columns(texts)
            if isinstance(marks, str):
                return {}, f"'{marks[:40]}' stands for a choice of {told.name}, where 1, 0 or nothing belongs"
        else:
            marks = _marks_of_names(told, contest, [cells[places[text]] for text in told.columns])
        if marks is not None:
            found[place] = contest.code(marks)
    return found, ""


def _marks_of_columns(texts: Sequence[str]) -> Marks | str | None:
    """The marks; the text that is none; or None where all cells are empty."""
    wrong = next((text for text in texts if text and text.casefold() not in MARKED | UNMARKED), "")
    if wrong:
        return wrong
    if not any(texts):
        return None
    return Marks((tuple(place for place, text in enumerate(texts) if text.casefold() in MARKED),))


def _marks_of_names(told: MappedContest, contest: CardContest, texts: Sequence[str]) -> Marks | None:
    """The marks that cells with names of choices stand for; None where the contest is not on the card."""
    if any(text and text in told.absent for text in texts):
        return None
    if not any(texts) and told.empty == "absent":
        return None
    overvotes, blanks = (
        {text.casefold() for text in words} for words in (told.overvote, (*told.undervote, ""))
    )
    ranks, overvoted = [], False
    for text in texts:
        names = [part.strip() for part in text.split(told.separator)] if told.separator else [text]
        overvoted = overvoted or any(each.casefold() in overvotes for each in names)
        named = [each for each in names if each.casefold() not in overvotes | blanks]
        ranks.append(tuple(dict.fromkeys(contest.choice(each) for each in named)))
    if contest.ranks:
        return Marks(tuple(ranks), overvoted)
    return Marks((tuple(dict.fromkeys(choice for rank in ranks for choice in rank)),), overvoted)
