"""Bytes that come in, piece by piece, up to a limit; what came can be taken up after a break."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from tallyproof.errors import RequestError, StoreError
from tallyproof.services import drafts
from tallyproof.services.access import Actor
from tallyproof.services.drafts import Draft, DraftFile
from tallyproof.services.workspace import Workspace

MOST_FILES = 50
LONGEST_NAME = 150
"""Bytes of a file's name."""


class TooLargeError(RequestError):
    """More bytes than an upload may have."""


class OffsetError(RequestError):
    """Bytes that do not begin where the ones before them ended; ``offset`` tells where that is."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(f"{offset:,} bytes are here already; go on from there.")


def begin(workspace: Workspace, actor: Actor, case: str) -> Draft:
    """Begin an upload into a case. Raises RequestError where there is no such case."""
    drafts.allow(actor, case)
    if not workspace.ledger.head(case).sequence:
        raise RequestError(f"There is no case '{case[:80]}'. Open it first.")
    drafts.listed(workspace, case)  # discards what was left too long
    return drafts.new(workspace, case, actor.name or actor.id)


def expect(workspace: Workspace, actor: Actor, case: str, draft: str, name: str, size: int) -> DraftFile:
    """Announce a file, whose bytes come later. Raises TooLargeError before any of them was sent."""
    drafts.allow(actor, case)
    if size < 0:
        raise RequestError("A file cannot have less than no bytes.")
    added: list[DraftFile] = []

    def decide(known: Draft) -> Draft:
        _require_open(known)
        _require_room(workspace, known, size)
        file = DraftFile(known.next, safe_name(name), size)
        added[:] = [file]
        return replace(known, files=(*known.files, file), next=known.next + 1)

    drafts.change(workspace, case, draft, decide)
    return added[0]


def append(
    workspace: Workspace, actor: Actor, case: str, draft: str, number: int, offset: int,
    pieces: Iterable[bytes],
) -> int:  # fmt: skip
    """Add bytes to a file that was announced; how many are here now.

    Every piece that came before a break stays. Raises OffsetError where ``offset`` is not how many are
    here, and TooLargeError for more than were announced.
    """
    drafts.allow(actor, case)
    with drafts.lock(f"{draft}/{number}"):
        file = drafts.load(workspace, case, draft).file(number)
        path = drafts.path_of(workspace, draft, file)
        here = _written(path)
        if offset != here:
            raise OffsetError(here)
        try:
            here = _write(path, pieces, here, file.size)
        finally:
            here = _written(path)
            drafts.change(
                workspace, case, draft, lambda known: known.with_file(_at(known.file(number), here))
            )
    return here


def _at(file: DraftFile, received: int) -> DraftFile:
    return replace(file, received=received)


def receive(
    workspace: Workspace, actor: Actor, case: str, draft: str, name: str, pieces: Iterable[bytes]
) -> DraftFile:
    """Take in a whole file whose size is not known before it ends.

    Raises TooLargeError as soon as the limit is crossed; nothing of the file is kept then.
    """
    file = expect(workspace, actor, case, draft, name, 0)
    room = workspace.largest_upload - drafts.load(workspace, case, draft).size
    path = drafts.path_of(workspace, draft, file)
    try:
        size = _write(path, pieces, 0, room)
    except TooLargeError:
        remove(workspace, actor, case, draft, file.number)
        raise TooLargeError(_too_large(workspace, file.name)) from None
    whole = replace(file, size=size, received=size)
    drafts.change(workspace, case, draft, lambda known: known.with_file(whole))
    return whole


def remove(workspace: Workspace, actor: Actor, case: str, draft: str, number: int) -> Draft:
    """Leave a file out of the upload and delete its bytes."""
    drafts.allow(actor, case)

    def decide(known: Draft) -> Draft:
        _require_open(known)
        file = known.file(number)
        drafts.forget(workspace, file)
        shutil.rmtree(drafts.path_of(workspace, draft, file).parent, ignore_errors=True)
        return replace(known, files=tuple(each for each in known.files if each.number != number))

    return drafts.change(workspace, case, draft, decide)


def discard(workspace: Workspace, actor: Actor, case: str, draft: str) -> None:
    """Discard an upload with everything that came for it; imports stay."""
    drafts.allow(actor, case)
    drafts.discard(workspace, drafts.load(workspace, case, draft))


def _require_open(draft: Draft) -> None:
    if draft.imported:
        raise RequestError(f"This upload was imported already, as import {draft.imported}. Begin another.")
    if draft.is_importing:
        raise RequestError("This upload is being imported. Wait until that is done, then begin another.")


def _require_room(workspace: Workspace, draft: Draft, size: int) -> None:
    if len(draft.files) >= MOST_FILES:
        raise TooLargeError(f"An upload holds {MOST_FILES} files at most. Import these first, or send a zip.")
    if draft.size + size > workspace.largest_upload:
        raise TooLargeError(_too_large(workspace))


def _too_large(workspace: Workspace, name: str = "") -> str:
    most = workspace.largest_upload / 1_000_000
    return (
        f"{name or 'This'} would make the upload larger than {most:,.3g} MB, the most that is taken here. "
        "Send a zip of it, or import it on the server with: tallyproof import returns"
    )


def _write(path: Path, pieces: Iterable[bytes], here: int, most: int) -> int:
    with _kept(path), path.open("ab") as stream:
        for piece in pieces:
            here += len(piece)
            if here > most:
                raise TooLargeError(f"More bytes came than the {most:,} that were announced.")
            stream.write(piece)
    return here


@contextmanager
def _kept(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except ConnectionError:  # the sender went away; what came before stays
        raise
    except OSError as fault:
        told = f"What came cannot be kept in {path.parent} ({fault.strerror or fault}). Make room there."
        raise StoreError(told) from fault


def _written(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def safe_name(given: str) -> str:
    r"""A file's name as it is shown and kept: no folders, no invisible or turning signs, not too long.

    >>> safe_name("../../etc/wi\x00.csv"), safe_name("C:\\Users\\me\\wi.csv"), safe_name("..")
    ('wi.csv', 'wi.csv', 'file')
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    plain = " ".join(seen.split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if dot and stem and len(ending) <= 8:
        return f"{_cut(stem, LONGEST_NAME - len(ending.encode()) - 1)}.{ending}"
    return _cut(plain, LONGEST_NAME) or "file"


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore").strip()
