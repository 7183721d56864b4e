"""MIT Election Data and Science Lab precinct returns: the layout of 2016 and that of 2018 and later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Remark
from tallyproof.formats import tables
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tables import ROW, Table
from tallyproof.formats.tidy import About, Reading, assemble

_NEEDED = ("precinct", "office", "candidate", "mode", "votes")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_AMERICAN_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TRUE = "TRUE"
_STAGES = {"PRI": "primary", "RUNOFF": "runoff", "PRI RUNOFF": "primary runoff", "RECOUNT": "recount",
           "GEN RECOUNT": "recount", "GEN RUNOFF": "runoff"}  # fmt: skip


class Medsl:
    """Both layouts, told apart by their state and party columns."""

    id = "medsl"
    title = "MEDSL precinct CSV"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table with precinct, office, candidate, mode, votes and a state's postal code."""
        if document.kind not in TABLES or not rows:
            return Match(False)
        header = {cell.casefold() for cell in rows[0]}
        missing = [name for name in _NEEDED if name not in header]
        if not {"state_po", "state_postal"} & header:
            missing.append("state_po")
        return Match(not missing, tuple(missing))

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every row; TOTAL beside other modes is kept and never added to them."""
        table = tables.read(document)
        remarks = (*table_remarks(document, table), *_review_remarks(table, document))
        about = About(
            document.name,
            table.read,
            table.rejections,
            remarks,
            asked.state,
            _election(table),
            _status(table),
        )
        return assemble(_long(table), about)


def _column(table: Table, *names: str) -> pl.Expr:
    """The first of these columns that the table has, else empty text."""
    lower = {name.casefold(): name for name in reversed(table.header)}
    found = next((lower[name] for name in names if name in lower), None)
    return pl.col(found) if found else pl.lit("")


def _long(table: Table) -> pl.DataFrame:
    unit, candidate = _column(table, "precinct"), _column(table, "candidate")
    jurisdiction, county = _column(table, "jurisdiction_name", "jurisdiction"), _column(table, "county_name")
    magnitude = _column(table, "magnitude")
    return table.cells.select(
        pl.col(ROW),
        state=_column(table, "state_po", "state_postal"),
        county=pl.when(county == "").then(jurisdiction).otherwise(county),
        unit=pl.when(unit == "").then(pl.lit("[county-wide]")).otherwise(unit),
        office=_office(table, candidate),
        district=_column(table, "district"),
        choice=candidate,
        party=_column(table, "party_simplified", "party"),
        write_in=_column(table, "writein"),
        vote_for=pl.when(magnitude == "0").then(pl.lit("")).otherwise(magnitude),
        mode=_column(table, "mode"),
        votes=_column(table, "votes"),
        column=pl.lit("votes"),
    )


def _office(table: Table, candidate: pl.Expr) -> pl.Expr:
    """The office, with what keeps two contests for it apart: a special election, a primary, a runoff."""
    office = _column(table, "office")
    name = pl.when(office == "").then(candidate).otherwise(office)
    if _TRUE in _values(table, "special"):
        is_special = _column(table, "special").str.to_uppercase() == _TRUE
        is_said = office.str.to_lowercase().str.contains("special|unexpired")
        name = pl.when(is_special & ~is_said).then(pl.concat_str(name, pl.lit(" (special)"))).otherwise(name)
    stages = _values(table, "stage")
    for each in sorted(stages & set(_STAGES)) if len(stages) > 1 else []:
        is_stage = _column(table, "stage").str.to_uppercase() == each
        name = pl.when(is_stage).then(pl.concat_str(name, pl.lit(f" ({_STAGES[each]})"))).otherwise(name)
    return name


def _values(table: Table, column: str) -> set[str]:
    """The distinct values of a column, in capitals."""
    values = table.cells.select(_column(table, column).alias("value"))["value"].unique()
    return {value.strip().upper() for value in values} - {""}


def _status(table: Table) -> Status:
    """A file of recounted returns says so in its stage."""
    stages = _values(table, "stage")
    is_recount = bool(stages) and all(_STAGES.get(stage) == "recount" for stage in stages)
    return Status.RECOUNT if is_recount else Status.UNKNOWN


def _election(table: Table) -> date | None:
    """The election day: the date column where it is plain, else the November day of a general election."""
    text = _first_value(table, "date")
    if found := _ISO_DAY.match(text):
        return _day(*found.groups())
    if found := _AMERICAN_DAY.fullmatch(text):
        month, day, year = found.groups()
        return _day(year, month, day)
    year, stage = _first_value(table, "year"), _first_value(table, "stage").casefold()
    return _federal_day(int(year)) if re.fullmatch("(19|20)[0-9]{2}", year) and stage == "gen" else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _federal_day(year: int) -> date:
    """The Tuesday after the first Monday in November (2 U.S.C. § 7)."""
    monday = 1 + (7 - date(year, 11, 1).weekday()) % 7
    return date(year, 11, monday + 1)


def _first_value(table: Table, name: str) -> str:
    if not table.cells.height:
        return ""
    return str(table.cells.head(1).select(_column(table, name).alias("value")).item()).strip()


def _review_remarks(table: Table, document: Document) -> list[Remark]:
    """MEDSL's own mark that a file's notes should be read."""
    if _TRUE not in _values(table, "readme_check"):
        return []
    marked = table.cells.filter(_column(table, "readme_check").str.to_uppercase() == _TRUE)
    text = f"{marked.height:,} rows carry MEDSL's mark 'readme_check': read the notes for this state"
    return [Remark(document.name, "notes", text, row=int(marked[ROW][0]))]
