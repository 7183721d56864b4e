"""Importing returns: read everything first, then keep the bytes, then record one event."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tallyproof.election.canvass import SourceFile, Status
from tallyproof.election.evidence import Rejection, Remark, slug
from tallyproof.errors import RequestError
from tallyproof.formats import intake, mapping, registry, tidy
from tallyproof.formats.importer import Asked
from tallyproof.formats.intake import Document
from tallyproof.services import cases
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, ImportRecord, Reading
from tallyproof.services.workspace import Workspace
from tallyproof.store.canonical import JSON, canonical

READER_VERSION = 1
"""Raised when the same original would be read differently, so that derived tables are built anew."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to import and what the user says of it; everything not said is taken from the files."""

    files: tuple[Path, ...]
    source: str = ""
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None
    election: date | None = None
    state: str = ""
    importer: str = ""
    mapping: Path | None = None
    encoding: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One document as read: the table, and how it was read."""

    document: str
    importer: str
    original: SourceFile
    reading: tidy.Reading


@dataclass(frozen=True, slots=True)
class Imported:
    """An import as recorded. ``already`` tells that these bytes were imported the same way before."""

    case: str
    record: ImportRecord
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    already: bool = False
    opened: bool = field(default=False)


def read_files(request: Request) -> list[ReadFile]:
    """Read every file of the request; nothing is kept. Raises for the first that cannot be read."""
    if not request.files:
        raise RequestError("Name at least one file.")
    with intake.documents(list(request.files), request.encoding) as documents:
        return [_read(document, request) for document in documents]


def _read(document: Document, request: Request) -> ReadFile:
    asked = Asked(request.state, request.importer, request.election, request.status, request.as_of)
    if request.mapping:
        read = mapping.read_with(document, mapping.read_mapping(request.mapping), asked)
        return ReadFile(document.name, "mapping", document.original, read)
    importer = registry.recognise(document, asked)
    return ReadFile(document.name, importer.id, document.original, importer.read(document, asked))


def import_returns(workspace: Workspace, actor: Actor, case: str, request: Request) -> Imported:
    """Import files into a case, which is opened where it does not exist yet.

    Either everything is read and one event records it, or nothing changes.
    """
    require(actor, Right.IMPORT)
    workspace.progress("Reading")
    read = read_files(request)
    opened = not workspace.ledger.head(case).sequence
    if opened:
        cases.open_case(workspace, actor, case, election=request.election or _election(read))
    before = cases.state(workspace, actor, case)
    mapping_text = request.mapping.read_text(encoding="utf-8") if request.mapping else ""
    readings = _readings(read, request, mapping_text)
    body = _body(before, read, readings, request)
    if same := _already(before, body):
        return Imported(case, same, already=True)
    workspace.progress("Keeping the originals")
    for path in request.files:
        workspace.files.put(path)
    _keep_tables(workspace, readings, read)
    event = workspace.ledger.append(case, actor.id, cases.IMPORTED, body, secrets=cases.named(actor))
    after = cases.state(workspace, actor, case, event.sequence)
    return Imported(case, after.imports[-1], _all_rejections(read), _all_remarks(read), opened=opened)


def undo_import(workspace: Workspace, actor: Actor, case: str, sequence: int, reason: str) -> CaseState:
    """Undo an import: its numbers no longer count; the event and the original stay."""
    require(actor, Right.IMPORT)
    known = cases.state(workspace, actor, case)
    record = next((each for each in known.imports if each.sequence == sequence), None)
    if record is None:
        numbers = ", ".join(str(each.sequence) for each in known.active) or "none"
        raise RequestError(f"Event {sequence} of case {case} is no import. Imports: {numbers}.")
    if record.undone:
        raise RequestError(f"Import {sequence} of case {case} was undone already on {record.undone}.")
    if not reason.strip():
        raise RequestError("Say why the import is undone with --reason, for those who read the ledger later.")
    workspace.ledger.append(
        case,
        actor.id,
        cases.UNDONE,
        {"import": sequence, "reason": reason.strip()},
        secrets=cases.named(actor),
    )
    return cases.state(workspace, actor, case)


def table_of(workspace: Workspace, record: ImportRecord) -> pl.DataFrame:
    """The returns table of an import, built again from the original where it was deleted."""
    frames = [_frame(workspace, reading, record) for reading in record.readings]
    snapshot = pl.lit(record.snapshot.id).cast(pl.Categorical)
    return pl.concat(frames).with_columns(snapshot=snapshot)


def notes_of(workspace: Workspace, record: ImportRecord) -> tuple[tuple[Rejection, ...], tuple[Remark, ...]]:
    """The rejected rows and remarks of an import."""
    rejections: list[Rejection] = []
    remarks: list[Remark] = []
    for reading in record.readings:
        _frame(workspace, reading, record)
        some_rejections, some_remarks = workspace.tables.notes(reading.key)
        rejections.extend(some_rejections)
        remarks.extend(some_remarks)
    return tuple(rejections), tuple(remarks)


def _frame(workspace: Workspace, reading: Reading, record: ImportRecord) -> pl.DataFrame:
    if not workspace.tables.has(reading.key):
        rebuild(workspace, record)
    return workspace.tables.frame(reading.key)


def rebuild(workspace: Workspace, record: ImportRecord) -> None:
    """Read an import's originals again and keep their tables; they come out equal to what was recorded."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="tallyproof-") as folder:
        for original in {reading.file.sha256: reading for reading in record.readings}.values():
            path = Path(folder) / original.file.name.split("/", 1)[0]
            with workspace.files.open(original.file.sha256) as stream:
                path.write_bytes(stream.read())
            again = _read_again(path, original)
            keep = [reading for reading in record.readings if reading.file.sha256 == original.file.sha256]
            _keep_tables(workspace, keep, again)


def _read_again(path: Path, reading: Reading) -> list[ReadFile]:
    named_importer = "" if reading.mapping else reading.importer
    asked = Asked(reading.state, named_importer)
    with intake.documents([path], reading.encoding) as documents:
        if reading.mapping:
            parsed = mapping.read_mapping(reading.mapping)
            return [
                ReadFile(each.name, "mapping", each.original, mapping.read_with(each, parsed, asked))
                for each in documents
            ]
        return [
            ReadFile(
                each.name,
                reading.importer,
                each.original,
                registry.recognise(each, Asked(reading.state)).read(each, asked),
            )
            for each in documents
        ]


def _readings(read: Sequence[ReadFile], request: Request, mapping_text: str) -> list[Reading]:
    found = []
    for each in read:
        how: list[JSON] = [
            each.original.sha256,
            each.document,
            each.importer,
            mapping_text,
            request.encoding,
            request.state,
            READER_VERSION,
        ]
        key = hashlib.sha256(canonical(how)).hexdigest()
        file = SourceFile(each.document, each.original.sha256, each.original.size, each.importer)
        found.append(Reading(file, key, each.importer, mapping_text, request.encoding, request.state))
    return found


def _keep_tables(workspace: Workspace, readings: Sequence[Reading], read: Sequence[ReadFile]) -> None:
    for reading, each in zip(readings, read, strict=True):
        workspace.tables.put(reading.key, each.reading.frame, each.reading.rejections, each.reading.remarks)


def _body(
    case: CaseState, read: Sequence[ReadFile], readings: Sequence[Reading], request: Request
) -> dict[str, Any]:
    election = request.election or _election(read) or case.election
    as_of = request.as_of or next((each.reading.as_of for each in read if each.reading.as_of), None)
    status = request.status
    if status is Status.UNKNOWN:
        status = next(
            (each.reading.status for each in read if each.reading.status is not Status.UNKNOWN), status
        )
    return {
        "source": request.source or source_name(request.files),
        "status": status.value,
        "as_of": as_of.isoformat() if as_of else None,
        "election": election.isoformat() if election else None,
        "files": [_file_body(reading) for reading in readings],
        "rows": rows(read),
        "note": request.note,
    }


def _file_body(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.file.name,
        "sha256": reading.file.sha256,
        "size": reading.file.size,
        "importer": reading.importer,
        "key": reading.key,
        "mapping": reading.mapping,
        "encoding": reading.encoding,
        "state": reading.state,
    }


def rows(read: Sequence[ReadFile]) -> dict[str, int]:
    """How many source rows were read, stored and rejected; the first is the sum of the others."""
    return {
        "read": sum(each.reading.read for each in read),
        "stored": sum(each.reading.stored for each in read),
        "rejected": sum(len(each.reading.rejections) for each in read),
    }


def source_name(files: Sequence[Path]) -> str:
    """A source's name where the user gave none: the first file's name without its ending."""
    return files[0].name if files else "unnamed"


def _already(case: CaseState, body: dict[str, Any]) -> ImportRecord | None:
    keys = [each["key"] for each in body["files"]]
    for record in case.active:
        same_files = [reading.key for reading in record.readings] == keys
        snapshot = record.snapshot
        when = snapshot.as_of.isoformat() if snapshot.as_of else None
        if same_files and (slug(snapshot.source), snapshot.status.value, when) == (
            slug(body["source"]),
            body["status"],
            body["as_of"],
        ):
            return record
    return None


def _election(read: Sequence[ReadFile]) -> date | None:
    return next((each.reading.election for each in read if each.reading.election), None)


def _all_rejections(read: Sequence[ReadFile]) -> tuple[Rejection, ...]:
    return tuple(rejection for each in read for rejection in each.reading.rejections)


def _all_remarks(read: Sequence[ReadFile]) -> tuple[Remark, ...]:
    return tuple(remark for each in read for remark in each.reading.remarks)
