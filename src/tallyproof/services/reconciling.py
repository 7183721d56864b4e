"""Reconciliation of cards with manifest, returns and poll book: the table and what the checks say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tallyproof.audit.reconciliation import Reconciliation, reconcile
from tallyproof.checks import catalogue
from tallyproof.checks.card_bounds import reported_ballots
from tallyproof.checks.card_contests import card_contests
from tallyproof.checks.card_unmet import is_aside
from tallyproof.checks.catalogue import NotCheckable
from tallyproof.checks.material import Material
from tallyproof.election.card_part import CaseCards
from tallyproof.election.evidence import Finding
from tallyproof.errors import RequestError
from tallyproof.formats.cards.importer import AskedCards
from tallyproof.services import checking, reports
from tallyproof.services.access import Actor, Right, require
from tallyproof.services.card_parts import parts_from_files
from tallyproof.services.cards import read_manifest
from tallyproof.services.reading import Request
from tallyproof.services.reports import Checked
from tallyproof.services.workspace import Workspace

CHECKS = ("B14", "B15", "B16", "B17", "B18", "B19")
"""The checks that look at cards."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The tables, the findings on cards ranked by votes at stake, and what could not be checked.

    ``unread`` counts rows of returns that could not be read, by file.
    """

    tables: Reconciliation
    findings: tuple[Finding, ...]
    not_checkable: tuple[NotCheckable, ...]
    unread: Mapping[str, int] = field(default_factory=dict)

    @property
    def not_compared(self) -> tuple[Finding, ...]:
        """The findings that tell what met nothing on the other side, or only under another name."""
        return tuple(finding for finding in self.findings if is_aside(finding))


def reconcile_case(workspace: Workspace, actor: Actor, case: str) -> Reconciled:
    """Reconcile the cards of a case. Raises RequestError where it has none, or there is no such case."""
    require(actor, Right.READ)
    material = checking.material_of(workspace, actor, case, with_cards=True)
    if material.cards is None or not material.cards.parts:
        raise RequestError(
            f"Case {case} has no cast vote records. Import them with: tallyproof cards import {case} FILE"
        )
    workspace.progress("Reconciling")
    return reconciled(material)


def reconcile_files(
    cards: Sequence[Path],
    manifest: Path | None = None,
    returns: Request | None = None,
    *,
    jurisdiction: str = "",
    asked: AskedCards | None = None,
    encoding: str = "",
) -> Reconciled:
    """Reconcile the cards of one jurisdiction straight from files, keeping nothing.

    Raises UnreadableError for a file of which nothing can be read.
    """
    parts = parts_from_files(cards, jurisdiction, asked, encoding=encoding)
    manifests = {jurisdiction: read_manifest(manifest, encoding)} if manifest is not None else {}
    return reconciled(checking.material_of_files(returns, CaseCards(parts, manifests)))


def reconciled(material: Material) -> Reconciled:
    """The tables and findings of material that has cards; both hold against the same margins."""
    report = catalogue.run(material, CHECKS)
    unread = Counter(rejection.file for rejection in material.rejections)
    return Reconciled(tables_of(material), report.findings, report.not_checkable, dict(unread))


def tables_of(material: Material) -> Reconciliation:
    """The tables of material that has cards."""
    contests = card_contests(material)
    tables = reconcile(material.card_counts, reported_ballots(material, contests))
    lines = tuple(replace(line, margin=contests.margins[line.contest]) for line in tables.contests)
    return replace(tables, contests=lines)


def to_json(found: Reconciled) -> dict[str, Any]:
    """What ``tallyproof cards reconcile --json`` prints: tables, findings by rank, what is not known."""
    tables = found.tables
    report = reports.to_json(Checked({}, found.findings, found.not_checkable))
    return {
        "jurisdictions": [asdict(line) for line in tables.jurisdictions],
        "batches": [{**asdict(line), "difference": line.difference} for line in tables.batches],
        "contests": [{**asdict(line), "margin_left": line.margin_left} for line in tables.contests],
        "findings": report["findings"],
        "not_compared": [finding.id for finding in found.not_compared],
        "unread": dict(found.unread),
        "not_checkable": report["not_checkable"],
    }
