"""Returns tables as Parquet beside the originals; derived, so they may be deleted and built again."""

from __future__ import annotations

import io
import json

import polars as pl

from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.returns import conform
from tallyproof.errors import StoreError
from tallyproof.store.files import FileStore


class ReturnsStore:
    """Tables and what was noted while reading them, by the key of the reading."""

    def __init__(self, files: FileStore) -> None:
        self._files = files

    def put(
        self, key: str, frame: pl.DataFrame, rejections: tuple[Rejection, ...], remarks: tuple[Remark, ...]
    ) -> None:
        """Keep one file's returns table, its rejected rows and remarks under ``key``."""
        table = io.BytesIO()
        frame.write_parquet(table, compression="zstd", statistics=False)
        table.seek(0)
        notes = {
            "rejections": [_plain(each) for each in rejections],
            "remarks": [_plain(each) for each in remarks],
        }
        self._files.put_named(_table(key), table)
        self._files.put_named(_notes(key), json.dumps(notes, ensure_ascii=False).encode())

    def has(self, key: str) -> bool:
        """Whether this reading is kept."""
        return self._files.exists_named(_table(key)) and self._files.exists_named(_notes(key))

    def frame(self, key: str) -> pl.DataFrame:
        """The returns table; StoreError where it is absent or not readable."""
        try:
            with self._files.open_named(_table(key)) as stream:
                return conform(pl.read_parquet(io.BytesIO(stream.read())))
        except (pl.exceptions.PolarsError, OSError) as fault:
            raise StoreError(f"The returns table {key[:12]} cannot be read ({fault}).") from fault

    def notes(self, key: str) -> tuple[tuple[Rejection, ...], tuple[Remark, ...]]:
        """The rejected rows and the remarks of the reading; StoreError where absent or not readable."""
        try:
            with self._files.open_named(_notes(key)) as stream:
                notes = json.load(stream)
            rejections = tuple(Rejection(**each) for each in notes["rejections"])
            return rejections, tuple(Remark(**each) for each in notes["remarks"])
        except (ValueError, KeyError, TypeError, OSError) as fault:
            raise StoreError(
                f"The notes on the returns table {key[:12]} cannot be read ({fault})."
            ) from fault

    def forget(self, key: str) -> None:
        """Delete the derived table; it is built again from the original when needed."""
        self._files.delete_named(_table(key))
        self._files.delete_named(_notes(key))


def _plain(each: Rejection | Remark) -> dict[str, object]:
    return {name: getattr(each, name) for name in each.__dataclass_fields__}


def _table(key: str) -> str:
    return f"returns/{key}.parquet"


def _notes(key: str) -> str:
    return f"returns/{key}.json"
