"""Findings as lists, as bars against their margin, and as an axis of votes for each contest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Check
from tallyproof.election.evidence import Finding
from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.bars import axis_end, bar
from tallyproof.figures.stakes import Stake, StakeWords, findings_axis
from tallyproof.services.pages import Look
from tallyproof.web.wording import address, life_words, percent, severity_words, votes

DRAWN, CONTESTS = 12, 3
"""Findings drawn of one contest, and contests with an axis of their own."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding in a list: with its check, where it stands, and the title of its contest."""

    finding: Finding
    check: Check
    life: str
    contest: str


def listed(seen: Look, findings: Sequence[Finding]) -> list[Listed]:
    """The findings in their order."""
    known = catalogue()
    titles = {each.contest.id: each.contest.title for each in seen.count.contests}
    return [
        Listed(
            each,
            known[each.check],
            seen.state.life(each.id).state,
            titles.get(each.contest, each.contest),
        )
        for each in findings
    ]


def drawn(finding: Finding) -> SafeString:
    """The finding's bar against the margin."""
    share = finding.at_stake_ratio
    end = axis_end([share])
    return mark_safe(bar(share, end, kind=finding.severity.value))  # made of numbers and our own words


@dataclass(frozen=True, slots=True)
class Axis:
    """A contest's findings with most at stake on one axis with its margin; ``more`` are not drawn."""

    contest: str
    drawing: SafeString
    more: int


def axes(seen: Look, findings: Sequence[Finding], as_of: str = "") -> list[Axis]:
    """An axis for each contest with weighed findings, the one with most at stake first."""
    by_contest: dict[str, list[Finding]] = {}
    for each in findings:
        if each.votes_at_stake and each.margin is not None:
            by_contest.setdefault(each.contest, []).append(each)
    titles = {each.contest.id: each.contest.title for each in seen.count.contests}
    return [
        _axis(seen, titles.get(contest, contest), own, as_of)
        for contest, own in list(by_contest.items())[:CONTESTS]
    ]


def _axis(seen: Look, title: str, own: Sequence[Finding], as_of: str) -> Axis:
    words = StakeWords(
        margin=_("margin {votes}"), votes=_("votes at stake"), evenly=_("The axis begins at 0."),
        by_tens=_("Each line of the axis is ten times the one before."),
    )  # fmt: skip
    caption = _("%(contest)s: the most votes that each finding could move, against the margin") % {
        "contest": title
    }
    stakes = [_stake(seen, each, as_of) for each in own[:DRAWN]]
    made = findings_axis(stakes, own[0].margin, caption=caption, words=words)
    return Axis(title, mark_safe(made), max(0, len(own) - DRAWN))  # it escapes every name


def _stake(seen: Look, each: Finding, as_of: str) -> Stake:
    life = seen.state.life(each.id).state
    note = [each.check, severity_words(each.severity), *([life_words(life)] if life != "open" else [])]
    href = address("finding", as_of, case=seen.state.id, finding_id=each.id)
    told = f"{votes(each.votes_at_stake)} · {percent(each.at_stake_ratio)}"
    return Stake(each.unit, each.votes_at_stake, told, ", ".join(note), href, each.severity.value)


def state_of(finding: Finding) -> str:
    """The postal code of the finding's state, which begins its contest's id; nothing where it has none."""
    code = finding.contest.split("-", 1)[0].upper()
    return code if code in STATES else ""
