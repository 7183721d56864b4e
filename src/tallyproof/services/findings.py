"""The life of a finding: open, explained by the office that answers for it, resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Check
from tallyproof.election.evidence import Finding, Source
from tallyproof.errors import RequestError
from tallyproof.services import caching, cases, checking, tables
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.cases import CaseState, Life, Reading
from tallyproof.services.workspace import Workspace

if TYPE_CHECKING:
    from tallyproof.formats.layout import Layout


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The raw source row of a cell beside what we read from it."""

    source: Source
    header: tuple[str, ...]
    cells: tuple[str, ...]
    parsed: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class FindingInCase:
    """A finding with its check and its life; ``finding`` is None where the checks no longer find it."""

    id: str
    finding: Finding | None
    check: Check
    life: Life


def finding(workspace: Workspace, actor: Actor, case: str, finding_id: str) -> FindingInCase:
    """One finding of a case. Raises RequestError where there is none of that id and never was."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    checked = checking.check_case(workspace, actor, case)
    found = next((each for each in checked.findings if each.id == finding_id), None)
    if found is None and finding_id not in known.lives:
        raise RequestError(
            f"Case {case} has no finding '{finding_id}'. List them with: tallyproof check --case {case}"
        )
    check_id = finding_id.split("/", 1)[0]
    return FindingInCase(finding_id, found, catalogue()[check_id], known.life(finding_id))


def explain(
    workspace: Workspace, actor: Actor, case: str, finding_id: str, words: str, cite: str, note: str = ""
) -> CaseState:
    """Record the office's own words on a finding, with where they stand. ``note`` is kept secret."""
    _require_words(words, "the office's own words", "--words")
    _require_words(cite, "where they stand (a link, a letter with its date)", "--cite")
    return _record(
        workspace, actor, case, finding_id, cases.EXPLAINED, words, cite, note, {"open", "explained"}
    )


def resolve(
    workspace: Workspace, actor: Actor, case: str, finding_id: str, words: str, cite: str, note: str = ""
) -> CaseState:
    """Record how a finding was settled and by which record."""
    _require_words(words, "how it was settled", "--words")
    _require_words(cite, "the record that settles it", "--cite")
    return _record(
        workspace, actor, case, finding_id, cases.RESOLVED, words, cite, note, {"open", "explained"}
    )


def reopen(
    workspace: Workspace, actor: Actor, case: str, finding_id: str, words: str, note: str = ""
) -> CaseState:
    """Open an explained or resolved finding again, and say why."""
    _require_words(words, "why it is opened again", "--words")
    return _record(
        workspace, actor, case, finding_id, cases.REOPENED, words, "", note, {"explained", "resolved"}
    )


def _require_words(text: str, what: str, option: str) -> None:
    if not text.strip():
        raise RequestError(f"Give {what} with {option}.")


def _record(
    workspace: Workspace,
    actor: Actor,
    case: str,
    finding_id: str,
    kind: str,
    words: str,
    cite: str,
    note: str,
    allowed: set[str],
) -> CaseState:
    require(actor, Right.EXPLAIN)
    now = finding(workspace, actor, case, finding_id)

    def decide(known: CaseState) -> dict[str, Any]:
        stands = known.life(finding_id).state
        if stands not in allowed:
            raise RequestError(
                f"Finding {finding_id} is {stands}; it cannot be {cases.STATE_AFTER[kind]} from there."
            )
        return {
            "finding": finding_id,
            "words": words.strip(),
            "cite": cite.strip(),
            "said": now.finding.message if now.finding else "",
        }

    secrets = {"note": note.strip()} if note.strip() else {}
    cases.record(workspace, actor, case, kind, decide, secrets)
    return cases.state(workspace, actor, case)


MOST_ROWS = 50
"""Source rows shown of one finding; each is looked up in its original."""


def source_rows(workspace: Workspace, actor: Actor, case: str, found: Finding) -> list[SourceRow]:
    """The raw rows behind a finding's cells, each beside the numbers read from it; the first 50."""
    require(actor, Right.READ)
    known = cases.state(workspace, actor, case)
    wanted: dict[Reading, list[Source]] = {}
    order = (found.source, *found.also)[:MOST_ROWS]
    for source in order:
        reading = _reading_of(known, source)
        if reading is not None and source.row is not None:
            wanted.setdefault(reading, []).append(source)
    rows = {
        id(row.source): row
        for reading in wanted
        for row in _rows_of(workspace, case, reading, wanted[reading])
    }
    return [rows[id(source)] for source in order if id(source) in rows]


def _reading_of(known: CaseState, source: Source) -> Reading | None:
    """The reading that a source names by its snapshot, or by its file alone where it names no snapshot."""
    of_snapshot = (each for each in known.imports if each.snapshot.id == source.snapshot)
    records = of_snapshot if source.snapshot else reversed(known.active)
    readings = (reading for record in records for reading in record.readings)
    return next((reading for reading in readings if reading.file.name == source.file), None)


def _rows_of(workspace: Workspace, case: str, reading: Reading, sources: list[Source]) -> list[SourceRow]:
    """Header and cells of these rows of an original, read again from its bytes, with what was stored."""
    import polars as pl

    from tallyproof.formats import raw

    numbers = list(dict.fromkeys(source.row or 0 for source in sources))
    layout = _layout(reading)
    with tables.document_of(workspace, reading) as document:
        raws = {row: raw.raw_row(document, row, layout) for row in numbers}
    frame = caching.remember(
        workspace, case, ("frame", reading.key), lambda: tables.frame_of(workspace, reading)
    )
    stored = frame.filter(pl.col("row").is_in(numbers))
    parsed = {row: tuple(stored.filter(pl.col("row") == row).select(_SHOWN).to_dicts()) for row in numbers}
    return [SourceRow(source, *raws[source.row or 0], parsed[source.row or 0]) for source in sources]


_SHOWN = ("contest", "county", "unit", "choice", "party", "measure", "mode", "votes", "note", "column")


def _layout(reading: Reading) -> Layout:
    """Where the table has its column names: as the mapping says, else in the first row."""
    from tallyproof.formats import mapping, raw

    return mapping.read_mapping(reading.mapping).layout if reading.mapping else raw.FIRST_ROW
