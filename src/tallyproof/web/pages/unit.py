"""A place: its contests, ballots and voters, findings and source rows; and the list of all places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Source
from tallyproof.election.jurisdiction import STATES
from tallyproof.election.returns import Measure
from tallyproof.services import pages, places
from tallyproof.services.access import Actor
from tallyproof.services.places import ContestHere, CountHere, Place, Report
from tallyproof.web import answers, sentences
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import Column, as_of, ordered, paged, word
from tallyproof.web.carried import workspace_of
from tallyproof.web.findings import listed
from tallyproof.web.measures import measure_words, mode_words
from tallyproof.web.showing import show

ROWS, CONTESTS = 500, 40


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count in words, with the cells that it stands in."""

    name: str
    kind: str
    count: CountHere
    source: str


@dataclass(frozen=True, slots=True)
class ReportRows:
    """One report as a table: its modes as columns, its counts as rows."""

    report: Report
    modes: list[str]
    rows: list[CountRow]


@dataclass(frozen=True, slots=True)
class ContestRows:
    """A contest with its reports: the one that counts, then the others."""

    here: ContestHere
    first: ReportRows
    others: list[ReportRows]


@open_to(READERS)
def unit(request: HttpRequest, actor: Actor, case: str, place: str) -> HttpResponse:
    """One place."""
    workspace, moment = workspace_of(request), as_of(request)
    seen = pages.look(workspace, actor, case, moment)
    shown = places.unit_page(workspace, actor, case, place, moment)
    opened = [each for each in shown.findings if seen.state.life(each.id).state == "open"]
    contests = paged(request, shown.contests, CONTESTS)
    context = {
        "answer": answers.of_unit(shown),
        "findings_answer": sentences.of_findings(opened),
        "shown": shown,
        "above": _above(places.places(workspace, actor, case, moment), shown.place),
        "page": contests,
        "contests": [_contest(each) for each in contests.rows],
        "people": [_report(each) for each in shown.people],
        "listed": listed(seen, shown.findings),
    }
    title = ", ".join(part for part in (shown.place.label, shown.place.within) if part)
    return show(request, "unit.html", context, title=title, seen=seen, tab="count")


@open_to(READERS)
def units(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Every place of the case."""
    workspace, moment = workspace_of(request), as_of(request)
    seen = pages.look(workspace, actor, case, moment)
    known = places.places(workspace, actor, case, moment)
    alphabetical = sorted(known.by_key.values(), key=_order)
    states = sorted({each.state for each in alphabetical if each.state})
    state, sought = word(request, "state", states), request.GET.get("q", "").strip()
    left = [each for each in alphabetical if _fits(each, state, sought.casefold())]
    rows, headings = ordered(request, left, _columns())
    context = {
        "answer": answers.of_places(alphabetical),
        "all": len(alphabetical),
        "states": [(each, STATES.get(each, each)) for each in states],
        "state": state,
        "sought": sought,
        "headings": headings,
        "page": paged(request, rows, ROWS),
    }
    return show(request, "units.html", context, title=_("Places"), seen=seen, tab="count")


def _fits(place: Place, state: str, sought: str) -> bool:
    return (not state or place.state == state) and sought in f"{place.label}, {place.county}".casefold()


def _order(place: Place) -> tuple[str, str, str]:
    return (place.state_name, place.county, place.unit)


def _columns() -> list[Column[Place]]:
    return [
        Column("place", _("Place"), lambda each: each.label.casefold()),
        Column("county", _("County"), lambda each: (each.county, each.unit)),
        Column("state", _("State"), _order),
    ]


def _above(known: places.Places, place: Place) -> list[Place]:
    """The state and county that the place lies in, where sources speak of them."""
    names: Iterable[tuple[str, str, str]] = ((place.state, "", ""), (place.state, place.county, ""))
    own = (place.state, place.county, place.unit)
    found = dict.fromkeys(known.by_name.get(name) for name in names if name != own)
    return [each for each in found if each is not None]


def _contest(here: ContestHere) -> ContestRows:
    first, *others = (_report(each) for each in here.reports)
    return ContestRows(here, first, others)


def _report(report: Report) -> ReportRows:
    return ReportRows(
        report, [mode_words(each) for each in report.modes], [_row(each) for each in report.counts]
    )


def _row(count: CountHere) -> CountRow:
    named = count.measure in (Measure.CHOICE, Measure.WRITE_IN, Measure.OTHER, Measure.STRAIGHT_PARTY)
    words = measure_words(count.measure)
    name = count.choice if named and count.choice else words
    kind = words if name != words and count.measure != Measure.CHOICE else count.party
    return CountRow(name, kind, count, _sources(count.sources))


def _sources(sources: Iterable[Source]) -> str:
    """Files with their rows: "a.csv, row 6, 7"."""
    rows: dict[str, list[str]] = {}
    for each in sources:
        found = rows.setdefault(each.file, [])
        if each.row is not None and (text := f"{each.row:,}") not in found:
            found.append(text)
    return "; ".join(_cells(file, numbers) for file, numbers in rows.items())


def _cells(file: str, numbers: list[str]) -> str:
    if not numbers:
        return file
    return _("%(file)s, row %(rows)s") % {"file": file, "rows": ", ".join(numbers[:8])}
