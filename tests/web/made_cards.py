"""A made-up case of cards: counties that agree, differ, have no manifest; contests of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tallyproof.services import access, card_imports, cases, importing
from tallyproof.services.reading import Request
from tallyproof.services.workspace import Workspace
from tallyproof.testing import card_faults
from tallyproof.testing.cards import MadeCard, MadeContest, dominion_text, make_cards, write

CASE, TITLE = "three-counties", "Three counties"
HOSTILE = "Clark <script>alert(1)</script>"
ACTOR = access.terminal()
ODD = [
    MadeContest("Mayor & <b>Clerk</b>", ("Ann <i>Lee</i>", "Bob Roy")),
    MadeContest("Sheriff", ("Cy Dunn", "Write-in")),
    MadeContest("Council", ("Di Eads", "Ed Fox", "Flo Gee"), vote_for=2),
    MadeContest("Assessor", ("Gus Hay",)),
]


def build(workspace: Workspace, folder: Path) -> None:
    """Adams lacks two cards, Baker agrees, Clark has no manifest and odd contests."""
    cases.open_case(workspace, ACTOR, CASE, title=TITLE)
    adams = card_faults.lose(card_faults.card_county(1), "3", 2)
    county(workspace, folder, "Adams", adams)
    county(workspace, folder, "Baker", card_faults.card_county(2))
    text = card_faults.returns_text(adams, name="Adams")
    returns = write(text, folder / "20240604__wi__primary__adams__precinct.csv")
    importing.import_returns(workspace, ACTOR, CASE, Request((returns,), "Adams County", state="WI"))
    cards(workspace, folder, HOSTILE, ODD, odd_cards())


def county(workspace: Workspace, folder: Path, name: str, made: card_faults.CardCounty) -> None:
    """Import a county's cards and its manifest."""
    path = write(card_faults.cvr_text(made), folder / f"{name} cards.csv")
    listed = write(card_faults.manifest_text(made), folder / f"{name} manifest.csv")
    card_imports.import_cards(workspace, ACTOR, CASE, card_imports.CardRequest((path,), name, listed))


def cards(
    workspace: Workspace, folder: Path, name: str, contests: Sequence[MadeContest], made: Sequence[MadeCard]
) -> None:
    """Import cards of a county without a manifest."""
    path = write(dominion_text(contests, made), folder / "cards <1>.csv")
    card_imports.import_cards(workspace, ACTOR, CASE, card_imports.CardRequest((path,), name))


def odd_cards() -> list[MadeCard]:
    """A tie, a write-in that wins, two of three who win, and somebody alone."""
    votes = [
        {0: ((n % 2,),), 1: ((0 if n % 5 == 0 else 1,),), 2: ((0, 1 + (n % 3 == 0)),), 3: ((0,),)}
        for n in range(60)
    ]
    made = make_cards(5, ODD, len(votes))
    return [replace(card, votes=own) for card, own in zip(made, votes, strict=True)]


def ranked(seed: int, choices: int, number: int) -> tuple[list[MadeContest], list[MadeCard]]:
    """A ranked contest whose rankings say little, so that the search for assertions is long."""
    contests = [MadeContest("City Council", tuple(f"Choice {n:02}" for n in range(choices)), ranks=5)]
    return contests, make_cards(seed, contests, number, absent=0)
