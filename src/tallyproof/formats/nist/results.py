"""NIST SP 1500-100 v2 results, JSON or XML, as rows of returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import UnreadableError
from tallyproof.formats.importer import Asked, Match, RawRow
from tallyproof.formats.intake import Document
from tallyproof.formats.nist.cells import OF_UNIT, Cell, People, cells, raw
from tallyproof.formats.nist.contests import FRACTIONAL, Labelled, labelled
from tallyproof.formats.nist.counting import counted
from tallyproof.formats.nist.districts import in_district
from tallyproof.formats.nist.parsing import NAMESPACE, report_of
from tallyproof.formats.nist.placing import placed
from tallyproof.formats.nist.saying import day, moment, said
from tallyproof.formats.nist.texts import each, word
from tallyproof.formats.nist.units import Units
from tallyproof.formats.remarks import file_remarks
from tallyproof.formats.tables import ROW
from tallyproof.formats.tidy import About, Reading, assemble
from tallyproof.formats.xml import head_of, root_name

_TEXTS = ("unit", "choice", "party", "measure", "mode", "device", "field")
_OTHERS = {"contest": pl.Int32(), "round": pl.Int64(), "votes": pl.String(), "written_in": pl.Boolean()}
_SCHEMA = {**dict.fromkeys(_TEXTS, pl.Categorical()), **_OTHERS}
AT_ONCE = 100_000
_FRACTION = r"(?i)\.|e-?\d|inf|nan"


class NistResults:
    """Election results reports of NIST SP 1500-100 version 2."""

    id = "nist-results"
    title = "NIST SP 1500-100 v2 results"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to an ElectionReport, also of other versions, which ``read`` refuses by name."""
        if document.kind == "xml":
            return Match(root_name(document) == "ElectionReport")
        return Match(document.kind == "json" and b'"ElectionResults.' in document.facts.head)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read every number; the row of a number is its place among all numbers of the report."""
        _require_version_2(document)
        report = report_of(document)
        units, people = Units(report), People(report)
        contests = labelled(report, units, people.parties)
        found = _frame(cells(report, contests, people))
        sound, rejections = _judged(found, contests, units, document.name)
        chosen, told = counted(sound)
        inside, outside = in_district(chosen, contests, units)
        table = placed(inside, contests, units)
        remarks = [*said(report), *told, *outside]
        elections = each(report.Election)
        about = About(
            document.name,
            read=table.height + len(rejections),
            rejections=tuple(rejections),
            remarks=(*file_remarks(document), *(Remark(document.name, *one) for one in remarks)),
            state=asked.state,
            election=day(elections[0].StartDate) if elections else None,
            status=Status(report.Status),
            as_of=moment(report.GeneratedDate),
        )
        return assemble(table, about)

    def raw(self, document: Document, number: int) -> RawRow:
        """The objects that lead to the number of this place; nothing where there is none."""
        report = report_of(document)
        people = People(report)
        contests = labelled(report, Units(report), people.parties)
        return raw(cells(report, contests, people), contests, number)


def _require_version_2(document: Document) -> None:
    """Version 1, and the dialect of it that Google reads, are told from version 2 by their namespace."""
    if document.kind == "xml" and NAMESPACE not in head_of(document):
        reason = "is an ElectionReport of another version or dialect than NIST SP 1500-100 version 2"
        remedy = f"Ask the office for version 2 (namespace {NAMESPACE}), or give the returns as CSV or Excel"
        raise UnreadableError(document.name, reason, remedy=remedy)


def _frame(found: Iterator[Cell]) -> pl.DataFrame:
    """All cells as a table, with their row numbers."""
    columns = [name for name in Cell._fields if name in _SCHEMA]
    places = [Cell._fields.index(name) for name in columns]
    schema = {name: _SCHEMA[name] for name in columns}
    blocks, held = [], list[tuple[object, ...]]()
    for cell in found:
        held.append(tuple(cell[place] for place in places))
        if len(held) == AT_ONCE:
            blocks.append(pl.DataFrame(held, schema, orient="row"))
            held = []
    blocks.append(pl.DataFrame(held, schema, orient="row"))
    return pl.concat(blocks).with_row_index(ROW, offset=1)


def _judged(
    found: pl.DataFrame, contests: Sequence[Labelled], units: Units, file: str
) -> tuple[pl.DataFrame, list[Rejection]]:
    """Split off counts in units that nothing defines, and fractions of votes."""
    unknown = [name for name in found["unit"].unique().cast(pl.String) if name not in units]
    is_bad = pl.col("unit").cast(pl.String).is_in(unknown) | pl.col("votes").str.contains(_FRACTION)
    bad = found.filter(is_bad)
    rejections = [_rejection(row, contests, units, file) for row in bad.iter_rows(named=True)]
    return found.filter(~is_bad) if rejections else found, rejections


def _rejection(row: dict[str, Any], contests: Sequence[Labelled], units: Units, file: str) -> Rejection:
    one = contests[row["contest"]] if row["contest"] != OF_UNIT else None
    if row["unit"] not in units:
        reason = f"is a count in unit '{row['unit']}', which the report does not define"
    else:
        reason = f"has the fractional count {row['votes']}, {_on_fractions(one)}"
    shown = (one.office if one else "", row["choice"] or row["measure"], row["unit"], row["votes"])
    return Rejection(file, row[ROW], reason, ",".join(shown))


def _on_fractions(one: Labelled | None) -> str:
    variation = word(one.contest.VoteVariation) if one else ""
    if variation in FRACTIONAL:
        return f"which the way of voting '{variation}' allows; Tallyproof adds up whole votes only"
    return f"which the way of voting '{variation or 'not stated'}' does not allow"
