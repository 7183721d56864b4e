"""Reading results files: what a user asks for, and each document as it was read; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Named
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tallyproof.election.canvass import SourceFile, Status
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import RequestError
from tallyproof.formats import intake, registry, tidy
from tallyproof.formats.importer import Asked
from tallyproof.formats.intake import Document

if TYPE_CHECKING:
    from tallyproof.formats.mapping import Mapping


@dataclass(frozen=True, slots=True)
class How:
    """How one file is read: by an importer of this name, or by the text of a mapping."""

    importer: str = ""
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What to read and what the user says of it; everything not said is taken from the files.

    ``own`` says of single files, by name, how they are read where that differs from the others.
    ``once``: files whose bytes count in the case already are not imported again, whatever is said of them.
    """

    files: tuple[Path, ...]
    source: str = ""
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None
    election: date | None = None
    state: str = ""
    importer: str = ""
    mapping: Path | None = None
    encoding: str = ""
    note: str = ""
    own: Named[str, How] = field(default_factory=dict)
    once: bool = False


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One document as read: the table, and how it was read; ``mapping`` is the text of its mapping."""

    document: str
    importer: str
    original: SourceFile
    reading: tidy.Reading
    mapping: str = ""


def read_files(request: Request, mapping: Mapping | None = None) -> list[ReadFile]:
    """Read every file of the request; nothing is kept. Raises for the first that cannot be read.

    ``mapping`` is the request's mapping where the caller has read it already.
    """
    if not request.files:
        raise RequestError("Name at least one file.")
    if request.as_of is not None and request.as_of.tzinfo is None:
        raise RequestError(f"The time {request.as_of} has no zone. Say which, as in 2016-11-28T17:00-06:00.")
    read_one = reader(request, mapping or mapping_of(request))
    with intake.documents(list(request.files), request.encoding) as documents:
        _require_distinct(documents)
        return [read_one(document) for document in documents]


def mapping_of(request: Request) -> Mapping | None:
    """The request's mapping, read from its file; None where it names none."""
    if request.mapping is None:
        return None
    from tallyproof.formats.mapping import read_mapping

    return read_mapping(request.mapping)


def reader(request: Request, mapping: Mapping | None) -> Callable[[Document], ReadFile]:
    """What reads each document: the mapping where there is one, else the importer that claims it."""
    asked = Asked(request.state, request.importer, request.election, request.status, request.as_of)
    own = {name: (replace(asked, importer=how.importer), _own(how)) for name, how in request.own.items()}

    def read(document: Document) -> ReadFile:
        how, by = own.get(document.original.name, (asked, mapping))
        return _mapped(document, by, how) if by else _recognised(document, how)

    return read


def _own(how: How) -> Mapping | None:
    if not how.mapping:
        return None
    from tallyproof.formats.mapping import read_mapping

    return read_mapping(how.mapping)


def _mapped(document: Document, mapping: Mapping, asked: Asked) -> ReadFile:
    from tallyproof.formats.mapping import read_with

    read = read_with(document, mapping, asked)
    return ReadFile(document.name, "mapping", document.original, read, mapping.text.text)


def _recognised(document: Document, asked: Asked) -> ReadFile:
    importer = registry.recognise(document, asked)
    return ReadFile(document.name, importer.id, document.original, importer.read(document, asked))


def _require_distinct(documents: Sequence[Document]) -> None:
    """No votes are read twice, and every number's file is known by its name."""
    by_bytes: dict[str, str] = {}
    by_name: set[str] = set()
    for each in documents:
        if same := by_bytes.get(each.facts.sha256):
            raise RequestError(f"{each.name} holds the same bytes as {same}. Give them once.")
        if each.name in by_name:
            raise RequestError(f"Two files are called {each.name}. Give one after the other, or rename one.")
        by_bytes[each.facts.sha256] = each.name
        by_name.add(each.name)


def rows(read: Sequence[ReadFile]) -> dict[str, int]:
    """How many source rows were read, stored and rejected; the first is the sum of the others."""
    return {
        "read": sum(each.reading.read for each in read),
        "stored": sum(each.reading.stored for each in read),
        "rejected": sum(len(each.reading.rejections) for each in read),
    }


def rejections(read: Sequence[ReadFile]) -> tuple[Rejection, ...]:
    """Every rejected row of these files."""
    return tuple(rejection for each in read for rejection in each.reading.rejections)


def remarks(read: Sequence[ReadFile]) -> tuple[Remark, ...]:
    """Everything noted on these files while they were read."""
    return tuple(remark for each in read for remark in each.reading.remarks)


def election_day(read: Sequence[ReadFile]) -> date | None:
    """The election day that the first file to state one states."""
    return next((each.reading.election for each in read if each.reading.election), None)
