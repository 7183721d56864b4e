"""Every check has its page, and every page its check."""

from pathlib import Path

import pytest

from tallyproof.checks.catalogue import catalogue
from tallyproof.checks.check import Check

PAGES = Path(__file__).resolve().parents[2] / "docs" / "checks"
CHECKS = list(catalogue().values())


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_a_check_has_a_page_with_its_words(check: Check) -> None:
    """The page shows the title, question and formula that the program shows."""
    page = (PAGES / f"{check.id}.md").read_text(encoding="utf-8")
    missing = [words for words in (check.title, check.question, check.formula) if words not in page]
    assert not missing


def test_no_page_is_for_an_unknown_check() -> None:
    """A page whose check was renamed or removed is found."""
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index"}
    assert pages <= set(catalogue())


@pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])
def test_a_check_accuses_nobody(check: Check) -> None:
    """No word of a check or its page says what somebody did on purpose."""
    page = (PAGES / f"{check.id}.md").read_text(encoding="utf-8")
    text = f"{check} {page}".casefold()
    assert not [word for word in ("fraud", "rigged", "stolen", "tamper", "cheat") if word in text]
