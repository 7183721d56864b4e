"""Measures the work users wait for, and prints a table: ``make bench`` (or bench/run.py [--rows N]).

Each work runs in a process of its own, so that its peak memory is its own. Seconds are those after
start-up. Growth is the time for four times as many rows over four times the time: 1.0 is linear.
Nothing here fails; the aims stand beside what was measured.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve()
SHARED = Path(os.environ.get("TALLYPROOF_SHARED") or HERE.parents[2] / "shared") / "data"
WARDS, RUNS = 3_636, 5
PROBLEM = {"kind": "needed_share", "lead": 12_828, "remaining": 25_430}


@dataclass(frozen=True)
class Measured:
    """What one work took."""

    rows: int
    seconds: float
    peak_mb: float | None = None

    @property
    def speed(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds


# ---- works, each in a process of its own


def import_files(home: Path, files: Sequence[Path]) -> int:
    """Import the files into a case through the service; how many rows were read."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.services import access, importing, reading

    workspace, actor, rows = open_workspace(home), access.terminal(), 0
    for file in files:
        request = reading.Request((file,), source=file.name, state="WI")
        rows += importing.import_returns(workspace, actor, "bench", request).record.rows["read"]
    return rows


def check_case(home: Path, files: Sequence[Path]) -> int:
    """Ask every check about the case; how many rows it has."""
    from tallyproof.bootstrap import open_workspace
    from tallyproof.services import access, checking

    return checking.check_case(open_workspace(home), access.terminal(), "bench").rows["read"]


def check_plain(home: Path, files: Sequence[Path]) -> int:
    """Read the first file and ask every check, keeping nothing; how many rows it has."""
    from tallyproof.services import checking, reading

    return checking.check_files(reading.Request(tuple(files[:1]))).rows["read"]


WORKS: dict[str, Callable[[Path, Sequence[Path]], int]] = {
    "import": import_files, "check": check_case, "check-plain": check_plain,
}  # fmt: skip


def work(names: str, home: Path, files: Sequence[Path]) -> None:
    """Do these works one after the other in this process and print what they took together, as JSON."""
    import polars
    import sqlalchemy

    from tallyproof.services import checking, importing

    started = (polars, sqlalchemy, checking, importing)  # start-up is measured apart
    start = time.perf_counter()
    rows = max(WORKS[name](home, files) for name in names.split("+"))
    took = time.perf_counter() - start
    assert started
    print(json.dumps({"rows": rows, "seconds": took, "peak_mb": peak_mb()}))


def peak_mb() -> float | None:
    """The most memory this process ever held; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measured(names: str, home: Path, files: Sequence[Path]) -> Measured:
    """The works in a process of their own."""
    words = [sys.executable, str(HERE), "--work", names, "--home", str(home), *map(str, files)]
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TALLYPROOF_FILES"}
    }
    ran = subprocess.run(words, capture_output=True, text=True, check=False, env=kept)
    if ran.returncode:
        sys.exit(ran.stderr)
    return Measured(**json.loads(ran.stdout))


# ---- the table


def lines(rows: int, folder: Path) -> Iterator[str]:
    """The table, line by line as it is measured."""
    yield f"{'work':46} {'rows':>10} {'seconds':>8} {'rows/s':>10} {'peak MB':>8} {'growth':>7}  aim"
    files, what = wisconsin(folder)
    yield line(f"{what}: import and check", measured("import+check", folder / "wi", files), "under 2 s")
    grown = [generated(rows * part // 4, folder / str(part)) for part in (1, 2, 4)]
    for names, title, aim in (
        ("import", "OpenElections rows imported", "300,000 rows/s, under 1 GB"),
        ("check", "their case fully checked", ""),
        ("check-plain", "the file read and checked, nothing kept", ""),
    ):
        yield from growing(names, title, aim, grown, folder)
    yield from start_up(folder)


def growing(names: str, title: str, aim: str, files: Sequence[Path], folder: Path) -> Iterator[str]:
    """The same work at a quarter, at half and at the full size."""
    first: Measured | None = None
    for file in files:
        found = measured(names, folder / f"home-{file.parent.name}", [file])
        first = first or found
        growth = (found.seconds / first.seconds) / (found.rows / first.rows)
        yield line(title, found, aim if file is files[-1] else "", growth)


def line(title: str, found: Measured, aim: str, growth: float | None = None) -> str:
    """One line of the table."""
    peak = "" if found.peak_mb is None else f"{found.peak_mb:,.0f}"
    ratio = "" if growth is None else f"{growth:.2f}"
    numbers = f"{found.rows:10,} {found.seconds:8.2f} {found.speed:10,.0f} {peak:>8} {ratio:>7}"
    return f"{title[:46]:46} {numbers}  {aim}".rstrip()


def wisconsin(folder: Path) -> tuple[list[Path], str]:
    """Wisconsin's wards and ballots of 2016, or as many made-up units where the shared data is absent."""
    files = [
        SHARED / "medsl2016" / "wi.zip", SHARED / "wi2016" / "wi_2016_el190_ballots_by_ward.csv",
    ]  # fmt: skip
    if all(file.is_file() for file in files):
        return files, f"Wisconsin 2016, {WARDS:,} units"
    from tallyproof.testing.elections import Election, write_openelections

    return [write_openelections(Election(WARDS), folder).path], f"made up, {WARDS:,} units"


def generated(rows: int, folder: Path) -> Path:
    """An election of about so many rows."""
    from tallyproof.testing.elections import Election, units_for, write_openelections

    folder.mkdir()
    like = Election(1, contests=10)
    return write_openelections(Election(units_for(rows, like), contests=10), folder).path


def start_up(folder: Path) -> Iterator[str]:
    """How long the program takes to answer without reading a table: the median of five."""
    problem = folder / "problem.json"
    problem.write_text(json.dumps(PROBLEM))
    program = [sys.executable, "-c", "from tallyproof.cli.main import main; main()"]
    for title, words in (("tallyproof --help", ["--help"]), ("tallyproof solve", ["solve", str(problem)])):
        took = [seconds([*program, *words]) for _ in range(RUNS)]
        yield f"{title + ', median of five':46} {'':10} {statistics.median(took):8.2f} {'':27}  under 0.4 s"


def seconds(words: Sequence[str]) -> float:
    """How long a command takes from start to end."""
    start = time.perf_counter()
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure everything, or (for our own processes) do one work."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--rows", type=int, default=1_000_000, help="rows of the largest made-up file")
    asked.add_argument("--work", help=argparse.SUPPRESS)
    asked.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.work:
        work(given.work, given.home, given.files)
        return
    with TemporaryDirectory(prefix="tallyproof-bench-") as folder:
        for text in lines(given.rows, Path(folder)):
            print(text, flush=True)
    subprocess.run([sys.executable, str(HERE.with_name("ledger.py"))], check=True)
    for other in (
        "formats", "pages", "publishing", "sampling", "risk", "audit", "irv",
        "recount", "comparison", "papers", "reproducing", "cards", "card_store", "reconcile", "card_margins",
        "draws",
    ):  # fmt: skip
        told = f"from {other} import measure\nfor line in measure(): print(line, flush=True)"
        subprocess.run([sys.executable, "-c", told], cwd=HERE.parent, check=True)


if __name__ == "__main__":
    main()
