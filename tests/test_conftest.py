"""The test suite's own promises: skips that tell what to install, none where all is required, no network."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import browsing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["pytester"]

ONE_OF_EACH = """
    import pytest
    def test_runs(): pass
    def test_skips(): pytest.skip("needs a ballot box")
    @pytest.mark.xfail(reason="known")
    def test_expected_to_fail(): assert False
    def test_browser(chromium_path): pass
    def test_database(postgres_url): pass
    def test_data(shared_data): assert shared_data.name == "data"
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own that uses our conftest, on a machine with nothing installed."""
    for name in ("TALLYPROOF_REQUIRE_ALL", "TALLYPROOF_SHARED", "TALLYPROOF_TEST_POSTGRES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TALLYPROOF_CHROMIUM", "no-such-browser")
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(test_one_of_each=ONE_OF_EACH)
    return pytester


def test_a_skip_says_what_to_install(suite: pytest.Pytester) -> None:
    """On a user's machine the run passes and each skip names what it needs."""
    result = suite.runpytest_inprocess("-rs")
    result.assert_outcomes(passed=1, skipped=4, xfailed=1)
    result.stdout.fnmatch_lines_random(
        ["*install Chromium*", "*set TALLYPROOF_TEST_POSTGRES*", "*set TALLYPROOF_SHARED*"]
    )
    assert result.ret == 0


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_skip_fails_where_all_is_required(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]
) -> None:
    """With TALLYPROOF_REQUIRE_ALL=1 a skipped test or module fails the run, and the reasons are listed."""
    monkeypatch.setenv("TALLYPROOF_REQUIRE_ALL", "1")
    suite.makepyfile(test_module='import pytest; pytest.skip("needs ink", allow_module_level=True)')
    result = suite.runpytest_subprocess(*workers)
    counts = result.parseoutcomes()
    assert (counts["passed"], counts["xfailed"], counts["failed"]) == (1, 1, 1)
    assert "skipped" not in counts
    result.stdout.fnmatch_lines_random(["1 × needs a ballot box", "* × needs ink", "1 × needs a browser*"])
    assert result.ret == 1


def test_all_required_passes_where_nothing_is_skipped(
    pytester: pytest.Pytester, suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strict mode lets a suite pass that skips nothing; an expected failure is no skip."""
    monkeypatch.setenv("TALLYPROOF_REQUIRE_ALL", "1")
    result = suite.runpytest_inprocess("-k", "runs or expected")
    result.assert_outcomes(passed=1, xfailed=1, deselected=4)
    assert result.ret == 0


def test_shared_data_is_found_where_the_variable_says(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TALLYPROOF_SHARED names the folder that holds data/."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("TALLYPROOF_SHARED", str(tmp_path))
    suite.runpytest_inprocess("test_one_of_each.py::test_data").assert_outcomes(passed=1)


LAW = """
    from hypothesis import given, strategies as st
    tried = []
    @given(st.integers())
    def test_law(number): tried.append(number)
    def test_tell():
        with open("tried.txt", "w") as file: print(tried, file=file)
"""


@pytest.mark.parametrize(("variable", "is_same"), [("CI", True), ("NOT_CI", False)])
def test_a_build_machine_tries_the_same_examples_each_time(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, variable: str, is_same: bool
) -> None:
    """Also after another module with numbers of its own was loaded; elsewhere each run tries new ones."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(variable, "true")
    numbers = suite.mkdir("src") / "numbers_of_its_own.py"
    numbers.write_text(f"NUMBERS = {list(range(70_000, 70_300))}", encoding="utf-8")
    suite.makepyfile(test_law=LAW)
    tried = []
    for before in ("", f"import sys; sys.path.append({str(numbers.parent)!r}); import numbers_of_its_own"):
        suite.makepyfile(test_before=before)
        suite.runpytest_subprocess("test_before.py", "test_law.py").assert_outcomes(passed=2)
        tried.append((suite.path / "tried.txt").read_text(encoding="utf-8"))
    assert (tried[0] == tried[1]) is is_same


def test_deep_tries_ten_times_as_many(suite: pytest.Pytester) -> None:
    """Of every law, also of those that name a number of their own."""
    text = "def test_number():\n    from laws import examples\n    assert examples(40) == 400"
    suite.makepyfile(test_number=text, laws=Path(__file__).with_name("laws.py").read_text(encoding="utf-8"))
    suite.runpytest_subprocess("test_number.py", "--hypothesis-profile=deep").assert_outcomes(passed=1)


def test_the_network_is_out_of_reach() -> None:
    """A connection beyond this machine is refused before a packet is sent."""
    with socket.socket() as outside, pytest.raises(PermissionError, match="203.0.113.9"):
        outside.connect(("203.0.113.9", 80))


def test_this_machine_is_within_reach() -> None:
    """A connection to a server on the loopback address goes through."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


@pytest.mark.postgres
def test_each_test_has_a_database_of_its_own(postgres_url: str) -> None:
    """The fixture gives an empty database, not the server's own."""
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        assert tables.fetchone() == (0,)


@pytest.mark.browser
def test_the_browser_opens_a_page(browser: "Browser") -> None:
    """Playwright can drive the browser of this machine."""
    page = browser.new_page()
    page.set_content("<h1>Did the count get it right?</h1>")
    assert page.locator("h1").inner_text() == "Did the count get it right?"
    page.close()


@pytest.mark.browser
def test_the_browser_waits_as_long_as_we_say(browser: "Browser", monkeypatch: pytest.MonkeyPatch) -> None:
    """Not Playwright's own half minute, which a busy machine may need for one page."""
    from playwright.sync_api import TimeoutError

    monkeypatch.setattr(browsing, "PATIENCE", 50)
    for page in (browser.new_page(), browser.new_context().new_page()):
        with pytest.raises(TimeoutError, match="50ms"):
            page.wait_for_selector("#never")
        page.context.close()
