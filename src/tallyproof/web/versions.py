"""The margin of a contest from report to report: rows for a table, steps for a chart."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Snapshot
from tallyproof.figures.steps import Step, across, down
from tallyproof.services.counting import ContestCount
from tallyproof.services.pages import Look
from tallyproof.tracking.standing import Standing
from tallyproof.web.wording import signed, status_word, votes


@dataclass(frozen=True, slots=True)
class Version:
    """One report of a contest: who said what when, and how it differs from the report before."""

    standing: Standing
    snapshot: Snapshot
    margin: int | None
    change: int | None
    relied_on: bool


def versions(seen: Look, counted: ContestCount) -> list[Version]:
    """Every report of the contest in the order of source time; margins count for today's leader."""
    found: list[Version] = []
    before: int | None = None
    snapshots = seen.snapshots
    for standing in counted.versions:
        margin = _for_leader(standing, counted.standing.leader)
        change = None if before is None or margin is None else margin - before
        is_relied_on = standing.snapshot == counted.standing.snapshot
        found.append(Version(standing, snapshots[standing.snapshot], margin, change, is_relied_on))
        before = margin
    return found


def _for_leader(standing: Standing, leader: str) -> int | None:
    """The margin from the side of one choice: below 0 where another was ahead."""
    if standing.margin is None:
        return None
    return standing.margin if standing.leader == leader or standing.seats > 1 else -standing.margin


def charts(counted: ContestCount, told: list[Version]) -> SafeString:
    """The step chart twice, for wide and for narrow screens; nothing for fewer than two reports."""
    known = [each for each in told if each.margin is not None]
    if len(known) < 2:
        return mark_safe("")
    title = _("Margin of %(leader)s in %(contest)s, report by report: %(margins)s") % {
        "leader": counted.standing.leader,
        "contest": counted.contest.title,
        "margins": ", ".join(f"{_day(each.snapshot)} {votes(each.margin)}" for each in known),
    }
    zero = _("0: tied")
    steps = [_step(each) for each in known]
    return mark_safe(  # both are made of escaped text
        f'<div class="wide">{across(steps, title=title, zero=zero)}</div>'
        f'<div class="narrow">{down(steps, title=title, zero=zero)}</div>'
    )


def _step(each: Version) -> Step:
    return Step(
        each.margin or 0,
        votes(each.margin),
        _day(each.snapshot),
        signed(each.change) if each.change else "",
        status_word(each.snapshot.status),
        each.relied_on,
    )


def _day(snapshot: Snapshot) -> str:
    return f"{snapshot.as_of:%Y-%m-%d}" if snapshot.as_of else _("undated")
