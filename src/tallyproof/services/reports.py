"""What checking answered: plain objects, the JSON that programs read, and the report that is kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tallyproof.checks.catalogue import NotCheckable
from tallyproof.election.canvass import Snapshot
from tallyproof.election.evidence import Finding, Number, Rejection, Severity, Source


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


def to_json(checked: Checked) -> dict[str, Any]:
    """What ``tallyproof check --json`` prints: rows, findings in rank order, what could not be checked."""
    return {
        "rows": dict(checked.rows),
        "findings": [_public(finding) for finding in checked.findings],
        "not_checkable": _not_checkable(checked),
    }


def _public(finding: Finding) -> dict[str, Any]:
    full = finding_json(finding)
    source = {"file": finding.source.file, "row": finding.source.row}
    return {**{name: full[name] for name in full if name not in {"topic", "also"}}, "source": source}


def kept(checked: Checked) -> dict[str, Any]:
    """The whole report as it is kept: also rejected rows, topics and every cell that a finding rests on."""
    return {
        "rows": dict(checked.rows),
        "findings": [finding_json(finding) for finding in checked.findings],
        "not_checkable": _not_checkable(checked),
        "rejections": [
            {"file": each.file, "row": each.row, "reason": each.reason, "raw": each.raw}
            for each in checked.rejections
        ],
    }


def report_bytes(checked: Checked) -> bytes:
    """The kept report as JSON in UTF-8, always the same for the same answer.

    Numbers keep the order of their formula, so that an answer reads alike whether it was made or kept.
    """
    return json.dumps(kept(checked), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _not_checkable(checked: Checked) -> list[dict[str, str]]:
    return [
        {"check": each.check, "question": each.question, "needs": each.needs}
        for each in checked.not_checkable
    ]


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain JSON, with every cell it rests on."""
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity.value,
        "contest": finding.contest,
        "unit": finding.unit,
        "topic": finding.topic,
        "numbers": {name: _finite(number) for name, number in finding.numbers.items()},
        "votes_at_stake": finding.votes_at_stake,
        "margin": finding.margin,
        "message": finding.message,
        "benign": list(finding.benign),
        "source": _source_json(finding.source),
        "also": [_source_json(each) for each in finding.also],
    }


def _finite(number: Number) -> Number:
    """JSON has no infinity and no NaN."""
    if isinstance(number, float) and not math.isfinite(number):
        return None if math.isnan(number) else str(number)
    return number


def _source_json(source: Source) -> dict[str, Any]:
    return {"file": source.file, "row": source.row, "column": source.column, "snapshot": source.snapshot}


def from_kept(report: Mapping[str, Any], snapshots: Mapping[str, Snapshot]) -> Checked:
    """The answer that a kept report holds."""
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
