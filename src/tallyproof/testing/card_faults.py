"""A county whose cards, manifest and returns agree, and faults planted in one of the three."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

CONTESTS = {"Mayor": ("Ann Lee", "Bob Roy", "Cy Dunn"), "Clerk": ("Di Eads", "Ed Fox"), "Levy": ("Yes", "No")}
MODES = ("Election Day", "Mail")
FACTS = ("CvrNumber", "TabulatorNum", "BatchId", "RecordId", "ImprintedId", "CountingGroup",
         "PrecinctPortion", "BallotType")  # fmt: skip
OVERVOTE, BLANK = "over", ""


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card: where it lies, whose it is, and for each contest what is marked, None where it is not on it.

    A mark is the name of a choice, ``OVERVOTE`` (the first two) or ``BLANK``.
    """

    tabulator: str
    batch: str
    record: int
    unit: str
    mode: str
    marks: tuple[str | None, ...]
    imprint: str = ""


@dataclass(frozen=True, slots=True)
class CardCounty:
    """Cards, cards listed by tabulator and batch, and the cards from which returns are made."""

    cards: tuple[PlacedCard, ...]
    listed: tuple[tuple[str, str, int], ...]
    counted: tuple[PlacedCard, ...]


def card_county(
    seed: int, *, batches: int = 6, batch_cards: int = 60, units: int = 3, contests: int = 3
) -> CardCounty:
    """So many batches, each of one way of voting, its cards from all units; all three sources agree."""
    chance = random.Random(seed)
    cards = []
    for batch in range(batches):
        for record in range(1, batch_cards + 1):
            marks = [_mark(chance, place, choices) for place, choices in enumerate(_contests(contests))]
            unit = f"Ward {chance.randrange(units) + 1}"
            tabulator, name, mode = str(batch % 2 + 1), str(batch + 1), MODES[batch % 2]
            cards.append(PlacedCard(
                tabulator, name, record, unit, mode, tuple(marks), f"{tabulator}-{name}-{record}"
            ))  # fmt: skip
    listed = Counter((card.tabulator, card.batch) for card in cards)
    return CardCounty(tuple(cards), tuple((*key, number) for key, number in listed.items()), tuple(cards))


def contest_names(contests: int) -> list[str]:
    """Three named contests, then seats on a board."""
    return [*CONTESTS, *(f"Board Seat {place}" for place in range(len(CONTESTS) + 1, contests + 1))][
        :contests
    ]


def _contests(contests: int) -> list[tuple[str, ...]]:
    others = [(f"Adams {place}", f"Baker {place}", f"Clark {place}") for place in range(contests)]
    return [*CONTESTS.values(), *others][:contests]


def _mark(chance: random.Random, place: int, choices: Sequence[str]) -> str | None:
    drawn = chance.random()
    if place == 1 and drawn < 0.2:
        return None
    if drawn > 0.97:
        return OVERVOTE
    return BLANK if drawn > 0.9 else chance.choices(choices, [3, 2, 1][: len(choices)])[0]


# ---- faults


def scan_again(county: CardCounty, batch: str, name: str, *, turned: bool = False) -> CardCounty:
    """The stack of a batch goes through the scanner again as a batch of another name, with new imprints."""
    stack = [card for card in county.cards if card.batch == batch]
    again = tuple(
        replace(card, batch=name, record=record, imprint=f"{card.tabulator}-{name}-{record}")
        for record, card in enumerate(reversed(stack) if turned else stack, 1)
    )
    return replace(county, cards=county.cards + again)


def export_again(county: CardCounty, batch: str, cards: int) -> CardCounty:
    """The first cards of a batch stand in the export twice."""
    again = [card for card in county.cards if card.batch == batch][:cards]
    return replace(county, cards=(*county.cards, *again))


def lose(county: CardCounty, batch: str, cards: int) -> CardCounty:
    """The last cards of a batch have no record, though the manifest lists them and the returns count them."""
    own = [card for card in county.cards if card.batch == batch]
    gone = set(own[len(own) - cards :])
    return replace(county, cards=tuple(card for card in county.cards if card not in gone))


def rename(county: CardCounty, batch: str, name: str) -> CardCounty:
    """The export calls a batch by another name than the manifest."""
    cards = (replace(card, batch=name) if card.batch == batch else card for card in county.cards)
    return replace(county, cards=tuple(cards))


def miscount(county: CardCounty, unit: str, choice: str, other: str, cards: int) -> CardCounty:
    """The returns of a unit give some cards of one choice to another."""
    moved = 0
    counted = []
    for card in county.counted:
        if card.unit == unit and choice in card.marks and moved < cards:
            moved += 1
            card = replace(card, marks=tuple(other if mark == choice else mark for mark in card.marks))
        counted.append(card)
    return replace(county, counted=tuple(counted))


# ---- files


def cvr_text(county: CardCounty) -> str:
    """The cards as Dominion exports them; precincts as portions, such as "Ward 1 (1)"."""
    contests = len(county.cards[0].marks)
    columns = [
        (name, choice)
        for name, choices in zip(contest_names(contests), _contests(contests), strict=True)
        for choice in choices
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    empty = [""] * len(FACTS)
    writer.writerow(["Made up", "5.10", *empty[2:], *("" for _ in columns)])
    writer.writerow([*empty, *(f"{name} (Vote For=1)" for name, _ in columns)])
    writer.writerow([*empty, *(choice for _, choice in columns)])
    writer.writerow([*FACTS, *("" for _ in columns)])
    for number, card in enumerate(county.cards, 1):
        portion = f"{card.unit} ({card.unit.rpartition(' ')[2]})"
        facts = [number, card.tabulator, card.batch, card.record, card.imprint, card.mode, portion, "1"]
        writer.writerow([*facts, *(cell for bits in _bits(card, contests) for cell in bits)])
    return text.getvalue()


def _bits(card: PlacedCard, contests: int) -> list[list[str]]:
    """The cells of each contest: empty where it is not on the card, else 1 for each mark."""
    return [
        [_bit(mark, place, choice) for place, choice in enumerate(choices)]
        for mark, choices in zip(card.marks, _contests(contests), strict=True)
    ]


def _bit(mark: str | None, place: int, choice: str) -> str:
    if mark is None:
        return ""
    return "1" if mark == choice or (mark == OVERVOTE and place < 2) else "0"


def manifest_text(county: CardCounty) -> str:
    """The batches with their cards, as Arlo wants them."""
    rows = "".join(f"{tabulator},{batch},{cards}\n" for tabulator, batch, cards in county.listed)
    return f"Tabulator,Batch Name,Number of Ballots\n{rows}"


def returns_text(county: CardCounty, *, by_mode: bool = False, name: str = "Lake") -> str:
    """Returns by ward in OpenElections' layout, with ballots cast, over- and undervotes."""
    contests = contest_names(len(county.counted[0].marks))
    rows: list[tuple[str, str, str, list[PlacedCard]]] = []
    for unit in sorted({card.unit for card in county.counted}):
        own = [card for card in county.counted if card.unit == unit]
        rows.append((unit, "Ballots Cast", "", own))
        for place, (contest, choices) in enumerate(zip(contests, _contests(len(contests)), strict=True)):
            marked = {choice: [card for card in own if card.marks[place] == choice] for choice in choices}
            rows += [(unit, contest, choice, cards) for choice, cards in marked.items()]
            rows.append((unit, contest, "Over Votes", [c for c in own if c.marks[place] == OVERVOTE]))
            rows.append((unit, contest, "Under Votes", [c for c in own if c.marks[place] == BLANK]))
    head = "county,precinct,office,district,party,candidate,votes"
    modes = ",election_day,mail" if by_mode else ""
    lines = [f"{head}{modes}"]
    for unit, contest, choice, cards in rows:
        parts = Counter(card.mode for card in cards)
        ways = "".join(f",{parts[mode]}" for mode in MODES) if by_mode else ""
        lines.append(f"{name},{unit},{contest},,,{choice},{len(cards)}{ways}")
    return "\n".join(lines) + "\n"
