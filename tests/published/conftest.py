"""Published counts, read the way a user reads them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tallyproof.bootstrap import open_workspace
from tallyproof.services.workspace import Workspace

MAPPINGS = Path(__file__).parent / "mappings"


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
