"""Checking a case or plain files, and the report that people and programs read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from tallyproof.checks import check
from tallyproof.checks.check import NotCheckable
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot
from tallyproof.election.evidence import Finding, Rejection, Severity, Source, slug
from tallyproof.election.returns import empty
from tallyproof.services import cases, importing
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, ImportRecord
from tallyproof.services.workspace import Workspace
from tallyproof.store.canonical import JSON, canonical


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking gave: rows read, stored and rejected; findings by rank; what could not be checked."""

    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    not_checkable: tuple[NotCheckable, ...]
    rejections: tuple[Rejection, ...] = ()
    snapshots: Mapping[str, Snapshot] | None = None

    def at_or_above(self, severity: Severity) -> list[Finding]:
        """Findings at least as grave as ``severity``."""
        return [finding for finding in self.findings if finding.severity.rank <= severity.rank]


def check_files(
    request: importing.Request,
    *,
    previous: importing.Request | None = None,
    earlier: importing.Request | None = None,
    only: Iterable[str] = (),
) -> Checked:
    """Check files without keeping anything; each file is a source of its own unless a source is named.

    ``previous`` holds returns of an election before, ``earlier`` older versions of the same source.
    """
    read = importing.read_files(request)
    frames, snapshots = _as_snapshots(read, request)
    material = Material(
        _joined(frames),
        snapshots,
        _earlier(earlier, read, request),
        _previous(previous),
        tuple(each for one in read for each in one.reading.rejections),
        tuple(each for one in read for each in one.reading.remarks),
    )
    material = _split_by_election(material)
    report = check.run(material, only)
    return Checked(
        importing.rows(read), report.findings, report.not_checkable, material.rejections, snapshots
    )


def _as_snapshots(
    read: Sequence[importing.ReadFile], request: importing.Request
) -> tuple[list[pl.DataFrame], dict[str, Snapshot]]:
    frames, snapshots = [], {}
    for number, each in enumerate(read, start=1):
        source = request.source or each.document
        snapshot_id = slug(source) or f"file-{number}"
        if snapshot_id in snapshots and not request.source:
            snapshot_id = f"{snapshot_id}-{number}"
        status = request.status if request.status.value != "unknown" else each.reading.status
        snapshots[snapshot_id] = Snapshot(
            snapshot_id,
            source,
            status,
            request.as_of or each.reading.as_of,
            request.election or each.reading.election,
            (each.original,),
            number,
        )
        frames.append(each.reading.frame.with_columns(snapshot=pl.lit(snapshot_id).cast(pl.Categorical)))
    return frames, snapshots


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    if frames:
        return pl.concat(frames)
    return empty().with_columns(snapshot=pl.lit("", dtype=pl.String).cast(pl.Categorical))


def _previous(request: importing.Request | None) -> pl.DataFrame | None:
    if request is None:
        return None
    frames, _ = _as_snapshots(importing.read_files(request), request)
    return _joined(frames)


def _earlier(
    request: importing.Request | None, now: Sequence[importing.ReadFile], asked: importing.Request
) -> tuple[tuple[Snapshot, pl.DataFrame], ...]:
    """Earlier versions take the source of the files under check, so that they are versions of each other."""
    if request is None:
        return ()
    source = asked.source or now[0].document
    versions = []
    for place, each in enumerate(importing.read_files(request), start=1):
        snapshot = Snapshot(
            f"earlier-{place}",
            source,
            request.status,
            request.as_of or each.reading.as_of,
            each.reading.election,
            (each.original,),
            -place,
        )
        frame = each.reading.frame.with_columns(snapshot=pl.lit(snapshot.id).cast(pl.Categorical))
        versions.append((snapshot, frame))
    return tuple(versions)


def _split_by_election(material: Material) -> Material:
    """Move snapshots of an older election out of the returns under check and into ``previous``."""
    days = {name: snapshot.election for name, snapshot in material.snapshots.items() if snapshot.election}
    newest = max(days.values(), default=None)
    older = [name for name, day in days.items() if newest and day < newest]
    if not older:
        return material
    is_older = pl.col("snapshot").cast(pl.String).is_in(older)
    before = material.returns.filter(is_older)
    previous = before if material.previous is None else pl.concat([material.previous, before])
    return replace(material, returns=material.returns.filter(~is_older), previous=previous)


def material_of(workspace: Workspace, actor: Actor, case: str, as_of: datetime | None = None) -> Material:
    """Everything a case's checks look at, as it was known at ``as_of`` (source time), now by default."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    records = [record for record in known.active if is_known(record, as_of)]
    current, older, before = _by_role(known, records)
    notes = [importing.notes_of(workspace, record) for record in current]
    returns = _joined([importing.table_of(workspace, record) for record in current])
    previous = [importing.table_of(workspace, record) for record in before]
    return Material(
        returns,
        {record.snapshot.id: record.snapshot for record in records},
        tuple((record.snapshot, importing.table_of(workspace, record)) for record in older),
        _joined(previous) if previous else None,
        tuple(each for rejections, _ in notes for each in rejections),
        tuple(each for _, remarks in notes for each in remarks),
    )


def is_known(record: ImportRecord, as_of: datetime | None) -> bool:
    """Whether an import's source time lies at or before ``as_of``; undated imports count by import time."""
    if as_of is None:
        return True
    moment = record.snapshot.as_of or datetime.fromisoformat(record.at)
    return moment <= as_of


def _by_role(
    case: CaseState, records: Sequence[ImportRecord]
) -> tuple[list[ImportRecord], list[ImportRecord], list[ImportRecord]]:
    """The newest import of each source, older ones newest first, and imports of an election before."""
    day = case.election or max(
        (each.snapshot.election for each in records if each.snapshot.election), default=None
    )
    before = [each for each in records if day and each.snapshot.election and each.snapshot.election < day]
    ordered = sorted(
        (each for each in records if each not in before), key=lambda each: each.snapshot.order, reverse=True
    )
    current: dict[str, ImportRecord] = {}
    older = []
    for record in ordered:
        if record.snapshot.source_id in current:
            older.append(record)
        else:
            current[record.snapshot.source_id] = record
    return sorted(current.values(), key=lambda each: each.sequence), older, before


def check_case(
    workspace: Workspace, actor: Actor, case: str, *, as_of: datetime | None = None, only: Iterable[str] = ()
) -> Checked:
    """Check a case as of a time; the answer is kept as derived data until the case changes."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    records = [record for record in known.active if is_known(record, as_of)]
    name = _report_name(case, records)
    wanted = sorted(set(only))
    if not wanted and workspace.files.exists_named(name):
        with workspace.files.open_named(name) as stream:
            return _from_json(json.load(stream), {each.snapshot.id: each.snapshot for each in records})
    workspace.progress("Checking")
    material = material_of(workspace, actor, case, as_of)
    report = check.run(material, wanted)
    totals = {word: sum(record.rows[word] for record in records) for word in ("read", "stored", "rejected")}
    checked = Checked(totals, report.findings, report.not_checkable, material.rejections, material.snapshots)
    if not wanted:
        workspace.files.put_named(name, canonical(to_json(checked)))
    return checked


def _report_name(case: str, records: Sequence[ImportRecord]) -> str:
    import hashlib

    from tallyproof import __version__

    keys: list[JSON] = [
        [record.sequence, *(reading.key for reading in record.readings)] for record in records
    ]
    digest = hashlib.sha256(canonical([case, keys, sorted(check.catalogue()), __version__])).hexdigest()
    return f"reports/{digest}.json"


def record_answer(workspace: Workspace, actor: Actor, case: str, checked: Checked) -> bool:
    """Record in the ledger what the checks answered, unless it is what was recorded last."""
    require(actor, Right.IMPORT)
    report = workspace.files.put(canonical(to_json(checked)))
    known = cases.state(workspace, actor, case)
    if known.reports and known.reports[-1][2] == report:
        return False
    counted = {severity.value: 0 for severity in Severity}
    for finding in checked.findings:
        counted[finding.severity.value] += 1
    body: dict[str, JSON] = {
        "report": report,
        "findings": counted,
        "not_checkable": len(checked.not_checkable),
    }
    workspace.ledger.append(case, actor.id, cases.ANSWERED, body, secrets=cases.named(actor))
    return True


def to_json(checked: Checked) -> dict[str, Any]:
    """The report as plain JSON: rows, findings in rank order, what could not be checked."""
    return {
        "rows": dict(checked.rows),
        "findings": [finding_json(finding) for finding in checked.findings],
        "not_checkable": [
            {"check": each.check, "question": each.question, "needs": each.needs}
            for each in checked.not_checkable
        ],
        "rejections": [
            {"file": each.file, "row": each.row, "reason": each.reason, "raw": each.raw}
            for each in checked.rejections
        ],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain JSON."""
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity.value,
        "contest": finding.contest,
        "unit": finding.unit,
        "topic": finding.topic,
        "numbers": dict(finding.numbers),
        "votes_at_stake": finding.votes_at_stake,
        "margin": finding.margin,
        "message": finding.message,
        "benign": list(finding.benign),
        "source": _source_json(finding.source),
        "also": [_source_json(each) for each in finding.also],
    }


def _source_json(source: Source) -> dict[str, Any]:
    return {"file": source.file, "row": source.row, "column": source.column, "snapshot": source.snapshot}


def _from_json(report: Mapping[str, Any], snapshots: Mapping[str, Snapshot]) -> Checked:
    return Checked(
        report["rows"],
        tuple(_finding(each) for each in report["findings"]),
        tuple(NotCheckable(**each) for each in report["not_checkable"]),
        tuple(Rejection(**each) for each in report["rejections"]),
        snapshots,
    )


def _finding(each: Mapping[str, Any]) -> Finding:
    return Finding(
        each["check"],
        Severity(each["severity"]),
        each["contest"],
        each["unit"],
        each["message"],
        each["numbers"],
        each["votes_at_stake"],
        each["margin"],
        tuple(each["benign"]),
        Source(**each["source"]),
        tuple(Source(**source) for source in each["also"]),
        each["topic"],
    )
