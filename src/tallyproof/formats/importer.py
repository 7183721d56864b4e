"""What an importer is, and what it may be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias, runtime_checkable

from tallyproof.election.canvass import Status
from tallyproof.formats.intake import Document
from tallyproof.formats.tidy import Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said beside the files: a state for files that do not name one, an importer by name."""

    state: str = ""
    importer: str = ""
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An importer's answer about a document: yes, or what is missing for a yes."""

    fits: bool
    missing: tuple[str, ...] = ()


RawRow: TypeAlias = "tuple[tuple[str, ...], tuple[str, ...]]"
"""What stands at one place of an original: names of columns or elements, and their texts."""


class Importer(Protocol):
    """One source format."""

    id: str
    title: str

    def identify(self, document: Document, rows: Sequence[Sequence[str]]) -> Match:
        """Whether this document is of the format; ``rows`` are its first rows of cells."""
        ...

    def read(self, document: Document, asked: Asked) -> Reading:
        """Read the whole document; raises UnreadableError where that is impossible."""
        ...


@runtime_checkable
class ShowsNumbers(Protocol):
    """An importer whose documents have no rows: the row of a number is its place among all numbers."""

    def raw(self, document: Document, number: int) -> RawRow:
        """What leads to the number of this place (the first is 1); empty where there is none."""
        ...
