"""Files as they come in: what they are, whether they can be read, and the documents they hold."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tallyproof.election.canvass import SourceFile
from tallyproof.errors import RequestError, UnreadableError
from tallyproof.formats import archive, extent
from tallyproof.formats.kinds import kind_of, refusal
from tallyproof.formats.survey import HEAD, LONGEST_LINE, Bytes, row_at, survey, utf_16

LARGEST_WORKBOOK = 1 << 30
PACKED = frozenset({"zip", "gzip"})
_GZ = re.compile(r"\.gz$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """A file, or one file inside a zip, that an importer can be asked about; unpacked where it was packed.

    ``name`` is what the user is told ("wi.zip/2016-wi-precinct.csv"); ``encoding`` how text is decoded;
    ``original`` the file whose bytes are kept; ``left_aside`` names what else the zip held.
    """

    name: str
    path: Path
    kind: str
    facts: Bytes
    encoding: str
    original: SourceFile
    left_aside: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The last part of the name, in which some sources put state, date and office; without ".gz"."""
        return _GZ.sub("", self.name.rsplit("/", 1)[-1])


@contextmanager
def documents(paths: list[Path], encoding: str = "") -> Iterator[list[Document]]:
    """The readable documents in these files; zips and gzip files are unpacked for as long as this is open.

    Raises UnreadableError for the first file that cannot be read at all.
    """
    with tempfile.TemporaryDirectory(prefix="tallyproof-") as folder:
        found: list[Document] = []
        for place, path in enumerate(paths):
            found.extend(_open(path, Path(folder) / str(place), _known(encoding)))
        yield found


def _known(encoding: str) -> str:
    """The encoding's usual name, which Python knows as one of text; nothing stays nothing."""
    if not encoding:
        return ""
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding).name
    except UnicodeError:
        return encoding
    except (LookupError, ValueError):
        raise RequestError(f"'{encoding}' is not a text encoding. Use utf-8, cp1252 or latin-1.") from None


def _open(path: Path, folder: Path, encoding: str) -> list[Document]:
    name = _shown(path.name)
    _check_place(path, name)
    kind, facts = _look(path, name)
    original = SourceFile(name, facts.sha256, facts.size)
    if kind == "zip":
        return _members(path, folder, encoding, original)
    path, kind, facts = _plain(name, path, kind, facts, folder)
    return [_document(name, path, kind, facts, encoding, original)]


def _plain(name: str, path: Path, kind: str, facts: Bytes, folder: Path) -> tuple[Path, str, Bytes]:
    """The file itself, or what was packed in it with gzip."""
    if kind != "gzip":
        return path, kind, facts
    target = folder / "plain" / (_GZ.sub("", path.name) or "unpacked")
    archive.gunzip(path, name, target)
    kind, facts = _look(target, name)
    if kind in PACKED:
        reason = f"is packed twice: there is a {kind} file inside"
        raise UnreadableError(name, reason, remedy="Unpack it and give the inner file")
    return target, kind, facts


def _shown(name: str) -> str:
    """A file's name as text that can be printed and kept, whatever bytes the disk has for it."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _check_place(path: Path, name: str) -> None:
    try:
        if not path.exists():
            raise RequestError(f"{_shown(str(path))}: there is no such file. Check the name and the folder.")
        if path.is_dir():
            remedy = f"Name the files in it, such as {name or _shown(str(path))}/*.csv"
            raise UnreadableError(_shown(str(path)), "is a folder", remedy=remedy)
        if not path.is_file():
            remedy = "Save what it gives to a file first"
            raise UnreadableError(_shown(str(path)), "is a pipe or device, not a file", remedy=remedy)
    except OSError as fault:
        raise _closed(name, fault) from fault


def _closed(name: str, fault: OSError) -> UnreadableError:
    reason = f"cannot be opened ({fault.strerror or fault})"
    return UnreadableError(name, reason, remedy="Check that you may read it and that it is on this machine")


def _look(path: Path, name: str) -> tuple[str, Bytes]:
    """The file's kind and what its bytes tell; raises UnreadableError for what no importer reads."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
        kind = kind_of(path, head)
        _check_kind(name, kind, head)
        facts = survey(path, LONGEST_LINE if kind == "csv" else 0)
    except OSError as fault:
        raise _closed(name, fault) from fault
    if facts.too_long:
        row = row_at(path, facts.size - 1)
        reason = f"this line is longer than {LONGEST_LINE >> 20} MB, too long for a row of a table"
        remedy = "Check that it is a table with line ends, and download it again"
        raise UnreadableError(name, reason, row=row, remedy=remedy)
    return kind, facts


def _check_kind(name: str, kind: str, head: bytes) -> None:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        reason = "is empty" if len(head) < HEAD else f"begins with {HEAD:,} bytes of nothing"
        raise UnreadableError(name, reason, remedy="Download it again or ask the office for the file")
    if refused := refusal(kind):
        raise UnreadableError(name, refused[0], remedy=refused[1])


def _document(
    name: str, path: Path, kind: str, facts: Bytes, encoding: str, original: SourceFile
) -> Document:
    if kind == "xlsx":
        archive.members(path, name, LARGEST_WORKBOOK)
        extent.check(path, name)
    decided = _encoding(name, path, facts, encoding) if kind == "csv" else "utf-8"
    return Document(name, path, kind, facts, decided, original)


def _encoding(name: str, path: Path, facts: Bytes, wanted: str) -> str:
    if wanted and wanted not in {"utf-8", "utf-8-sig"}:
        return wanted
    if not wanted and (wide := utf_16(facts.head)):
        return wide
    if facts.bad_byte:
        offset, byte = facts.bad_byte
        remedy = "Save it as CSV UTF-8, or name its encoding, for example --encoding cp1252"
        reason = f"byte 0x{byte:02X} is not UTF-8 text"
        raise UnreadableError(name, reason, row=row_at(path, offset), remedy=remedy)
    return "utf-8-sig" if facts.head.startswith(codecs.BOM_UTF8) else "utf-8"


_BESIDE_TABLES = re.compile(
    r"(^|/)(__macosx/|\.)|(^|/)(thumbs\.db|desktop\.ini|read[ _-]?me|licen[cs]e|copying|code[ _-]?book)[^/]*$"
    r"|\.(pdf|docx?|md|rtf|html?|png|jpe?g|gif|css|js|shp|shx|dbf|prj|cpg|sbn|sbx|geojson|kml|xsd|xsl)$",
    re.IGNORECASE,
)


def _members(path: Path, folder: Path, encoding: str, original: SourceFile) -> list[Document]:
    """The documents in a zip; reading matter beside the tables is left aside and named."""
    infos = archive.members(path, original.name)
    beside = [info for info in infos if _BESIDE_TABLES.search(info.filename)]
    wanted = [info for info in infos if not _BESIDE_TABLES.search(info.filename)] or beside
    aside = tuple(_shown(info.filename) for info in beside) if wanted is not beside else ()
    if not wanted:
        raise UnreadableError(original.name, "has no files in it", remedy="Download it again")
    found = []
    for info, target in archive.unpack(path, wanted, folder):
        name = f"{original.name}/{_shown(info.filename)}"
        kind, facts = _look(target, name)
        if kind == "zip":
            raise UnreadableError(name, "is a zip inside a zip", remedy="Unpack it and give the inner file")
        target, kind, facts = _plain(name, target, kind, facts, folder / target.stem)
        found.append(_document(name, target, kind, facts, encoding, original))
    return [replace(document, left_aside=aside) for document in found]
