"""Zip, gzip and tar: refused where what they hold is damaged, or larger than an honest table can be."""

from __future__ import annotations

import errno
import gzip
import re
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tallyproof.errors import UnreadableError
from tallyproof.formats.kinds import ZIP_FAULTS
from tallyproof.formats.survey import PIECE

LARGEST_UNPACKED = 20 << 30
LARGEST_TAR = 2 << 30
MOST_MEMBERS = 10_000
MANY_TIMES, SMALL_ENOUGH = 250, 100 << 20
TAR_FAULTS = (
    tarfile.TarError, OSError, EOFError, ValueError, LookupError, OverflowError, RecursionError, struct.error,
)  # fmt: skip
"""What Python's tar reader raises for archives that are damaged."""

_ENDING = re.compile(r"\.\w{1,5}")


def members(path: Path, name: str, largest: int = LARGEST_UNPACKED) -> list[zipfile.ZipInfo]:
    """The files in the archive.

    Raises UnreadableError where it is damaged, locked, or would unpack to more than ``largest`` bytes
    or to far more than an honest table of its packed size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not info.is_dir()]
    except ZIP_FAULTS:
        raise _damaged(name) from None
    if any(info.flag_bits & 1 for info in found):
        raise UnreadableError(
            name, "is protected by a password", remedy="Unpack it and give the files inside"
        )
    _check_sizes(path, name, found, largest)
    return found


def _check_sizes(path: Path, name: str, found: list[zipfile.ZipInfo], largest: int) -> None:
    if len(found) > MOST_MEMBERS:
        raise UnreadableError(
            name, f"holds {len(found):,} files", remedy="Unpack it and give the files that hold returns"
        )
    for info in found:
        if _swells(info.file_size, info.compress_size):
            raise _too_large(name, info.filename, info.file_size)
    total = sum(info.file_size for info in found)
    if total > largest or _swells(total, path.stat().st_size):
        raise _too_large(name, "its content", total)


def _swells(size: int, packed: int) -> bool:
    return size > SMALL_ENOUGH and size > MANY_TIMES * max(1, packed)


def unpack(path: Path, found: list[zipfile.ZipInfo], folder: Path) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Each of these members with the file it was unpacked to."""
    total = sum(info.file_size for info in found)
    folder.mkdir(parents=True)
    free = shutil.disk_usage(folder).free
    if total > free:
        reason = f"needs {_size(total)} to unpack, and {_size(free)} are free in {folder.parent.parent}"
        raise UnreadableError(path.name, reason, remedy="Make room, or set TMPDIR to a larger disk")
    with zipfile.ZipFile(path) as archive:
        for place, info in enumerate(found):
            ending = Path(info.filename).suffix
            target = folder / f"{place}{ending if _ENDING.fullmatch(ending) else ''}"
            _extract(archive, info, target, path.name)
            yield info, target


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> None:
    written = 0
    try:
        with archive.open(info) as packed, target.open("wb") as out:
            while piece := packed.read(PIECE):
                written += len(piece)
                if written > info.file_size:
                    raise _too_large(name, info.filename, written)
                out.write(piece)
    except NotImplementedError:
        raise UnreadableError(
            name, f"packs {info.filename} in a way that Tallyproof cannot unpack",
            remedy="Unpack it and give the files inside",
        ) from None  # fmt: skip
    except ZIP_FAULTS:
        raise _damaged(name) from None


def gunzip(path: Path, name: str, target: Path, largest: int = LARGEST_UNPACKED) -> None:
    """Unpack a gzip file.

    Raises UnreadableError where it is damaged or cut short, or holds more than ``largest`` bytes or far more
    than an honest table of its packed size; gzip does not say beforehand how much it holds.
    """
    packed, written = path.stat().st_size, 0
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with gzip.open(path) as stream, target.open("wb") as out:
            while piece := stream.read(PIECE):
                written += len(piece)
                if written > largest or _swells(written, packed):
                    raise _too_large(name, "its content", written, "more than ")
                out.write(piece)
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            reason = f"needs more than {_size(written)} to unpack, and {target.parent.parent} is full"
            raise UnreadableError(name, reason, remedy="Make room, or set TMPDIR to a larger disk") from None
        raise _damaged(name) from None
    except (EOFError, zlib.error):
        raise _damaged(name) from None


def tar_files(
    path: Path, name: str, endings: tuple[str, ...], largest: int
) -> Iterator[tuple[str, int, bytes]]:
    """Name, size and content of the files with these endings in a tar archive, packed with gzip or not.

    A file of more than ``largest`` bytes comes without its content. Raises UnreadableError where the archive
    is damaged or cut short, holds far more than an honest one, or names places outside of itself.
    """
    with TemporaryDirectory(prefix="tallyproof-tar-") as folder:
        plain = path
        with path.open("rb") as stream:
            is_packed = stream.read(2) == b"\x1f\x8b"
        if is_packed:
            plain = Path(folder) / "plain.tar"
            gunzip(path, name, plain, LARGEST_TAR)
        try:
            with tarfile.open(plain, "r:") as archive:
                yield from _of_tar(archive, name, folder, endings, largest)
                _require_end(archive, plain, name)
        except TAR_FAULTS:
            raise _damaged(name) from None


def _of_tar(
    archive: tarfile.TarFile, name: str, folder: str, endings: tuple[str, ...], largest: int
) -> Iterator[tuple[str, int, bytes]]:
    total = 0
    for number, info in enumerate(archive, 1):
        if number > MOST_MEMBERS:
            raise UnreadableError(
                name, f"holds more than {MOST_MEMBERS:,} files", remedy="Unpack it yourself"
            )
        try:
            safe = tarfile.data_filter(info, folder)
        except tarfile.FilterError:
            reason = f"holds '{info.name[:60]}', which leads out of the archive or is no file"
            raise UnreadableError(name, reason, remedy="Unpack it yourself and look at it") from None
        if not safe.isfile() or not safe.name.casefold().endswith(endings):
            continue
        if safe.size > largest:
            yield safe.name, safe.size, b""
            continue
        total += safe.size
        if total > LARGEST_TAR:
            raise _too_large(name, "its content", total, "more than ")
        stream = archive.extractfile(info)
        yield safe.name, safe.size, stream.read() if stream else b""


def _require_end(archive: tarfile.TarFile, plain: Path, name: str) -> None:
    """Raise UnreadableError where no end mark stands: the reader takes a broken header for the end."""
    with plain.open("rb") as stream:
        stream.seek(archive.offset)
        mark = stream.read(tarfile.BLOCKSIZE)
    if mark != bytes(tarfile.BLOCKSIZE):
        raise _damaged(name)


def _damaged(name: str) -> UnreadableError:
    reason = "is cut short or damaged, so it cannot be unpacked"
    return UnreadableError(name, reason, remedy="Download it again and compare its size")


def _too_large(name: str, member: str, size: int, least: str = "") -> UnreadableError:
    reason = f"{member} would unpack to {least}{_size(size)}, far more than a table of its packed size should"
    return UnreadableError(
        name, reason, remedy="Unpack it yourself and look at it before giving it to Tallyproof"
    )


def _size(size: int) -> str:
    return f"{size / 2**30:,.1f} GiB" if size >= 2**30 else f"{size / 2**20:,.0f} MiB"
