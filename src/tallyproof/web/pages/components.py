"""The components that pages are made of, each with its name, on the server of this machine only."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.evidence import Severity
from tallyproof.figures.bars import bar
from tallyproof.figures.steps import Step, across, down
from tallyproof.services.access import Actor
from tallyproof.web.access import READERS, open_to
from tallyproof.web.carried import is_published
from tallyproof.web.showing import show

LIVES = ("open", "explained", "resolved")


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
        "chart": _chart(),
    }
    return show(request, "components.html", context, title=_("Components"))


def _bar(name: str, votes: int, share: float, kind: str) -> Shown:
    return Shown(name, votes, share, mark_safe(bar(share, kind=kind)))  # made of numbers and our own words


def _chart() -> SafeString:
    steps = [
        Step(408, "408", "2024-11-06", "", _("unofficial"), False),
        Step(431, "431", "2024-11-12", "+23", _("canvassed"), True),
    ]
    title, zero = _("Margin, report by report: 408, then 431"), _("0: tied")
    wide, narrow = across(steps, title=title, zero=zero), down(steps, title=title, zero=zero)
    return mark_safe(
        f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
    )  # made of our own words
