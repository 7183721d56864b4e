"""Publishing a case: its public pages and data as a folder that any web host serves."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tallyproof.errors import RequestError, StoreError
from tallyproof.services import cases, datafiles
from tallyproof.services.access import READER, Actor, Right, require
from tallyproof.services.cases import CaseState
from tallyproof.services.workspace import Workspace
from tallyproof.store.chain import Head
from tallyproof.store.frozen import frozen

RECORD = "record.json"
UNFINISHED = ".tallyproof-publishing.json"
"""Names the files about to be written, so that a publication that was broken off can be taken up again."""
FORMAT = "tallyproof record 1"

Site = Callable[[Workspace, str], Iterable[tuple[str, bytes]]]
"""Makes the pages and data of a case: names in the folder with their bytes."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: how many files of how many bytes, of which head, under which hash.

    ``manifest`` is the SHA-256 of ``record.json``, which names the SHA-256 of every other file.
    ``already`` tells that the ledger knew of this very publication.
    """

    case: CaseState
    folder: Path
    files: int
    size: int
    removed: int
    head: Head
    manifest: str
    already: bool


def publish(workspace: Workspace, actor: Actor, case: str, folder: Path, site: Site) -> Published:
    """Write the public site of a case into a folder and record that it was published.

    The same head gives the same bytes. Raises RequestError where the folder holds files that are not
    ours, StoreError where the chain of events does not hold; nothing is written then.
    """
    require(actor, Right.PUBLISH)
    cases.state(workspace, actor, case)
    own = _own_files(folder, case)
    workspace.progress("Checking the ledger")
    if broken := workspace.ledger.verify(case).first_broken:
        raise StoreError(f"The chain of events does not hold ({broken}); nothing was published.")
    stood = _as_it_stood(workspace, case)
    files = _made(workspace, site(stood, case))
    head = stood.ledger.head(case)
    record = _record(stood, case, files)
    _require_free(folder, [*files, RECORD], own)
    workspace.progress("Writing")
    _write_all(folder, files, record)
    removed = _remove(folder, own - {*files, RECORD})
    manifest = hashlib.sha256(record).hexdigest()
    event = _say(workspace, actor, case, head, manifest, len(files))
    size = sum(map(len, files.values())) + len(record)
    return Published(
        cases.state(workspace, actor, case), folder, len(files) + 1, size, removed, head, manifest, not event
    )


def _made(workspace: Workspace, site: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files by name; how many there are is told while they are made."""
    files: dict[str, bytes] = {}
    for name, content in site:
        files[name] = content
        if len(files) % 100 == 1:
            workspace.progress(f"Making the pages ({len(files):,})")
    return files


def _as_it_stood(workspace: Workspace, case: str) -> Workspace:
    """The case at its last event other than a publication, which changes nothing that is shown."""
    return replace(
        workspace, ledger=frozen(workspace.ledger, case, lambda event: event.kind != cases.PUBLISHED)
    )


def _record(stood: Workspace, case: str, files: Mapping[str, bytes]) -> bytes:
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    told = {"format": FORMAT, **datafiles.record(stood, READER, case), "files": hashes}
    return (json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _say(workspace: Workspace, actor: Actor, case: str, head: Head, manifest: str, files: int) -> bool:
    """Record the publication, unless it is the one recorded last; whether an event was added."""
    body = {"head": {"sequence": head.sequence, "hash": head.hash}, "manifest": manifest, "files": files}

    def decide(known: CaseState) -> dict[str, Any] | None:
        last = {name: known.published.get(name) for name in body}
        return None if last == body else body

    return cases.record(workspace, actor, case, cases.PUBLISHED, decide) is not None


# ---- the folder: only our own files are ever replaced or removed


def _own_files(folder: Path, case: str) -> set[str]:
    """The files in the folder that earlier publications of this case wrote. Raises RequestError."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise RequestError(f"{folder} is no folder. Name a new or an empty one.")
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    own: set[str] = set()
    for name in (RECORD, UNFINISHED):
        own |= _listed(folder / name, case)
    if not own:
        raise RequestError(
            f"{folder} holds files that were not published by Tallyproof. Name a new or an empty folder."
        )
    return own


def _listed(path: Path, case: str) -> set[str]:
    try:
        told = json.loads(path.read_bytes())
        if told["format"] != FORMAT:
            return set()
        if told["case"] != case:
            raise RequestError(
                f"{path.parent} holds the published case {told['case']}. Name another folder for {case}."
            )
        return {RECORD, *(name for name in told["files"] if is_safe(name))}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


_SAFE = re.compile(r"(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*")


def is_safe(name: str) -> bool:
    """Whether a name stays within the folder, on any system."""
    return len(name) < 1_000 and _SAFE.fullmatch(name) is not None


def _require_free(folder: Path, names: Iterable[str], own: set[str]) -> None:
    for name in names:
        if not is_safe(name):
            raise StoreError(f"'{name}' cannot be the name of a published file.")
        path = folder / name
        inner = [each for each in path.relative_to(folder).parents if each.name]
        if any((folder / each).is_symlink() for each in inner) or path.is_symlink():
            raise RequestError(f"{path} leads out of the folder. Remove that link, or name another folder.")
        if path.exists() and name not in own:
            raise RequestError(f"{path} was not published by Tallyproof. Move it, or name another folder.")


def _write_all(folder: Path, files: Mapping[str, bytes], record: bytes) -> None:
    case = json.loads(record)["case"]
    planned = {"format": FORMAT, "case": case, "files": dict.fromkeys(files, "")}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / UNFINISHED).write_text(json.dumps(planned), encoding="utf-8")
        for name, content in files.items():
            _write(folder / name, content)
        _write(folder / RECORD, record)
        (folder / UNFINISHED).unlink()
    except OSError as fault:
        raise RequestError(
            f"{fault.filename or folder} cannot be written ({fault.strerror or fault}). "
            "What was written is kept; publish again to finish it, or name another folder."
        ) from None


def _write(path: Path, content: bytes) -> None:
    """Replace the file whole, unless it holds these bytes already."""
    if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        staged.write_bytes(content)
        staged.replace(path)
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def _remove(folder: Path, names: Iterable[str]) -> int:
    """Remove files of an earlier publication that are gone from this one, and folders left empty."""
    removed = 0
    for name in sorted(names):
        path = folder / name
        within = [folder / each for each in path.relative_to(folder).parents if each.name]
        if path.is_symlink() or not path.is_file() or any(each.is_symlink() for each in within):
            continue
        path.unlink()
        removed += 1
        for each in within:
            with suppress(OSError):  # it still holds something
                each.rmdir()
    return removed
