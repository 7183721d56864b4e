"""Cards and manifests in a case: imported, recognised, replaced, undone, built again."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tallyproof.election.card_part import CardPart
from tallyproof.services.access import Actor
from tallyproof.services.card_imports import CardRequest, CardsImported, import_cards
from tallyproof.services.card_parts import case_cards, parts_from_files
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, write

CONTESTS = [MadeContest("Mayor", ("Ann", "Bob"), 1), MadeContest("Council", ("Cy", "Di", "Ed"), 2)]
RANKED = [MadeContest("Judge", ("Flo", "Gus", "Hal"), 1, ranks=3)]
MANIFEST = "Tabulator,Batch Name,Number of Ballots\n1,1,100\n2,2,100\n"


def made(path: Path, seed: int = 3, cards: int = 200, contests: list[MadeContest] = CONTESTS) -> Path:
    return write(dominion_text(contests, make_cards(seed, contests, cards)), path)


def imported(workspace: Workspace, actor: Actor, path: Path, county: str = "Adams") -> CardsImported:
    return import_cards(workspace, actor, "case", CardRequest((path,), county))


def frame(part: CardPart) -> pl.DataFrame:
    """The cards with codes in one type, whatever the store chose."""
    cards = part.cards.collect()
    return cards.with_columns(pl.selectors.matches(r"^c\d+$").cast(pl.UInt32))


def test_cards_of_a_case_are_those_of_the_file(workspace: Workspace, clerk: Actor, tmp_path: Path) -> None:
    """What comes back from the store is what the importer read: cards, books, name, hash, election."""
    path = made(tmp_path / "cards.csv")
    record = imported(workspace, clerk, path).cards
    (part,), (read,) = case_cards(workspace, clerk, "case").parts, parts_from_files([path], "Adams")
    assert frame(part).equals(frame(read))
    assert part.contests == read.contests
    assert (part.jurisdiction, part.file, part.sha256) == ("Adams", "cards.csv", read.sha256)
    assert (part.election, part.rejected) == (read.election, 0)
    assert record is not None
    assert (record.cards, record.readings[0].contests, record.readings[0].styles) == (200, 2, 4)
