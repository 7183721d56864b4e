"""Colorado, general election of 5 November 2024: the cards that each audited contest drew.

Source: the Secretary of State's Audit Center: seed, 63 ballot manifests and the results report of round 3,
which lists each drawn card with its random number, as often as it was drawn.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from tallyproof.sampling.colorado import contest_manifest, imprinted_id
from tallyproof.sampling.draw import Manifest, Stack, draw_positions
from tallyproof.sampling.seed import Seed

SEED = Seed("53417960661093690826")
CARDS = 4_746_866
SIZES = {
    "Presidential Electors": 100,
    "Regent of the University of Colorado - At Large": 302,
    "District Attorney - 18th Judicial District": 56,  # in Arapahoe and Elbert
    "Dove Creek Ambulance District Ballot Issue 6A": 157,  # in three rounds of 56, 51 and 50
}


class Drawn(NamedTuple):
    """A card of the report."""

    number: int
    county: str
    id: str


@pytest.fixture(scope="module")
def audit(shared_data: Path) -> Path:
    folder = shared_data / "audits" / "colorado2024"
    if not folder.is_dir():
        pytest.skip(f"needs Colorado's records of 2024 (looked in {folder})")
    return folder


@cache
def manifests(audit: Path) -> dict[str, list[Stack]]:
    """Each county's batches in the order of its file; counties are named as the files are."""
    files = sorted((audit / "manifests").glob("*BallotManifest.csv"))
    return {file.name.removesuffix("BallotManifest.csv"): stacks(file) for file in files}


def stacks(file: Path) -> list[Stack]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in list(csv.reader(lines))[1:] if any(row)]
    return [Stack((row[1].strip(), row[2].strip()), int(row[3].replace(",", ""))) for row in rows]


@cache
def report(audit: Path) -> dict[str, list[Drawn]]:
    """The cards that each targeted contest drew, as the report lists them."""
    book = CalamineWorkbook.from_path(audit / "round3" / "ResultsReport3.xlsx")
    contents, _summary, *sheets = book.sheet_names
    contests = [str(row[0]) for row in book.get_sheet_by_name(contents).to_python()[2:] if row[1]]
    rows = {c: book.get_sheet_by_name(s).to_python() for c, s in zip(contests, sheets, strict=True)}
    return {c: [listed(row) for row in cards if str(row[12]).isdigit()] for c, cards in rows.items()}


def listed(row: Sequence[object]) -> Drawn:
    return Drawn(int(str(row[12])), str(row[0]).replace(" ", ""), str(row[1]))


def frame(audit: Path, contest: str) -> Manifest:
    """The cards of all counties that voted on the contest; San Juan counted by hand and has no manifest."""
    with (audit / "contestsByCounty.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["contest_name"] == contest]
    counties = {row["county_name"].replace(" ", "") for row in rows}
    return contest_manifest(manifests(audit), counties & set(manifests(audit)))


def drawn(seed: Seed, manifest: Manifest, size: int) -> list[Drawn]:
    positions = draw_positions(seed, manifest.cards, size, with_replacement=True)
    places = [manifest.place(position) for position in positions]
    return [Drawn(n, place.names[0], imprinted_id(place)) for n, place in zip(positions, places, strict=True)]


def test_the_state_has_its_published_number_of_cards(audit: Path) -> None:
    """63 manifests hold the cards that the state audit report names."""
    assert len(manifests(audit)) == 63
    assert contest_manifest(manifests(audit)).cards == CARDS


def test_every_contest_drew_the_cards_that_its_seed_names(audit: Path) -> None:
    """Number, county and imprinted id of each draw of all 65 contests follow from seed and manifests."""
    assert len(report(audit)) == 65
    for contest, cards in report(audit).items():
        expected = drawn(SEED, frame(audit, contest), len(cards))
        assert Counter(cards) == Counter(expected), contest


@pytest.mark.parametrize(("contest", "size"), SIZES.items())
def test_these_contests_drew_so_many_cards(audit: Path, contest: str, size: int) -> None:
    """Statewide, two counties together, and three rounds of one county are among the 65."""
    assert len(report(audit)[contest]) == size


def test_another_seed_draws_other_cards(audit: Path) -> None:
    """One digit changed, and no card is the same."""
    cards = report(audit)["Presidential Electors"]
    other = drawn(Seed("53417960661093690827"), frame(audit, "Presidential Electors"), len(cards))
    assert not set(other) & set(cards)
