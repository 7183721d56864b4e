"""Published counts, read the way a user reads them."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tallyproof.bootstrap import open_workspace
from tallyproof.services.workspace import Workspace

from .golden import promised, readings, unread

MAPPINGS = Path(__file__).parent / "mappings"


@pytest.fixture(autouse=True)
def every_part_of_a_vector_is_read(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that names a vector, or asks for it, and leaves a part of its answer unread."""
    readings.clear()
    yield
    node = request.node
    failed = getattr(node, "ended_early", False)
    parameters = list(node.callspec.params.values()) if hasattr(node, "callspec") else []
    names = promised(node.function, parameters) | readings.keys()
    left = [] if failed else [part for name in sorted(names) for part in unread(name)]
    if left:
        pytest.fail(f"This test leaves parts of published answers unread: {'; '.join(left)}.", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes that a test failed or was skipped: what it has not read then says nothing."""
    report = yield
    if report.when == "call" and not report.passed:
        item.ended_early = True  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that the tests of one module share: real returns take a while to read."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "TALLYPROOF_FILES"):
            patch.delenv(name, raising=False)
        opened = open_workspace(tmp_path_factory.mktemp("published"))
        yield opened
        opened.ledger.close()


Mapping = Callable[..., Path]


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    """Makes a mapping file from a kept one, its capital words replaced."""

    def made(name: str, **words: str) -> Path:
        text = (MAPPINGS / f"{name}.toml").read_text(encoding="utf-8")
        for word, column in words.items():
            text = text.replace(word, column)
        path = tmp_path_factory.mktemp("mapping") / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return made
