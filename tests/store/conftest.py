"""A ledger on each database, and hands that reach past its guards."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tallyproof.store.database import database_url, open_engine
from tallyproof.store.ledger import Ledger, open_ledger

Statement = Callable[[str], None]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that holds nothing yet."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """An empty ledger."""
    ledger = open_ledger(address)
    yield ledger
    ledger.close()


@pytest.fixture
def stranger(address: str, ledger: Ledger) -> Iterator[Statement]:
    """Runs SQL as another program would, without any part of ours, and commits."""
    url = database_url(address)
    connection: Any
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(url.database))
    else:
        import psycopg

        connection = psycopg.connect(address)

    def run(statement: str) -> None:
        try:
            connection.execute(statement)
            connection.commit()
        finally:
            connection.rollback()

    yield run
    connection.close()


@pytest.fixture
def tamper(address: str, ledger: Ledger) -> Statement:
    """Runs SQL with the guards taken away, as the owner of the database could."""

    def run(statement: str) -> None:
        engine = open_engine(address)
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                names = connection.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all()
                for name in names:
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
            connection.exec_driver_sql(statement)
        engine.dispose()

    return run
