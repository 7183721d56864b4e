"""What a file is, told by its first bytes and not by its name."""

from __future__ import annotations

import codecs
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path

from tallyproof.formats.survey import utf_16

TABLES = frozenset({"csv", "xlsx"})
"""The kinds that hold tables of cells."""

ZIP_FAULTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError,
    EOFError, LookupError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What Python's zip reader raises for archives that are damaged, or packed in ways it does not know."""

_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(
    rb"(?:<!--(?:(?!-->).)*+-->\s*+|<\?xml[^>]*+>\s*+)*+"
    rb"<(?:!doctype html|(?:html|head|body|table|div|script)\b)",
    re.DOTALL,
)
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\"\]]")
_CONTROLS = bytes(sorted({*range(32), 127} - set(b"\t\n\r\f\x1a\0")))


def kind_of(path: Path, head: bytes) -> str:
    """What the first bytes say the file is, whatever its name says."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLD_OFFICE):
        return "locked-xlsx" if _holds(path, _ENCRYPTED) else "xls"
    if head.startswith(_ZIPS):
        return _kind_of_zip(path)
    if head[257:262] == b"ustar":
        return "tar"
    if encoding := utf_16(head):
        kind = _kind_of_text(head.decode(encoding, "ignore").encode())
        return kind if kind in {"html", "xml"} else "csv"
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> str:
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if _PAGE.match(text):
        return "html"
    if text.startswith(b"<"):
        return "xml"
    if _JSON.match(text):
        return "json"
    return "binary" if _is_binary(head) else "csv"


def _is_binary(head: bytes) -> bool:
    """Whether more than one byte in fifty is a control sign that no text uses."""
    return len(head) - len(head.translate(None, _CONTROLS)) > len(head) / 50


def _holds(path: Path, text: bytes) -> bool:
    with path.open("rb") as stream:
        return text in stream.read(32 << 20)


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except ZIP_FAULTS:
        return "xlsx" if path.suffix.casefold() in {".xlsx", ".xlsm"} else "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "xlsx" if "xl/workbook.xml" in names else "zip"


_UNPACK = "Unpack it and give the file inside"
_REFUSED = {
    "html": ("is a web page, not a table",
             "Open the address in a browser and use its download link for CSV or Excel"),
    "xls": ("is in the old Excel format (.xls)",
            "Open it in a spreadsheet program and save it as .xlsx or CSV"),
    "xlsb": ("is a binary Excel workbook (.xlsb)", "Open it in a spreadsheet program and save it as .xlsx"),
    "locked-xlsx": ("is an Excel workbook protected by a password",
                    "Open it with its password and save a copy without one"),
    "pdf": ("is a PDF", "Ask the office for the same report as CSV or Excel"),
    "tar": ("is a tar archive", _UNPACK),
    "bzip2": ("is packed with bzip2", _UNPACK),
    "xz": ("is packed with xz", _UNPACK),
    "7z": ("is packed with 7-Zip", _UNPACK),
    "rar": ("is packed with RAR", _UNPACK),
    "binary": ("is neither text nor a file that Tallyproof knows", "Give a CSV or Excel file, or a zip"),
}  # fmt: skip


def refusal(kind: str) -> tuple[str, str] | None:
    """Why a file of this kind is not read, and what to do; None for kinds that importers are asked about."""
    return _REFUSED.get(kind)
