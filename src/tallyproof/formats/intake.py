"""Files as they come in: one pass over the bytes tells what they are and whether they can be read."""

from __future__ import annotations

import codecs
import hashlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tallyproof.election.canvass import SourceFile
from tallyproof.errors import RequestError, UnreadableError

PIECE = 1 << 20
LONGEST_LINE = 4 << 20
LARGEST_UNPACKED = 20 << 30
MANY_TIMES, SMALL_ENOUGH = 250, 100 << 20


@dataclass(frozen=True, slots=True)
class Bytes:
    """What one pass over a file's bytes tells.

    ``bad_byte`` is the line and byte value of the first byte that is not UTF-8, if any.
    """

    sha256: str
    size: int
    longest_line: int
    lines: int
    bad_byte: tuple[int, int] | None
    has_nul: bool
    has_bare_cr: bool
    head: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A file, or one file inside a zip, that an importer can be asked about.

    ``name`` is what the user is told ("wi.zip/2016-wi-precinct.csv"); ``encoding`` how text is decoded;
    ``original`` the file whose bytes are kept.
    """

    name: str
    path: Path
    kind: str
    facts: Bytes
    encoding: str
    original: SourceFile

    @property
    def file_name(self) -> str:
        """The last part of the name, in which some sources put state, date and office."""
        return self.name.rsplit("/", 1)[-1]


def survey(path: Path) -> Bytes:
    """Read the file once, in pieces, and tell its hash, size and what its text looks like."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = lines = longest = open_line = 0
    head, bad, nul, bare_cr, last = b"", None, False, False, b""
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
            head = head or piece[: 1 << 16]
            if bad is None:
                bad = _first_bad_byte(decoder, piece, lines)
            nul = nul or b"\0" in piece
            bare_cr = bare_cr or _has_bare_cr(piece, last)
            longest, open_line = _line_lengths(piece, longest, open_line)
            lines += piece.count(b"\n")
            size += len(piece)
            last = piece[-1:]
    return Bytes(digest.hexdigest(), size, max(longest, open_line), lines, bad, nul, bare_cr, head)


def _first_bad_byte(decoder: codecs.IncrementalDecoder, piece: bytes, lines: int) -> tuple[int, int] | None:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError as fault:
        read = fault.object[: fault.start]
        return lines + read.count(b"\n") + 1, fault.object[fault.start]
    return None


def _has_bare_cr(piece: bytes, before: bytes) -> bool:
    if b"\r" not in piece and before != b"\r":
        return False
    return bool(re.search(rb"\r[^\n]", piece)) or (before == b"\r" and piece[:1] != b"\n")


def _line_lengths(piece: bytes, longest: int, open_line: int) -> tuple[int, int]:
    """The longest line so far (exact only beyond one piece) and the length of the line still open."""
    first = min((at for at in (piece.find(b"\n"), piece.find(b"\r")) if at >= 0), default=-1)
    if first < 0:
        return longest, open_line + len(piece)
    end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
    return max(longest, open_line + first), len(piece) - end - 1


def kind_of(path: Path, head: bytes) -> str:
    """What the first bytes say the file is, whatever its name says."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return "xlsx" if _is_workbook(path) else "zip"
    text = head.lstrip(codecs.BOM_UTF8).lstrip().lower()
    if re.match(rb"<!doctype html|<html|<head|<body|<table", text):
        return "html"
    if text.startswith(b"<"):
        return "xml"
    if text[:1] in (b"{", b"["):
        return "json"
    return "csv"


_MAGIC = (
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist() or "xl/workbook.bin" in archive.namelist()
    except zipfile.BadZipFile:
        return path.suffix.casefold() in {".xlsx", ".xlsm"}


_REFUSED = {
    "html": (
        "is a web page, not a table",
        "Open the address in a browser and use its download link for CSV or Excel",
    ),
    "xls": (
        "is in the old Excel format (.xls)",
        "Open it in a spreadsheet program and save it as .xlsx or CSV",
    ),
    "pdf": ("is a PDF", "Ask the office for the same report as CSV or Excel"),
    "gzip": ("is packed with gzip", "Unpack it and give the file inside"),
    "7z": ("is packed with 7-Zip", "Unpack it and give the file inside"),
    "rar": ("is packed with RAR", "Unpack it and give the file inside"),
}


@contextmanager
def documents(paths: list[Path], encoding: str = "") -> Iterator[list[Document]]:
    """The readable documents in these files; a zip's members are unpacked for as long as this is open.

    Raises UnreadableError for the first file that cannot be read at all.
    """
    with tempfile.TemporaryDirectory(prefix="tallyproof-") as folder:
        found: list[Document] = []
        for place, path in enumerate(paths):
            found.extend(_open(path, Path(folder) / str(place), encoding))
        yield found


def _open(path: Path, unpacked: Path, encoding: str) -> list[Document]:
    facts = _readable(path)
    kind = kind_of(path, facts.head)
    original = SourceFile(path.name, facts.sha256, facts.size)
    if kind in _REFUSED:
        reason, remedy = _REFUSED[kind]
        raise UnreadableError(path.name, reason, remedy=remedy)
    if kind == "zip":
        return _unpack(path, unpacked, encoding, original)
    if kind == "xlsx":
        _check_members(path, path.name)
    return [_document(path.name, path, kind, facts, encoding, original)]


def _readable(path: Path) -> Bytes:
    if not path.exists():
        raise RequestError(f"{path}: there is no such file. Check the name and the folder.")
    if path.is_dir():
        raise UnreadableError(
            str(path), "is a folder", remedy=f"Name the files in it, such as {path.name}/*.csv"
        )
    try:
        facts = survey(path)
    except OSError as fault:
        raise UnreadableError(
            path.name, f"cannot be opened ({fault.strerror})", remedy="Check that you may read it"
        ) from fault
    if not facts.head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise UnreadableError(
            path.name, "is empty", remedy="Download it again or ask the office for the file"
        )
    return facts


def _document(
    name: str, path: Path, kind: str, facts: Bytes, encoding: str, original: SourceFile
) -> Document:
    decided = _encoding(name, facts, encoding) if kind == "csv" else "utf-8"
    return Document(name, path, kind, facts, decided, original)


def _encoding(name: str, facts: Bytes, wanted: str) -> str:
    if wanted:
        try:
            codecs.lookup(wanted)
        except LookupError:
            raise RequestError(f"'{wanted}' is not a text encoding. Use utf-8, cp1252 or latin-1.") from None
        return wanted
    if facts.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if facts.bad_byte:
        row, byte = facts.bad_byte
        remedy = "Save it as CSV UTF-8, or name its encoding, for example --encoding cp1252"
        raise UnreadableError(name, f"byte 0x{byte:02X} is not UTF-8 text", row=row, remedy=remedy)
    return "utf-8-sig" if facts.head.startswith(codecs.BOM_UTF8) else "utf-8"


def _check_members(path: Path, name: str) -> list[zipfile.ZipInfo]:
    """The archive's members, refused before a byte is unpacked where their sizes cannot be honest."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError):
        raise _damaged(name) from None
    if any(info.flag_bits & 1 for info in members):
        raise UnreadableError(
            name, "is protected by a password", remedy="Unpack it and give the files inside"
        )
    for info in members:
        too_many_times = (
            info.file_size > MANY_TIMES * max(1, info.compress_size) and info.file_size > SMALL_ENOUGH
        )
        if too_many_times:
            raise _too_large(name, info.filename, info.file_size)
    if sum(info.file_size for info in members) > LARGEST_UNPACKED:
        raise _too_large(name, "its content", sum(info.file_size for info in members))
    return members


def _damaged(name: str) -> UnreadableError:
    return UnreadableError(
        name,
        "is cut short or damaged, so it cannot be unpacked",
        remedy="Download it again and compare its size",
    )


def _too_large(name: str, member: str, size: int) -> UnreadableError:
    reason = (
        f"{member} would unpack to {size / 2**30:,.1f} GiB, far more than its packed size allows for a table"
    )
    return UnreadableError(
        name, reason, remedy="Unpack it yourself and look at it before giving it to Tallyproof"
    )


def _unpack(path: Path, folder: Path, encoding: str, original: SourceFile) -> list[Document]:
    members = [info for info in _check_members(path, path.name) if not _is_clutter(info.filename)]
    if not members:
        raise UnreadableError(path.name, "has no files in it", remedy="Download it again")
    folder.mkdir(parents=True)
    found = []
    with zipfile.ZipFile(path) as archive:
        for place, info in enumerate(members):
            name = f"{path.name}/{info.filename}"
            target = folder / f"{place}{Path(info.filename).suffix}"
            _extract(archive, info, target, path.name)
            facts = replace(_readable(target))
            kind = kind_of(target, facts.head)
            if kind in _REFUSED or kind == "zip":
                reason, remedy = _REFUSED.get(
                    kind, ("is a zip inside a zip", "Unpack it and give the inner file")
                )
                raise UnreadableError(name, reason, remedy=remedy)
            found.append(_document(name, target, kind, facts, encoding, original))
    return found


def _is_clutter(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last.startswith(".") or last.casefold() == "thumbs.db"


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> None:
    written = 0
    try:
        with archive.open(info) as packed, target.open("wb") as out:
            while piece := packed.read(PIECE):
                written += len(piece)
                if written > info.file_size:
                    raise _too_large(name, info.filename, written)
                out.write(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(name) from None
