"""The tools that services work with: ledger, files, returns tables, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tallyproof.store.files import FileStore
    from tallyproof.store.ledger import Ledger
    from tallyproof.store.returns import ReturnsStore

Progress = Callable[[str], None]
"""Told in a phrase what is being done."""


def silent(phrase: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One place where cases are kept.

    ``accounts`` is the address of the database of those who may sign in; a file in ``place`` where empty.
    """

    ledger: Ledger
    files: FileStore
    tables: ReturnsStore
    clock: Callable[[], datetime]
    place: str = ""
    progress: Progress = field(default=silent)
    accounts: str = ""
    largest_upload: int = 500_000_000
    """Bytes that one upload in the browser may have."""
