"""Examples in docstrings show what the code answers."""

import doctest
import importlib
from pathlib import Path

import pytest

from tallyproof.web.django_setup import configure

SOURCE = Path(__file__).resolve().parents[1] / "src"
WITH_EXAMPLES = [
    ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for file in sorted(SOURCE.rglob("*.py"))
    if ">>>" in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_answer_what_they_show(module: str) -> None:
    """Each `>>>` in the module's docstrings prints what stands below it."""
    configure()
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0
