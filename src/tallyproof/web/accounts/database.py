"""Which database the accounts of a workspace lie in, and the tables in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from tallyproof.errors import StoreError
from tallyproof.services.workspace import Workspace

FILE = "accounts.sqlite3"
BUSY_SECONDS = 30

_alias: ContextVar[str] = ContextVar("database of the accounts", default=DEFAULT_DB_ALIAS)
_ready: set[str] = set()
_lock = Lock()


class Router:
    """Sends every query about accounts and sessions to the database of the workspace at hand."""

    def db_for_read(self, model: object, **hints: object) -> str:
        """The database at hand."""
        return _alias.get()

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Which apps have tables: rights come from roles, so Django's groups and permissions have none."""
        return app_label in {"accounts", "sessions"}


@contextmanager
def at_hand(workspace: Workspace) -> Iterator[None]:
    """Let Django's queries go to the accounts of this workspace."""
    token = _alias.set(_known(workspace))
    try:
        yield
    finally:
        _alias.reset(token)


def is_there(workspace: Workspace) -> bool:
    """Whether the workspace has a database with accounts in their present form, made or updated if need be.

    A SQLite file is not made by asking: without one there are no accounts.
    """
    alias = _known(workspace)
    if alias in _ready:
        return True
    settings = connections.databases[alias]
    if settings["ENGINE"].endswith("sqlite3") and not Path(settings["NAME"]).is_file():
        return False
    prepare(workspace)
    return True


def prepare(workspace: Workspace) -> None:
    """Make the tables, or bring older ones up to date. Raises StoreError where the database refuses."""
    alias = _known(workspace)
    with _lock:
        if alias in _ready:
            return
        settings = connections.databases[alias]
        if settings["ENGINE"].endswith("sqlite3"):
            _make_file(Path(settings["NAME"]))
        with at_hand(workspace), plain_errors(), _one_at_a_time(workspace):
            _migrate(alias)
            _forget_old_sessions()
        _ready.add(alias)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns faults of the database into sentences."""
    try:
        yield
    except DatabaseError as fault:
        reason = (str(fault).splitlines() or ["no reason given"])[0]
        raise StoreError(f"The database of the accounts cannot be used: {reason}.") from fault


def _known(workspace: Workspace) -> str:
    """The workspace's database under a name that Django knows it by."""
    address = workspace.accounts or str(Path(workspace.place) / FILE)
    alias = f"accounts-{hashlib.sha256(address.encode()).hexdigest()[:16]}"
    if alias not in connections.databases:
        with _lock:
            told = {DEFAULT_DB_ALIAS: {}, alias: _settings(address)}
            connections.databases[alias] = connections.configure_settings(told)[alias]
    return alias


def _settings(address: str) -> dict[str, Any]:
    if "://" not in address:
        options = {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON;",
        }
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address, "OPTIONS": options}
    from tallyproof.store.database import database_url

    url = database_url(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.database or "",
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.host or "",
        "PORT": str(url.port or ""),
        "OPTIONS": dict(url.query),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _make_file(path: Path) -> None:
    """An empty file that only its owner reads, because SQLite would let others read it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as fault:
        raise StoreError(f"{path} cannot be made ({fault.strerror}).") from None


@contextmanager
def _one_at_a_time(workspace: Workspace) -> Iterator[None]:
    """On PostgreSQL several machines may begin at once: one makes the tables, the others wait."""
    if "://" not in workspace.accounts:
        yield
        return
    from tallyproof.store.database import open_engine, writing

    engine = open_engine(workspace.accounts)
    try:
        with writing(engine, "the form of the accounts"):
            yield
    finally:
        engine.dispose()


def _migrate(alias: str) -> None:
    from django.core.management import call_command

    call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)


def _forget_old_sessions() -> None:
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore.clear_expired()
