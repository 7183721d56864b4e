"""Wires services to settings: where data lies, the database, the clock, randomness."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from tallyproof.errors import RequestError, StoreError
from tallyproof.services.workspace import Progress, Workspace, silent


def home(chosen: str | Path | None = None) -> Path:
    """The folder of this user's cases: the option, else TALLYPROOF_HOME, else the system's place for data."""
    if chosen:
        return Path(chosen)
    if named := os.environ.get("TALLYPROOF_HOME"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("tallyproof", appauthor=False)


def open_workspace(chosen: str | Path | None = None, progress: Progress = silent) -> Workspace:
    """Open the workspace: SQLite and a folder of files in ``home``, unless the environment names others.

    ``DATABASE_URL`` names a PostgreSQL database, ``TALLYPROOF_FILES`` a folder or fsspec address.
    ``TALLYPROOF_LARGEST_UPLOAD`` is how many MB an upload in the browser may have.
    """
    from tallyproof.store.files import FileStore
    from tallyproof.store.ledger import open_ledger
    from tallyproof.store.returns import ReturnsStore

    place = home(chosen)
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        _make_folder(place)
    ledger = open_ledger(address or place / "ledger.sqlite3")
    files = FileStore(os.environ.get("TALLYPROOF_FILES") or place / "files")
    people = address if address.startswith("postgres") else ""
    return Workspace(
        ledger, files, ReturnsStore(files), now, str(place), progress, people, _largest_upload()
    )  # fmt: skip


def _largest_upload() -> int:
    given = os.environ.get("TALLYPROOF_LARGEST_UPLOAD", "500")
    if not given.isdecimal() or not 0 < int(given) <= 100_000:
        raise RequestError(
            f"TALLYPROOF_LARGEST_UPLOAD is '{given}'. Give a number of MB from 1 to 100000, such as 500."
        )
    return int(given) * 1_000_000


def _make_folder(place: Path) -> None:
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        reason = "a file is in its place" if isinstance(fault, FileExistsError) else fault.strerror
        raise StoreError(
            f"The folder {place} for your cases cannot be made ({reason}). Name another with --home."
        ) from None


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)
