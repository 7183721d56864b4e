"""A case that has cards and no returns: its pages stand, and the record tells what was imported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tallyproof.services import access, card_imports
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, write

from .visitor import Visitor

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob"))]
MANIFEST = "Tabulator,Batch Name,Number of Ballots\n1,1,100\n"


@pytest.fixture
def pages(home: Workspace, tmp_path: Path, visit: Callable[[Workspace], Visitor]) -> Visitor:
    """A case of fifty cards with a manifest, the cards undone."""
    path = write(dominion_text(CONTESTS, make_cards(3, CONTESTS, 50)), tmp_path / "cards.csv")
    listed = write(MANIFEST, tmp_path / "manifest.csv")
    actor = access.terminal()
    card_imports.import_cards(home, actor, "adams", card_imports.CardRequest((path,), "Adams", listed))
    card_imports.undo(home, actor, "adams", 2, "It was the wrong file.")
    return visit(home)


@pytest.mark.parametrize("page", ["", "checks/", "units/", "record/"])
def test_pages_of_a_case_with_cards_alone_stand(pages: Visitor, page: str) -> None:
    """No page fails because there are no returns."""
    assert pages.get(f"/adams/{page}").status == 200


def test_the_record_names_imports_of_cards(pages: Visitor) -> None:
    """Whose cards, which manifest, and why the import was undone."""
    text = pages.get("/adams/record/").text
    assert "Cards imported" in text and "Adams" in text
    assert "Ballot manifest imported" in text and "manifest.csv" in text
    assert "import 2: It was the wrong file." in text
