"""What each sampled batch changed: reported less audited votes, and what that does to a margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tallyproof.audit.assertion import Assertion
from tallyproof.audit.batch_error import BatchContest
from tallyproof.formats.arlo_report import ArloContest, ArloReport, audited_column, reported_column
from tallyproof.services.reproduction import Line, compared, needed, unknown


def changes(
    report: ArloReport, contest: ArloContest, claims: Sequence[Assertion], tested: BatchContest | None = None
) -> Iterator[Line]:
    """Each row's printed changes beside reported less audited votes, and what they do to a margin."""
    for row in report.batches:
        said = row.contests[contest.name]
        where = f"{row.jurisdiction} / {row.name}"
        if fault := row.fault_in(reported_column(contest.name), audited_column(contest.name)):
            what = "change in results"
            yield unknown(what, contest.name, said.change, report.file, row.row, needed(fault))
            continue
        change = {name: said.reported.get(name, 0) - said.audited.get(name, 0) for name in contest.votes}
        text = "; ".join(f"{name}: {by:+d}" for name, by in change.items() if by)
        yield compared("change in results", contest.name, said.change, text, report.file, row.row, where)
        if claims and tested is not None:
            margin = _margin(tested, list(change.values()))
            yield compared("change in margin", contest.name, said.margin, margin, report.file, row.row, where)


def _margin(tested: BatchContest, change: Sequence[int]) -> str:
    """The change in votes of the claim that it changes most for its margin; claims unchanged do not count."""
    leads = [sum(w * c for w, c in zip(lead, change, strict=False)) for lead in tested.leads]
    each = zip(leads, tested.margins, tested.leads, strict=True)
    moved = [(lead / margin, lead, whole[-1]) for lead, margin, whole in each if lead]
    if not moved:
        return ""
    _, lead, scale = max(moved)
    return str(lead // scale)
