"""How final a count is, and the snapshot of a source at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tallyproof.election.evidence import slug


class Status(StrEnum):
    """How far a count has come; the words of NIST SP 1500-100 with the steps of a canvass."""

    UNKNOWN = "unknown"
    PRE_ELECTION = "pre-election"
    UNOFFICIAL_PARTIAL = "unofficial-partial"
    UNOFFICIAL_COMPLETE = "unofficial-complete"
    CANVASSED = "canvassed"
    CERTIFIED = "certified"
    CORRECTION = "correction"
    RECOUNT = "recount"

    @property
    def is_final(self) -> bool:
        """Whether a count of this status has been declared complete and official."""
        return self in {Status.CERTIFIED, Status.CORRECTION, Status.RECOUNT}

    @property
    def is_complete(self) -> bool:
        """Whether every unit is said to be in."""
        return self.is_final or self in {Status.CANVASSED, Status.UNOFFICIAL_COMPLETE}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """An original file: its name, the SHA-256 of its bytes, and which importer read it."""

    name: str
    sha256: str
    size: int
    importer: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one source said at one time: one import.

    ``as_of`` is the source's own time, ``None`` where it states none; ``election`` the election day.
    ``sequence`` is the ledger event that brought it in (0 for files that are only looked at).
    """

    id: str
    source: str
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None
    election: date | None = None
    files: tuple[SourceFile, ...] = ()
    sequence: int = 0
    imported_at: str = ""

    @property
    def source_id(self) -> str:
        """The key under which snapshots of one source are versions of each other."""
        return slug(self.source)

    @property
    def order(self) -> tuple[float, int]:
        """Sorts snapshots in time: source time (import time where it states none), then order of import."""
        moment = self.as_of or (datetime.fromisoformat(self.imported_at) if self.imported_at else None)
        return (moment.timestamp() if moment else 0.0, self.sequence)

    @property
    def label(self) -> str:
        """One phrase that names it: source, status and time."""
        when = f", {self.as_of:%Y-%m-%d %H:%M %Z}".rstrip() if self.as_of else ""
        status = "" if self.status is Status.UNKNOWN else f", {self.status.value}"
        return f"{self.source}{status}{when}"
