"""Reading results files: what a user asks for, and each document as it was read; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tallyproof.election.canvass import SourceFile, Status
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import intake, registry, tidy
from tallyproof.formats.importer import Asked
from tallyproof.formats.intake import Document


@dataclass(frozen=True, slots=True)
class Request:
    """What to read and what the user says of it; everything not said is taken from the files."""

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


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One document as read: the table, and how it was read."""

    document: str
    importer: str
    original: SourceFile
    reading: tidy.Reading


def read_files(request: Request, mapping_text: str | None = None) -> list[ReadFile]:
    """Read every file of the request; nothing is kept. Raises for the first that cannot be read.

    ``mapping_text`` is the text of the request's mapping file where the caller has read it already.
    """
    if not request.files:
        raise RequestError("Name at least one file.")
    if request.as_of is not None and request.as_of.tzinfo is None:
        raise RequestError(f"The time {request.as_of} has no zone. Say which, as in 2016-11-28T17:00-06:00.")
    read_one = reader(request, mapping_of(request) if mapping_text is None else mapping_text)
    with intake.documents(list(request.files), request.encoding) as documents:
        _require_distinct(documents)
        return [read_one(document) for document in documents]


def mapping_of(request: Request) -> str:
    """The text of the request's mapping file; nothing where it names none."""
    if request.mapping is None:
        return ""
    try:
        return request.mapping.read_text(encoding="utf-8-sig")
    except OSError as fault:
        reason = f"cannot be opened ({fault.strerror or fault})"
        raise UnreadableError(str(request.mapping), reason, remedy="Check the name of the mapping") from None
    except UnicodeDecodeError:
        remedy = "Save it as UTF-8, or draft it anew with --propose"
        raise UnreadableError(str(request.mapping), "is not a mapping in UTF-8 text", remedy=remedy) from None


def reader(request: Request, mapping_text: str) -> Callable[[Document], ReadFile]:
    """What reads each document: the mapping where there is one, else the importer that claims it."""
    asked = Asked(request.state, request.importer, request.election, request.status, request.as_of)
    if not mapping_text:
        return lambda document: _recognised(document, asked)
    from tallyproof.formats import mapping

    parsed = mapping.read_mapping(mapping_text)
    return lambda document: ReadFile(
        document.name, "mapping", document.original, mapping.read_with(document, parsed, asked)
    )


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
