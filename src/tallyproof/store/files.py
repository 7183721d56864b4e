"""Files kept under their SHA-256, in a folder or at any address that fsspec knows."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias, cast

from tallyproof.errors import StoreError

Source: TypeAlias = bytes | Path | BinaryIO

PIECE = 1024 * 1024
"""Bytes read and written at once."""

_SHA = re.compile(r"[0-9a-f]{64}")
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.=-]*"
_NAME = re.compile(rf"{_PART}(/{_PART})*")


class FileStore:
    """Originals under the SHA-256 of their bytes, and derived tables under names.

    ``address`` is a folder, which is created when first written to, or an fsspec address such as
    ``s3://bucket/folder`` or ``memory://``. Originals lie at ``files/ab/cdef…``, derived tables at
    ``named/…``; ``incoming/`` holds what is being written, and may be emptied when nothing is.
    """

    def __init__(self, address: str | Path) -> None:
        self._place: _Place = _Remote(str(address)) if "://" in str(address) else _Folder(Path(address))

    def put(self, source: Source) -> str:
        """Keep the bytes, a local file's or a stream's, and return their SHA-256 (64 hexadecimal digits).

        They appear whole or not at all; what is there already stays. An altered copy is replaced.
        """
        with self._staged(source) as (staged, sha):
            if not self.verify(sha):
                self._place.move(staged, _original(sha))
        return sha

    def open(self, sha: str) -> BinaryIO:
        """The original as a stream; StoreError where there is none."""
        return self._open(_original(sha), f"file with SHA-256 {sha}")

    def exists(self, sha: str) -> bool:
        """Whether there is an original with this SHA-256."""
        return self._place.exists(_original(sha))

    def path(self, sha: str) -> Path | None:
        """The original's path on this machine; None where it lies elsewhere or is not there."""
        return self._place.path(_original(sha))

    def verify(self, sha: str) -> bool:
        """Whether the original is there with the very bytes that its SHA-256 was made from."""
        if not self.exists(sha):
            return False
        digest = hashlib.sha256()
        with self.open(sha) as stream:
            for piece in _pieces(stream):
                digest.update(piece)
        return digest.hexdigest() == sha

    def put_named(self, name: str, source: Source) -> None:
        """Keep derived data under a name, in place of what had that name; it appears whole or not at all."""
        target = _derived(name)
        with self._staged(source) as (staged, _):
            self._place.move(staged, target)

    def open_named(self, name: str) -> BinaryIO:
        """Derived data as a stream; StoreError where there is none."""
        return self._open(_derived(name), f"derived table {name}")

    def exists_named(self, name: str) -> bool:
        """Whether there is derived data with this name."""
        return self._place.exists(_derived(name))

    def path_named(self, name: str) -> Path | None:
        """The derived data's path on this machine; None where it lies elsewhere or is not there."""
        return self._place.path(_derived(name))

    def delete_named(self, name: str) -> None:
        """Remove derived data, which can be built again; nothing happens where there is none."""
        with _plain_errors():
            self._place.remove(_derived(name))

    def _open(self, place: str, what: str) -> BinaryIO:
        try:
            return self._place.open(place)
        except FileNotFoundError:
            raise StoreError(f"There is no {what} in {self._place}; put it there again.") from None
        except OSError as error:
            raise StoreError(f"The {what} cannot be read: {error}.") from error

    @contextmanager
    def _staged(self, source: Source) -> Iterator[tuple[str, str]]:
        staged = f"incoming/{secrets.token_hex(16)}"
        digest = hashlib.sha256()
        with _plain_errors():
            try:
                with self._place.create(staged) as target:
                    for piece in _pieces(source):
                        digest.update(piece)
                        target.write(piece)
                yield staged, digest.hexdigest()
            finally:
                with suppress(OSError):
                    self._place.remove(staged)


class _Place(Protocol):
    def create(self, name: str) -> Any: ...
    def open(self, name: str) -> BinaryIO: ...
    def exists(self, name: str) -> bool: ...
    def path(self, name: str) -> Path | None: ...
    def move(self, name: str, target: str) -> None: ...
    def remove(self, name: str) -> None: ...


class _Folder:
    """A folder on this machine, without fsspec: importing that takes longer than most commands."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __str__(self) -> str:
        return str(self._root)

    @contextmanager
    def create(self, name: str) -> Iterator[BinaryIO]:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())  # the bytes reach the disk before the name does

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def exists(self, name: str) -> bool:
        return (self._root / name).is_file()

    def path(self, name: str) -> Path | None:
        return self._root / name if self.exists(name) else None

    def move(self, name: str, target: str) -> None:
        path = self._root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        (self._root / name).replace(path)
        _sync_folder(path.parent)

    def remove(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)


class _Remote:
    """Any address that fsspec knows."""

    def __init__(self, address: str) -> None:
        import fsspec

        self._address = address
        try:
            self._system, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise StoreError(f"Files cannot be kept at {address}: {error}.") from error

    def __str__(self) -> str:
        return self._address

    def create(self, name: str) -> Any:
        self._system.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
        return self._system.open(self._at(name), "wb")

    def open(self, name: str) -> BinaryIO:
        return cast(BinaryIO, self._system.open(self._at(name), "rb"))

    def exists(self, name: str) -> bool:
        return bool(self._system.isfile(self._at(name)))

    def path(self, name: str) -> Path | None:
        local = "file" in self._system.protocol and self.exists(name)
        return Path(self._at(name)) if local else None

    def move(self, name: str, target: str) -> None:
        self._system.makedirs(self._at(target).rpartition("/")[0], exist_ok=True)
        self._system.mv(self._at(name), self._at(target))

    def remove(self, name: str) -> None:
        if self.exists(name):
            self._system.rm_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"


def _original(sha: str) -> str:
    if not _SHA.fullmatch(sha):
        raise StoreError(f"{sha[:80]!r} is not a SHA-256; give its 64 hexadecimal digits in lower case.")
    return f"files/{sha[:2]}/{sha[2:]}"


def _derived(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"{name[:80]!r} cannot name a table; use letters, digits, - _ . = and / between parts."
        )
    return f"named/{name}"


def _pieces(source: Source) -> Iterator[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _pieces(file)
        return
    stream = BytesIO(source) if isinstance(source, bytes) else source
    while piece := stream.read(PIECE):
        yield piece


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and writes names through
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = error.filename or "The file"
        raise StoreError(f"{place} cannot be read or written: {error.strerror or error}.") from error
