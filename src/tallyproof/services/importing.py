"""Importing returns: read everything first, then keep the bytes, then record one event."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tallyproof.election.canvass import SourceFile, Status
from tallyproof.election.evidence import Rejection, Remark, slug
from tallyproof.errors import RequestError, StoreError
from tallyproof.formats.layout import UNNAMED
from tallyproof.services import cases, reading
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, ImportRecord, Reading
from tallyproof.services.reading import ReadFile, Request
from tallyproof.services.tables import notes_of, rebuild, table_of
from tallyproof.services.workspace import Workspace
from tallyproof.store.canonical import JSON, canonical

__all__ = ["Imported", "Request", "import_returns", "notes_of", "rebuild", "table_of", "undo_import"]

READER_VERSION = 1
"""Raised when the same original would be read differently, so that derived tables are built anew."""


@dataclass(frozen=True, slots=True)
class Imported:
    """An import as recorded. ``already`` tells that these bytes were imported the same way before."""

    case: str
    record: ImportRecord
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    already: bool = False
    opened: bool = field(default=False)


def import_returns(workspace: Workspace, actor: Actor, case: str, request: Request) -> Imported:
    """Import files into a case, which is opened where it does not exist yet.

    Either everything is read and one event records it, or nothing changes. Bytes that count in the
    case already, read the same way and said to be the same, are not imported again.
    """
    require(actor, Right.IMPORT)
    is_new = not workspace.ledger.head(case).sequence
    if is_new:
        cases.require_name(case)
    workspace.progress("Reading")
    mapping = reading.mapping_of(request)
    read = reading.read_files(request, mapping)
    _require_names(read)
    readings = readings_of(read, request)
    if not is_new and (same := _already(cases.state(workspace, actor, case), read, readings, request)):
        return _answer(case, same, read, already=True)
    workspace.progress("Keeping the originals")
    _keep_originals(workspace, read, request)
    _keep_tables(workspace, readings, read)
    opened = is_new and cases.open_if_new(
        workspace, actor, case, request.election or reading.election_day(read)
    )
    return _record(workspace, actor, case, read, readings, request, opened=opened)


def _record(
    workspace: Workspace, actor: Actor, case: str, read: Sequence[ReadFile], readings: Sequence[Reading],
    request: Request, *, opened: bool,
) -> Imported:  # fmt: skip
    same: list[ImportRecord] = []

    def decide(known: CaseState) -> dict[str, Any] | None:
        same[:] = [found] if (found := _already(known, read, readings, request)) else []
        return None if same else _body(known, read, readings, request)

    event = cases.record(workspace, actor, case, cases.IMPORTED, decide)
    if event is None:
        return _answer(case, same[0], read, already=True)
    return _answer(case, cases.import_record(event), read, opened=opened)


def _answer(
    case: str, record: ImportRecord, read: Sequence[ReadFile], *, already: bool = False, opened: bool = False
) -> Imported:
    return Imported(case, record, reading.rejections(read), reading.remarks(read), already, opened)


def undo_import(workspace: Workspace, actor: Actor, case: str, sequence: int, reason: str) -> CaseState:
    """Undo an import: its numbers no longer count; the event and the original stay."""
    require(actor, Right.IMPORT)
    if not reason.strip():
        raise RequestError("Say why the import is undone with --reason, for those who read the ledger later.")

    def decide(known: CaseState) -> dict[str, Any]:
        record = next((each for each in known.imports if each.sequence == sequence), None)
        if record is None:
            numbers = ", ".join(str(each.sequence) for each in known.active) or "none"
            raise RequestError(f"Event {sequence} of case {case} is no import. Imports: {numbers}.")
        if record.undone:
            raise RequestError(f"Import {sequence} of case {case} was undone already on {record.undone}.")
        return {"import": sequence, "reason": reason.strip()}

    cases.state(workspace, actor, case)
    cases.record(workspace, actor, case, cases.UNDONE, decide)
    return cases.state(workspace, actor, case)


def _require_names(read: Sequence[ReadFile]) -> None:
    """A draft's own word for a contest that nothing in the file names is for previews only."""
    for each in read:
        if UNNAMED in each.reading.frame["office"].cast(pl.String).unique():
            raise RequestError(
                f"{each.document}: the mapping does not name the contest yet. Write its name in place of "
                f'"{UNNAMED}", such as President, then import the file again.'
            )


def _keep_originals(workspace: Workspace, read: Sequence[ReadFile], request: Request) -> None:
    known = {each.original.sha256 for each in read}
    for path in request.files:
        if workspace.files.put(path) not in known:
            raise StoreError(f"{path.name} changed while it was being read. Import it again.")


def _keep_tables(workspace: Workspace, readings: Sequence[Reading], read: Sequence[ReadFile]) -> None:
    for each, document in zip(readings, read, strict=True):
        found = document.reading
        workspace.tables.put(each.key, found.frame, found.rejections, found.remarks)


def readings_of(read: Sequence[ReadFile], request: Request) -> list[Reading]:
    """How each document was read, with the key under which its table is kept."""
    found = []
    for each in read:
        how: list[JSON] = [
            each.original.sha256, each.document, each.importer, each.mapping, request.encoding, request.state,
            READER_VERSION,
        ]  # fmt: skip
        key = hashlib.sha256(canonical(how)).hexdigest()
        file = SourceFile(each.document, each.original.sha256, each.original.size, each.importer)
        found.append(Reading(file, key, each.importer, each.mapping, request.encoding, request.state))
    return found


def _body(
    case: CaseState, read: Sequence[ReadFile], readings: Sequence[Reading], request: Request
) -> dict[str, Any]:
    election = request.election or reading.election_day(read) or case.election
    as_of = request.as_of or next((each.reading.as_of for each in read if each.reading.as_of), None)
    stated = (each.reading.status for each in read if each.reading.status is not Status.UNKNOWN)
    status = next(stated, Status.UNKNOWN) if request.status is Status.UNKNOWN else request.status
    return {
        "source": request.source or _source_name(request.files),
        "status": status.value,
        "as_of": _zoned(as_of).isoformat() if as_of else None,
        "election": election.isoformat() if election else None,
        "files": [_file_body(each) for each in readings],
        "rows": reading.rows(read),
        "note": request.note,
    }


def _zoned(moment: datetime) -> datetime:
    """A time that a file states without its zone is taken as UTC, so that times can be compared at all."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _file_body(each: Reading) -> dict[str, Any]:
    return {
        "name": each.file.name,
        "sha256": each.file.sha256,
        "size": each.file.size,
        "importer": each.importer,
        "key": each.key,
        "mapping": each.mapping,
        "encoding": each.encoding,
        "state": each.state,
    }


def _source_name(files: Sequence[Path]) -> str:
    """A source's name where the user gave none: that of the first file."""
    return files[0].name


def _already(
    case: CaseState, read: Sequence[ReadFile], readings: Sequence[Reading], request: Request
) -> ImportRecord | None:
    """The import that counts now and says the same of the same bytes, whatever their order.

    Where the request says ``once``, the same bytes are enough. Raises RequestError where only some count.
    """
    if request.once and (counting := counted(case, {each.file.sha256 for each in readings})):
        return _all_counted(counting, readings)
    wanted = _said(_body(case, read, readings, request))
    return next((record for record in case.active if _said(_said_by(record)) == wanted), None)


def counted(case: CaseState, wanted: Collection[str]) -> dict[str, ImportRecord]:
    """The imports that count now, by the SHA-256 of those of the wanted files that they brought."""
    return {
        each.file.sha256: record
        for record in reversed(case.active)
        for each in record.readings
        if each.file.sha256 in wanted
    }


def _all_counted(counting: dict[str, ImportRecord], readings: Sequence[Reading]) -> ImportRecord:
    first = next(each for each in readings if each.file.sha256 in counting)
    record = counting[first.file.sha256]
    if all(each.file.sha256 in counting for each in readings):
        return record
    raise RequestError(
        f"{first.file.name.split('/')[0]} counts in this case already, as import {record.sequence}. "
        "Leave it out, or say that it is imported once more."
    )


def _said_by(record: ImportRecord) -> dict[str, Any]:
    snapshot = record.snapshot
    return {
        "source": snapshot.source,
        "status": snapshot.status.value,
        "as_of": snapshot.as_of.isoformat() if snapshot.as_of else None,
        "election": snapshot.election.isoformat() if snapshot.election else None,
        "files": [{"key": each.key} for each in record.readings],
    }


def _said(body: dict[str, Any]) -> tuple[object, ...]:
    keys = sorted(each["key"] for each in body["files"])
    as_of = datetime.fromisoformat(body["as_of"]) if body["as_of"] else None
    return (slug(body["source"]), body["status"], as_of, body["election"], keys)
