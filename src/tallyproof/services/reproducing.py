"""Reproduce a finished audit from the files that its office published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import arlo_report, colorado_audit
from tallyproof.formats.arlo_report import ArloReport, BatchCards, BatchVotes
from tallyproof.formats.published import PublishedFile, csv_rows, published_files
from tallyproof.services.reproducing_batches import BatchFiles, reproduce_batches
from tallyproof.services.reproducing_cards import CardFiles, reproduce_cards
from tallyproof.services.reproducing_once import Once
from tallyproof.services.reproduction import ContestClaims, Line, Reproduction, needed, unknown

_NEEDS = (
    "It needs Arlo's audit report, or Colorado's results report or contest.csv, as CSV or Excel; folders "
    "and .zip, .tar and .tar.gz archives are looked through."
)
_SHOWN = 3


@dataclass
class _Found:
    """What the files of a folder turned out to be."""

    reports: list[ArloReport] = field(default_factory=list)
    manifests: Once[tuple[BatchCards, ...]] = field(default_factory=lambda: Once("ballot manifest"))
    totals: Once[tuple[BatchVotes, ...]] = field(default_factory=lambda: Once("file of batch totals"))
    cards: CardFiles = field(default_factory=CardFiles)
    faults: list[Line] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    read: int = 0


def reproduce(folder: Path) -> Reproduction:
    """Every published number of the audit beside what follows from the other files.

    Raises RequestError where the folder does not exist or holds no file of a known audit format. A file or
    a cell that cannot be read is a line that cannot be checked, and so are two files that say different
    things of one county.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder. Name the folder with the published files of one audit.")
    found = _Found()
    for file in published_files(folder, lambda fault: found.faults.append(_file_fault(fault))):
        _take(found, file)
    results: list[Line | ContestClaims] = []
    lacking = "; ".join({**found.manifests.needs, **found.totals.needs}.values())
    for report in found.reports:
        results += reproduce_batches(BatchFiles(report, found.manifests.values, found.totals.values, lacking))
    results += reproduce_cards(found.cards)
    if not results and not found.faults:
        raise RequestError(_nothing(folder, found))
    return _answer(found, results)


def _nothing(folder: Path, found: _Found) -> str:
    """What a folder holds instead of an audit."""
    if found.read:
        held = f"{found.read:,} file{'' if found.read == 1 else 's'} that an audit is made from"
        return f"{folder} holds {held}, and no report of its results, so nothing can be compared. {_NEEDS}"
    if not found.unread:
        return f"{folder} holds no audit that can be reproduced: no CSV or Excel file. {_NEEDS}"
    shown = ", ".join(found.unread[:_SHOWN]) + (", …" if len(found.unread) > _SHOWN else "")
    many = len(found.unread)
    tables = "its only table is not" if many == 1 else f"none of its {many:,} tables is"
    return (
        f"{folder} holds no audit that can be reproduced: {tables} in a format known here ({shown}). {_NEEDS}"
    )


def _take(found: _Found, file: PublishedFile) -> None:
    """Recognise a file by its content and keep what it says."""
    try:
        known = _take_workbook(found, file) if file.is_workbook else _take_table(found, file)
    except UnreadableError as fault:
        found.faults.append(_file_fault(fault))
        return
    if known:
        found.read += 1
    else:
        found.unread.append(file.name)


def _file_fault(fault: UnreadableError) -> Line:
    return unknown("file", "", "", fault.file, fault.row, f"needs a whole file: {fault.reason}")


def _cell_fault(fault: UnreadableError) -> Line:
    return unknown("cell", "", "", fault.file, fault.row, f"needs another cell: {fault.reason}")


def _take_table(found: _Found, file: PublishedFile) -> bool:
    rows, folder = csv_rows(file), file.parent
    if arlo_report.is_report(rows):
        report = arlo_report.read_report(file.name, rows)
        found.faults += map(_cell_fault, report.faults)
        found.reports.append(report)
    elif arlo_report.is_manifest(rows):
        cards = arlo_report.read_manifest(file.name, rows)
        found.manifests.take(folder, folder, cards, [(b.name, b.cards) for b in cards], file.name)
    elif arlo_report.is_totals(rows):
        totals = arlo_report.read_totals(file.name, rows)
        found.totals.take(folder, folder, totals, [(b.name, b.votes) for b in totals], file.name)
    else:
        return _take_cards(found, file, rows)
    return True


def _take_cards(found: _Found, file: PublishedFile, rows: list[list[str]]) -> bool:
    """Keep a table of a card comparison audit. The counties of a contest may stand in several tables.

    Names of contests are kept as they are: two may differ only in a blank at the end.
    """
    name, cards = file.name, found.cards

    def fault(met: UnreadableError) -> None:
        found.faults.append(_cell_fault(met))

    if colorado_audit.is_manifest(rows):
        _take_manifest(found, name, rows)
    elif colorado_audit.is_contests(rows):
        cards.contests.append(colorado_audit.read_contests(name, csv_rows(file, trimmed=False), fault))
    elif colorado_audit.is_votes(rows):
        _take_votes(found, name, csv_rows(file, trimmed=False))
    elif colorado_audit.is_seed(rows):
        cards.seeds.take("", "", rows[1][0], rows[1][0], name)
    elif colorado_audit.is_batch_counts(rows):
        cards.counts.append((name, colorado_audit.read_batch_counts(name, rows, fault)))
    elif header := colorado_audit.header_of_counties(rows):
        for contest, counties in colorado_audit.read_counties(csv_rows(file, trimmed=False), header).items():
            cards.counties.setdefault(contest, set()).update(counties)
    else:
        return False
    return True


def _take_manifest(found: _Found, name: str, rows: list[list[str]]) -> None:
    """Each county's rows are its manifest, in a file of its own or among those of others."""
    for county, batches in colorado_audit.read_manifest(name, rows).items():
        if isinstance(batches, UnreadableError):
            found.faults.append(_cell_fault(batches))
            found.cards.manifests.lose(county, needed(batches))
        else:
            said = [(each.scanner, each.batch, each.cards) for each in batches]
            found.cards.manifests.take(county, batches[0].county, batches, said, name)


def _take_votes(found: _Found, name: str, rows: list[list[str]]) -> None:
    for contest, votes in colorado_audit.read_votes(name, rows).items():
        if isinstance(votes, UnreadableError):
            found.faults.append(_cell_fault(votes))
            found.cards.votes.lose(contest, needed(votes))
        else:
            found.cards.votes.take(contest, contest, votes, votes, name)


def _take_workbook(found: _Found, file: PublishedFile) -> bool:
    report = colorado_audit.read_results(file)
    if report is not None:
        found.faults += map(_cell_fault, report.faults)
        found.cards.reports.append(report)
    return report is not None


def _clashes(found: _Found) -> Iterator[Line]:
    yield from found.manifests.clashes()
    yield from found.totals.clashes()
    yield from found.cards.manifests.clashes()
    yield from found.cards.votes.clashes()
    yield from found.cards.seeds.clashes()


def _answer(found: _Found, results: Iterable[Line | ContestClaims]) -> Reproduction:
    results = list(results)
    return Reproduction(
        "; ".join(report.election for report in found.reports) or "Card comparison audit",
        (*found.faults, *_clashes(found), *(each for each in results if isinstance(each, Line))),
        tuple(each for each in results if isinstance(each, ContestClaims)),
        found.read,
        tuple(found.unread),
    )
