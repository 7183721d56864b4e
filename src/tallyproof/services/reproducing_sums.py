"""The sums that an audit report of batches prints, from its own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tallyproof.formats.arlo_report import ArloReport, Counted, SampledBatch
from tallyproof.services.reproduction import Line, compared


def sums_of(report: ArloReport) -> Iterator[Line]:
    """The report's own sums: over the batches drawn, in each round, and over all rows."""
    drawn = [row for row in report.batches if row.is_drawn]
    for each in report.rounds:
        if each.number > 1 or not each.batches:
            continue
        chosen = [row for row in drawn if any(r == 1 for c in row.contests.values() for r, _ in c.tickets)]
        yield compared("batches sampled", each.contest, each.batches, str(len(chosen)), report.file, each.row)
        ballots = str(sum(row.ballots for row in chosen))
        yield compared("ballots sampled", each.contest, each.ballots, ballots, report.file, each.row)
        yield from _both(report, each.contest, each.row, each.reported, each.audited, chosen)
    if report.totals is not None:
        total = report.totals
        everything = sum(row.ballots for row in report.batches)
        yield compared("ballots in the Totals row", "", total.ballots, everything, report.file, total.row)
        for name, said in total.contests.items():
            yield from _both(report, name, total.row, said.reported, said.audited, report.batches)


def _both(
    report: ArloReport,
    contest: str,
    place: int,
    reported: Mapping[str, int],
    audited: Mapping[str, int],
    rows: Iterable[SampledBatch],
) -> Iterator[Line]:
    sums: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for row in rows:
        said: Counted = row.contests.get(contest, Counted((), {}, {}, "", ""))
        sums[0].update(said.reported)
        sums[1].update(said.audited)
    for what, told, mine in (("reported", reported, sums[0]), ("audited", audited, sums[1])):
        sides = shown(told, mine), shown(mine, told)
        yield compared(f"sum of {what} votes", contest, *sides, report.file, place)


def shown(votes: Mapping[str, int], other: Mapping[str, int]) -> str:
    """The votes that differ, by choice; all in one number where none does."""
    apart = {name: count for name, count in votes.items() if other.get(name, 0) != count}
    if not apart:
        return f"{sum(votes.values()):,} in all"
    return "; ".join(f"{name}: {count:,}" for name, count in apart.items())
