"""The .raire text of ranked ballots: contests first, then one line for each ballot in a contest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tallyproof.election.cast_vote_record import CardContest, Marks
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import UnreadableError
from tallyproof.formats.cards.importer import AskedCards, CardChunk, CardFile, CardRow, chunk_of
from tallyproof.formats.importer import Match
from tallyproof.formats.intake import Document

id = "raire"
title = "RAIRE text"

BATCH = 50_000
MOST_CONTESTS = 10_000
BEHIND = frozenset({"winner", "order", "informal"})
"""Words that may stand behind the choices."""


def identify(document: Document, rows: Sequence[Sequence[str]]) -> Match:
    """Whether the first line is a number of contests and the second describes one."""
    if document.kind != "csv" or len(rows) < 2:
        return Match(False)
    first = [cell for cell in rows[0] if cell]
    counts = len(first) == 1 and first[0].isascii() and first[0].isdigit()
    return Match(counts and [cell.strip().casefold() for cell in rows[1][:1]] == ["contest"])


def read(document: Document, asked: AskedCards) -> CardFile:
    """Open a file: the contests are read now, the ballots when they are asked for."""
    lines = _lines(document)
    row, cells = next(lines, (1, [""]))
    if not (cells[0].isascii() and cells[0].isdigit()) or not 0 < int(cells[0]) <= MOST_CONTESTS:
        raise UnreadableError(document.name, "does not begin with the number of contests", row=row,
                              remedy="Give the .raire file itself")  # fmt: skip
    contests: dict[str, int] = {}
    found: list[CardContest] = []
    remarks: list[Remark] = []
    for _ in range(int(cells[0])):
        row, cells = next(lines, (row + 1, [""]))
        contest = _contest(document.name, row, cells)
        if int(cells[2]) != len(contest.choices):
            remarks.append(Remark(document.name, "choices", _miscounted(cells[2], contest), row))
        if contest.name in contests:
            raise UnreadableError(document.name, f"contest {contest.name} is described twice", row=row,
                                  remedy="Give each contest a number of its own")  # fmt: skip
        contests[contest.name] = len(found)
        found.append(contest)
    chunks = _chunks(document.name, lines, contests, found, remarks)
    return CardFile(document.name, "", found, chunks, remarks)


def _lines(document: Document) -> Iterator[tuple[int, list[str]]]:
    with document.path.open(encoding=document.encoding, errors="replace") as stream:
        for row, line in enumerate(stream, 1):
            if line.strip():
                yield row, [cell.strip() for cell in line.split(",")]


def _contest(name: str, row: int, cells: Sequence[str]) -> CardContest:
    """A line such as ``Contest,1,3,11,12,13,winner,12``: number, how many choices, the choices."""
    digits = cells[2] if len(cells) > 2 else ""
    count = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
    ends = (place for place, cell in enumerate(cells) if place > 2 and cell.casefold() in BEHIND)
    choices = [choice for choice in cells[3 : next(ends, len(cells))] if choice]
    # a count one too large stands in published files; the choices themselves decide
    is_told = cells[0].casefold() == "contest" and count > 0 and len(choices) >= count - 1
    if not is_told or not choices or len(set(choices)) < len(choices):
        raise UnreadableError(name, "does not describe a contest: Contest, its number, how many choices, "
                              "the choices", row=row, remedy="Correct the line or export again")  # fmt: skip
    return CardContest(cells[1], choices, 1, len(choices))


def _miscounted(declared: str, contest: CardContest) -> str:
    counts = f"contest {contest.name} declares {declared} choices and lists {len(contest.choices):,}"
    return f"{counts}; those listed are read. Look whether one is missing"


def _chunks(
    name: str,
    lines: Iterator[tuple[int, list[str]]],
    places: dict[str, int],
    contests: Sequence[CardContest],
    remarks: list[Remark],
) -> Iterator[CardChunk]:
    """Ballots in their order: lines of one ballot that follow each other are one card."""
    firsts: dict[tuple[int, str], int] = {}
    again: list[tuple[int, int, str]] = []
    rows: list[CardRow] = []
    rejections: list[Rejection] = []
    for row, cells in lines:
        place = places.get(cells[0], -1)
        ranking, reason = _ranking(cells, contests[place] if place >= 0 else None)
        if reason:
            rejections.append(Rejection(name, row, reason, ",".join(cells)[:200]))
            continue
        if firsts.setdefault((place, cells[1]), row) != row:
            again.append((row, place, cells[1]))
        code = contests[place].code(Marks(tuple((choice,) for choice in ranking) or ((),)))
        last = rows[-1] if rows else None
        if last and last[1]["card"] == cells[1] and place not in last[2]:
            rows[-1] = (last[0], last[1], {**last[2], place: code})
            continue
        if len(rows) >= BATCH:
            yield chunk_of(rows, len(contests), rejections)
            rows, rejections = [], []
        rows.append((row, {"card": cells[1], "imprint": cells[1]}, {place: code}))
    if again:
        remarks.append(_repeated(name, again, firsts, contests))
    yield chunk_of(rows, len(contests), rejections)


def _repeated(
    name: str,
    again: Sequence[tuple[int, int, str]],
    firsts: Mapping[tuple[int, str], int],
    contests: Sequence[CardContest],
) -> Remark:
    row, place, ballot = again[0]
    lines = "1 line gives" if len(again) == 1 else f"{len(again):,} lines give"
    text = (
        f"{lines} a ballot that its contest has already, this one ballot {ballot} of contest "
        f"{contests[place].name} as row {firsts[place, ballot]:,} does. A batch may be exported twice; all "
        "are counted here"
    )
    return Remark(name, "repeated cards", text, row)


def _ranking(cells: Sequence[str], contest: CardContest | None) -> tuple[tuple[int, ...], str]:
    """The choices ranked, by place; or why the line cannot be read."""
    if contest is None:
        return (), f"contest '{cells[0][:40]}' is not described at the top of the file"
    if len(cells) < 2 or not cells[1]:
        return (), "has no ballot number"
    named = [cell for cell in cells[2:] if cell]
    unknown = next((cell for cell in named if cell not in contest.choices), "")
    if unknown:
        return (), f"'{unknown[:40]}' is not a choice of contest {contest.name}"
    return tuple(contest.choices.index(cell) for cell in named), ""
