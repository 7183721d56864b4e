"""The files of a folder that an office published, archives opened: names, bytes, rows of text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tallyproof.errors import UnreadableError
from tallyproof.formats.archive import members, tar_files
from tallyproof.formats.kinds import ZIP_FAULTS

LARGEST = 200 << 20
"""No table that an audit publishes is larger; cast vote records are not read here."""
_TABLES = (".csv", ".xlsx")
_TARS = (".tar", ".tar.gz", ".tgz")
_WHOLE = re.compile(r"\d{1,3}(,\d{3})+|\d+(\.0)?")
_MOST_DIGITS = 15
_LONGEST_CELL = 10 << 20


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file by its name below the folder; for a member of an archive after the archive's name."""

    name: str
    content: bytes

    @property
    def parent(self) -> str:
        """The name of the folder that the file lies in, which is the jurisdiction's in many publications."""
        parts = self.name.split("/")
        return parts[-2] if len(parts) > 1 else ""

    @property
    def is_workbook(self) -> bool:
        """Whether it is an Excel workbook."""
        return self.name.casefold().endswith(".xlsx")


def published_files(folder: Path, fault: Callable[[UnreadableError], None]) -> Iterator[PublishedFile]:
    """CSV and Excel files of the folder and its ZIP and tar archives, in the order of their names.

    ``fault`` is told of damaged archives and of files too large to be tables of an audit.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        try:
            if path.suffix.casefold() == ".zip":
                yield from _inside(path, name)
            elif name.casefold().endswith(_TARS):
                yield from _inside_tar(path, name)
            elif name.casefold().endswith(_TABLES):
                _check_size(name, path.stat().st_size)
                yield PublishedFile(name, path.read_bytes())
        except UnreadableError as met:
            fault(met)


def _inside(path: Path, name: str) -> Iterator[PublishedFile]:
    wanted = [each for each in members(path, name) if each.filename.casefold().endswith(_TABLES)]
    with zipfile.ZipFile(path) as archive:
        for info in wanted:
            if info.filename.startswith("__MACOSX"):
                continue
            inside = f"{name}/{info.filename}"
            _check_size(inside, info.file_size)
            try:
                content = archive.read(info)
            except ZIP_FAULTS:
                raise UnreadableError(inside, "is damaged", remedy="Download it again") from None
            yield PublishedFile(inside, content)


def _inside_tar(path: Path, name: str) -> Iterator[PublishedFile]:
    for member, size, content in tar_files(path, name, _TABLES, LARGEST):
        if not member.startswith("__MACOSX") and not member.rpartition("/")[2].startswith("._"):
            inside = f"{name}/{member}"
            _check_size(inside, size)
            yield PublishedFile(inside, content)


def _check_size(name: str, size: int) -> None:
    if size > LARGEST:
        reason = f"has {size:,} bytes, more than any table of an audit"
        raise UnreadableError(name, reason, remedy="Take it out of the folder")


def csv_rows(file: PublishedFile, *, trimmed: bool = True) -> list[list[str]]:
    """The rows of a CSV file; the place in the list plus 1 is the spreadsheet row.

    Cells are trimmed unless names that differ only in a blank at their end must be kept apart.
    """
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = file.content.decode("cp1252", errors="replace")
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as fault:
        raise UnreadableError(file.name, f"is no CSV table ({fault})", remedy="Download it again") from None
    return [[cell.strip() for cell in row] for row in rows] if trimmed else rows


def whole(text: str, file: str, row: int) -> int:
    """A count as people write it: 1204, 1,204 or 1204.0. Raises UnreadableError naming file and row."""
    text = text.strip()
    if text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    if len(text) > _MOST_DIGITS or not _WHOLE.fullmatch(text):
        raise UnreadableError(file, f"'{text}' stands where a count belongs", row=row)
    return int(text.removesuffix(".0").replace(",", ""))


def column(header: Sequence[str], name: str, file: str, row: int = 1) -> int:
    """The place of a column. Raises UnreadableError where the file has none of that name."""
    if name not in header:
        raise UnreadableError(file, f"has no column '{name}'", row=row)
    return header.index(name)
