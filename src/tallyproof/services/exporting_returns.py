"""Returns of a case as a file for others: NIST SP 1500-100 v2, or a tidy table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import tallyproof
from tallyproof.election.canvass import Snapshot
from tallyproof.errors import RequestError
from tallyproof.services import cases, exporting, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, ImportRecord
from tallyproof.services.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

    from tallyproof.formats.nist.building import Heading
    from tallyproof.formats.nist.words import ElectionType

FORMATS: Mapping[str, str] = {"nist-json": ".json", "nist-xml": ".xml", "csv": ".csv", "xlsx": ".xlsx"}
"""Formats by name, with the ending of their files."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to write: of which import (0: the only one), and what a NIST report says of itself.

    Texts left empty are taken from the import and its case.
    """

    format: str
    import_number: int = 0
    issuer: str = ""
    issuer_abbreviation: str = ""
    election_name: str = ""
    election_type: str = ""
    election: date | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the snapshot, how many numbers, what the format has no place for, what it changes."""

    snapshot: Snapshot
    import_number: int
    numbers: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    changed: Sequence[str] = ()


def require_target(path: Path, wanted: str) -> str:
    """The format to write: the one that is wanted, else that of the file's ending.

    Raises RequestError where they do not fit together or nothing can be written there.
    """
    ending = path.suffix.casefold()
    by_ending = {each: name for name, each in FORMATS.items()}
    name = wanted or by_ending.get(ending, "")
    if name not in FORMATS:
        raise RequestError(f"'{wanted or path}' names no format. Use one of: {', '.join(FORMATS)}.")
    if ending != FORMATS[name]:
        raise RequestError(f"{path}: a file of the format {name} ends in {FORMATS[name]}. Name it so.")
    exporting.require_place(path)
    return name


def export_returns(workspace: Workspace, actor: Actor, case: str, path: Path, wanted: Wanted) -> Exported:
    """Write an import's returns to a file, whole or not at all. Raises RequestError."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    record = _record(known, wanted.import_number)
    workspace.progress("Reading the returns")
    frame = tables.table_of(workspace, record).drop("snapshot")
    workspace.progress("Writing")
    if wanted.format in {"nist-json", "nist-xml"}:
        return _write_report(frame, record, _heading(workspace, known, record, wanted), path, wanted.format)
    return _write_table(frame, record, path)


def _record(known: CaseState, number: int) -> ImportRecord:
    """The import that is named, or the only one that counts."""
    listed = "; ".join(f"{each.sequence}: {each.snapshot.label}" for each in known.active) or "none"
    if number:
        found = next((each for each in known.imports if each.sequence == number), None)
        if found is None:
            raise RequestError(f"Event {number} of case {known.id} is no import. Imports: {listed}.")
        return found
    if len(known.active) != 1:
        raise RequestError(
            f"Case {known.id} has {len(known.active)} imports that count: say which with --import. {listed}."
        )
    return known.active[0]


def _write_table(frame: pl.DataFrame, record: ImportRecord, path: Path) -> Exported:
    from tallyproof.formats.tidy_table import tidy_table

    numbers = exporting.write(tidy_table(frame), path)
    return Exported(record.snapshot, record.sequence, numbers)


def _write_report(
    frame: pl.DataFrame, record: ImportRecord, heading: Heading, path: Path, name: str
) -> Exported:
    from tallyproof.formats.nist import building, writing

    built = building.build(frame, heading)
    content = writing.to_json(built.report) if name == "nist-json" else writing.to_xml(built.report)

    def fill(staged: Path) -> int:
        return staged.write_bytes(content)

    exporting.replacing(path, fill)
    return Exported(record.snapshot, record.sequence, built.numbers, built.left_out, built.changed)


# ---- what a report says of itself


def _heading(workspace: Workspace, known: CaseState, record: ImportRecord, wanted: Wanted) -> Heading:
    from tallyproof.formats.nist.building import Heading

    snapshot = record.snapshot
    issuer = wanted.issuer or snapshot.source
    day = wanted.election or snapshot.election or known.election
    if day is None:
        raise RequestError("The report must name the election day. Say it with --election, like 2016-11-08.")
    return Heading(
        issuer=issuer,
        issuer_abbreviation=wanted.issuer_abbreviation or _initials(issuer),
        election_name=wanted.election_name or known.title or f"Election of {day}",
        election_day=day,
        generated=workspace.clock(),
        status=snapshot.status,
        application=f"tallyproof {tallyproof.__version__}",
        election_type=_election_type(wanted.election_type, day),
    )


def _initials(name: str) -> str:
    """The capitals and figures that begin words: "Wisconsin Elections Commission" is WEC."""
    letters = [word[0] for word in name.replace("_", " ").split() if word[0].isupper() or word[0].isdigit()]
    return "".join(letters) if len(letters) > 1 else name[:12].upper()


def _election_type(text: str, day: date) -> ElectionType | None:
    """The type that is named; "general" on the federal day of an even year; else not known.

    2 U.S.C. § 7: the Tuesday after the first Monday in November.
    """
    from tallyproof.formats.nist import words

    known = get_args(words.ElectionType)
    if text and text not in known:
        raise RequestError(f"'{text}' is not a type of election. Use one of: {', '.join(known)}.")
    if text:
        return cast("ElectionType", text)
    is_federal_day = day.month == 11 and day.weekday() == 1 and 2 <= day.day <= 8 and day.year % 2 == 0
    return "general" if is_federal_day else None
