"""Lists of contests as CSV or Excel: Arlo's standardized contests, and contests by county."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tallyproof.election.standard_names import (
    NamedContest,
    StandardChoice,
    StandardContest,
    StandardNames,
    one_line,
)
from tallyproof.errors import UnreadableError
from tallyproof.formats import tables
from tallyproof.formats.intake import Document, documents
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.name_keys import stated_votes

HEAD = 10
MOST_ROWS = 1_000_000
_CONTEST = ("contestname", "contest", "contesttitle")
_PLACES = ("jurisdictions",)
_COUNTY = ("countyname", "county", "jurisdiction", "jurisdictionname")
_CHOICES = ("choicenames", "contestchoices", "choices")
_CHOICE = ("choice", "choicename")
_VOTES = ("votefor", "votesallowed")
Columns = dict[str, int]


def read_arlo(path: Path, encoding: str = "") -> StandardNames:
    """The contests of Arlo's ``standardized_contests.csv``: name, jurisdictions or "all", choices if given.

    A note such as "(Vote For=2)" is taken out of the name. Raises UnreadableError with the row at fault.
    """
    with documents([path], encoding) as found:
        document = _one(found, path)
        first, rows = _rows(
            document, {"contest": _CONTEST, "places": _PLACES, "choices": _CHOICES}, ("contest", "places")
        )
        contests: dict[str, StandardContest] = {}
        seen: dict[str, int] = {}
        for number, cells in rows:
            contest = _standard(document.name, number, cells, first)
            if contest.name in seen:
                reason = f"'{contest.name}' stands already in row {seen[contest.name]:,}"
                raise UnreadableError(document.name, reason, row=number, remedy="Keep one of the two rows")
            seen[contest.name], contests[contest.name] = number, contest
        return StandardNames(tuple(contests.values()))


def _standard(file: str, number: int, cells: Sequence[str], columns: Columns) -> StandardContest:
    name, votes = stated_votes(cells[columns["contest"]])
    listed = one_line(cells[columns["places"]])
    if not name or not listed:
        reason = "names no contest" if not name else f"says no jurisdictions for '{name}'"
        raise UnreadableError(
            file, reason, row=number, remedy='Write the jurisdictions with commas, or "all"'
        )
    places = () if listed.casefold() == "all" else _parts(listed, ",")
    choices = _parts(cells[columns["choices"]], ";") if "choices" in columns else ()
    return StandardContest(name, votes, places, (), tuple(StandardChoice(each) for each in choices))


def read_contests(path: Path, encoding: str = "") -> tuple[NamedContest, ...]:
    """The contests of a table with a column of counties and one of contests, such as Colorado publishes.

    Choices may stand in one cell with commas, or one in each row. Raises UnreadableError.
    """
    wanted = {"place": _COUNTY, "contest": _CONTEST, "choices": _CHOICES, "choice": _CHOICE, "votes": _VOTES}
    with documents([path], encoding) as found:
        document = _one(found, path)
        columns, rows = _rows(document, wanted, ("place", "contest"))
        choices: dict[tuple[str, str, int | None], dict[str, None]] = {}
        for _, cells in rows:
            name = one_line(cells[columns["contest"]])
            votes = stated_votes(name)[1]
            place, stated = one_line(cells[columns["place"]]), _cell(cells, columns, "votes")
            if name and place:
                votes = int(stated) if re.fullmatch(r"[1-9]\d{0,2}", stated) else votes
                listed = choices.setdefault((place, name, votes), {})
                listed |= dict.fromkeys(_parts(_cell(cells, columns, "choices"), ","))
                listed |= dict.fromkeys(_parts(_cell(cells, columns, "choice"), "\0"))
        return tuple(
            NamedContest(place, document.name, name, tuple(listed), votes)
            for (place, name, votes), listed in choices.items()
        )


def _one(found: Sequence[Document], path: Path) -> Document:
    if len(found) != 1 or found[0].kind not in TABLES:
        raise UnreadableError(path.name, "is no table", remedy="Give one CSV or Excel file")
    return found[0]


def _rows(
    document: Document, wanted: dict[str, tuple[str, ...]], needed: Sequence[str]
) -> tuple[Columns, list[tuple[int, list[str]]]]:
    """The columns by what they mean, and the rows below the header that are not empty.

    Short rows are filled up: nothing in these lists is a number that could shift.
    """
    head = [_columns(cells, wanted) for cells in tables.head(document, HEAD)]
    first = next((place for place, columns in enumerate(head) if set(needed) <= set(columns)), None)
    if first is None:
        remedy = "Name the columns Contest Name and Jurisdictions, or CountyName and ContestName"
        raise UnreadableError(
            document.name, "has no column of contests and jurisdictions", row=1, remedy=remedy
        )
    rows = tables.head(document, MOST_ROWS)
    if len(rows) >= MOST_ROWS:
        reason = f"has {MOST_ROWS:,} rows or more"
        raise UnreadableError(document.name, reason, remedy="Give a list of contests")
    width = len(rows[first])
    below = enumerate(rows[first + 1 :], first + 2)
    return head[first], [(place, [*row, *[""] * (width - len(row))]) for place, row in below if any(row)]


def _columns(cells: Sequence[str], wanted: dict[str, tuple[str, ...]]) -> Columns:
    plain = [re.sub(r"[^a-z]", "", cell.casefold()) for cell in cells]
    found = {
        key: next((plain.index(name) for name in names if name in plain), -1) for key, names in wanted.items()
    }
    return {key: place for key, place in found.items() if place >= 0}


def _cell(cells: Sequence[str], columns: Columns, key: str) -> str:
    return one_line(cells[columns[key]]) if key in columns else ""


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(separator) if (part := one_line(each)))
