"""OpenElections CSV: county, precinct or ward, office, candidate, votes and any number of mode columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tallyproof.election.evidence import Remark
from tallyproof.election.returns import Measure
from tallyproof.formats import tables
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW, Table
from tallyproof.formats.tidy import About, Reading, assemble

_ALIASES = {
    "county": ("county", "county_name", "parish"),
    "unit": (
        "precinct",
        "ward",
        "precinct_name",
        "reporting_unit",
        "town",
        "municipality",
        "city_town",
        "election_district",
    ),
    "office": ("office", "contest", "race"),
    "district": ("district",),
    "choice": ("candidate", "candidates", "candidate_name"),
    "party": ("party",),
    "votes": ("votes", "vote", "total_votes_candidate"),
    "write_in": ("writein", "write_in"),
}
_TOTAL = ("total votes", "total.votes", "total_votes", "votes_total")
_NAMES = ("first", "middle", "last", "suffix")
_IGNORED = {
    "winner", "incumbent", "notes", "note", "vote_pct", "pct", "percent", "percentage", "precinct_code", "county_code",
    "fips", "county_fips", "id", "jurisdiction", "reporting_level", "total votes", "state", "year", "division",
    "precinct_number", "ward_number", "index", "turnout", "turnout_pct", "winner_votes", "candidate_id", "party_code",
}  # fmt: skip
_FILE_NAME = re.compile(r"^(\d{8})__([a-z]{2})__(.*)\.(csv|tsv|txt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of the file holds what; ``modes`` are the remaining number columns."""

    found: dict[str, str]
    names: tuple[str, ...]
    total: str
    modes: tuple[str, ...]
    aliased: tuple[str, ...]


class OpenElections:
    """The volunteer archive's layouts, whatever the order of their columns."""

    id = "openelections"
    title = "OpenElections CSV"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table whose first row names county (or unit), office, candidate and votes."""
        if document.kind not in {"csv", "xlsx"} or not rows:
            return Match(False)
        columns = _columns(tables.unique_names(rows[0]))
        header = {cell.casefold() for cell in rows[0]}
        if "measure" in header or {"mode", "votes"} <= header:
            return Match(False)
        needed = {"office": "office" in columns.found, "candidate": bool("choice" in columns.found or columns.names),
                  "votes": bool("votes" in columns.found or (columns.modes and "choice" in columns.found))}  # fmt: skip
        missing = tuple(name for name, present in needed.items() if not present)
        if not missing and not {"county", "unit"} & set(columns.found):
            missing = ("county",)
        return Match(not missing, missing)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read rows, mode columns and the stated total per unit."""
        table = tables.read(document)
        columns = _columns(table.header)
        state, election = _from_name(document.file_name)
        remarks = (*file_remarks(document), *_header_remarks(document, columns))
        about = About(document.name, table.read, table.rejections, remarks, asked.state or state, election)
        return assemble(_long(table, columns, has_units="unit" in columns.found), about)


def _columns(header: tuple[str, ...]) -> _Columns:
    plain = {name: re.sub(r"[\s]+", "_", name.strip().casefold()) for name in header}
    found, aliased = {}, []
    for word, spellings in _ALIASES.items():
        for spelling in spellings:
            match = next(
                (name for name in header if plain[name] == spelling and name not in found.values()), None
            )
            if match and word not in found:
                found[word] = match
                if spelling != spellings[0] and not (word == "unit" and spelling == "ward"):
                    aliased.append(f"'{match}' read as {spellings[0]}")
    names = tuple(name for name in header if plain[name] in _NAMES) if "choice" not in found else ()
    if not any(plain[name] == "last" for name in names):
        names = ()
    total = next(
        (
            name
            for name in header
            if name.casefold().replace("_", " ") in {t.replace("_", " ") for t in _TOTAL}
        ),
        "",
    )
    if total and "votes" not in found:
        found["votes"], total = total, ""
    used = {*found.values(), *names, total}
    ignored = {word.replace(" ", "_") for word in _IGNORED}
    modes = tuple(name for name in header if name not in used and plain[name] not in ignored | set(_NAMES))
    return _Columns(found, names, total, modes, tuple(aliased))


def _header_remarks(document: Document, columns: _Columns) -> list[Remark]:
    return [Remark(document.name, "header", text, row=1) for text in columns.aliased]


def _from_name(name: str) -> tuple[str, date | None]:
    """State and election day from ``20161108__wi__general__precinct.csv``; nothing where the name is another."""
    found = _FILE_NAME.match(name)
    if not found:
        return "", None
    digits = found.group(1)
    try:
        return found.group(2).upper(), date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return found.group(2).upper(), None


def _long(table: Table, columns: _Columns, *, has_units: bool) -> pl.DataFrame:
    """One row per number: the votes column, then each mode column that holds numbers, then stated totals."""
    cells = table.cells
    base = [
        pl.col(ROW),
        *(pl.col(name).alias(word) for word, name in columns.found.items() if word != "votes"),
    ]
    if columns.names:
        base.append(_joined_name(columns.names))
    votes = columns.found.get("votes")
    numeric = _numeric(cells, columns.modes)
    parts = [cells.select(*base, votes=pl.col(votes), mode=pl.lit(""), column=pl.lit(votes))] if votes else []
    parts += [
        cells.select(*base, votes=pl.col(name), mode=pl.lit(name), column=pl.lit(name)) for name in numeric
    ]
    if not has_units and "county" not in columns.found:
        parts = [part.with_columns(unit=pl.lit("")) for part in parts]
    if columns.total:
        parts.append(_stated_totals(cells, base, columns))
    return pl.concat(parts, how="diagonal")


def _joined_name(names: tuple[str, ...]) -> pl.Expr:
    """One candidate name from its parts: first, middle, last, suffix."""
    order = sorted(names, key=lambda name: _NAMES.index(name.strip().casefold()))
    return (
        pl.concat_str(pl.col(order), separator=" ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .alias("choice")
    )


def _numeric(cells: pl.DataFrame, names: tuple[str, ...]) -> list[str]:
    """Of these columns, those in which at least nine of ten filled cells are whole numbers."""
    if not names:
        return []
    text = pl.col(list(names)).str.strip_chars().str.replace_all(",", "")
    filled = cells.select((text != "").sum()).row(0)
    whole = cells.select(text.cast(pl.Int64, strict=False).is_not_null().sum()).row(0)
    return [
        name for name, count, good in zip(names, filled, whole, strict=True) if count and good >= 0.9 * count
    ]


def _stated_totals(cells: pl.DataFrame, base: list[pl.Expr], columns: _Columns) -> pl.DataFrame:
    """The contest's total that some layouts repeat on each row, once per unit and contest."""
    words_of = [
        columns.found[word] for word in ("county", "unit", "office", "district") if word in columns.found
    ]
    stated = cells.unique([*words_of, columns.total], keep="first", maintain_order=True)
    return stated.select(
        *base, votes=pl.col(columns.total), mode=pl.lit(""), column=pl.lit(columns.total)
    ).with_columns(
        choice=pl.lit("Total votes"), party=pl.lit(""), measure=pl.lit(Measure.TOTAL_VOTES.value)
    )  # fmt: skip
