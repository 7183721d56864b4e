"""A drafted mapping as TOML text, with what it is unsure of said in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from tallyproof.election.contest import SINGLE_SEAT, office
from tallyproof.election.jurisdiction import FIPS, STATES
from tallyproof.formats import guesses, places
from tallyproof.formats.guesses import Choice, Group
from tallyproof.formats.intake import Document
from tallyproof.formats.layout import UNNAMED
from tallyproof.formats.places import Places
from tallyproof.formats.shape import Shape

_OFFICES = SINGLE_SEAT | {"State Senate", "State House"}
_NOT_SURE = "unsure: "


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything found in a table that a mapping can say.

    ``long`` are the text columns of office, choice, party, district and mode; ``others`` further groups
    of votes that the table holds beside ``group``.
    """

    shape: Shape
    places: Places
    long: dict[str, str]
    votes: str
    modes: dict[str, str]
    group: Group | None
    others: tuple[Group, ...]
    choices: tuple[Choice, ...]
    counts: tuple[Choice, ...]


def written(document: Document, draft: Draft) -> str:
    """The draft as a mapping file's text."""
    toml = tomlkit.document()
    for line in _opening(document, draft):
        toml.add(tomlkit.comment(line))
    toml.add(tomlkit.nl())
    parts = {
        "table": _table(draft), "columns": _columns(draft), "constants": _constants(document, draft),
        "source": _source(draft),
    }  # fmt: skip
    for name, part in parts.items():
        if part.value.body:
            toml.add(name, part)
    if draft.modes:
        toml.add("modes", tomlkit.item(draft.modes))
    if draft.choices:
        toml.add("choices", _each(_choice_entry(each) for each in draft.choices))
    if draft.counts:
        toml.add("counts", _each(_count_entry(each) for each in draft.counts))
    return tomlkit.dumps(toml).rstrip() + "\n"


def _opening(document: Document, draft: Draft) -> list[str]:
    lines = [
        f"A draft of how to read {document.name}: look through it, above all where it says 'unsure'.",
        "Use it with:  tallyproof import returns FILE --case NAME --mapping THIS_FILE",
    ]
    return [*lines, *_evidence(draft), *_alternatives(draft), *_ways(draft), *_unread(draft)]


def _evidence(draft: Draft) -> list[str]:
    group, rows = draft.group, f"{draft.shape.rows:,}"
    if group is None:
        return [f"The table has {rows} rows."]
    if not group.members:
        return ["No columns of votes were found: the mapping reads ballots and other counts."]
    if group.total is None:
        return [
            _NOT_SURE
            + "no column gives the total of the votes, so the choice of columns could not be tested."
        ]
    told = f"add up to '{group.total.name}' in {group.exact:,} of {group.rows:,} rows with votes"
    if group.exact < group.rows:
        told += f" and make up {group.share:.1%} of it in all"
    return [f"The {len(group.members)} columns under [[choices]] {told}."]


def _alternatives(draft: Draft) -> list[str]:
    lines = []
    mine = draft.group.affix if draft.group else ""
    for group in draft.others:
        names = ", ".join(column.name for column, _ in group.members[:3])
        if group.affix and mine and _stems(group) == _stems(draft.group):
            told = f"The same columns stand there for '{group.affix}'"
            lines.append(f"{told}: to read those, write '{group.affix}' for '{mine}' in every column name.")
        else:
            lines.append(f"Other votes stand in {names} …, which belong to another election or count.")
    return lines


def _stems(group: Group | None) -> set[str]:
    return {stem for _, stem in group.members} if group else set()


def _ways(draft: Draft) -> list[str]:
    if not draft.group or not (names := guesses.ways(draft.shape.columns, draft.group.members)):
        return []
    told = f"Ways of voting stand in {', '.join(names[:3])} …"
    return [
        f'{told}: to read them, add [[choices]] with the same name and a mode, such as mode = "absentee".'
    ]


def _unread(draft: Draft) -> list[str]:
    read = (
        {each.column for each in (*draft.choices, *draft.counts)}
        | set(draft.long.values())
        | set(draft.modes)
    )
    read |= {name for names in draft.places.texts.values() for name in names} | {draft.votes}
    left = [column.name for column in draft.shape.columns if column.name not in read and column.filled]
    if not left:
        return []
    more = f" and {len(left) - 15} more" if len(left) > 15 else ""
    return [f"Not read: {', '.join(left[:15])}{more}."]


def _table(draft: Draft) -> Table:
    table = tomlkit.table()
    shape = draft.shape
    if shape.sheet:
        table.add("sheet", shape.sheet)
    rows = shape.header_rows
    if rows != (1,):
        table.add("header_row", rows[0] if len(rows) == 1 else list(rows))
    if shape.fill_right:
        table.add("fill_right", True)
    if draft.places.fill_down:
        table.add("fill_down", list(draft.places.fill_down))
        table["fill_down"].comment("its blank cells mean the value above")
    if name := draft.places.blank_unit:
        _put(table, "blank_unit", name, _NOT_SURE + "rows without a unit are read as places, not as totals")
    if shared := _shared(draft):
        told = f"{_NOT_SURE}{shared:,} rows share their place with another and are added to it"
        _put(table, "parts", True, told)
    return table


def _shared(draft: Draft) -> int:
    """Rows that share their place with another, where they are too many for slips; 0 otherwise."""
    if draft.votes or draft.modes:
        return 0
    shared = places.shared(draft.shape.columns, draft.places, draft.long.get("office", ""))
    return shared if shared > 0.005 * draft.shape.rows else 0


def _columns(draft: Draft) -> Table:
    table = tomlkit.table()
    for word, names in draft.places.texts.items():
        _put(table, word, names[0] if len(names) == 1 else names, draft.places.doubts.get(word, ""))
    for word, name in draft.long.items():
        _put(table, word, name)
    if draft.votes:
        _put(table, "votes", draft.votes)
    return table


def _put(table: Table, key: str, value: Any, comment: str = "") -> None:
    item = tomlkit.item(value)
    table.add(key, item.comment(comment) if comment else item)


def _constants(document: Document, draft: Draft) -> Table:
    table = tomlkit.table()
    state, why = _state(document, draft.shape)
    if "state" not in draft.places.texts:
        if state:
            _put(table, "state", state, why)
        else:
            table.add(
                tomlkit.comment('state = "…"  nothing in the file names it: write it here, or give --state')
            )
    has_votes = draft.votes or draft.modes or draft.choices
    if has_votes and "office" not in draft.long:
        _put(table, "office", *_office(document, draft.shape))
    return table


def _source(draft: Draft) -> Table:
    table = tomlkit.table()
    if found := _election(draft.shape):
        _put(table, "election", *found)
    return table


def _each(entries: Iterable[Table]) -> AoT:
    array = tomlkit.aot()
    for entry in entries:
        array.append(entry)
    return array


def _choice_entry(choice: Choice) -> Table:
    keys = ("column", "name", "party", "measure", "mode")
    return _entry({key: getattr(choice, key) for key in keys})


def _count_entry(count: Choice) -> Table:
    keys = {"measure": count.measure, "detail": count.name, "mode": count.mode, "of": count.of}
    return _entry({"column": count.column, **keys})


def _entry(keys: dict[str, str]) -> Table:
    table = tomlkit.table()
    for key, value in keys.items():
        if value:
            table.add(key, value)
    return table


# ---- what the file's name and titles say


def _office(document: Document, shape: Shape) -> tuple[str, str]:
    """The contest's office, and where it was found or why not."""
    for title in shape.titles:
        if (read := office(title)).name in _OFFICES:
            name = f"{read.name}, district {read.district}" if read.district else read.name
            return name, f"from the title '{_short(title)}'"
    tokens = _file_words(document)
    for word in (*(" ".join(pair) for pair in pairwise(tokens)), *tokens):
        if (read := office(word)).name in _OFFICES:
            return read.name, "from the file's name"
    return UNNAMED, _NOT_SURE + "nothing in the file names the contest; write it here"


def _file_words(document: Document) -> list[str]:
    return re.findall(r"[A-Za-z]+|\d+", document.file_name.rsplit(".", 1)[0])


def _state(document: Document, shape: Shape) -> tuple[str, str]:
    """The state, by the county codes or the file's name; nothing where neither says it."""
    for column in shape.columns:
        codes = {cell[:2] for cell in column.filled if re.fullmatch(r"\d{5}|\d{10}", cell)}
        if column.plain.endswith("fips") and len(codes) == 1 and (state := FIPS.get(codes.pop())):
            return state, f"from the codes in '{column.name}'"
    first = next(iter(_file_words(document)), "").upper()
    if first in STATES:
        return first, _NOT_SURE + "from the file's name"
    return "", ""


def _election(shape: Shape) -> tuple[date, str] | None:
    """The federal election day that a title such as "2016 General Election" means."""
    for title in shape.titles:
        if found := re.search(r"\b((?:19|20)\d{2}) general election\b", title, re.IGNORECASE):
            year = int(found.group(1))
            tuesday = 2 + (7 - date(year, 11, 1).weekday()) % 7
            return date(year, 11, tuesday), f"from the title '{_short(title)}'"
    return None


def _short(title: str) -> str:
    return " ".join(title.split())[:60]
