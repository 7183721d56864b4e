"""The key that signs sessions: made once, kept in the data folder, read by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tallyproof.errors import StoreError

FILE = "secret.key"
BYTES = 48


def key(folder: str | Path) -> str:
    """The folder's key, made where there is none yet. Raises StoreError where it cannot be kept."""
    path = Path(folder) / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        found = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise StoreError(f"The key in {path} cannot be made or read ({fault}).") from None
    if len(found) < BYTES:
        raise StoreError(f"{path} holds no whole key. Remove it; people then sign in again.")
    return found


def _make(path: Path) -> None:
    """Write the key beside its place and link it there, so that two who begin at once agree on one."""
    staged = path.with_name(f".{secrets.token_hex(6)}.tmp")
    handle = os.open(staged, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(BYTES))
    try:
        os.link(staged, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
