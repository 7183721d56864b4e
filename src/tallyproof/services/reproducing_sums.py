"""The sums that an audit report of batches prints, from its own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tallyproof.formats.arlo_report import (
    BALLOTS,
    ArloReport,
    Counted,
    SampledBatch,
    audited_column,
    reported_column,
)
from tallyproof.services.reproduction import Line, compared, needed, unknown


def sums_of(report: ArloReport) -> Iterator[Line]:
    """The report's own sums: over the batches drawn, in each round, and over all rows."""
    drawn = [row for row in report.batches if row.is_drawn]
    for each in report.rounds:
        if each.number > 1 or not each.batches:
            continue
        chosen = [row for row in drawn if any(r == 1 for c in row.contests.values() for r, _ in c.tickets)]
        yield compared("batches sampled", each.contest, each.batches, str(len(chosen)), report.file, each.row)
        yield _ballots(report, "ballots sampled", each.contest, each.ballots, each.row, chosen)
        yield from _both(report, each.contest, each.row, each.reported, each.audited, chosen)
    if report.totals is not None:
        total = report.totals
        yield _ballots(
            report, "ballots in the Totals row", "", total.ballots, total.row, (*report.batches, total)
        )
        for name, said in total.contests.items():
            yield from _both(report, name, total.row, said.reported, said.audited, report.batches, total)


def _ballots(
    report: ArloReport, what: str, contest: str, told: int | str, place: int, rows: Sequence[SampledBatch]
) -> Line:
    """Ballots of these rows; the row of the totals may stand among them, for its own cell."""
    fault = next((fault for row in rows if (fault := row.fault_in(BALLOTS))), None)
    if fault is not None:
        return unknown(what, contest, told, report.file, place, needed(fault))
    mine = sum(row.ballots for row in rows if row is not report.totals)
    return compared(what, contest, told, mine if isinstance(told, int) else str(mine), report.file, place)


def _both(
    report: ArloReport,
    contest: str,
    place: int,
    reported: Mapping[str, int],
    audited: Mapping[str, int],
    rows: Sequence[SampledBatch],
    total: SampledBatch | None = None,
) -> Iterator[Line]:
    sums: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for row in rows:
        said: Counted = row.contests.get(contest, Counted((), {}, {}, "", ""))
        sums[0].update(said.reported)
        sums[1].update(said.audited)
    for what, column, told, mine in (
        ("reported", reported_column(contest), reported, sums[0]),
        ("audited", audited_column(contest), audited, sums[1]),
    ):
        question = f"sum of {what} votes"
        asked = rows if total is None else (*rows, total)
        fault = next((fault for row in asked if (fault := row.fault_in(column))), None)
        if fault is not None:
            yield unknown(question, contest, "", report.file, place, needed(fault))
            continue
        yield compared(question, contest, shown(told, mine), shown(mine, told), report.file, place)


def shown(votes: Mapping[str, int], other: Mapping[str, int]) -> str:
    """The votes that differ, by choice; all in one number where none does."""
    apart = {name: count for name, count in votes.items() if other.get(name, 0) != count}
    if not apart:
        return f"{sum(votes.values()):,} in all"
    return "; ".join(f"{name}: {count:,}" for name, count in apart.items())
