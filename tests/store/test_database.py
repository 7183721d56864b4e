"""A database is made once, brought up to date, and found in order by everybody who opens it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from tallyproof.errors import StoreError
from tallyproof.store import schema
from tallyproof.store.database import MIGRATIONS, database_url, open_engine, prepare
from tallyproof.store.ledger import open_ledger


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    """An engine for a new database."""
    engine = open_engine(address)
    yield engine
    engine.dispose()


def test_the_migrations_end_in_the_form_this_program_expects() -> None:
    """The version that is compared at every start is the newest migration's."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.VERSION


def test_the_migrations_make_the_tables_that_the_program_describes(engine: Engine) -> None:
    """A new database has no more and no less than schema.metadata."""
    prepare(engine)
    with engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def test_a_database_by_a_newer_program_is_refused(engine: Engine) -> None:
    """The sentence says what to do, and nothing in it is touched."""
    prepare(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE ledger_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer Tallyproof wrote this database \(form 9999\)"):
        prepare(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM ledger_version")) == "9999"


def test_an_up_to_date_database_is_opened_without_alembic(tmp_path: Path) -> None:
    """Alembic takes a quarter of a second to import and is needed only to migrate."""
    path = tmp_path / "ledger.sqlite3"
    open_ledger(path).close()
    program = (
        "import sys; from tallyproof.store.ledger import open_ledger; "
        "open_ledger(sys.argv[1]); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgres://u:p@host:5/db", "postgresql+psycopg://u:***@host:5/db"),
        ("postgresql://host/db", "postgresql+psycopg://host/db"),
        ("postgresql+psycopg://host/db", "postgresql+psycopg://host/db"),
        ("sqlite:////srv/ledger.sqlite3", "sqlite:////srv/ledger.sqlite3"),
        (Path("cases/ledger.sqlite3"), f"sqlite:///{Path('cases/ledger.sqlite3')}"),
    ],
)
def test_usual_addresses_are_understood(address: str | Path, expected: str) -> None:
    """PostgreSQL is reached through psycopg however it is written; a path means SQLite."""
    assert str(database_url(address)) == expected


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mysql://host/db", "use SQLite or PostgreSQL"),
        ("postgresql+pg8000://host/db", "use SQLite or PostgreSQL"),
        ("sqlite://", "would be lost"),
        ("sqlite:///:memory:", "would be lost"),
        ("://", "cannot be read"),
    ],
)
def test_other_addresses_are_refused(address: str, reason: str) -> None:
    """Each with a sentence that says what to write instead."""
    with pytest.raises(StoreError, match=reason):
        database_url(address)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A mistyped path does not make folders."""
    with pytest.raises(StoreError, match="There is no folder"):
        open_ledger(tmp_path / "missing" / "ledger.sqlite3")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """And it is left as it was."""
    path = tmp_path / "returns.csv"
    path.write_text("county,votes\n" * 100)
    with pytest.raises(StoreError, match=r"returns\.csv cannot be used: file is not a database"):
        open_ledger(path)
    assert path.read_text() == "county,votes\n" * 100


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    """The sentence can be pasted into a mail."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="cannot be used") as caught:
        open_ledger("postgresql://clerk:secret@127.0.0.1:1/ledger?connect_timeout=2")
    assert "secret" not in str(caught.value)


def test_a_database_that_stays_locked_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After waiting, a sentence says that another program holds it."""
    monkeypatch.setattr("tallyproof.store.database.BUSY_SECONDS", 0.1)
    path = tmp_path / "ledger.sqlite3"
    ledger = open_ledger(path)
    holder = open_engine(path).execution_options(sqlite_begin="IMMEDIATE")
    with holder.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(StoreError, match="locked"):
            ledger.append("wi", "clerk", "noted", {})
    ledger.append("wi", "clerk", "noted", {})
    assert ledger.head("wi").sequence == 1
    ledger.close()
    holder.dispose()
