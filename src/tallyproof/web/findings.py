"""Findings as lists and as bars on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Check
from tallyproof.election.evidence import Finding
from tallyproof.election.jurisdiction import STATES
from tallyproof.figures.bars import axis_end, bar
from tallyproof.services.pages import Look


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding in a list: with its check, where it stands, and its bar against the margin."""

    finding: Finding
    check: Check
    life: str
    contest: str
    bar: SafeString
    end: int


def listed(seen: Look, findings: Sequence[Finding]) -> list[Listed]:
    """The findings in their order, all bars on one axis."""
    end = axis_end(each.at_stake_ratio for each in findings)
    known = catalogue()
    titles = {each.contest.id: each.contest.title for each in seen.count.contests}
    return [_one(seen, each, known[each.check], titles, end) for each in findings]


def _one(seen: Look, finding: Finding, check: Check, titles: dict[str, str], end: int) -> Listed:
    life = seen.state.life(finding.id).state
    return Listed(
        finding, check, life, titles.get(finding.contest, finding.contest), drawn(finding, end), end
    )


def drawn(finding: Finding, end: int | None = None) -> SafeString:
    """The finding's bar against the margin."""
    share = finding.at_stake_ratio
    far = axis_end([share]) if end is None else end
    return mark_safe(bar(share, far, kind=finding.severity.value))  # made of numbers and our own words


def state_of(finding: Finding) -> str:
    """The postal code of the finding's state, which begins its contest's id; nothing where it has none."""
    code = finding.contest.split("-", 1)[0].upper()
    return code if code in STATES else ""
