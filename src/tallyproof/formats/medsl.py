"""MIT Election Data and Science Lab precinct returns: the layout of 2016 and that of 2018 and later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from tallyproof.election.evidence import Remark
from tallyproof.formats import tables
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW, Table
from tallyproof.formats.tidy import About, Reading, assemble

_NEEDED = ("precinct", "office", "candidate", "mode", "votes")
_FEDERAL_DAYS = {
    2016: date(2016, 11, 8),
    2018: date(2018, 11, 6),
    2020: date(2020, 11, 3),
    2022: date(2022, 11, 8),
    2024: date(2024, 11, 5),
}


class Medsl:
    """Both layouts, told apart by their state and party columns."""

    id = "medsl"
    title = "MEDSL precinct CSV"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table with precinct, office, candidate, mode, votes and a state's postal code."""
        if document.kind != "csv" or not rows:
            return Match(False)
        header = {cell.casefold() for cell in rows[0]}
        missing = [name for name in _NEEDED if name not in header]
        if not {"state_po", "state_postal"} & header:
            missing.append("state_po")
        return Match(not missing, tuple(missing))

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every row; TOTAL beside other modes is kept and never added to them."""
        table = tables.read(document)
        about = About(
            document.name, table.read, table.rejections, tuple(file_remarks(document) + _review_remarks(table, document)),
            asked.state, _election(table),
        )  # fmt: skip
        return assemble(_long(table), about)


def _column(table: Table, *names: str) -> pl.Expr:
    """The first of these columns that the table has, else empty text."""
    lower = {name.casefold(): name for name in table.header}
    found = next((lower[name] for name in names if name in lower), None)
    return pl.col(found) if found else pl.lit("")


def _long(table: Table) -> pl.DataFrame:
    unit = _column(table, "precinct")
    jurisdiction, county = _column(table, "jurisdiction_name", "jurisdiction"), _column(table, "county_name")
    candidate = _column(table, "candidate")
    office = _column(table, "office")
    return table.cells.select(
        pl.col(ROW),
        state=_column(table, "state_po", "state_postal"),
        county=pl.when(county == "").then(jurisdiction).otherwise(county),
        unit=pl.when(unit == "").then(pl.lit("[county-wide]")).otherwise(unit),
        unit_id=pl.lit(""),
        office=pl.when(office == "").then(candidate).otherwise(office),
        district=_column(table, "district"),
        choice=candidate,
        party=_column(table, "party_simplified", "party"),
        write_in=_column(table, "writein"),
        vote_for=pl.when(_column(table, "magnitude") == "0")
        .then(pl.lit(""))
        .otherwise(_column(table, "magnitude")),
        mode=_column(table, "mode"),
        votes=_column(table, "votes"),
        column=pl.lit("votes"),
    )


def _election(table: Table) -> date | None:
    """The election day: the date column where it is plain, else the November day of a general election."""
    text = _first_value(table, "date")
    if found := re.match(r"^(\d{4})-(\d{2})-(\d{2})", text):
        return date(*(int(part) for part in found.groups()))
    if found := re.match(r"^(\d{1,2})/(\d{1,2})/(\d{4})$", text):
        month, day, year = (int(part) for part in found.groups())
        return date(year, month, day)
    year_text, stage = _first_value(table, "year"), _first_value(table, "stage").casefold()
    return _FEDERAL_DAYS.get(int(year_text)) if year_text.isdigit() and stage == "gen" else None


def _first_value(table: Table, name: str) -> str:
    lower = {column.casefold(): column for column in table.header}
    if name not in lower or not table.cells.height:
        return ""
    return str(table.cells[lower[name]][0]).strip()


def _review_remarks(table: Table, document: Document) -> list[Remark]:
    """MEDSL's own mark that a file's notes should be read."""
    lower = {column.casefold(): column for column in table.header}
    if "readme_check" not in lower:
        return []
    marked = table.cells.filter(pl.col(lower["readme_check"]).str.to_uppercase() == "TRUE")
    if not marked.height:
        return []
    text = f"{marked.height:,} rows carry MEDSL's mark 'readme_check': read the notes for this state"
    return [Remark(document.name, "notes", text, row=int(marked[ROW][0]))]
