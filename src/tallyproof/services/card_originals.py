"""Originals of cards and manifests: kept under their hashes, and kept again where they were lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tallyproof.election.canvass import SourceFile
from tallyproof.errors import StoreError
from tallyproof.services.workspace import Workspace


def keep(workspace: Workspace, paths: Iterable[Path], originals: Iterable[SourceFile]) -> None:
    """Keep those of these files that are the originals named; a zip may be that of several.

    Raises StoreError where a file is not as it was when it was read.
    """
    wanted = {each.sha256: _outer(each.name) for each in originals}
    names = set(wanted.values())  # two files of one name may come from two folders
    kept = {workspace.files.put(path) for path in paths if _as_documents_name(path) in names}
    for sha256, name in wanted.items():
        if sha256 not in kept:
            raise StoreError(f"{name} changed while it was being read. Import it again.")


def restored(workspace: Workspace, paths: Iterable[Path], counting: Iterable[SourceFile]) -> list[str]:
    """Keep originals that count and are missing or altered once more; a sentence for each of them."""
    lost = [each for each in counting if not workspace.files.verify(each.sha256)]
    keep(workspace, paths, lost)
    return [
        f"The original of {name} was missing or altered where files are kept; it is there again."
        for name in dict.fromkeys(_outer(each.name) for each in lost)
    ]


def _outer(name: str) -> str:
    """The file that a document stands in: itself, or its zip."""
    return name.split("/", 1)[0]


def _as_documents_name(path: Path) -> str:
    return path.name.encode("utf-8", "replace").decode()
