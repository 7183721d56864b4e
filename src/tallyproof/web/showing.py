"""Shows a page: its template with what every page of a case carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tallyproof.services.card_answers import has_cards
from tallyproof.services.cases import CaseState
from tallyproof.services.pages import Look
from tallyproof.web.carried import is_published, workspace_of
from tallyproof.web.wording import address, written

_PASSING = frozenset({"lang", "done", "already"})
"""What an address asks for that does not belong to its citation: the language, what was done just now."""

_OF_NOW = frozenset({"cards", "record"})
"""Tabs that show a case as it stands now; cards have no time of their own."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of text: one in a name would turn the numbers of a sentence."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of a case; ``current`` for the one that the page belongs to."""

    title: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Cite:
    """What to write down to quote a page: what it is, its address, when it was read, the chain's head."""

    title: str
    address: str
    read: str
    events: int
    head: str


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, seen: Look | None = None,
    tab: str = "",
) -> HttpResponse:  # fmt: skip
    """The page. ``seen`` is the case that it belongs to and ``tab`` the name of its tab's address."""
    as_of = request.GET.get("as_of", "").strip()
    shared: dict[str, Any] = {"title": title, "as_of_text": as_of}
    if seen:
        shared |= {
            "seen": seen,
            "case": seen.state,
            "tabs": _tabs(seen.state, as_of, tab),
            "cite": _cite(request, seen, title),
        }
    page = render_to_string(template, shared | context, request)
    return HttpResponse(_TURNING.sub("\ufffd", page))


def _tabs(state: CaseState, as_of: str, current: str) -> list[Tab]:
    titles = (
        ("count", _("Count")),
        ("checks", _("Checks")),
        ("options", _("Options")),
        *((("cards", _("Cards")),) if has_cards(state) else ()),
        ("record", _("Record")),
    )
    return [
        Tab(title, address(name, "" if name in _OF_NOW else as_of, case=state.id), name == current)
        for name, title in titles
    ]


def _cite(request: HttpRequest, seen: Look, title: str) -> Cite:
    if is_published(request):
        inner = request.path.removeprefix(f"/{seen.state.id}/") or "index.html"
        return Cite(title, inner, "", seen.state.sequence, seen.state.head)
    place = request.build_absolute_uri(request.path)
    now = workspace_of(request).clock().astimezone(UTC)
    given = {name: str(request.GET.get(name, "")).strip() for name in request.GET if name not in _PASSING}
    asked = {name: value for name, value in given.items() if value}
    full = f"{place}?{urlencode(asked)}" if asked else place
    return Cite(title, full, written(now), seen.state.sequence, seen.state.head)
