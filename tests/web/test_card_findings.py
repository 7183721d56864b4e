"""Findings on cards in pages, also of a case that has cards and no returns."""

from collections.abc import Callable
from pathlib import Path

from tallyproof.services.access import terminal
from tallyproof.services.card_imports import CardRequest, import_cards
from tallyproof.services.workspace import Workspace
from tallyproof.testing.card_faults import CardCounty, card_county, cvr_text, lose, manifest_text

from .visitor import Visitor

Visit = Callable[[Workspace], Visitor]


def kept(home: Workspace, folder: Path, county: CardCounty) -> None:
    """Cards and manifest of the county in a case of their own."""
    files = (folder / "cards.csv", folder / "manifest.csv")
    for file, text in zip(files, (cvr_text(county), manifest_text(county)), strict=True):
        file.write_text(text, encoding="utf-8", newline="")
    import_cards(home, terminal(), "lake", CardRequest(files[:1], "Lake", files[1]))


def test_a_case_of_cards_alone_shows_its_findings(home: Workspace, tmp_path: Path, visit: Visit) -> None:
    """The list names the short batch, and its page the numbers, the formula and the record to look at."""
    kept(home, tmp_path, lose(card_county(1), "2", 7))
    listed = visit(home).get("/lake/checks/").text
    assert "Not everywhere" in listed and "tabulator 2, batch 2" in listed
    page = visit(home).get("/lake/findings/B15/clerk/lake-tabulator-2-batch-2/short/").text
    assert "d = 53 − 60 = −7" in page and "manifest.csv, row 3" in page
    assert "The batch itself, counted" in page


def test_a_case_of_cards_without_findings_asks_for_returns(
    home: Workspace, tmp_path: Path, visit: Visit
) -> None:
    """Where nothing needs an explanation, the page says what to import next."""
    kept(home, tmp_path, card_county(1))
    assert "There are no returns to check yet." in visit(home).get("/lake/checks/").text
