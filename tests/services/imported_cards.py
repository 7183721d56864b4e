"""Cards made up for tests and imported into a case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tallyproof.election.card_part import CardPart
from tallyproof.services.access import Actor
from tallyproof.services.card_imports import CardRequest, CardsImported, import_cards
from tallyproof.services.card_parts import case_cards
from tallyproof.services.workspace import Workspace
from tallyproof.testing.cards import MadeContest, dominion_text, make_cards, mapped_text, write

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


def sizes(workspace: Workspace, actor: Actor) -> set[tuple[str, int]]:
    parts = case_cards(workspace, actor, "case").parts
    return {(part.jurisdiction, part.cards.collect().height) for part in parts}


def mapped(folder: Path, cards: int, *, wrong: Sequence[int] = ()) -> CardRequest:
    """A file of our own with its mapping; in some rows stands something that is no mark."""
    text, mapping = mapped_text(CONTESTS, make_cards(5, CONTESTS, cards, absent=0))
    lines = text.splitlines()
    for row in wrong:
        lines[row] = lines[row][:-1] + "7"
    path = write("\n".join(lines) + "\n", folder / "own.csv")
    return CardRequest((path,), "Adams", mapping=write(mapping, folder / "own.toml"))
