"""Tables of ballots, voters and registration by reporting unit, such as Wisconsin's EL-190."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from tallyproof.election.returns import Measure
from tallyproof.formats import tables
from tallyproof.formats.importer import Asked, Match
from tallyproof.formats.intake import Document
from tallyproof.formats.kinds import TABLES
from tallyproof.formats.remarks import table_remarks
from tallyproof.formats.tables import ROW, Table
from tallyproof.formats.tidy import About, Reading, assemble

_PLACES = {
    "state": ("state", "state_po"),
    "county": ("county", "county name"),
    "municipality": ("municipality", "municipality name", "jurisdiction"),
    "unit": ("reporting unit", "precinct", "ward", "unit", "precinct name"),
    "unit_id": ("ru id", "unit id", "precinct id"),
}
_COUNTS: tuple[tuple[Measure, str, tuple[str, ...]], ...] = (
    (Measure.BALLOTS_CAST, "", ("total ballots", "ballots cast", "ballots counted", "total ballots cast")),
    (Measure.VOTERS, "", ("total voters", "voters", "voters checked in", "poll book")),
    (Measure.REGISTERED, "", ("registrants", "registered voters", "registered", "registration")),
    (Measure.BALLOTS_BY_DEVICE, "paper", ("paper ballots",)),
    (Measure.BALLOTS_BY_DEVICE, "optical scan", ("optical scan ballots",)),
    (Measure.BALLOTS_BY_DEVICE, "DRE", ("dre", "dre ballots")),
    (
        Measure.BALLOTS_BY_DEVICE,
        "ballot marking device",
        ("auto mark", "automark ballots", "auto mark ballots"),
    ),
    (Measure.BALLOTS_ISSUED, "", ("ballots issued",)),
    (Measure.BALLOTS_SPOILED, "", ("ballots spoiled", "spoiled ballots")),
    (Measure.BALLOTS_UNUSED, "", ("ballots unused", "unused ballots")),
    (Measure.PROVISIONAL_ISSUED, "", ("provisional issued", "provisional ballots issued")),
    (Measure.PROVISIONAL_COUNTED, "", ("counted", "provisional counted")),
    (Measure.PROVISIONAL_REJECTED, "", ("rejected", "provisional rejected")),
    (Measure.MAIL_SENT, "", ("absentee issued", "mail sent", "absentee sent")),
    (Measure.MAIL_RETURNED, "", ("received by election day?", "absentee received", "mail returned")),
    (Measure.MAIL_ACCEPTED, "", ("counted?", "absentee counted", "mail accepted")),
    (Measure.MAIL_REJECTED, "", ("rejected2", "absentee rejected", "mail rejected")),
)
_VOTE_WORDS = {"votes", "candidate", "candidates", "office", "choice", "measure"}


class BallotsByUnit:
    """One row per unit, one column per count; no candidates."""

    id = "ballots-by-unit"
    title = "Ballots by reporting unit (such as EL-190)"

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Yes to a table with a unit, a county and ballots cast, and no candidates or votes."""
        if document.kind not in TABLES or not rows:
            return Match(False)
        header = {_plain(cell) for cell in rows[0]}
        if header & _VOTE_WORDS:
            return Match(False)
        needed = {"reporting unit": _any(header, "unit"), "county": _any(header, "county"),
                  "total ballots": bool(header & set(_COUNTS[0][2]))}  # fmt: skip
        missing = tuple(name for name, present in needed.items() if not present)
        return Match(not missing, missing)

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read each unit's counts; a blank count is left out, never zero."""
        table = tables.read(document)
        state = asked.state or ("WI" if "hindi" in {_plain(name) for name in table.header} else "")
        about = About(
            document.name, table.read, table.rejections, tuple(table_remarks(document, table)), state
        )
        return assemble(_long(table), about)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[_\-]+", " ", name.casefold()).split())


def _any(header: set[str], word: str) -> bool:
    return bool(header & set(_PLACES[word]))


def _named(table: Table, spellings: tuple[str, ...]) -> str | None:
    plain = {_plain(name): name for name in reversed(table.header)}
    return next((plain[spelling] for spelling in spellings if spelling in plain), None)


def _long(table: Table) -> pl.DataFrame:
    places = {word: _named(table, spellings) for word, spellings in _PLACES.items()}
    unit = [name for name in (places["municipality"], places["unit"]) if name]
    base = [
        pl.col(ROW),
        *(pl.col(name).alias(word) for word in ("state", "county", "unit_id") if (name := places[word])),
        pl.concat_str(unit, separator=" ").str.strip_chars().alias("unit"),
    ]
    parts = [
        table.cells.select(
            *base,
            choice=pl.lit(detail),
            measure=pl.lit(measure.value),
            votes=pl.col(name),
            column=pl.lit(name),
        )
        for measure, detail, spellings in _COUNTS
        if (name := _named(table, spellings))
    ]
    return pl.concat(parts)
