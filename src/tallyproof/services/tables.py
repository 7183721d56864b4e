"""Returns tables of imports: kept beside the originals, and built again from them where they are gone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from tallyproof.election.evidence import Rejection, Remark
from tallyproof.errors import StoreError
from tallyproof.formats import intake
from tallyproof.formats.intake import Document
from tallyproof.services import reading
from tallyproof.services.cases import ImportRecord, Reading
from tallyproof.services.workspace import Workspace

if TYPE_CHECKING:
    from tallyproof.formats.mapping import Mapping


def table_of(workspace: Workspace, record: ImportRecord) -> pl.DataFrame:
    """The returns table of an import with its snapshot, built again from the originals where it is gone."""
    frames = [frame_of(workspace, each) for each in record.readings]
    return pl.concat(frames).with_columns(snapshot=pl.lit(record.snapshot.id).cast(pl.Categorical))


def frame_of(workspace: Workspace, each: Reading) -> pl.DataFrame:
    """The returns table of one document."""
    if workspace.tables.has(each.key):
        try:
            return workspace.tables.frame(each.key)
        except StoreError:  # a damaged copy is as good as none
            workspace.tables.forget(each.key)
    rebuild(workspace, each)
    return workspace.tables.frame(each.key)


def notes_of(workspace: Workspace, record: ImportRecord) -> tuple[tuple[Rejection, ...], tuple[Remark, ...]]:
    """The rejected rows and remarks of an import."""
    notes = [_notes(workspace, each) for each in record.readings]
    rejections = tuple(each for some, _ in notes for each in some)
    return rejections, tuple(each for _, some in notes for each in some)


def _notes(workspace: Workspace, each: Reading) -> tuple[tuple[Rejection, ...], tuple[Remark, ...]]:
    if workspace.tables.has(each.key):
        try:
            return workspace.tables.notes(each.key)
        except StoreError:
            workspace.tables.forget(each.key)
    rebuild(workspace, each)
    return workspace.tables.notes(each.key)


def rebuild(workspace: Workspace, each: Reading) -> None:
    """Read a document again from its original, as it was read when it was imported, and keep its table."""
    request = reading.Request((), state=each.state, importer="" if each.mapping else each.importer)
    with document_of(workspace, each) as document:
        again = reading.reader(request, _mapping(each))(document).reading
    workspace.tables.put(each.key, again.frame, again.rejections, again.remarks)


def _mapping(each: Reading) -> Mapping | None:
    if not each.mapping:
        return None
    from tallyproof.formats.mapping import read_mapping

    return read_mapping(each.mapping)


@contextmanager
def document_of(workspace: Workspace, each: Reading) -> Iterator[Document]:
    """The document that was read, opened again from the kept bytes under its own name."""
    with tempfile.TemporaryDirectory(prefix="tallyproof-") as folder:
        path = Path(folder) / each.file.name.split("/", 1)[0]
        with workspace.files.open(each.file.sha256) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        with intake.documents([path], each.encoding) as documents:
            found = [document for document in documents if document.name == each.file.name]
            if not found:
                raise StoreError(f"{path.name} no longer holds {each.file.name}; import it again.")
            yield found[0]
