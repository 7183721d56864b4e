"""What reproducing a published audit says: lines that agree, differ or cannot be checked, and its claims."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from tallyproof.errors import UnreadableError


class Result(StrEnum):
    """How a published number and ours compare."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "cannot be checked"


@dataclass(frozen=True, slots=True)
class Line:
    """A published number beside the recomputed one, and the file and spreadsheet row of the published."""

    question: str
    contest: str
    result: Result
    published: str
    recomputed: str
    file: str
    row: int | None = None
    remark: str = ""

    @property
    def place(self) -> str:
        """The file, and the spreadsheet row where there is one."""
        return self.file if self.row is None else f"{self.file}, row {self.row:,}"


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """Claims with their total error bound U and the draws that a first round plans; None where unknown."""

    claims: tuple[str, ...]
    bound: float | None = None
    draws: int | None = None


@dataclass(frozen=True, slots=True)
class ContestClaims:
    """The assertions that an audit tested beside those that its reported outcome needs."""

    contest: str
    tested: ClaimSet
    needed: ClaimSet
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """All lines and claims of an audit; ``unread`` names files that are of no format known here."""

    audit: str
    lines: tuple[Line, ...]
    claims: tuple[ContestClaims, ...]
    read: int
    unread: tuple[str, ...]

    @property
    def tallies(self) -> dict[tuple[str, str], dict[Result, int]]:
        """Numbers of lines by file, question and result, in the order of the lines; all results are there."""
        found: dict[tuple[str, str], dict[Result, int]] = {}
        for line in self.lines:
            found.setdefault((line.file, line.question), dict.fromkeys(Result, 0))[line.result] += 1
        return found

    @property
    def sizes(self) -> dict[tuple[str, str], int]:
        """Numbers of lines by file and question."""
        return Counter((line.file, line.question) for line in self.lines)

    @property
    def differs(self) -> bool:
        """Whether anything published is not what follows from the other files."""
        return any(line.result is Result.DIFFERS for line in self.lines)

    @property
    def is_incomplete(self) -> bool:
        """Whether anything could not be checked, or nothing was: agreement is not shown."""
        return not self.lines or any(line.result is Result.UNKNOWN for line in self.lines)

    @property
    def results(self) -> dict[Result, int]:
        """Numbers of lines by result; all results are there."""
        return dict.fromkeys(Result, 0) | Counter(line.result for line in self.lines)


def compared(
    question: str, contest: str, published: object, recomputed: object, file: str, row: int, remark: str = ""
) -> Line:
    """A line that agrees where both sides read the same; whole numbers get thousands separators."""
    sides = _text(published), _text(recomputed)
    result = Result.AGREES if sides[0] == sides[1] else Result.DIFFERS
    return Line(question, contest, result, *sides, file, row, remark)


def unknown(question: str, contest: str, published: object, file: str, row: int | None, why: str) -> Line:
    """A line that cannot be checked, and what that needs."""
    return Line(question, contest, Result.UNKNOWN, _text(published), "", file, row, why)


def needed(fault: UnreadableError) -> str:
    """What a line needs that a cell or file which cannot be read leaves open."""
    row = "" if fault.row is None else f", row {fault.row:,}"
    return f"needs {fault.file}{row}: {fault.reason}"


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
