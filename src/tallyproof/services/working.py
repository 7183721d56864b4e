"""Work in the background, one piece per upload: what is being done, how far it is, what is left."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 2
"""Pieces of work done at the same time; others wait their turn."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """How far a piece of work is. ``done`` and ``total`` are bytes, ``rows`` those read so far.

    ``phase`` is a word for what is done now (waiting, reading, importing), ``file`` whose turn it is.
    """

    phase: str = "waiting"
    file: str = ""
    place: int = 0
    files: int = 0
    done: int = 0
    doing: int = 0
    total: int = 0
    rows: int = 0
    since: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)

    def begin(self, phase: str, file: str, size: int) -> None:
        """Say which file's turn it is."""
        self.phase, self.file, self.doing = phase, file, size
        self.place += 1
        self.since = time.monotonic()

    def end(self, rows: int) -> None:
        """Say that the file is done, and how many rows it had."""
        _Pace.learn(self.doing, time.monotonic() - self.since)
        self.done, self.rows, self.doing = self.done + self.doing, self.rows + rows, 0

    @property
    def seconds_left(self) -> float | None:
        """About how long it still takes, by the pace of the files before; None where that is not known."""
        if not _Pace.bytes_a_second:
            return None
        here = self.doing / _Pace.bytes_a_second - (time.monotonic() - self.since)
        return max(0.0, here) + max(0, self.total - self.done - self.doing) / _Pace.bytes_a_second

    @property
    def share(self) -> float | None:
        """The part of all bytes that is done, from 0 to 1; None where nothing tells it yet."""
        if not _Pace.bytes_a_second and not self.done:
            return None
        now = min(0.95 * self.doing, _Pace.bytes_a_second * (time.monotonic() - self.since))
        return min(1.0, (self.done + now) / self.total) if self.total else 0.0


class _Pace:
    """Bytes a second that this process reads, learned from the files that it read."""

    bytes_a_second = 0.0

    @classmethod
    def learn(cls, size: int, seconds: float) -> None:
        """Weigh the latest file as much as all before it; small ones say too little."""
        if size < 100_000:
            return
        pace = size / max(seconds, 0.001)
        cls.bytes_a_second = (cls.bytes_a_second + pace) / 2 if cls.bytes_a_second else pace


_works: dict[tuple[str, str], Work] = {}
_lock = threading.Lock()
_turns = threading.Semaphore(AT_ONCE)


def start(place: str, name: str, run: Callable[[Work], None]) -> Work:
    """Begin work under a name, unless it is being done already; a fault in it is written to the log."""
    with _lock:
        known = _works.get((place, name))
        if known:
            return known
        work = _works[place, name] = Work()

    def task() -> None:
        try:
            with _turns:
                run(work)
        except Exception:
            _log.exception("Work on upload %s ended in a fault", name)
        finally:
            with _lock:
                del _works[place, name]
            work.over.set()

    threading.Thread(target=task, name=f"upload-{name}", daemon=True).start()
    return work


def current(place: str, name: str) -> Work | None:
    """The work being done under this name; None where there is none."""
    with _lock:
        return _works.get((place, name))


def log_fault(name: str) -> None:
    """Write the fault that is being handled to the log, with the file that it came with."""
    _log.exception("Reading %r ended in a fault of the program", name)
