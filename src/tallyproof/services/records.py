"""Checking a published record: its chain of events, its head, and the hash of every file beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallyproof.errors import RequestError
from tallyproof.services.publishing import FORMAT, is_safe
from tallyproof.store.chain import BrokenLink, Event, Fault, Head, verify_events


@dataclass(frozen=True, slots=True)
class RecordChecked:
    """What a check of a published folder found; it needs no ledger, only the folder.

    ``broken`` is the first link of the chain that does not hold, ``changed`` and ``missing`` name files.
    """

    case: str
    head: Head
    manifest: str
    files: int
    broken: BrokenLink | None
    changed: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as it was published."""
        return not (self.broken or self.changed or self.missing)


def check_record(path: Path) -> RecordChecked:
    """Check a ``record.json``, or the one in a folder, and the files beside it.

    Raises RequestError where it cannot be read or is no such record.
    """
    place = path / "record.json" if path.is_dir() else path
    text, told = _read(place)
    case, files = told["case"], told["files"]
    verified = verify_events(_events(place, told["events"]))
    head = verified.heads.get(case, Head())
    stated = Head(told["head"]["sequence"], told["head"]["hash"])
    other = None if head == stated else BrokenLink(case, stated.sequence, Fault.HEAD)
    wrong = {name: _state(place.parent, name, digest) for name, digest in sorted(files.items())}
    return RecordChecked(
        case, head, hashlib.sha256(text).hexdigest(), len(files), verified.first_broken or other,
        tuple(name for name, state in wrong.items() if state == "changed"),
        tuple(name for name, state in wrong.items() if state == "missing"),
    )  # fmt: skip


def _read(place: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        text = place.read_bytes()
    except OSError as fault:
        raise RequestError(f"{place} cannot be read ({fault.strerror}). Name a record.json.") from None
    try:
        told = json.loads(text)
        is_record = (
            told["format"] == FORMAT and isinstance(told["case"], str) and isinstance(told["files"], dict)
            and isinstance(told["events"], list) and isinstance(told["head"]["sequence"], int)
            and isinstance(told["head"]["hash"], str)
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError):
        is_record = False
    if not is_record:
        raise RequestError(f"{place} is no record that Tallyproof published.")
    return text, told


def _events(place: Path, told: list[Any]) -> list[Event]:
    try:
        return [Event(**each) for each in told]
    except TypeError:
        raise RequestError(f"{place} holds an event without its eight fields.") from None


def _state(folder: Path, name: str, digest: object) -> str:
    path = folder / name
    if not is_safe(name) or not path.is_file():
        return "missing"
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    return "" if found == digest else "changed"
