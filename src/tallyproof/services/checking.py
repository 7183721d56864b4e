"""Checking a case or plain files: what the checks are given, and what they answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

from tallyproof.checks import catalogue
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot, Status
from tallyproof.election.card_part import CaseCards
from tallyproof.election.evidence import Severity, slug
from tallyproof.election.returns import empty
from tallyproof.election.standardizing import standardized_returns
from tallyproof.services import cases, reading, reports, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.card_parts import case_cards
from tallyproof.services.cases import CaseState, ImportRecord
from tallyproof.services.name_records import names_of
from tallyproof.services.reading import ReadFile, Request
from tallyproof.services.reports import Checked as Checked
from tallyproof.services.workspace import Workspace
from tallyproof.store.canonical import JSON, canonical


def check_files(
    request: Request,
    *,
    previous: Request | None = None,
    earlier: Request | None = None,
    only: Iterable[str] = (),
) -> Checked:
    """Check files without keeping anything; each file is a source of its own unless a source is named.

    ``previous`` holds returns of an election before, ``earlier`` older versions of the same source.
    """
    read = reading.read_files(request)
    frames, snapshots = _as_snapshots(read, request)
    material = Material(
        _joined(frames),
        snapshots,
        _earlier(earlier, read, request),
        _previous(previous),
        reading.rejections(read),
        reading.remarks(read),
    )
    report = catalogue.run(_split_by_election(material), only)
    return Checked(reading.rows(read), report.findings, report.not_checkable, material.rejections, snapshots)


def material_of_files(returns: Request | None, cards: CaseCards) -> Material:
    """Cards with the returns of some files beside them, or alone; nothing is kept."""
    if returns is None:
        return Material(_joined([]), {}, cards=cards)
    read = reading.read_files(returns)
    frames, snapshots = _as_snapshots(read, returns)
    return Material(
        _joined(frames), snapshots, (), None, reading.rejections(read), reading.remarks(read), cards=cards
    )


def _as_snapshots(
    read: Sequence[ReadFile], request: Request
) -> tuple[list[pl.DataFrame], dict[str, Snapshot]]:
    frames, snapshots = [], dict[str, Snapshot]()
    for number, each in enumerate(read, start=1):
        source = request.source or each.document
        name = slug(source) or "file"
        if name in snapshots and not request.source:
            name = f"{name}-{number}"
        snapshots[name] = _with_file(snapshots.get(name), _snapshot(name, source, number, each, request))
        frames.append(each.reading.frame.with_columns(snapshot=pl.lit(name).cast(pl.Categorical)))
    return frames, snapshots


def _snapshot(name: str, source: str, number: int, each: ReadFile, request: Request) -> Snapshot:
    status = each.reading.status if request.status is Status.UNKNOWN else request.status
    return Snapshot(
        name,
        source,
        status,
        request.as_of or each.reading.as_of,
        request.election or each.reading.election,
        (each.original,),
        number,
    )


def _with_file(known: Snapshot | None, new: Snapshot) -> Snapshot:
    """One snapshot of a source that comes in several files: the first that says something speaks for all."""
    if known is None:
        return new
    return replace(
        known,
        status=new.status if known.status is Status.UNKNOWN else known.status,
        as_of=known.as_of or new.as_of,
        election=known.election or new.election,
        files=(*known.files, *new.files),
    )


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    if frames:
        return pl.concat(frames)
    return empty().with_columns(snapshot=pl.lit("", dtype=pl.String).cast(pl.Categorical))


def _previous(request: Request | None) -> pl.DataFrame | None:
    if request is None:
        return None
    frames, _ = _as_snapshots(reading.read_files(request), request)
    return _joined(frames)


def _earlier(
    request: Request | None, now: Sequence[ReadFile], asked: Request
) -> tuple[tuple[Snapshot, pl.DataFrame], ...]:
    """Earlier versions take the source of the files under check, so that they are versions of each other."""
    if request is None:
        return ()
    source = asked.source or now[0].document
    versions = []
    for place, each in enumerate(reading.read_files(request), start=1):
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
    """Move snapshots of the election before the newest out of the returns under check, into ``previous``."""
    days = {name: snapshot.election for name, snapshot in material.snapshots.items() if snapshot.election}
    newest = max(days.values(), default=None)
    older = [name for name, day in days.items() if newest and day < newest]
    if not older:
        return material
    last = [name for name in older if days[name] == max(days[each] for each in older)]
    snapshot = pl.col("snapshot").cast(pl.String)
    before = material.returns.filter(snapshot.is_in(last))
    previous = before if material.previous is None else pl.concat([material.previous, before])
    return replace(material, returns=material.returns.filter(~snapshot.is_in(older)), previous=previous)


def material_of(
    workspace: Workspace, actor: Actor, case: str, as_of: datetime | None = None, *, with_cards: bool = False
) -> Material:
    """Everything a case's checks look at, as it was known at ``as_of`` (source time), now by default.

    Cards come only ``with_cards``: those that count now, for their imports bear no source time.
    """
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    records = [record for record in known.active if is_known(record, as_of)]
    current, older, before = _by_role(known, records)
    names = names_of(workspace.files, known.names)

    def table(record: ImportRecord) -> pl.DataFrame:
        return standardized_returns(tables.table_of(workspace, record), names)

    notes = [tables.notes_of(workspace, record) for record in current]
    previous = [table(record) for record in before]
    return Material(
        _joined([table(record) for record in current]),
        {record.snapshot.id: record.snapshot for record in records},
        tuple((record.snapshot, table(record)) for record in older),
        _joined(previous) if previous else None,
        tuple(each for rejections, _ in notes for each in rejections),
        tuple(each for _, remarks in notes for each in remarks),
        cards=case_cards(workspace, actor, case) if with_cards and known.cards else None,
    )


def is_known(record: ImportRecord, as_of: datetime | None) -> bool:
    """Whether an import's source time lies at or before ``as_of``; undated imports count by import time."""
    if as_of is None:
        return True
    moment = record.snapshot.as_of or datetime.fromisoformat(record.at)
    return moment <= as_of


def current_imports(known: CaseState) -> list[ImportRecord]:
    """The newest import of each source of returns, those of an election before left out."""
    return _by_role(known, known.active)[0]


def _by_role(
    case: CaseState, records: Sequence[ImportRecord]
) -> tuple[list[ImportRecord], list[ImportRecord], list[ImportRecord]]:
    """The newest import of each source, older ones newest first, and the newest of the election before."""
    days = {each.sequence: each.snapshot.election for each in records if each.snapshot.election}
    day = max([*days.values(), case.election or date.min], default=date.min)
    past = {sequence: given for sequence, given in days.items() if given < day}
    last = max(past.values(), default=None)
    current, older = _newest([each for each in records if each.sequence not in past])
    before, _ = _newest([each for each in records if past.get(each.sequence) == last and last])
    return current, older, before


def _newest(records: Sequence[ImportRecord]) -> tuple[list[ImportRecord], list[ImportRecord]]:
    """The newest import of each source in order of import, and the others, newest first."""
    ordered = sorted(records, key=lambda each: each.snapshot.order, reverse=True)
    newest: dict[str, ImportRecord] = {}
    for record in ordered:
        newest.setdefault(record.snapshot.source_id, record)
    current = sorted(newest.values(), key=lambda each: each.sequence)
    return current, [each for each in ordered if newest[each.snapshot.source_id] is not each]


def check_case(
    workspace: Workspace, actor: Actor, case: str, *, as_of: datetime | None = None, only: Iterable[str] = ()
) -> Checked:
    """Check a case as of a time; the answer is kept as derived data until the case changes."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    records = [record for record in known.active if is_known(record, as_of)]
    snapshots = {each.snapshot.id: each.snapshot for each in records}
    name = report_name(known, records)
    wanted = sorted(set(only))
    if not wanted and (report := _kept_report(workspace, name)):
        return reports.from_kept(report, snapshots)
    workspace.progress("Checking")
    material = material_of(workspace, actor, case, as_of, with_cards=True)
    answered = catalogue.run(material, wanted)
    totals = {word: sum(record.rows[word] for record in records) for word in ("read", "stored", "rejected")}
    checked = Checked(totals, answered.findings, answered.not_checkable, material.rejections, snapshots)
    if not wanted:
        workspace.files.put_named(name, reports.report_bytes(checked))
    return checked


def _kept_report(workspace: Workspace, name: str) -> dict[str, Any] | None:
    """A report that was kept; None where there is none that can be read."""
    if not workspace.files.exists_named(name):
        return None
    with workspace.files.open_named(name) as stream:
        try:
            report: dict[str, Any] = json.load(stream)
        except ValueError:
            return None
    return report


def report_name(case: CaseState, records: Sequence[ImportRecord], opening: str = "reports/") -> str:
    """Names everything the answer depends on: imports, what was said of them, names set, this program."""
    told: list[JSON] = [
        [
            each.sequence,
            each.at,
            each.snapshot.label,
            str(each.snapshot.election),
            *(r.key for r in each.readings),
        ]
        for each in records
    ]
    told += [case.names.sha256] if case.names else []
    cards: list[JSON] = [[each.sequence, each.undone] for each in case.cards]
    cards += [[each.sequence, each.undone] for each in case.manifests]
    question: list[JSON] = [case.id, str(case.election), told, cards, program()]
    return f"{opening}{hashlib.sha256(canonical(question)).hexdigest()}.json"


@cache
def program() -> str:
    """A SHA-256 of the program text that answers depend on, so that a new version answers anew."""
    digest = hashlib.sha256()
    for room in ("checks", "audit", "election", "tracking", "services"):
        for path in sorted(files(f"tallyproof.{room}").iterdir(), key=lambda each: each.name):
            if path.name.endswith(".py"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def record_answer(workspace: Workspace, actor: Actor, case: str, checked: Checked) -> bool:
    """Record in the ledger what the checks answered, unless it is what was recorded last."""
    require(actor, Right.IMPORT)
    report = workspace.files.put(reports.report_bytes(checked))
    counted = {severity.value: 0 for severity in Severity}
    for finding in checked.findings:
        counted[finding.severity.value] += 1
    body = {"report": report, "findings": counted, "not_checkable": len(checked.not_checkable)}

    def decide(known: CaseState) -> dict[str, Any] | None:
        return None if known.reports and known.reports[-1][2] == report else body

    return cases.record(workspace, actor, case, cases.ANSWERED, decide) is not None
