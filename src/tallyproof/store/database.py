"""The connection to SQLite or PostgreSQL, one writer at a time, and the database's form kept up to date."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, inspect, make_url, select, table
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.sql import column

from tallyproof.errors import StoreError
from tallyproof.store.schema import VERSION, VERSION_TABLE

BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parent / "migrations"


def database_url(address: str | Path) -> URL:
    """The SQLAlchemy address for a file path, ``sqlite:///path`` or ``postgres(ql)://…`` (through psycopg).

    Raises StoreError for another kind of database and for one that lives in memory only.
    """
    text = str(address)
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except (ArgumentError, ValueError):
        raise StoreError("The database address cannot be read; write a file path or postgresql://…") from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreError(f"A {url.get_backend_name()} database is not known; use SQLite or PostgreSQL.")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StoreError("A ledger in memory would be lost; name a file for the SQLite database.")
    return url


def open_engine(address: str | Path) -> Engine:
    """An engine for the address; it connects only when used."""
    url = database_url(address)
    try:
        return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)
    except ModuleNotFoundError:
        raise StoreError(
            "PostgreSQL needs a driver; install it with: pip install 'tallyproof[postgres]'"
        ) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read from; its errors are plain sentences."""
    with _plain_errors(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, subject: str) -> Iterator[Connection]:
    """A transaction that no other writer of the same subject shares; it is committed on leaving.

    SQLite has one writer at a time (BEGIN IMMEDIATE); PostgreSQL takes an advisory lock that ends
    with the transaction, and so with the process that holds it.
    """
    with _plain_errors(engine), engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_lock_number(subject))))
        yield connection


def prepare(engine: Engine) -> None:
    """Create the tables in a new database, or bring an older one up to date.

    Several processes may do this at once. Raises StoreError where a newer program wrote the database.
    """
    with reading(engine) as connection:
        if _version(connection) == VERSION:
            return
    with writing(engine, "the form of the database") as connection:
        if _version(connection) != VERSION:
            _migrate(connection)


def forget_removed_rows(engine: Engine) -> None:
    """Overwrite in SQLite's write-ahead log what removed rows held; PostgreSQL's own vacuum does so later."""
    if engine.dialect.name != "sqlite":
        return
    outside = engine.execution_options(sqlite_begin=None)  # a checkpoint waits for no transaction of its own
    with reading(outside) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()


def _sqlite_engine(url: URL) -> Engine:
    folder = Path(url.database or "").parent
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder} for the database; create it or name another place.")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where the listener below says so
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = FULL")  # a recorded event survives a power cut
        connection.execute("PRAGMA secure_delete = ON")  # an erased opening leaves no bytes behind

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        if mode:
            connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for this lock by itself while another process creates the same database.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    # READ COMMITTED: the statement after the lock must see what the writer before has committed.
    return create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True)


def _lock_number(subject: str) -> int:
    first = hashlib.sha256(f"tallyproof ledger: {subject}".encode()).digest()[:8]
    return int.from_bytes(first, signed=True)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def _migrate(connection: Connection) -> None:
    from alembic import command  # a quarter of a second, needed only when there is something to do
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        found = _version(connection)
        if found is None:
            raise
        raise StoreError(
            f"A newer Tallyproof wrote this database (form {found}); install it to go on."
        ) from error


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_sentence(engine.url, error)) from error


def _sentence(url: URL, error: DBAPIError) -> str:
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    reason = (str(error.orig).splitlines() or ["no reason given"])[0]
    if isinstance(error, IntegrityError):
        return f"The ledger refuses this: {reason}."
    if "locked" in reason:
        return f"Another program has kept {where} locked for {BUSY_SECONDS} seconds; close it or try again."
    return f"The database {where} cannot be used: {reason}."
