"""Solves problems of strangers in a process of its own, within a time and a memory that are bounded."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

import msgspec

from tallyproof.errors import RequestError
from tallyproof.services import solving

LIGHT = frozenset(["margin", "needed_share", "votes_at_stake"])
"""Kinds that are a formula: answered at once, in this process."""

LONGEST = 16 << 20
"""Bytes of an answer."""

_ANSWERED, _REFUSED, _TOO_MUCH = b"a", b"r", b"m"


class TooHeavyError(RequestError):
    """The problem is one, but takes longer or more memory than a stranger may have."""


class BusyError(RequestError):
    """Problems of others are being solved; this one may be asked again."""


@dataclass
class Solver:
    """One process that solves one problem after the other, and is replaced when it takes too long.

    ``seconds`` for each request, ``patience`` seconds to wait for the request before, ``memory`` in bytes
    (where the system can limit it).
    """

    seconds: float = 10.0
    patience: float = 5.0
    memory: int = 2 << 30
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _worker: subprocess.Popen[bytes] | None = None

    def solve_json(self, text: bytes) -> bytes:
        """As ``solving.solve_json``.

        Raises TooHeavyError where the limits do not suffice, BusyError where others are being answered.
        """
        if _is_light(text):
            return solving.solve_json(text)
        if not self._turn.acquire(timeout=self.patience):
            raise BusyError("Problems of others are being solved here. Ask again in a few seconds.")
        try:
            return self._ask(text)
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()

    def _ask(self, text: bytes) -> bytes:
        worker = self._running()
        assert worker.stdin is not None and worker.stdout is not None
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            worker.kill()

        timer = threading.Timer(self.seconds, end)
        timer.start()
        try:
            _write(worker.stdin, text)
            kind, answer = worker.stdout.read(1), _read(worker.stdout)
        except (OSError, EOFError):
            kind, answer = b"", b""
        finally:
            timer.cancel()
        if kind == _ANSWERED:
            return answer
        if kind == _REFUSED:
            raise RequestError(answer.decode())
        self.close()
        raise TooHeavyError(self._why(is_late=is_late.is_set()))

    def _why(self, *, is_late: bool) -> str:
        most = f"{self.seconds:g} seconds" if is_late else f"{self.memory >> 20:,} MB of memory"
        return (
            f"This takes more than {most}, the most that one request may have here. Ask for less at once, or "
            "run 'tallyproof solve' on a machine of your own, where there is no limit."
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self.close()
            code = f"from tallyproof.services.bounded import work; work({self.memory})"
            paths = os.pathsep.join(each for each in sys.path if each)
            self._worker = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"},
            )
            atexit.register(self.close)
        return self._worker


def _is_light(text: bytes) -> bool:
    """Whether every problem is a formula; what cannot be read is none, so that it is read elsewhere."""
    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    many = given if isinstance(given, list) else [given]
    return all(isinstance(each, dict) and each.get("kind") in LIGHT for each in many)


def work(memory: int) -> None:
    """What the process does: a problem in, an answer or a refusal out, until nobody asks any more."""
    _limit(memory)
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not stand among the answers
    while True:
        try:
            text = _read(asked)
        except EOFError:
            return
        kind, answer = _solved(text)
        told.write(kind)
        _write(told, answer)
        if kind == _TOO_MUCH:
            return


def _solved(text: bytes) -> tuple[bytes, bytes]:
    try:
        answer = solving.solve_json(text)
        if len(answer) > LONGEST:
            return _REFUSED, f"The answer has {len(answer):,} bytes; here it may have {LONGEST:,}.".encode()
        return _ANSWERED, answer
    except RequestError as fault:
        return _REFUSED, str(fault).encode()
    except MemoryError:
        return _TOO_MUCH, b""


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # there is none on Windows
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _write(pipe: IO[bytes], text: bytes) -> None:
    pipe.write(len(text).to_bytes(8, "big") + text)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    size = int.from_bytes(head, "big")
    text = pipe.read(size)
    if len(text) < size:
        raise EOFError
    return text
