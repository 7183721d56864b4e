"""What a NIST report says of itself that its reader should know."""

from __future__ import annotations

from datetime import date, datetime

from tallyproof.formats.nist.counting import Told
from tallyproof.formats.nist.model import ElectionReport, ReportingUnit
from tallyproof.formats.nist.references import broken
from tallyproof.formats.nist.texts import count, each, word


def said(report: ElectionReport) -> Told:
    """Test data, parts of a series, broken references, ways of voting that are still being counted."""
    told = []
    if report.IsTest is True:
        told.append(("test data", "says of itself that it is a test (IsTest)"))
    if report.SequenceEnd > 1:
        part = f"is report {report.SequenceStart} of {report.SequenceEnd}: the others belong to it"
        told.append(("parts", part))
    if moment(report.GeneratedDate) is None:
        told.append(("time", f"has the time '{report.GeneratedDate}', which cannot be read"))
    return told + [("references", text) for text in broken(report)] + _progress(report)


def _progress(report: ElectionReport) -> Told:
    """Ways of voting whose count is not complete somewhere."""
    waiting: dict[tuple[str, str], int] = {}
    for unit in each(report.GpUnit):
        for status in each(unit.CountStatus) if isinstance(unit, ReportingUnit) else ():
            if status.Status in {"in-process", "not-processed"}:
                key = (word(status.OtherType) or status.Type, status.Status)
                waiting[key] = waiting.get(key, 0) + 1
    return [
        ("progress", f"says that '{kind}' is {status} in {count(number, 'unit')}")
        for (kind, status), number in waiting.items()
    ]


def moment(text: str) -> datetime | None:
    """The time that a text tells; None where no clock shows it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def day(text: str) -> date | None:
    """The day of an XML date, which may carry a zone."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
