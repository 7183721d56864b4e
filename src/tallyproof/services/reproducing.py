"""Reproduce a finished audit from the files that its office published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import arlo_report, colorado_audit
from tallyproof.formats.arlo_report import ArloReport, BatchCards, BatchVotes
from tallyproof.formats.published import PublishedFile, csv_rows, published_files
from tallyproof.services.reproducing_batches import BatchFiles, reproduce_batches
from tallyproof.services.reproducing_cards import CardFiles, plain, reproduce_cards
from tallyproof.services.reproduction import ContestClaims, Line, Reproduction, unknown


@dataclass
class _Found:
    """What the files of a folder turned out to be."""

    reports: list[ArloReport] = field(default_factory=list)
    manifests: dict[str, tuple[BatchCards, ...]] = field(default_factory=dict)
    totals: dict[str, tuple[BatchVotes, ...]] = field(default_factory=dict)
    cards: CardFiles = field(default_factory=CardFiles)
    faults: list[Line] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    read: int = 0


def reproduce(folder: Path) -> Reproduction:
    """Every published number of the audit beside what follows from the other files.

    Raises RequestError where the folder does not exist or holds no file of a known audit format. A file that
    cannot be read is a line that cannot be checked.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder. Name the folder with the published files of one audit.")
    found = _Found()
    for file in published_files(folder, lambda fault: found.faults.append(_fault(fault))):
        _take(found, file)
    results: list[Line | ContestClaims] = []
    for report in found.reports:
        results += reproduce_batches(BatchFiles(report, found.manifests, found.totals))
    results += reproduce_cards(found.cards)
    if not results and not found.faults:
        raise RequestError(
            f"{folder} holds no audit that can be reproduced. It needs Arlo's audit report, or Colorado's "
            "results report or contest.csv."
        )
    return _answer(found, results)


def _take(found: _Found, file: PublishedFile) -> None:
    """Recognise a file by its content and keep what it says."""
    try:
        known = _take_workbook(found.cards, file) if file.is_workbook else _take_table(found, file)
    except UnreadableError as fault:
        found.faults.append(_fault(fault))
        return
    if known:
        found.read += 1
    else:
        found.unread.append(file.name)


def _fault(fault: UnreadableError) -> Line:
    return unknown("file", "", "", fault.file, fault.row, f"needs a whole file: {fault.reason}")


def _take_table(found: _Found, file: PublishedFile) -> bool:
    rows = csv_rows(file)
    if arlo_report.is_report(rows):
        found.reports.append(arlo_report.read_report(file.name, rows))
    elif arlo_report.is_manifest(rows):
        found.manifests[file.parent] = arlo_report.read_manifest(file.name, rows)
    elif arlo_report.is_totals(rows):
        found.totals[file.parent] = arlo_report.read_totals(file.name, rows)
    else:
        return _take_cards(found.cards, file, rows)
    return True


def _take_cards(cards: CardFiles, file: PublishedFile, rows: list[list[str]]) -> bool:
    """Keep a table of a card comparison audit. The counties of a contest may stand in several tables.

    Names of contests are kept as they are: two may differ only in a blank at the end.
    """
    name = file.name
    if colorado_audit.is_manifest(rows):
        batches = colorado_audit.read_manifest(name, rows)
        if batches:
            cards.manifests[plain(batches[0].county)] = batches
    elif colorado_audit.is_contests(rows):
        cards.contests.append(colorado_audit.read_contests(name, csv_rows(file, trimmed=False)))
    elif colorado_audit.is_votes(rows):
        cards.votes.update(colorado_audit.read_votes(name, csv_rows(file, trimmed=False)))
    elif colorado_audit.is_seed(rows):
        cards.seed = rows[1][0]
    elif colorado_audit.is_batch_counts(rows):
        cards.counts.append((name, colorado_audit.read_batch_counts(name, rows)))
    elif header := colorado_audit.header_of_counties(rows):
        for contest, counties in colorado_audit.read_counties(csv_rows(file, trimmed=False), header).items():
            cards.counties.setdefault(contest, set()).update(counties)
    else:
        return False
    return True


def _take_workbook(cards: CardFiles, file: PublishedFile) -> bool:
    report = colorado_audit.read_results(file)
    if report is not None:
        cards.reports.append(report)
    return report is not None


def _answer(found: _Found, results: Iterable[Line | ContestClaims]) -> Reproduction:
    results = list(results)
    return Reproduction(
        "; ".join(report.election for report in found.reports) or "Card comparison audit",
        (*found.faults, *(each for each in results if isinstance(each, Line))),
        tuple(each for each in results if isinstance(each, ContestClaims)),
        found.read,
        tuple(found.unread),
    )
