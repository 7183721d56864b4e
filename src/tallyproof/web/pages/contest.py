"""A contest: its choices, the reports it went through, its findings, and its units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tallyproof.figures.bars import bar
from tallyproof.services import allowed, caching, certifying, pages, places
from tallyproof.services.access import Actor
from tallyproof.services.certifying import StateCertification
from tallyproof.services.counting import ChoiceCount, ContestCount
from tallyproof.services.places import Place
from tallyproof.services.units import UnitRow, UnitTable
from tallyproof.services.versions import margin_share, share, versions
from tallyproof.tracking.difference import Change
from tallyproof.web import language, sentences
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import Column, as_of, ordered, paged, word
from tallyproof.web.carried import is_published, workspace_of
from tallyproof.web.findings import listed
from tallyproof.web.maps import county_maps
from tallyproof.web.plan_link import plan_query
from tallyproof.web.showing import show
from tallyproof.web.stands import sentence_of
from tallyproof.web.versions import charts, is_over_time
from tallyproof.web.wording import address, counted, surname

UNITS, CHANGES, SHOWN = 100, 200, 8

BESIDE = 300
"""Counties in the table beside the map; Texas has 254."""


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A choice with its share of all votes, drawn as a bar in the colour of its place."""

    choice: ChoiceCount
    share: float | None
    bar: SafeString


@dataclass(frozen=True, slots=True)
class StepRow:
    """What changed between two versions: a sentence and the largest changes."""

    step: pages.VersionStep
    sentence: str
    largest: tuple[Change, ...]
    more: int


@open_to(READERS)
def contest(request: HttpRequest, actor: Actor, case: str, contest: str) -> HttpResponse:
    """One contest."""
    workspace, moment = workspace_of(request), as_of(request)
    seen = pages.look(workspace, actor, case, moment)
    shown = pages.contest_page(workspace, actor, case, contest, moment)
    opened = [each for each in shown.findings if seen.state.life(each.id).state == "open"]
    told = versions(shown.count, seen.snapshots)
    known = places.places(workspace, actor, case, moment).by_name
    context = {
        "answer": sentence_of(shown.count),
        "findings_answer": sentences.of_findings(opened),
        "shown": shown,
        "margin_share": margin_share(shown.count),
        "choices": _choices(shown.count),
        "told": told,
        "chart": charts(shown.count, told),
        "over_time": is_over_time(told),
        "has_pending": any(each.pending is not None for each in told),
        "steps": [_step(each) for each in shown.steps],
        "listed": listed(seen, shown.findings[:SHOWN]),
        "more_findings": max(0, len(shown.findings) - SHOWN),
        "plan": plan_query(shown.count),
        "certification": _certification(request, seen, shown.count.contest.state),
        "places": known,
        **_counties(request, case, shown, known),
        **_units(request, shown.units),
    }
    return show(request, "contest.html", context, title=shown.count.contest.title, seen=seen, tab="count")


@open_to(READERS)
def changes(
    request: HttpRequest, actor: Actor, case: str, contest: str, before: int, after: int
) -> HttpResponse:
    """Every number of a contest that changed between two imports."""
    workspace = workspace_of(request)
    seen = pages.look(workspace, actor, case)
    shown = pages.contest_page(workspace, actor, case, contest)
    step = pages.version_step(workspace, actor, case, contest, before, after)
    rows, headings = ordered(request, step.changes, _change_columns())
    context = {
        "answer": sentences.of_step(step),
        "step": step,
        "counted": shown.count,
        "data_name": f"changes/{before}-{after}",
        "headings": headings,
        "page": paged(request, rows, CHANGES),
    }
    title = _("What changed: %(contest)s") % {"contest": shown.count.contest.title}
    return show(request, "changes.html", context, title=title, seen=seen, tab="count")


def _certification(request: HttpRequest, seen: pages.Look, state: str) -> StateCertification | None:
    """When counties and state are to certify, as of the time of looking."""
    on = allowed.asked_on(workspace_of(request), seen, published=is_published(request))
    return certifying.certification(seen, on, state).state(state) if state else None


def _choices(counted: ContestCount) -> list[ChoiceRow]:
    total = counted.standing.total
    kinds = _colours(counted)
    return [_choice(each, total, kinds[place]) for place, each in enumerate(counted.choices)]


def _choice(choice: ChoiceCount, total: int | None, kind: str) -> ChoiceRow:
    part = share(choice.votes, total)
    return ChoiceRow(choice, part, mark_safe(bar(part, kind=kind)))  # made of numbers and our own words


def _colours(counted: ContestCount) -> list[str]:
    """Two colours for the two ahead, always beside their names; by party where both are the usual ones."""
    parties = {"DEM": "first", "REP": "second"}
    leading = [each.party for each in counted.choices[:2]]
    usual = sorted(leading) == sorted(parties)
    return [
        "other" if place > 1 else parties[each.party] if usual else ("first", "second")[place]
        for place, each in enumerate(counted.choices)
    ]


def _step(step: pages.VersionStep) -> StepRow:
    return StepRow(step, sentences.of_step(step), step.changes[:SHOWN], max(0, len(step.changes) - SHOWN))


def _counties(
    request: HttpRequest, case: str, shown: pages.ContestPage, known: Mapping[tuple[str, str, str], Place]
) -> dict[str, object]:
    """The maps, and the counties beside them in the order that ``?counties=`` names."""
    as_of_text = request.GET.get("as_of", "").strip()

    def page_of(row: UnitRow) -> str:
        place = known.get((row.state, row.county, ""))
        return address("unit", as_of_text, case=case, place=place.key) if place else ""

    question = ("maps", shown.count.contest.id, as_of_text, get_language(), language.asked())
    maps = caching.remember(
        workspace_of(request), case, question, lambda: county_maps(shown.count, shown.counties, page_of)
    )
    if maps is None:
        return {"maps": None}
    named = [each for each in shown.counties.rows if each.county]
    rows, headings = ordered(request, named, _county_columns(shown.counties), name="counties")
    return {
        "maps": maps,
        "county_headings": headings,
        "county_rows": [(each, share(each.lead, each.total)) for each in rows[:BESIDE]],
        "more_counties": max(0, len(rows) - BESIDE),
    }


def _county_columns(table: UnitTable) -> list[Column[UnitRow]]:
    lead = _("Lead of %(name)s") % {"name": surname(table.choices[0])}
    return [
        Column("name", _("County"), lambda row: row.county),
        Column("total", _("All votes"), lambda row: row.total, numeric=True),
        Column("lead", lead, lambda row: row.lead, numeric=True),
        Column("points", _("in points"), lambda row: share(row.lead, row.total), numeric=True),
    ]


def _units(request: HttpRequest, table: UnitTable) -> dict[str, object]:
    """The units that the filters leave, in the order asked for, a page of them."""
    county = word(request, "county", table.counties)
    sought = request.GET.get("q", "").strip()
    left = [each for each in table.rows if _fits(each, county, sought.casefold())]
    has_units = any(each.unit for each in table.rows)
    rows, headings = ordered(request, left, _unit_columns(table, has_units=has_units))
    return {
        "headings": headings,
        "page": paged(request, rows, UNITS),
        "county": county,
        "sought": sought,
        "has_units": has_units,
    }


def _fits(row: UnitRow, county: str, sought: str) -> bool:
    return (not county or row.county == county) and sought in f"{row.county}, {row.unit}".casefold()


def _unit_columns(table: UnitTable, *, has_units: bool) -> list[Column[UnitRow]]:
    columns: list[Column[UnitRow]] = [Column("county", _("County"), lambda row: (row.county, row.unit))]
    if has_units:
        columns.insert(0, Column("unit", _("Reporting unit"), lambda row: (row.unit, row.county)))
    for place, name in enumerate(table.choices):
        columns.append(Column(f"choice-{place + 1}", name, _votes_of(place), numeric=True))
    if table.has_others:
        columns.append(Column("others", _("Others"), lambda row: row.others, numeric=True))
    columns.append(Column("total", _("All votes"), lambda row: row.total, numeric=True))
    if table.has_lead:
        title = _("Lead of %(name)s") % {"name": surname(table.choices[0])}
        columns.append(Column("lead", title, lambda row: row.lead, numeric=True))
    return columns


def _votes_of(place: int) -> Callable[[UnitRow], int | None]:
    return lambda row: row.votes[place]


def _change_columns() -> list[Column[Change]]:
    return [
        Column("unit", _("Unit"), lambda each: each.unit),
        Column("choice", _("Choice"), counted),
        Column("change", _("Change"), lambda each: each.by, numeric=True),
        Column("before", _("Before"), lambda each: each.before, numeric=True),
        Column("after", _("After"), lambda each: each.after, numeric=True),
    ]
