"""The Count tab, which says where the count stands and how final it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tallyproof.election.jurisdiction import STATES
from tallyproof.services import allowed, certifying, pages, uploading
from tallyproof.services.access import Actor, Right
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import Look
from tallyproof.services.versions import Version, margin_share, versions
from tallyproof.tracking.electoral_college import MAJORITY
from tallyproof.web import certifying as certifying_words
from tallyproof.web import sentences
from tallyproof.web.access import READERS, may_act, open_to
from tallyproof.web.asked import Column, as_of, ordered, paged, word
from tallyproof.web.carried import is_published, workspace_of
from tallyproof.web.showing import show
from tallyproof.web.stands import leader, sentence_of
from tallyproof.web.tiles import tiles
from tallyproof.web.uploading import Unfinished
from tallyproof.web.versions import charts
from tallyproof.web.wording import status_words

DRAWN = 6
"""Contests whose reports are drawn here; the others have their chart on their own page."""
ROWS = 100
TIMES = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """A contest with the story of its margin."""

    counted: ContestCount
    sentence: str
    told: list[Version]
    chart: SafeString


@open_to(READERS)
def count(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Sentence, electors, the margins over time, and all contests in a table."""
    seen = pages.look(workspace_of(request), actor, case, as_of(request))
    states = sorted({each.contest.state for each in seen.count.contests if each.contest.state})
    state, sought = word(request, "state", states), request.GET.get("q", "").strip()
    left = [each for each in seen.count.contests if _fits(each, state, sought.casefold())]
    rows, headings = ordered(request, left, _columns())
    context = {
        "answer": sentences.of_count(seen),
        "findings": sentences.of_findings(seen.open_findings) if seen.count.contests else "",
        "drawn": [_drawn(seen, each) for each in _told_often(seen)],
        "tiles": tiles(seen.count.contests, case, request.GET.get("as_of", "").strip()),
        "all": len(seen.count.contests),
        "states": [(each, STATES.get(each, each)) for each in states],
        "state": state,
        "sought": sought,
        "headings": headings,
        "page": paged(request, rows, ROWS),
        "moments": _moments(pages.look(workspace_of(request), actor, case)),
        "electors_needed": MAJORITY,
        **_certification(request, seen),
        **_acts(request, actor, case),
    }
    return show(request, "count.html", context, title=_("Count"), seen=seen, tab="count")


def _certification(request: HttpRequest, seen: Look) -> dict[str, object]:
    """State by state, as of the time of looking."""
    on = allowed.asked_on(workspace_of(request), seen, published=is_published(request))
    found = certifying.certification(seen, on)
    if not found.states:
        return {}
    return {
        "certification": certifying_words.sentence(found),
        "certified_rows": certifying_words.rows(found),
        "certification_warnings": found.warnings,
        "federal": found.federal,
    }


def _fits(counted: ContestCount, state: str, sought: str) -> bool:
    names = f"{counted.contest.title}, {counted.standing.leader}".casefold()
    return (not state or counted.contest.state == state) and sought in names


def _acts(request: HttpRequest, actor: Actor, case: str) -> dict[str, object]:
    """What those who act on the case may do from here."""
    if not may_act(request, actor, case, Right.IMPORT):
        return {}
    unfinished = uploading.unfinished(workspace_of(request), actor, case)
    return {"may_upload": True, "unfinished": [Unfinished.of(each) for each in unfinished]}


def _drawn(seen: Look, counted: ContestCount) -> Drawn:
    told = versions(counted, seen.snapshots)
    return Drawn(counted, sentence_of(counted), told, charts(counted, told))


def _told_often(seen: Look) -> list[ContestCount]:
    """The closest contests among those reported most often, twice at least."""
    most = max((len(each.versions) for each in seen.count.contests), default=0)
    often = [each for each in seen.count.contests if len(each.versions) > min(2, most - 1) and most > 1]
    return sorted(often, key=_closeness)[:DRAWN]


def _closeness(counted: ContestCount) -> tuple[bool, float]:
    share = margin_share(counted)
    return share is None, share or 0.0


def _columns() -> list[Column[ContestCount]]:
    return [
        Column("contest", _("Contest"), lambda each: each.contest.title),
        Column("leader", _("Leader"), lambda each: leader(each.standing)),
        Column("margin", _("Margin"), lambda each: each.standing.margin, numeric=True),
        Column("share", _("Margin, share"), margin_share, numeric=True),
        Column("votes", _("Votes"), lambda each: each.standing.total, numeric=True),
        Column("status", _("Status"), lambda each: status_words(each.snapshot.status)),
        Column("as_of", _("As of"), lambda each: each.snapshot.as_of),
    ]


def _moments(now: Look) -> list[str]:
    """The days of the latest reports, to look at the count as it stood then."""
    days = {f"{each.snapshot.as_of:%Y-%m-%d}" for each in now.imports if each.snapshot.as_of}
    held = now.state.election
    return sorted(each for each in days if held is None or each >= held.isoformat())[-TIMES:]
