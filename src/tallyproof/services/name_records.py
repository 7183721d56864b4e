"""The standard names of a case: what its events say of them, and the file that they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tallyproof.election.standard_names import StandardNames
from tallyproof.store.chain import Event

if TYPE_CHECKING:
    from tallyproof.store.files import FileStore

NAMES_SET = "names set"


@dataclass(frozen=True, slots=True)
class NamesRecord:
    """Standard names as set once: ``sha256`` is of the TOML, ``original`` of the file as it was given."""

    sequence: int
    at: str
    actor: str
    file: str
    sha256: str
    original: str
    counts: Mapping[str, int]
    reason: str = ""


def names_record(event: Event) -> NamesRecord:
    """The names that an event sets."""
    body: Mapping[str, Any] = event.body
    return NamesRecord(
        event.sequence, event.at, event.actor, body["file"], body["names"], body["original"], body["counts"],
        body["reason"],
    )  # fmt: skip


def names_of(files: FileStore, record: NamesRecord | None) -> StandardNames:
    """The names themselves; none where none were set. Raises StoreError where the file is gone."""
    if record is None:
        return StandardNames()
    from tallyproof.formats.name_file import parse

    with files.open(record.sha256) as stream:
        return parse(stream.read().decode("utf-8-sig"), record.file)
