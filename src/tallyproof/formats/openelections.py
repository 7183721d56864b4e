"""OpenElections CSV: county, precinct or ward, office, candidate, votes and any number of mode columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tallyproof.election.evidence import Remark
from tallyproof.election.returns import Measure, Mode
from tallyproof.errors import UnreadableError
from tallyproof.formats import tables, words
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.layout import joined
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tables import ROW, Table
from tallyproof.formats.tidy import About, Reading, assemble

_ALIASES = {
    "county": ("county", "county_name", "parish"),
    "unit": ("precinct", "ward", "precinct_name", "reporting_unit", "election_district"),
    "town": ("town", "municipality", "city_town", "city", "township"),
    "office": ("office", "contest", "race"),
    "district": ("district",),
    "choice": ("candidate", "candidates", "candidate_name"),
    "party": ("party",),
    "votes": ("votes", "vote"),
    "write_in": ("writein", "write_in"),
}
_EXPECTED = frozenset({"ward", "parish", "town", "municipality"})
_TOTALS = ("total_votes", "votes_total", "total")
_NAMES = ("first", "middle", "last", "suffix")
_NOT_COUNTED = re.compile(
    r"winner|incumbent|notes?|reporting_level|jurisdiction|state|year|division|turnout|index|source"
    r"|(.*_)?(id|ids|code|codes|fips|geoid|vtd|number|num|no|order|index|rank|pct|percent|percentage|%|date|url)"
)
_FILE_NAME = re.compile(r"^(\d{8})__([a-z]{2})__(.*)\.(csv|tsv|txt|xlsx)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of the file holds what.

    ``names`` are the parts of a candidate's name, ``total`` the contest's stated total, ``counts``
    columns that count for the unit as a whole; ``others`` may hold modes.
    """

    found: dict[str, str]
    names: tuple[str, ...]
    total: str
    counts: tuple[str, ...]
    others: tuple[str, ...]
    aliased: tuple[str, ...]


class OpenElections:
    """The volunteer archive's layouts, whatever the order of their columns."""

    id = "openelections"
    title = "OpenElections CSV"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table whose first row names county (or unit), office, candidate and votes."""
        if document.kind not in TABLES or not rows:
            return Match(False)
        header = {cell.casefold() for cell in rows[0]}
        if "measure" in header or {"mode", "votes"} <= header:
            return Match(False)
        columns = _columns(tables.unique_names(rows[0]))
        found = columns.found
        needed = {
            "office": "office" in found,
            "candidate": "choice" in found or bool(columns.names),
            "votes": "votes" in found or bool(_modes_by_name(columns.others)),
        }
        missing = tuple(name for name, present in needed.items() if not present)
        if not missing and not {"county", "unit", "town"} & set(found):
            missing = ("county",)
        return Match(not missing, missing)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read rows, mode columns and the stated total per unit."""
        table = tables.read(document)
        columns = _columns(table.header)
        modes = _modes(table.cells, columns)
        if "votes" not in columns.found and not modes:
            raise UnreadableError(document.name, "has no column of votes", row=1, remedy=_NO_VOTES)
        state, election = _from_name(document.file_name)
        remarks = (*table_remarks(document, table), *_header_remarks(document, columns, modes))
        about = About(document.name, table.read, table.rejections, remarks, asked.state or state, election)
        return assemble(_long(table, columns, modes), about)


_NO_VOTES = "Check the header, or draft a mapping with --propose"


# ---- which column is what


def _plain(name: str) -> str:
    return re.sub(r"[\s.]+", "_", name.strip().casefold())


def _columns(header: tuple[str, ...]) -> _Columns:
    plain = {name: _plain(name) for name in header}
    found = dict[str, str]()
    for word, spellings in _ALIASES.items():
        matches = (name for spelling in spellings for name in header if plain[name] == spelling)
        if match := next(matches, None):
            found[word] = match
    aliased = tuple(
        f"'{name}' read as {_ALIASES[word][0]}"
        for word, name in found.items()
        if plain[name] != _ALIASES[word][0] and plain[name] not in _EXPECTED
    )
    names = _name_parts(header, plain) if "choice" not in found else ()
    total = next((name for name in header if plain[name] in _TOTALS), "")
    if total and "votes" not in found:
        found["votes"], total = total, ""
    if plain.get(total) == "total":
        total = ""
    used = {*found.values(), *names, total}
    free = tuple(name for name in header if name not in used and not _is_repeat(name, used))
    counts = tuple(name for name in free if words.unit_measure(plain[name].replace("_", " ")))
    others = tuple(name for name in free if name not in counts and plain[name] not in _NAMES)
    return _Columns(found, names, total, counts, others, aliased)


def _name_parts(header: Iterable[str], plain: dict[str, str]) -> tuple[str, ...]:
    parts = tuple(name for name in header if plain[name] in _NAMES)
    return parts if any(plain[name] == "last" for name in parts) else ()


def _is_repeat(name: str, used: set[str]) -> bool:
    return re.sub(r" \(\d+\)$", "", name) in used


def _modes_by_name(names: Iterable[str]) -> list[str]:
    return [name for name in names if words.mode(name) not in {Mode.OTHER, Mode.TOTAL}]


def _modes(cells: pl.DataFrame, columns: _Columns) -> list[str]:
    """The remaining columns that count votes: named like a mode, or whole numbers never above the votes."""
    votes = columns.found.get("votes")
    candidates = [
        name for name in columns.others
        if words.mode(name) is not Mode.TOTAL and not _NOT_COUNTED.fullmatch(_plain(name))
    ]  # fmt: skip
    numeric = _numeric(cells, candidates)
    named = set(_modes_by_name(numeric))
    return [name for name in numeric if name in named or votes is None or _is_within(cells, name, votes)]


def _numeric(cells: pl.DataFrame, names: list[str]) -> list[str]:
    """Of these columns, those in which at least nine of ten filled cells are whole numbers."""
    if not names:
        return []
    text = pl.col(names).str.strip_chars().str.replace_all(",", "")
    filled = cells.select((text != "").sum()).row(0)
    whole = cells.select(text.cast(pl.Int64, strict=False).is_not_null().sum()).row(0)
    return [
        name for name, count, good in zip(names, filled, whole, strict=True) if count and good >= 0.9 * count
    ]


def _is_within(cells: pl.DataFrame, name: str, votes: str) -> bool:
    """Whether the column's numbers are at most the votes in nineteen of twenty rows."""
    number = [pl.col(each).str.replace_all(",", "").cast(pl.Int64, strict=False) for each in (name, votes)]
    share = cells.select((number[0] <= number[1]).mean()).item()
    return share is None or share >= 0.95


def _header_remarks(document: Document, columns: _Columns, modes: Sequence[str]) -> list[Remark]:
    unread = [
        f"column '{name}' is not read" for name in columns.others
        if name not in modes and not _NOT_COUNTED.fullmatch(_plain(name))
    ]  # fmt: skip
    return [Remark(document.name, "header", text, row=1) for text in (*columns.aliased, *unread)]


def _from_name(name: str) -> tuple[str, date | None]:
    """State and election day from ``20161108__wi__general__precinct.csv``; nothing from other names."""
    found = _FILE_NAME.match(name)
    if not found:
        return "", None
    digits = found.group(1)
    try:
        return found.group(2).upper(), date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return found.group(2).upper(), None


# ---- one row per number


def _long(table: Table, columns: _Columns, modes: Sequence[str]) -> pl.DataFrame:
    """The votes column, then each mode column, then stated totals and the units' own counts."""
    cells = table.cells
    base = [pl.col(ROW), *_texts(columns)]
    votes = columns.found.get("votes")
    numbers = [(votes, "")] if votes else []
    numbers += [(name, name) for name in modes]
    parts = [
        cells.select(*base, votes=pl.col(name), mode=pl.lit(mode), column=pl.lit(name))
        for name, mode in numbers
    ]
    if columns.total:
        parts.append(_stated_totals(cells, base, columns))
    parts += [_unit_counts(cells, base, columns, name) for name in columns.counts]
    return pl.concat(parts, how="diagonal")


def _texts(columns: _Columns) -> list[pl.Expr]:
    """The row's own words: place, contest and choice."""
    plain = {word: name for word, name in columns.found.items() if word not in {"votes", "unit", "town"}}
    texts = [pl.col(name).alias(word) for word, name in plain.items()]
    if columns.names:
        texts.append(_joined_name(columns.names))
    return [*texts, _unit(columns.found.get("town"), columns.found.get("unit"))]


def _unit(town: str | None, unit: str | None) -> pl.Expr:
    """The unit's name, with the town before it where it does not name the town itself."""
    named = [pl.col(name) for name in (town, unit) if name]
    return joined(named).alias("unit") if named else pl.lit("").alias("unit")


def _joined_name(names: tuple[str, ...]) -> pl.Expr:
    """One candidate name from its parts: first, middle, last, suffix."""
    order = sorted(names, key=lambda name: _NAMES.index(_plain(name)))
    joined = pl.concat_str(pl.col(order), separator=" ")
    return joined.str.replace_all(r"\s+", " ").str.strip_chars().alias("choice")


def _stated_totals(cells: pl.DataFrame, base: list[pl.Expr], columns: _Columns) -> pl.DataFrame:
    """The contest's total that some layouts repeat on each row, once per unit and contest."""
    keys = [
        name
        for word, name in columns.found.items()
        if word in {"county", "unit", "town", "office", "district"}
    ]
    stated = cells.filter(pl.col(columns.total).str.strip_chars() != "")
    stated = stated.unique([*keys, columns.total], keep="first", maintain_order=True)
    numbers = stated.select(*base, votes=pl.col(columns.total), mode=pl.lit(""), column=pl.lit(columns.total))
    return numbers.with_columns(
        choice=pl.lit("Total votes"), party=pl.lit(""), measure=pl.lit(Measure.TOTAL_VOTES.value)
    )


def _unit_counts(cells: pl.DataFrame, base: list[pl.Expr], columns: _Columns, name: str) -> pl.DataFrame:
    """A count of the unit as a whole that the file repeats on each row, once per unit."""
    measure = words.unit_measure(_plain(name).replace("_", " "))
    keys = [column for word, column in columns.found.items() if word in {"county", "unit", "town"}]
    stated = cells.filter(pl.col(name).str.strip_chars() != "")
    stated = stated.unique([*keys, name], keep="first", maintain_order=True)
    numbers = stated.select(*base, votes=pl.col(name), mode=pl.lit(""), column=pl.lit(name))
    return numbers.with_columns(
        *(pl.lit("").alias(word) for word in ("office", "district", "choice", "party", "vote_for")),
        measure=pl.lit(measure.value if measure else ""),
    )
