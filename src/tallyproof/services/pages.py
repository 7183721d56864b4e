"""What the pages show: a case as of a time, a contest, a finding, and the record; read only."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Check
from tallyproof.checks.material import Material
from tallyproof.election.canvass import Snapshot
from tallyproof.election.evidence import Finding, Rejection, Remark
from tallyproof.election.returns import VOTES
from tallyproof.errors import RequestError
from tallyproof.services import caching, cases, checking, counting, findings, tables, worked
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, ImportRecord, Life
from tallyproof.services.counting import ContestCount, Count
from tallyproof.services.findings import SourceRow
from tallyproof.services.reports import Checked
from tallyproof.services.units import UnitTable, by_county, unit_table
from tallyproof.services.versions import margin_share
from tallyproof.services.workspace import Workspace
from tallyproof.tracking.difference import Change, MarginChange

if TYPE_CHECKING:
    from tallyproof.store.chain import BrokenLink, Event


@dataclass(frozen=True, slots=True)
class Look:
    """A case as its sources stood at ``as_of`` (now where None): its count and what its checks answer."""

    state: CaseState
    count: Count
    checked: Checked
    as_of: datetime | None = None

    @property
    def imports(self) -> tuple[ImportRecord, ...]:
        """Imports whose source time lies at or before ``as_of``, without those undone."""
        return tuple(each for each in self.state.active if checking.is_known(each, self.as_of))

    @property
    def snapshots(self) -> dict[str, Snapshot]:
        """The snapshot of every import, by id."""
        return {each.snapshot.id: each.snapshot for each in self.state.imports}

    @property
    def open_findings(self) -> list[Finding]:
        """Findings that nobody has explained or resolved, most votes at stake first."""
        return [each for each in self.checked.findings if self.state.life(each.id).state == "open"]

    @property
    def closest(self) -> ContestCount | None:
        """The contest with the smallest margin against its votes; None where no margin is known."""
        known = [(part, each) for each in self.count.contests if (part := margin_share(each)) is not None]
        return min(known, key=lambda pair: pair[0], default=(0.0, None))[1]

    def contest(self, contest: str) -> ContestCount | None:
        """One contest's count; None where the case has no standing for it."""
        return next((each for each in self.count.contests if each.contest.id == contest), None)


@dataclass(frozen=True, slots=True)
class VersionStep:
    """What changed in one contest from one version of a source to its next: votes first, by size.

    ``units`` are those at the finest level given; a county's own row changes with its units.
    """

    before: ImportRecord
    after: ImportRecord
    changes: tuple[Change, ...]
    units: tuple[str, ...]
    margin: MarginChange | None


@dataclass(frozen=True, slots=True)
class ContestPage:
    """One contest: its count, units, counties, findings, and what changed from version to version."""

    count: ContestCount
    units: UnitTable
    counties: UnitTable
    findings: tuple[Finding, ...]
    steps: tuple[VersionStep, ...]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding with its check, its life, its source rows and the formula with numbers filled in.

    ``finding`` is None where the checks no longer find it and only its history is left.
    """

    id: str
    finding: Finding | None
    check: Check
    life: Life
    contest: ContestCount | None
    rows: tuple[SourceRow, ...]
    worked: str


@dataclass(frozen=True, slots=True)
class ImportNotes:
    """An import with the rows it rejected and what was noted while reading."""

    record: ImportRecord
    rejections: tuple[Rejection, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A case's ledger and imports; ``broken`` is its first broken link, None where the chain holds."""

    state: CaseState
    events: tuple[Event, ...]
    imports: tuple[ImportNotes, ...]
    broken: BrokenLink | None


def overview(workspace: Workspace, actor: Actor) -> list[Look]:
    """All cases as they stand now, newest election first."""
    return [look(workspace, actor, each.id) for each in cases.cases(workspace, actor)]


def look(workspace: Workspace, actor: Actor, case: str, as_of: datetime | None = None) -> Look:
    """A case as of a time. Raises RequestError for a case that is not there."""
    require(actor, Right.READ)
    if not actor.sees(case) or not workspace.ledger.head(case).sequence:
        raise RequestError(f"There is no case {case} here.")
    state = caching.remember(workspace, case, "state", lambda: cases.state(workspace, actor, case))
    return replace(
        caching.remember(
            workspace, case, ("look", _known(state, as_of)), lambda: _look(workspace, actor, state, as_of)
        ),
        as_of=as_of,
    )


def _look(workspace: Workspace, actor: Actor, state: CaseState, as_of: datetime | None) -> Look:
    counted = counting.count(workspace, actor, state.id, as_of=as_of)
    return Look(state, counted, checking.check_case(workspace, actor, state.id, as_of=as_of))


def _known(state: CaseState, as_of: datetime | None) -> Hashable:
    """The imports known at a time: every time between two reports has the same answers."""
    return tuple(each.sequence for each in state.active if checking.is_known(each, as_of))


def contest_page(
    workspace: Workspace, actor: Actor, case: str, contest: str, as_of: datetime | None = None
) -> ContestPage:
    """One contest as of a time. Raises RequestError where the case has no standing for it."""
    seen = look(workspace, actor, case, as_of)
    counted = seen.contest(contest)
    if counted is None:
        raise RequestError(f"Case {seen.state.title} has no count of a contest '{contest}' as of this time.")
    units = caching.remember(
        workspace, case, ("units", contest, _known(seen.state, as_of)),
        lambda: unit_table(material(workspace, actor, seen), counted),
    )  # fmt: skip
    counties = caching.remember(
        workspace, case, ("counties", contest, _known(seen.state, as_of)), lambda: by_county(units)
    )
    own = tuple(each for each in seen.checked.findings if each.contest == contest)
    return ContestPage(counted, units, counties, own, tuple(_steps(workspace, actor, seen, counted)))


def material(workspace: Workspace, actor: Actor, seen: Look) -> Material:
    """The tables behind a case as of a time, read once for all its pages."""
    return caching.remember(
        workspace, seen.state.id, ("material", _known(seen.state, seen.as_of)),
        lambda: checking.material_of(workspace, actor, seen.state.id, seen.as_of),
    )  # fmt: skip


def version_step(
    workspace: Workspace, actor: Actor, case: str, contest: str, before: int, after: int
) -> VersionStep:
    """What changed in a contest between two imports. Raises RequestError where they are no imports."""
    require(actor, Right.READ)
    known = {record.sequence: record for record in look(workspace, actor, case).state.imports}
    if before not in known or after not in known:
        raise RequestError(f"Case {case} has no imports numbered {before} and {after}.")
    whole = caching.remember(
        workspace, case, ("difference", before, after),
        lambda: counting.difference_between(workspace, actor, case, before, after),
    )  # fmt: skip
    own = [each for each in whole.changes if each.contest == contest]
    leaves = set(whole.units)
    return VersionStep(
        known[before],
        known[after],
        tuple(sorted(own, key=lambda each: (each.measure not in VOTES, -abs(each.by or 0)))),
        tuple(dict.fromkeys(each.unit for each in own if each.unit in leaves)),
        next((each for each in whole.margins if each.contest == contest), None),
    )


def _steps(workspace: Workspace, actor: Actor, seen: Look, counted: ContestCount) -> Iterator[VersionStep]:
    """From each version of a source to its next one, where both give votes for the contest."""
    telling = {each.snapshot for each in counted.versions if not each.stated}
    by_source: dict[str, list[ImportRecord]] = {}
    for record in sorted(seen.imports, key=lambda each: each.snapshot.order):
        if record.snapshot.id in telling:
            by_source.setdefault(record.snapshot.source_id, []).append(record)
    for versions in by_source.values():
        for old, new in pairwise(versions):
            yield version_step(
                workspace, actor, seen.state.id, counted.contest.id, old.sequence, new.sequence
            )


def finding_page(
    workspace: Workspace, actor: Actor, case: str, finding_id: str, as_of: datetime | None = None
) -> FindingPage:
    """One finding as of a time. Raises RequestError where there is none of that id and never was."""
    seen = look(workspace, actor, case, as_of)
    found = next((each for each in seen.checked.findings if each.id == finding_id), None)
    check = catalogue().get(finding_id.split("/", 1)[0])
    if check is None or (found is None and finding_id not in seen.state.lives):
        raise RequestError(f"Case {seen.state.title} has no finding '{finding_id}' as of this time.")
    life = seen.state.life(finding_id)
    if found is None:
        return FindingPage(finding_id, None, check, life, None, (), "")
    rows = caching.remember(
        workspace, case, ("source rows", found.source, found.also),
        lambda: tuple(findings.source_rows(workspace, actor, case, found)),
    )  # fmt: skip
    filled = worked.filled_in(check.id, found.numbers)
    return FindingPage(finding_id, found, check, life, seen.contest(found.contest), rows, filled)


def record_page(workspace: Workspace, actor: Actor, case: str) -> RecordPage:
    """The ledger of a case, checked link by link at this moment, and its imports, newest first."""
    state = look(workspace, actor, case).state
    events = caching.remember(workspace, case, "events", lambda: tuple(workspace.ledger.events(case)))
    notes = caching.remember(
        workspace, case, "notes", lambda: tuple(_notes(workspace, each) for each in state.imports)
    )
    broken = workspace.ledger.verify(case).first_broken
    return RecordPage(state, events[::-1], notes[::-1], broken)


def import_page(workspace: Workspace, actor: Actor, case: str, sequence: int) -> ImportNotes:
    """One import with every row that it rejected. Raises RequestError where the event is no import."""
    state = look(workspace, actor, case).state
    record = next((each for each in state.imports if each.sequence == sequence), None)
    if record is None:
        raise RequestError(f"Event {sequence} of case {state.title} is no import.")
    return caching.remember(workspace, case, ("notes", sequence), lambda: _notes(workspace, record))


def _notes(workspace: Workspace, record: ImportRecord) -> ImportNotes:
    return ImportNotes(record, *tables.notes_of(workspace, record))
