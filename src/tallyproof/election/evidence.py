"""What we cite and what we find: sources, rejections, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error is impossible arithmetic within one source and snapshot."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return ("error", "warning", "info").index(self.value)


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the evidence: a file, its spreadsheet row (the header is row 1) and column."""

    file: str
    row: int | None = None
    column: str | None = None
    snapshot: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row:,}"
        return f"{place} ({self.column})" if self.column else place


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of somebody else, with where and when they stand."""

    text: str
    where: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A source row that was read and not stored, and why."""

    file: str
    row: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """An observation on a whole file made while reading it, such as its encoding."""

    file: str
    topic: str
    text: str
    row: int | None = None


Number = int | float | str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up, with its numbers, its place and its innocent explanations.

    ``votes_at_stake`` is the largest change to the contest's margin if the finding were resolved in
    the worst direction; ``margin`` the contest's margin it is held against. Both are in votes and
    ``None`` where unknown. Votes at stake are never added up over findings.
    """

    check: str
    severity: Severity
    contest: str
    unit: str
    message: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    votes_at_stake: int | None = None
    margin: int | None = None
    benign: tuple[str, ...] = ()
    source: Source = Source("")
    also: tuple[Source, ...] = ()
    topic: str = ""

    @property
    def id(self) -> str:
        """Check, contest and unit; a topic (such as a choice) where a unit can have several."""
        parts = [self.check, self.contest or "all", slug(self.unit) or "all", slug(self.topic)]
        return "/".join(part for part in parts if part)

    @property
    def at_stake_ratio(self) -> float | None:
        """Votes at stake over the margin; None where either is unknown."""
        if self.votes_at_stake is None or self.margin is None:
            return None
        return self.votes_at_stake / self.margin if self.margin else float("inf")


def slug(text: str) -> str:
    """The text in lower case with a dash for every run of other signs, for addresses and keys."""
    kept = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return "-".join(kept.split())


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by votes at stake against the margin, unknown stakes last; ties by severity and id."""

    def key(finding: Finding) -> tuple[float, int, int, str]:
        ratio = finding.at_stake_ratio
        stake = finding.votes_at_stake or 0
        return (-(ratio if ratio is not None else -1.0), finding.severity.rank, -stake, finding.id)

    return sorted(findings, key=key)
