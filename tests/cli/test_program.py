"""The installed program as users run it: streams, interruption, start-up, the example case."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import start
from .files import ERROR, written

HEAVY = {"polars", "sqlalchemy", "alembic", "django", "rich", "fsspec", "lxml", "numpy", "python_calamine"}
MORE_THAN_A_PIPE_HOLDS = 1_000_000


def finished(*words: object, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """The command, run to its end."""
    return subprocess.run(
        list(map(str, words)), capture_output=True, text=True, encoding="utf-8", check=False, env=env
    )


def test_the_program_is_installed(program: str) -> None:
    """``tallyproof --help`` lists the commands and ends well; alone it shows the same."""
    ran = finished(program, "--help")
    assert ran.returncode == 0
    for command in (
        "import",
        "check",
        "count",
        "diff",
        "finding",
        "case",
        "ledger",
        "solve",
        "serve",
        "demo",
    ):
        assert f"\n  {command}" in ran.stdout


def test_answers_and_messages_have_their_streams(program: str, tmp_path: Path) -> None:
    """Standard output is only data, standard error only messages; exit 2 for an error."""
    ran = finished(program, "check", written(tmp_path, ERROR), "--json", "--output", tmp_path / "f.csv")
    assert ran.returncode == 2
    assert json.loads(ran.stdout)["rows"]["read"] == 4
    assert ran.stderr.endswith("f.csv.\n")
    failed = finished(program, "check", tmp_path / "absent.csv")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("tallyproof: ")


@pytest.mark.skipif(os.name == "nt", reason="Windows closes pipes in another way")
def test_a_reader_who_stops_reading_makes_no_noise(program: str, tmp_path: Path) -> None:
    """Where the pipe is closed early, as by ``head``, nothing is printed on standard error."""
    for words in (["--help"], ["check", written(tmp_path, ERROR), "--all"]):
        process = start(program, *words)
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) in {0, 1}
        process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole group of processes")
def test_ctrl_c_is_answered_with_a_sentence(program: str) -> None:
    """An interrupted command says that what was finished is kept, and ends with 1."""
    process = start(program, "solve", "-")
    assert process.stdin
    process.stdin.write(" " * MORE_THAN_A_PIPE_HOLDS)  # returns when the program has begun to read
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err == "tallyproof: Stopped. What was finished before is kept; run it again to go on.\n"


def test_a_terminal_without_unicode_gets_ascii(program: str, tmp_path: Path) -> None:
    """Where output is ASCII, JSON spells letters out and sentences show question marks, not faults."""
    path = written(tmp_path, ERROR.replace("Demo", "Peñasco"))
    settings = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    told = finished(program, "check", path, "--json", env=settings)
    assert "Peñasco" in [each["unit"].split(",")[0] for each in json.loads(told.stdout)["findings"]]
    assert told.stdout.isascii()
    ran = finished(program, "check", path, env=settings)
    assert (ran.returncode, ran.stderr) == (2, "")
    assert "Pe?asco" in ran.stdout


@pytest.mark.parametrize("words", [["--help"], ["check", "--help"], ["solve", "{problem}"]], ids=" ".join)
def test_nothing_heavy_is_imported_for_a_quick_answer(tmp_path: Path, words: list[str]) -> None:
    """Help and a closed-form answer load neither tables nor database, web or colours."""
    problem = tmp_path / "problem.json"
    problem.write_text('{"kind": "margin", "votes": {"a": 2, "b": 1}}')
    code = (
        "import sys\nfrom tallyproof.cli.main import main\n"
        f"sys.argv = ['tallyproof', *{[word.format(problem=problem) for word in words]!r}]\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    ran = finished(sys.executable, "-c", code)
    assert ran.returncode == 0, ran.stderr
    assert not HEAVY & set(ran.stdout.splitlines()[-1].split())


def demo(program: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The example case, built and told."""
    return finished(program, "demo", "--no-serve", env={**os.environ, **settings})


def events(program: str, **settings: str) -> list[dict[str, object]]:
    """The events of the example case."""
    told = finished(
        program, "ledger", "events", "--case", "upper-midwest-2016", "--json", env={**os.environ, **settings}
    )
    found: list[dict[str, object]] = json.loads(told.stdout)
    return found


def test_the_demo_tells_its_headlines_and_imports_once(program: str) -> None:
    """Margins, electors and the Sauk finding; run again it says the same and records nothing."""
    first = demo(program)
    assert first.returncode == 0, first.stderr
    told = " ".join(first.stdout.split())
    for fact in (
        "Michigan: Donald Trump leads by 10,704",
        "Wisconsin: Donald Trump leads by 22,748 of 2,976,150 votes, after the recount",
        "Pennsylvania: Donald Trump leads by 44,292",
        "22,525 → 22,177 → 22,617 → 22,748",
        "Donald Trump 306, Hillary Clinton 232",
        "Wisconsin · President: about 824 compared with their records, or about 61,594 read in one round",
        "34,323 votes for President exceed 31,838 ballots cast by 2,485: reporting inconsistency; "
        "resolve at canvass",
        "A contest in court is open until Mon 28 Nov 2016, 23:59 EST.",
        "The time to ask ends Fri 25 Nov 2016, 17:00 CST, if the last county statement came on 21 November.",
        "It is not yet running; it ends Wed 30 Nov 2016, 00:00 EST at the earliest, Wed 30 Nov 2016, 23:59 "
        "EST at the latest.",
        "Mayor: Ann Lee wins. The margin is 135 votes, 13.5 % of 1,000 cards",
        "Lake, tabulator 1, batch 7: manifest.csv lists 50 cards, and there are 48 cast vote records",
        "Frame of 1,000 cards, SHA-256 beaebbcb1962c625d1e8c360f9705d97660f81434995389bd1d838a0c2815f8d.",
        "would draw: 2-4-33, 2-14-23, 2-8-18, 1-7-30, 2-2-30.",
    ):
        assert fact in told
    before = events(program)
    assert demo(program).stdout == first.stdout
    assert events(program) == before
    assert finished(program, "ledger", "verify").returncode == 0


@pytest.mark.postgres
def test_the_demo_runs_on_postgresql(program: str, postgres_url: str) -> None:
    """With DATABASE_URL the ledger lies in PostgreSQL: the same headlines and kinds of events."""
    on_postgres = demo(program, DATABASE_URL=postgres_url)
    assert on_postgres.returncode == 0, on_postgres.stderr
    kinds = [event["kind"] for event in events(program, DATABASE_URL=postgres_url)]
    assert on_postgres.stdout == demo(program).stdout
    assert kinds == [event["kind"] for event in events(program)]
