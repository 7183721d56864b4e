"""A contest's counties on two maps, by share and by votes, and as the short table beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.figures.bubbles import bubbles
from tallyproof.figures.crosswalk import Place, fips_of
from tallyproof.figures.geometry import NATION, has_sheet
from tallyproof.figures.legend import LISTED
from tallyproof.figures.maps import choropleth
from tallyproof.figures.placing import MapValue
from tallyproof.figures.shades import margin_scale
from tallyproof.figures.wording import MapWords
from tallyproof.services.counting import ContestCount
from tallyproof.services.units import UnitRow, UnitTable
from tallyproof.services.versions import share
from tallyproof.web.wording import points, surname, votes

NAMED = 12
"""Counties with most votes that carry their names on a state's map."""

PageOf = Callable[[UnitRow], str]
"""The address of a county's page; nothing where it has none."""


@dataclass(frozen=True, slots=True)
class Maps:
    """The two maps, or in words why there is none; ``unplaced`` counts what has no outline."""

    by_share: SafeString
    by_votes: SafeString
    places: int
    unplaced: int
    why_none: str = ""

    @property
    def counties(self) -> int:
        """How many are drawn."""
        return self.places - self.unplaced


@dataclass(frozen=True, slots=True)
class Sides:
    """The two choices that a map compares: their names, and +1 where the first one is the leader's."""

    names: tuple[str, str]
    sign: int


def county_maps(counted: ContestCount, counties: UnitTable, page_of: PageOf) -> Maps | None:
    """The maps of a contest's counties; None where it has fewer than two or no lead to show."""
    rows = [each for each in counties.rows if each.county]
    if len(rows) < 2 or not counties.has_lead:
        return None
    state = map_of(counted, rows)
    placed = [each for each in rows if state and fips_of(state, _place(each)) is not None]
    taken = set(map(id, placed))
    others = [each for each in rows if id(each) not in taken]
    if not placed:
        return Maps(mark_safe(""), mark_safe(""), len(rows), len(others), _why_none(state))
    sides = sides_of(counted, counties.choices[:2])
    shown = [*placed, *others[:LISTED]]
    values = {_place(each): _value(counties, each, sides, page_of(each)) for each in shown}
    values |= {_place(each): MapValue(name=each.county) for each in others[LISTED:]}
    words = map_words(has_another=any(_another(each) for each in rows))
    named = NAMED if state != NATION else 0
    told = _described(counties, rows)
    share_title, votes_title = titles(counted.contest.title)
    scale = margin_scale(*sides.names, words)
    return Maps(
        mark_safe(  # the map escapes every name
            choropleth(
                state, values, scale=scale, title=share_title, description=told, named=named, words=words,
                id="map-by-share",
            )
        ),
        mark_safe(  # the same
            bubbles(
                state, values, sides=sides.names, title=votes_title, description=told, named=named,
                words=words, id="map-by-votes",
            )
        ),
        len(rows),
        len(others),
    )  # fmt: skip


def titles(contest: str) -> tuple[str, str]:
    """What the two maps are called."""
    form = {"contest": contest}
    return (
        _("Map of %(contest)s: counties by lead in points of all votes") % form,
        _("Map of %(contest)s: counties by lead in votes") % form,
    )


def map_of(counted: ContestCount, rows: list[UnitRow]) -> str:
    """The map that the counties lie on: their state's, the country's for several; nothing for none."""
    states = {each.state for each in rows}
    state = counted.contest.state if len(states) == 1 else NATION
    if state and has_sheet(state):
        return state
    return NATION if all(fips_of(NATION, _place(each)) for each in rows[:20]) else ""


def _place(row: UnitRow) -> Place:
    return (row.state, row.county) if row.state else row.county


def sides_of(counted: ContestCount, names: tuple[str, ...]) -> Sides:
    """The two ahead, the Democratic one first where they are the usual two, so that colours stay put."""
    first, second = (*names, "", "")[:2]
    parties = {each.choice: each.party for each in counted.choices}
    if (parties.get(first), parties.get(second)) == ("REP", "DEM"):
        return Sides((second, first), -1)
    return Sides((first, second), 1)


def _another(row: UnitRow) -> bool:
    """Whether a third choice has most votes there."""
    known = [each or 0 for each in row.votes]
    return len(known) > 2 and max(known[2:]) > max(known[:2])


def _value(counties: UnitTable, row: UnitRow, sides: Sides, href: str) -> MapValue:
    lead = None if row.lead is None or _another(row) else row.lead * sides.sign
    return MapValue(lead, row.total, words=county_words(counties, row), href=href, name=row.county)


def county_words(counties: UnitTable, row: UnitRow) -> str:
    """Who is ahead in a county by how much, to be heard after its name."""
    known = [(number, name) for number, name in zip(row.votes, counties.choices, strict=True) if number]
    if row.lead is None or row.total is None or not known:
        return _("no figures")
    (most, name), (next_most, _other) = sorted([*known, (0, ""), (0, "")], reverse=True)[:2]
    form = {"name": surname(name), "lead": votes(most - next_most), "total": votes(row.total),
            "points": points(share(most - next_most, row.total))}  # fmt: skip
    if most == next_most:
        return _("tied, of %(total)s votes") % form
    return _("%(name)s by %(lead)s of %(total)s votes, %(points)s") % form


def _described(counties: UnitTable, rows: list[UnitRow]) -> str:
    """In how many counties each of the two leads."""
    leads = [each.lead for each in rows if each.lead is not None and not _another(each)]
    return _("%(first)s leads in %(ahead)s and %(second)s in %(behind)s of %(all)s counties.") % {
        "first": counties.choices[0],
        "second": counties.choices[1],
        "ahead": votes(sum(lead > 0 for lead in leads)),
        "behind": votes(sum(lead < 0 for lead in leads)),
        "all": votes(len(rows)),
    } + " " + _("The table beside the map has the same numbers.")  # fmt: skip


def _why_none(state: str) -> str:
    if not state:
        return _("There is no map: the source does not say in which state these counties lie.")
    return _("There is no map: none of these places has an outline in the county boundaries of 2016.")


def map_words(*, has_another: bool = False) -> MapWords:
    """What maps say of themselves, in the page's language."""
    told = MapWords(
        leads=_("{name} leads in {count}"), dotted=_("with a dot"), from_to=_("{low} to {high} points"),
        under=_("under {high} points"), or_more=_("{low} points or more"), tied=_("Tied"),
        too_little=_("Too little counted to colour"), no_figures=_("No figures"),
        legend=_("Counties by lead, in points of all votes"),
        states_legend=_("States by lead, in points of all votes"),
        size_legend=_(
            "The area of a circle is the lead in votes; below the map are circles of {sizes} votes"
        ),
        elsewhere=_("Not on the map, for want of an outline"), more=_("and {count} more, in the table"),
        skip=_("Skip the map"), source=_("County boundaries of 2016: U.S. Census Bureau"),
    )  # fmt: skip
    return replace(told, no_figures=_("Another leads, or no figures")) if has_another else told
