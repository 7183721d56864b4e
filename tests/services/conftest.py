"""A workspace on a real SQLite database in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyproof.bootstrap import open_workspace
from tallyproof.services.access import Actor, terminal
from tallyproof.services.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace."""
    for name in ("DATABASE_URL", "TALLYPROOF_FILES"):
        monkeypatch.delenv(name, raising=False)
    opened = open_workspace(tmp_path / "home")
    yield opened
    opened.ledger.close()


@pytest.fixture
def clerk() -> Actor:
    """Somebody who may do everything, and whose name is nobody else's business."""
    return terminal("Wilhelmina Doe")
