"""How fast published audits are reproduced, with reading; real audits need the shared data.

Run it alone (``python bench/reproducing.py``), or take its lines from ``measure``. Each figure is the best of
three runs in a warm process; that of the command is with its start.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tallyproof.services.reproducing import reproduce

AUDITS = (
    Path(os.environ.get("TALLYPROOF_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    / "data/audits"
)
WORKS = (("georgia2026", "1 s"), ("colorado2024", "3 s"))
COMMAND = "from tallyproof.cli.main import main; main()"


def measure() -> Iterator[str]:
    """One line for each audit read and recomputed, and one for the command from start to end."""
    for name, aim in WORKS:
        folder = AUDITS / name
        if not folder.is_dir():
            yield f"published audit reproduced: {name} is not there, not measured"
            continue
        numbers = len(reproduce(folder).lines)
        yield line(
            f"published audit reproduced, {name}, {numbers:,} numbers", partial(reproduce, folder), aim
        )
        yield line("  the same as a command", partial(command, folder), aim)


def command(folder: Path) -> None:
    """Run ``tallyproof reproduce`` in a process of its own."""
    subprocess.run([sys.executable, "-c", COMMAND, "reproduce", str(folder)], capture_output=True, check=True)


def line(title: str, work: Callable[[], object], aim: str) -> str:
    """The best of three runs."""
    best = min(_took(work) for _ in range(3))
    return f"{title:74} {best:8.2f} s   aim {aim}"


def _took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    for text in measure():
        print(text)
