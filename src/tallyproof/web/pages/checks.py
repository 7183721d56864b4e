"""The Checks tab, which says whether the numbers add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tallyproof.checks.catalogue import catalogue
from tallyproof.election.evidence import Finding, Severity
from tallyproof.election.jurisdiction import STATES
from tallyproof.services import pages
from tallyproof.services.access import Actor
from tallyproof.services.pages import Look
from tallyproof.web import sentences
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import as_of, paged, word
from tallyproof.web.carried import workspace_of
from tallyproof.web.findings import axes, listed, state_of
from tallyproof.web.showing import show
from tallyproof.web.wording import life_words, severity_words

ROWS = 50
LIVES = ("open", "explained", "resolved")


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to narrow the list: the name in the address, a label, and what can be chosen."""

    name: str
    label: str
    chosen: str
    options: list[tuple[str, str]]


@open_to(READERS)
def checks(request: HttpRequest, actor: Actor, case: str) -> HttpResponse:
    """Findings ranked by votes at stake against the margin, and what cannot be checked."""
    seen = pages.look(workspace_of(request), actor, case, as_of(request))
    filters = _filters(request, seen)
    left = [each for each in seen.checked.findings if _fits(seen, each, filters)]
    order = word(request, "sort", [value for value, _label in _orders()])
    rows = sorted(left, key=_ORDERS[order]) if order else left
    page = paged(request, rows, ROWS)
    made = set(catalogue()) - {each.check for each in seen.checked.not_checkable}
    context = {
        "answer": sentences.of_checks(seen),
        "filters": filters,
        "orders": _orders(),
        "order": order,
        "is_filtered": any(each.chosen for each in filters),
        "all": len(seen.checked.findings),
        "page": page,
        "listed": listed(seen, page.rows),
        "axes": axes(seen, left, request.GET.get("as_of", "").strip()),
        "made": len(made),
    }
    return show(request, "checks.html", context, title=_("Checks"), seen=seen, tab="checks")


_GRAVEST = {each: place for place, each in enumerate(Severity)}
_CHECKS = {each: place for place, each in enumerate(catalogue())}
_ORDERS: dict[str, Callable[[Finding], tuple[object, ...]]] = {
    "severity": lambda each: (_GRAVEST[each.severity], -(each.at_stake_ratio or 0.0)),
    "place": lambda each: (not each.unit, each.unit.casefold(), each.contest, each.check),
    "contest": lambda each: (not each.contest, each.contest, -(each.at_stake_ratio or 0.0)),
    "check": lambda each: (_CHECKS[each.check], -(each.at_stake_ratio or 0.0)),
}


def _orders() -> list[tuple[str, str]]:
    """How the list can be ordered, beside the order of votes at stake."""
    return [
        ("severity", _("gravest first")),
        ("place", _("by place")),
        ("contest", _("by contest")),
        ("check", _("by check")),
    ]


def _filters(request: HttpRequest, seen: Look) -> list[Filter]:
    found = seen.checked.findings
    known = catalogue()
    states = sorted({state for each in found if (state := state_of(each))})
    used = [check for check in known if any(each.check == check for each in found)]
    choices = (
        ("severity", _("Severity"), [(each.value, severity_words(each)) for each in Severity]),
        ("state", _("State"), [(each, STATES[each]) for each in states]),
        ("check", _("Check"), [(each, f"{each} {known[each].title}") for each in used]),
        ("life", _("Where it stands"), [(each, life_words(each)) for each in LIVES]),
    )
    everything = {"state": list(STATES), "check": list(known)}
    return [
        Filter(
            name,
            label,
            word(request, name, everything.get(name, [value for value, _label in options])),
            options,
        )
        for name, label, options in choices
    ]


def _fits(seen: Look, finding: Finding, filters: list[Filter]) -> bool:
    values = {
        "severity": finding.severity.value,
        "state": state_of(finding),
        "check": finding.check,
        "life": seen.state.life(finding.id).state,
    }
    return all(not each.chosen or values[each.name] == each.chosen for each in filters)
