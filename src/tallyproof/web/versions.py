"""The margin of a contest from report to report, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Snapshot
from tallyproof.figures.steps import Step, across, down
from tallyproof.figures.timeline import Report, margin_over_time
from tallyproof.services.counting import ContestCount
from tallyproof.services.versions import Version
from tallyproof.web.wording import signed, status_word, surname, votes

FEW = 8
"""Reports that fit a chart of equal steps with day and status under each; more need an axis of time."""


def charts(counted: ContestCount, told: Sequence[Version]) -> SafeString:
    """The margin's chart; nothing for fewer than two reports.

    Few reports are steps of equal width, drawn for wide and for narrow screens. Many, or some that say
    how many ballots were pending, stand on an axis of time with the range that was still possible.
    """
    known = [each for each in told if each.margin is not None]
    if len(known) < 2:
        return mark_safe("")
    if _needs_time(known):
        return mark_safe(_over_time(counted, known))  # it is made of escaped text
    title, zero = _title(counted, known), _("0: tied")
    steps = [_step(each) for each in known]
    return mark_safe(  # both are made of escaped text
        f'<div class="wide">{across(steps, title=title, zero=zero)}</div>'
        f'<div class="narrow">{down(steps, title=title, zero=zero)}</div>'
    )


_EVER = datetime(1, 1, 2, tzinfo=UTC)


def is_over_time(told: Sequence[Version]) -> bool:
    """Whether the chart of these reports has an axis of time."""
    known = [each for each in told if each.margin is not None]
    return len(known) > 1 and _needs_time(known)


def _needs_time(known: Sequence[Version]) -> bool:
    times = {each.snapshot.as_of for each in known}
    has_times = None not in times and len(times) == len(known)
    return has_times and (len(known) > FEW or any(each.pending is not None for each in known))


def _title(counted: ContestCount, known: Sequence[Version]) -> str:
    return _("Margin of %(leader)s in %(contest)s, report by report: %(margins)s") % {
        "leader": counted.standing.leader,
        "contest": counted.contest.title,
        "margins": ", ".join(f"{_day(each.snapshot)} {votes(each.margin)}" for each in known),
    }


def _over_time(counted: ContestCount, known: Sequence[Version]) -> str:
    return margin_over_time(
        [_report(each) for each in known],
        sides=(surname(counted.standing.leader), surname(counted.standing.runner_up)),
        title=_title(counted, known), ahead=_("{name} ahead"), further=_("the range goes further"),
        description=_(
            "The grey band is how far the margin could still go, if all pending ballots went one way."
        ),
        day=lambda time: f"{time:%m-%d}",
    )  # fmt: skip


def _report(each: Version) -> Report:
    """One report on the axis of time; times of several zones are put into one."""
    margin, when = each.margin or 0, each.snapshot.as_of or _EVER
    low, high = (None, None) if each.pending is None else (margin - each.pending, margin + each.pending)
    status = status_word(each.snapshot.status)
    return Report(when.astimezone(UTC), margin, low, high, note=status, firm=each.relied_on)


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
