"""Search in a case, by a plain form and an address that can be kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.services import pages, places, searching
from tallyproof.services.access import Actor
from tallyproof.services.places import Place
from tallyproof.web import answers
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import as_of, paged
from tallyproof.web.carried import workspace_of
from tallyproof.web.findings import listed
from tallyproof.web.showing import show

SHOWN, LISTED = 50, 20


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with how many findings speak of it."""

    place: Place
    findings: int


@open_to(READERS)
def search(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Contests, places and findings that hold every word."""
    workspace, moment = workspace_of(request), as_of(request)
    asked = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[: searching.LONGEST]
    seen = pages.look(workspace, actor, case, moment)
    found = searching.search(workspace, actor, case, asked, moment)
    page = paged(request, found.findings, LISTED)
    context = {
        "asked": asked,
        "answer": answers.of_search(found, asked),
        "found": found,
        "contests": found.contests[:SHOWN],
        "more_contests": max(0, len(found.contests) - SHOWN),
        "places": [PlaceRow(each, len(places.findings_at(seen, each))) for each in found.places[:SHOWN]],
        "more_places": max(0, len(found.places) - SHOWN),
        "page": page,
        "listed": listed(seen, page.rows),
        "endings": (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")),
    }
    return show(request, "search.html", context, title=_("Search"), seen=seen)
