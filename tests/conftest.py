"""What every test may ask for: shared data, a browser, a PostgreSQL database; and no network."""

import os
import shutil
import socket
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED_REASON = "needs the shared data folder (looked in {}): set TALLYPROOF_SHARED to it"
CHROMIUM_REASON = (
    "needs a browser: install Chromium (Debian, Ubuntu: apt-get install chromium) or Google Chrome"
)
POSTGRES_REASON = (
    "needs a PostgreSQL server: start one and set TALLYPROOF_TEST_POSTGRES, "
    "for example to postgresql://postgres@127.0.0.1:5432/postgres"
)
REFUSED = "skipped: "
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

# ---- how many examples hypothesis makes up, and whether by chance; it takes "ci" where CI is set

_unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default", _unhurried)
settings.register_profile("ci", _unhurried, derandomize=True, database=None, print_blob=True)
settings.register_profile("deep", _unhurried, max_examples=1_000, print_blob=True)


# ---- what a test may ask for


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real returns that lies beside the checkout; skip where there is none."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    data = Path(os.environ.get("TALLYPROOF_SHARED") or beside) / "data"
    if not data.is_dir():
        pytest.skip(SHARED_REASON.format(data))
    return data


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the program of the Chromium or Chrome on this machine; skip where there is none."""
    named = os.environ.get("TALLYPROOF_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(CHROMIUM_REASON)
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator["Browser"]:
    """Yield the browser of this machine, one for a process, as two would share a loop."""
    import browsing

    with browsing.opened(chromium_path) as browser:
        yield browser


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Yield the address of an empty PostgreSQL database of the test's own; skip where there is no server."""
    server = os.environ.get("TALLYPROOF_TEST_POSTGRES")
    if not server:
        pytest.skip(POSTGRES_REASON)
    import psycopg

    name = f"tallyproof_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


# ---- no network: a test that reaches beyond this machine fails


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            patch.setattr(socket.socket, method, _local_only(getattr(socket.socket, method)))
        yield


def _local_only(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != getattr(socket, "AF_UNIX", None) and not _is_local(str(address[0])):
            raise PermissionError(f"tests do not use the network, but one asked for {address[0]}")
        return connect(self, address)

    return guarded


def _is_local(host: str) -> bool:
    return host in {"localhost", "::1", "0.0.0.0", "::"} or host.startswith("127.")


# ---- with derandomize the same examples in every run


@pytest.fixture(autouse=True, scope="session")
def no_borrowed_constants() -> Iterator[None]:
    """Where examples are to be the same each time, keep them from following what happens to be loaded.

    Hypothesis tries numbers and words that it reads in the project's own modules, in those that the process
    has loaded so far: with several workers that differs from run to run.
    """
    with pytest.MonkeyPatch.context() as patch:
        if settings().derandomize:
            patch.setattr(providers, "_get_local_constants", Constants)
        yield


# ---- with TALLYPROOF_REQUIRE_ALL=1 a skipped test is a failed test


def pytest_configure(config: pytest.Config) -> None:
    """Let the run go on after a skipped module, so that every reason is listed."""
    # The browser of earlier tests keeps a loop in this thread; Django's databases refuse to work beside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if _all_required():
        config.option.continue_on_collection_errors = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the report of a skipped test into that of a failed one."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the report of a module skipped as a whole into that of a failed one."""
    return _refuse_skip((yield))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the reasons, each with the number of tests that it kept from running."""
    reports = terminalreporter.stats.get("failed", []) + terminalreporter.stats.get("error", [])
    told = [str(report.longrepr) for report in reports]
    reasons = Counter(text.removeprefix(REFUSED) for text in told if text.startswith(REFUSED))
    if reasons:
        terminalreporter.section("skipped, though TALLYPROOF_REQUIRE_ALL=1 asks for every test")
        for reason, times in reasons.most_common():
            terminalreporter.line(f"{times} × {reason}")


def _all_required() -> bool:
    return os.environ.get("TALLYPROOF_REQUIRE_ALL") == "1"


def _refuse_skip(report: Report) -> Report:
    expected_failure = hasattr(report, "wasxfail")
    if _all_required() and report.skipped and not expected_failure:
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        report.outcome = "failed"
        report.longrepr = REFUSED + reason.removeprefix("Skipped: ")
    return report
