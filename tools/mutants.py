"""Mutation tests of the mathematics: make each small change, run the tests that reach it, list survivors.

``python tools/mutants.py`` does all of ``risk`` and ``audit``; names such as ``risk.alpha`` do some modules.
Tests are collected once. Each change is made in a fork of that process, in the code of the one function it
is in, and tried on the tests that called this function, quickest first, until one fails. Changes outside
functions (constants, defaults) need the module and all that use it to be imported anew in the fork.
``--again`` tries only what survived the run before and is not explained in ``tools/survivors.toml``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import resource
import sys
import time
import types
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, repeat
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

import survivors
from mutated import CALLED, SOURCE, TREES, Finder, path_of, swap_code, watch_functions
from mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("risk", "audit")
SOLVING = ("tests/services/test_solving.py", "tests/services/test_solving_audits.py")
CARDS = (
    *("tests/checks/test_card_batches.py", "tests/checks/test_card_totals.py"),
    *("tests/services/test_reconciling.py", "tests/services/test_card_margins.py"),
    *("tests/services/test_card_pools.py", "tests/services/test_redo_page.py"),
)
TESTS = ("tests/risk", "tests/audit", "tests/published", *SOLVING, *CARDS)
KEPT = ROOT / ".mutants"
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--rootdir", str(ROOT)]
MEMORY = 3 * 2**30
STARTING = 10
"""Seconds of CPU time that a fork may take beside its tests, for imports and what tests of a file share."""


@dataclass
class Mutant:
    """A change of a module, how many tests it is tried on, and whether it survived them."""

    module: str
    mutation: Mutation
    tests: int
    survived: bool = True

    @property
    def note(self) -> Path:
        """Where the test that killed it is noted."""
        return KEPT / f"killer-{id(self)}"


@dataclass
class Reach:
    """Which tests call which functions (``module:function``), and how long each test takes."""

    calls: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def tests_of(self, module: str, function: str | None, seconds: float) -> list[str]:
        """Tests that call the function (None: any of the module), quickest first, within so many seconds."""
        if function:
            reached = [test for test, called in self.calls.items() if f"{module}:{function}" in called]
        else:
            used = tuple(f"{name}:" for name in (module, *users_of(module)))
            named = tests_that_name(module)
            reached = [
                test
                for test, called in self.calls.items()
                if test.partition("::")[0] in named or any(map(str.startswith, called, repeat(used)))
            ]
        if not reached:
            return []
        ordered = sorted(reached, key=lambda test: (self.seconds[test], test))
        spent = list(accumulate(self.seconds[test] for test in ordered))
        return [test for test, so_far in zip(ordered, spent, strict=True) if so_far <= max(seconds, spent[0])]


# ---- the run: collect once, measure what each test calls, then fork


class Plugin:
    """Runs mutants in place of the collected tests."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.found: dict[str, survivors.Result] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make hypothesis repeat itself, and stop at the first failure without looking for a smaller one."""
        quick_hypothesis()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure, then try every mutant."""
        items = {item.nodeid: item for item in session.items}
        watch_functions(modules())
        reach = _measured_apart(items)
        before = survivors.results() if self.options.again else {}
        explained = survivors.explained()
        for module in self.options.names or modules():
            last = before.get(module)
            known = [] if last is None else [key for key in last.survived if key in explained.get(module, ())]
            only = None if last is None else set(last.survived) - set(known)
            mutants = list(_tried(module, session, reach, self.options, only))
            self.found[module] = _told(module, last.made if last else len(mutants), mutants, known)
            survivors.keep(self.found)
        return True


def quick_hypothesis() -> None:
    """Load the profile that every mutant is tried with."""
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


def _measured_apart(items: dict[str, pytest.Item]) -> Reach:
    """Measure in a fork: threads work on tables, and a process that started them cannot be forked."""
    pid = os.fork()
    if pid == 0:
        try:
            _measured(items)
        except pytest.UsageError as failure:
            print(failure, flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise pytest.UsageError("the tests could not be measured")
    return Reach(**json.loads((KEPT / "reach.json").read_text()))


def _measured(items: dict[str, pytest.Item]) -> Reach:
    """Run every test once that has changed since the last run, or whose modules have; note what it calls."""
    kept = KEPT / "reach.json"
    reach = Reach(**json.loads(kept.read_text())) if kept.exists() else Reach()
    known = {
        name
        for name, item in items.items()
        if reach.digests.get(name) == _digest_of(item, reach.calls.get(name, []))
    }
    reach = Reach(*({name: part[name] for name in known} for part in vars(reach).values()))
    todo = [name for name in items if name not in known]
    for place, name in enumerate(todo):
        following = items[todo[place + 1]] if place + 1 < len(todo) else None
        called, taken = _called_by(items[name], following)
        reach.calls[name], reach.seconds[name] = sorted(called), taken
        reach.digests[name] = _digest_of(items[name], called)
    KEPT.mkdir(exist_ok=True)
    kept.write_text(json.dumps(vars(reach)))
    return reach


def _called_by(item: pytest.Item, following: pytest.Item | None) -> tuple[set[str], float]:
    CALLED.clear()
    began = time.process_time()
    failed = [report for report in runtestprotocol(item, log=False, nextitem=following) if report.failed]
    if failed:
        raise pytest.UsageError(f"{item.nodeid} fails without any mutant:\n{failed[0].longreprtext}")
    return set(CALLED), round(time.process_time() - began, 4)


def _digest_of(item: pytest.Item, called: Collection[str]) -> str:
    """What a test depends on: its file, and the modules whose functions it calls, which may have new ones."""
    used = sorted({place.partition(":")[0] for place in called})
    files = [item.path, *(path_of(module) for module in used if module in TREES)]
    return hashlib.sha256("".join(map(_digest, files)).encode()).hexdigest()[:16]


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def users_of(module: str) -> list[str]:
    """Modules of the rooms that import from this one."""
    line = f"from tallyproof.{module} import "
    return [name for name in modules() if line in path_of(name).read_text()]


@cache
def tests_that_name(module: str) -> set[str]:
    """Files of tests that import from the module."""
    files = (file for file in (ROOT / "tests").rglob("test_*.py"))
    return {str(file.relative_to(ROOT)) for file in files if f"tallyproof.{module} " in file.read_text()}


# ---- one module


def _tried(
    module: str,
    session: pytest.Session,
    reach: Reach,
    options: argparse.Namespace,
    only: Collection[str] | None,
) -> Iterator[Mutant]:
    killers: dict[str, list[str]] = defaultdict(list)
    running: dict[int, Mutant] = {}
    for mutation in mutations(TREES[module]):
        if only is not None and mutation.key not in only:
            continue
        tests = reach.tests_of(module, mutation.function if mutation.live else None, options.seconds)
        mutant = Mutant(module, mutation, len(tests))
        yield mutant
        if not tests:
            continue
        while len(running) >= options.processes:
            _collect(running, killers)
        lucky = [test for test in killers[mutation.function] if test in tests]
        tests = lucky + [test for test in tests if test not in lucky]
        pid = os.fork()
        if pid == 0:
            _child(session, mutant, tests, reach)
        running[pid] = mutant
    while running:
        _collect(running, killers)


def _collect(running: dict[int, Mutant], killers: dict[str, list[str]]) -> None:
    pid, status = os.wait()
    mutant = running.pop(pid)
    mutant.survived = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
    if mutant.note.exists():
        name, lucky = mutant.note.read_text(), killers[mutant.mutation.function]
        mutant.note.unlink()
        if name in lucky:
            lucky.remove(name)
        lucky.insert(0, name)


def _child(session: pytest.Session, mutant: Mutant, names: Sequence[str], reach: Reach) -> None:
    """Try one mutant and end the process: 0 if it survives, 1 if a test fails; endless ones are stopped."""
    survives = False
    try:
        limit = int(STARTING + 3 * sum(reach.seconds[name] for name in names))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        survives = (_in_place if mutant.mutation.live else _anew)(session, mutant, names)
    finally:
        os._exit(0 if survives else 1)


def _in_place(session: pytest.Session, mutant: Mutant, names: Sequence[str]) -> bool:
    swap_code(mutant.module, mutant.mutation)
    items = {item.nodeid: item for item in session.items}
    failing = _failing([items[name] for name in by_file(names)])
    if failing:
        mutant.note.write_text(failing)
    return not failing


def by_file(names: Sequence[str]) -> list[str]:
    """The tests of a file together, so that what they share is set up once; files by their first test."""
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    return sorted(names, key=lambda name: files.index(name.partition("::")[0]))


def _failing(items: Sequence[pytest.Item]) -> str:
    """The first test that fails, or nothing."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def _anew(session: pytest.Session, mutant: Mutant, names: Sequence[str]) -> bool:
    """Import the changed module and everything that uses it anew, and collect the tests again."""
    sys.meta_path.insert(0, Finder(mutant.module, mutant.mutation))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        of_tests = file.startswith(str(ROOT / "tests")) and not file.endswith("conftest.py")
        if of_tests or name.partition(".")[0] == "tallyproof":
            del sys.modules[name]
    _offer_fixtures_again(session)
    files = list(dict.fromkeys(name.partition("::")[0] for name in names))
    items = {item.nodeid: item for item in session.perform_collect(files, genitems=True)}
    return not _failing([items[name] for name in names if name in items])  # a constant may be part of a name


def _offer_fixtures_again(session: pytest.Session) -> None:
    """Let directories that are collected again have the fixtures of their conftest files.

    pytest 9 gives these to the directories of the first collection only; without them every change outside
    functions would seem to be noticed. A folder's own conftest is read anew, for what it shares with tests.
    """
    manager = session.config.pluginmanager
    for file, conftest in manager.list_name_plugin():
        if not (file.endswith("conftest.py") and isinstance(conftest, types.ModuleType)):
            continue
        if Path(file).parent != ROOT / "tests":
            importlib.import_module(conftest.__name__.rpartition(".")[0])
            importlib.reload(conftest)
        session._fixturemanager.pytest_plugin_registered(conftest, file)


# ---- what came of it


def _told(module: str, made: int, mutants: Sequence[Mutant], known: Sequence[str]) -> survivors.Result:
    """Print what survived beside what is ``known`` to, and return all of it."""
    alive = [mutant for mutant in mutants if mutant.survived]
    left = len(alive) + len(known)
    print(f"{module}: {made} changes, {made - left} noticed, {left} survived")
    for mutant in alive:
        place = f"{path_of(module).relative_to(ROOT)}:{mutant.mutation.line}"
        print(f"  {place}: {mutant.mutation.key}{'' if mutant.tests else ' (no test reaches it)'}")
    sys.stdout.flush()
    return survivors.Result(made, (*known, *(mutant.mutation.key for mutant in alive)))


def modules() -> list[str]:
    """Every module of the rooms under test."""
    return [
        f"{room}.{path.stem}"
        for room in ROOMS
        for path in sorted((SOURCE / room).glob("*.py"))
        if path.stem != "__init__"
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants of the modules named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="modules such as risk.alpha; all if none is named")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=2.0, help="tests to try a change on, in CPU time")
    parser.add_argument("--again", action="store_true", help="try only what survived, unexplained, last time")
    parser.add_argument("--page", action="store_true", help="write the page of results, and try nothing")
    options = parser.parse_args(arguments)
    if options.page:
        survivors.write_page()
        return 0
    plugin = Plugin(options)
    code = int(pytest.main([*OPTIONS, *TESTS], plugins=[plugin]))
    told = list(survivors.complaints(plugin.found))
    print("\n".join(told) or "Every survivor is explained.")
    return code or bool(told)


if __name__ == "__main__":
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    sys.exit(main())
