"""The margin of a contest from report to report, as a chart."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.election.canvass import Snapshot
from tallyproof.figures.steps import Step, across, down
from tallyproof.services.counting import ContestCount
from tallyproof.services.versions import Version
from tallyproof.web.wording import signed, status_word, votes


def charts(counted: ContestCount, told: Sequence[Version]) -> SafeString:
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
