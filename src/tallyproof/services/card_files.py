"""The cards of a case as data: reconciliation and margins as JSON, each of their tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import msgspec

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.reconciliation import JurisdictionLine
from tallyproof.errors import RequestError
from tallyproof.services import card_answers, reconciling, reports
from tallyproof.services.access import Actor
from tallyproof.services.card_answers import BatchFindings, CardsAnswer, ContestAnswer
from tallyproof.services.exporting import Rows
from tallyproof.services.pages import Look
from tallyproof.services.reports import Checked
from tallyproof.services.workspace import Workspace

Made = tuple[dict[str, Any], Rows]
MOST_BATCHES = 10_000
"""Batches that the file of everything holds; the one of batches holds all of them."""


def cards(workspace: Workspace, actor: Actor, seen: Look, of: str) -> Made:
    """Everything as objects; the sums of each jurisdiction as rows."""
    found = _answer(workspace, actor, seen)
    findings = card_answers.findings_of(seen)
    missing = tuple(each for each in seen.checked.not_checkable if each.check in reconciling.CHECKS)
    report = reports.to_json(Checked({}, findings, missing))
    plain = {
        "jurisdictions": [asdict(line) for line in found.jurisdictions],
        "batches": {"all": found.all_batches, "differing": len(found.batches)},
        "differing_batches": [_batch(line) for line in found.batches[:MOST_BATCHES]],
        "contests": [{**asdict(line), "margin_left": line.margin_left} for line in found.lines],
        "margins": [_margin(each) for each in found.contests],
        "risk_limit": card_answers.RISK_LIMIT,
        "styles": {"all": found.styles, "rare": found.rare_styles, "rare_below": found.rare_below,
                   "rare_cards": found.rare_cards},
        "faults": list(found.faults),
        "findings": report["findings"],
        "not_checkable": report["not_checkable"],
    }  # fmt: skip
    header = ("jurisdiction", "files", "manifest", "cards", "listed", "expected", "difference", "missing",
              "over", "batches", "batches_listed", "repeated", "same_runs")  # fmt: skip
    return plain, [header, *map(_jurisdiction, found.jurisdictions)]


def _jurisdiction(line: JurisdictionLine) -> tuple[object, ...]:
    difference = None if line.expected is None else line.cards - line.expected
    return (
        line.jurisdiction, "; ".join(line.files), line.manifest, line.cards, line.listed, line.expected,
        difference, line.missing, line.over, line.batches, line.batches_listed, line.repeated, line.same_runs,
    )  # fmt: skip


def batches(workspace: Workspace, actor: Actor, seen: Look, of: str) -> Made:
    """Batches that differ or are not listed, each with its finding."""
    found = _answer(workspace, actor, seen)
    finding = BatchFindings(seen.checked.findings).of
    header = ("jurisdiction", "tabulator", "batch", "listed", "found", "difference", "has_cvr", "file", "row",
              "manifest", "manifest_row", "finding")  # fmt: skip
    rows = [
        (line.jurisdiction, line.tabulator, line.batch, line.listed, line.found, line.difference,
         line.has_cvr, line.file, line.row, line.listed_file, line.listed_row, finding(line))
        for line in found.batches
    ]  # fmt: skip
    plain = [{**_batch(line), "finding": finding(line)} for line in found.batches]
    return {"differing_batches": plain}, [header, *rows]


def contests(workspace: Workspace, actor: Actor, seen: Look, of: str) -> Made:
    """Contest by contest: bound, winners, smallest margin, and the cards that a comparison needs."""
    found = _answer(workspace, actor, seen)
    header = ("contest", "kind", "cards_recorded", "cards_pooled", "phantoms", "bound", "bound_by", "status",
              "winners", "margin", "percent_of_its_cards", "comparison_cards", "told")  # fmt: skip
    rows = [_contest(each) for each in found.contests]
    plain = {"risk_limit": card_answers.RISK_LIMIT, "margins": [_margin(each) for each in found.contests]}
    return plain, [header, *rows]


def _contest(each: ContestAnswer) -> tuple[object, ...]:
    margin, bound = each.margin, each.margin.bound
    return (
        margin.name, margin.kind, bound.recorded, bound.pooled, bound.phantoms, bound.cards, bound.source,
        margin.status, "; ".join(margin.winners), margin.smallest, margin.percent, each.sample,
        " ".join((margin.sentence, *margin.remarks)),
    )  # fmt: skip


def _batch(line: BatchLine) -> dict[str, Any]:
    return {**asdict(line), "difference": line.difference}


def _margin(each: ContestAnswer) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(each.margin)
    return {**told, "sample": each.sample}


def _answer(workspace: Workspace, actor: Actor, seen: Look) -> CardsAnswer:
    if not card_answers.has_cards(seen.state):
        raise RequestError(f"Case {seen.state.title} has no cards.")
    return card_answers.answer(workspace, actor, seen)


LISTS: dict[str, Callable[[Workspace, Actor, Look, str], Made]] = {
    "cards": cards, "card-batches": batches, "card-contests": contests,
}  # fmt: skip
