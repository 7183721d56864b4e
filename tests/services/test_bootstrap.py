"""Where data lies: the option, the environment, the system's place."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallyproof.bootstrap import home, open_workspace
from tallyproof.errors import StoreError
from tallyproof.services import cases
from tallyproof.services.access import Actor
from tallyproof.services.importing import import_returns

from .county import asked, written


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's settings."""
    for name in ("DATABASE_URL", "TALLYPROOF_FILES", "TALLYPROOF_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_the_option_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Option, then TALLYPROOF_HOME, then the system's place for a user's data."""
    assert home().name == "tallyproof"
    monkeypatch.setenv("TALLYPROOF_HOME", str(tmp_path / "named"))
    assert home() == tmp_path / "named"
    assert home(tmp_path / "chosen") == tmp_path / "chosen"


def test_files_can_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clerk: Actor) -> None:
    """TALLYPROOF_FILES names a folder or any fsspec address; the ledger stays in the home."""
    monkeypatch.setenv("TALLYPROOF_FILES", "memory://elsewhere")
    workspace = open_workspace(tmp_path / "home")
    imported = import_returns(workspace, clerk, "demo", asked(written(tmp_path)))
    assert workspace.files.verify(imported.record.readings[0].file.sha256)
    assert {path.name.split("-")[0] for path in (tmp_path / "home").iterdir()} == {"ledger.sqlite3"}
    workspace.ledger.close()


def test_the_database_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clerk: Actor) -> None:
    """DATABASE_URL names the ledger; the home then holds only files."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'named.sqlite3'}")
    workspace = open_workspace(tmp_path / "home")
    cases.open_case(workspace, clerk, "demo")
    workspace.ledger.close()
    assert (tmp_path / "named.sqlite3").exists()
    assert not (tmp_path / "home" / "ledger.sqlite3").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file in the way")
def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file in the place of the folder is named, with what to do."""
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match=r"a file is in its place\)\. Name another with --home"):
        open_workspace(tmp_path / "home")
    with pytest.raises(StoreError, match="cannot be made"):
        open_workspace(tmp_path / "home" / "inner")


@pytest.mark.postgres
def test_two_who_import_at_once_on_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clerk: Actor, postgres_url: str
) -> None:
    """On PostgreSQL too one of several imports of the same file is recorded."""
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    workspace, path = open_workspace(tmp_path / "home"), written(tmp_path)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: import_returns(workspace, clerk, "demo", asked(path)).already, range(4))
        assert sorted(found) == [False, True, True, True]
    assert [event.kind for event in workspace.ledger.events("demo")] == [cases.OPENED, cases.IMPORTED]
    assert workspace.ledger.verify().holds
    workspace.ledger.close()
