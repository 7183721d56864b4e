"""What is odd about a file of cards that can be read: tests, repeats, spoiled cells, garbled names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from tallyproof.election.card_part import ROW, column
from tallyproof.election.cast_vote_record import CardContest
from tallyproof.election.evidence import Remark
from tallyproof.formats.cards.garbled import Garbled, garbled, sentence
from tallyproof.formats.cards.importer import CardChunk, CardFile
from tallyproof.formats.cards.repeats import Repeats
from tallyproof.formats.cards.spoiled import Spoiled
from tallyproof.formats.intake import Document

_TEST = re.compile(
    r"(?<![a-z])(?:tests?|testing|mock election|l ?& ?a|logic (?:and|&) accuracy)(?![a-z])|\b(?-i:LAT)\b",
    re.IGNORECASE,
)


def is_test(name: str) -> bool:
    """Whether an election or a counting group is named as a test: "TEST", "Test Mode", "L&A"."""
    return bool(_TEST.search(re.sub(r"[\s_-]+", " ", name)))


def watched(document: Document, reading: CardFile) -> CardFile:
    """The same file; when its last card was read, its remarks say what is odd about the whole."""
    remarks: list[Remark] = []
    return replace(reading, chunks=_watch(document, reading, remarks), remarks=remarks)


@dataclass(slots=True)
class _Seen:
    """What was noticed so far: choices looked at in each contest, names, cells, cards of test modes."""

    choices: list[int] = field(default_factory=list)
    garbled: list[Garbled] = field(default_factory=list)
    spoiled: Spoiled = field(default_factory=Spoiled)
    tests: dict[str, tuple[int, int]] = field(default_factory=dict)
    repeats: Repeats = field(default_factory=Repeats)
    cards: int = 0
    rejected: int = 0


def _watch(document: Document, reading: CardFile, remarks: list[Remark]) -> Iterator[CardChunk]:
    seen = _Seen()
    for chunk in reading.chunks:
        _look_at_names(reading, chunk.cards, seen)
        seen.spoiled.take(chunk.cards)
        _look_at_modes(chunk.cards, seen)
        seen.repeats.take(chunk.cards)
        seen.cards += chunk.cards.height
        seen.rejected += len(chunk.rejections)
        yield chunk
    _look_at_names(reading, None, seen)
    remarks.extend(reading.remarks)
    remarks.extend(_remarks(document, reading, seen))


def _look_at_names(reading: CardFile, cards: pl.DataFrame | None, seen: _Seen) -> None:
    """Names that were not there before: a few letters of each contest and choice, once."""
    for place, contest in enumerate(reading.contests):
        if place == len(seen.choices):
            seen.choices.append(0)
            seen.garbled += filter(None, [garbled("contest", contest.name, reading.named_in.get("contests"))])
        for choice in range(seen.choices[place], len(contest.choices)):
            what = f"choice of {contest.name}"
            if found := garbled(what, contest.choices[choice], reading.named_in.get("choices")):
                row = found.row if found.row is not None else _first_row(cards, place, contest, choice)
                seen.garbled.append(replace(found, row=row))
        seen.choices[place] = len(contest.choices)


def _first_row(cards: pl.DataFrame | None, place: int, contest: CardContest, choice: int) -> int | None:
    """The first of these cards that bears the choice."""
    if cards is None or column(place) not in cards:
        return None
    codes = [code for marks, code in contest.codes.items() if any(choice in rank for rank in marks.ranks)]
    rows = cards.filter(pl.col(column(place)).is_in(codes))[ROW]
    return int(rows[0]) if rows.len() else None


def _look_at_modes(cards: pl.DataFrame, seen: _Seen) -> None:
    grouped = cards.group_by("mode").agg(pl.len(), pl.col(ROW).min()).sort(ROW)
    for mode, number, row in grouped.iter_rows():
        if mode and is_test(mode):
            before, first = seen.tests.get(mode, (0, row))
            seen.tests[mode] = (before + number, first)


def _remarks(document: Document, reading: CardFile, seen: _Seen) -> Iterator[Remark]:
    name = document.name
    if is_test(reading.election):
        text = (f"the election is named '{reading.election}': these may be cards of a test. They are kept; "
                "look whether this is the export of the election itself")  # fmt: skip
        yield Remark(name, "test data", text, reading.named_in.get("election"))
    for mode, (cards, row) in seen.tests.items():
        several = "1 card has" if cards == 1 else f"{cards:,} cards have"
        text = (f"{several} the counting group '{mode}', which names a test; none is left out. Export the "
                "file again without that group")  # fmt: skip
        yield Remark(name, "test data", text, row)
    for row, text in seen.spoiled.sentences():
        yield Remark(name, "spoiled cells", text, row)
    if repeated := seen.repeats.remark(name):
        yield repeated
    if not seen.cards:
        why = "every row is rejected" if seen.rejected else "nothing stands below its header"
        yield Remark(name, "no cards", f"holds no cards: {why}. Look whether the export is complete")
    if seen.garbled:
        yield Remark(name, "encoding", sentence(seen.garbled, document), seen.garbled[0].row)
