"""The components that pages are made of, each with its name, on the server of this machine only."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Severity
from tallyproof.figures.bars import bar
from tallyproof.services.access import Actor
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import Page
from tallyproof.web.carried import is_published
from tallyproof.web.pages import component_figures
from tallyproof.web.showing import show

LIVES = ("open", "explained", "resolved")
LONGEST = "Alexandra Example-Featherstonehaugh, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
"""A name as long as names get, to see that it breaks."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A bar with what it stands for."""

    name: str
    votes: int
    share: float
    drawing: SafeString


@open_to(READERS)
def components(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every component once, with made-up numbers."""
    if is_published(request):
        raise Http404
    context = {
        "severities": list(Severity),
        "lives": LIVES,
        "bars": [_bar("Ann Example", 5_204, 0.52, "first"), _bar("Bo Sample", 4_796, 0.48, "second")],
        "chart": component_figures.steps(),
        "many": component_figures.many_reports(),
        "maps": component_figures.maps(),
        "tiles": component_figures.tiles(),
        "axis": component_figures.axis(1_000, 1_080, 440, 96, None),
        "axis_by_tens": component_figures.axis(226_170, 2_485, 440),
        "longest": LONGEST,
        "huge": 4_269_978_123,
        "page": Page(range(100), 3, 37, 3_636, 201, "#table", "#table"),
    }
    return show(request, "components.html", context, title=_("Components"))


def _bar(name: str, votes: int, share: float, kind: str) -> Shown:
    return Shown(name, votes, share, mark_safe(bar(share, kind=kind)))  # made of numbers and our own words
