"""The four header rows of Dominion's CSV: election, contests, choices, columns of facts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tallyproof.election.cast_vote_record import MOST_VOTE_FOR, CardContest
from tallyproof.errors import UnreadableError

REQUIRED = ("CvrNumber", "TabulatorNum", "BatchId", "RecordId", "ImprintedId")
UNIQUE = "UniqueVotingIdentifier"
FACT_OF = {
    "CvrNumber": "card", "TabulatorNum": "tabulator", "BatchId": "batch", "RecordId": "record",
    "ImprintedId": "imprint", "CountingGroup": "mode", "PrecinctPortion": "unit", "BallotType": "style",
}  # fmt: skip
KNOWN = frozenset({*FACT_OF, UNIQUE})
SIGNS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_VOTE_FOR = re.compile(r"^(.*?)\s*\(\s*Vote For\s*=\s*(\d{1,4})\s*\)$", re.IGNORECASE)
_RANKED = re.compile(
    r"^(.*?)\s*\(\s*Number of positions\s*=\s*(\d{1,4})\s*,\s*Number of ranks\s*=\s*(\d{1,3})\s*\)$",
    re.IGNORECASE,
)
_RANK = re.compile(r"^(.*?)\s*\((\d{1,3})\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A contest and the places of its columns."""

    contest: CardContest
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What the header rows say: the election, the place of each fact, the contests; ``width`` in columns."""

    election: str
    facts: dict[str, int]
    blocks: tuple[Block, ...]
    width: int


def plain(text: str) -> str:
    """A cell without the ``="…"`` that keeps spreadsheets from changing it, its spaces made single."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1]
    return " ".join(text.split())


def parse(name: str, rows: Sequence[Sequence[str]]) -> Header:
    """Understand the header rows; raises UnreadableError with the row and column at fault."""
    if len(rows) < 4:
        reason = f"has {len(rows)} of the 4 header rows of a Dominion export"
        raise UnreadableError(name, reason, remedy="Export the cast vote records again as CSV")
    _check_fields(name, rows[3])
    title, contests, choices, fields = ([plain(cell) for cell in row] for row in rows[:4])
    start = _first_choice(contests)
    places = _fact_places(name, fields)
    width = max(start, len(contests), len(choices), *(place + 1 for place in places.values()))
    blocks = _blocks(name, contests, choices, start, width)
    return Header(title[0] if title else "", places, blocks, width)


def _check_fields(name: str, fields: Sequence[str]) -> None:
    """Raise UnreadableError where row 4 swallows rows below it, or is cut by another sign than commas."""
    if any("\n" in field or "\r" in field for field in fields):
        reason = "a quotation mark is opened and not closed in the row that names the columns"
        remedy = "Close it in a text editor, or export the file again"
        raise UnreadableError(name, reason, row=4, remedy=remedy)
    for sign, what in SIGNS.items():
        parts = {plain(part.strip('"')) for field in fields for part in field.split(sign)}
        if not set(REQUIRED) & {plain(field) for field in fields} and len(set(REQUIRED) & parts) > 2:
            reason = f"{what} separate the columns, where a Dominion export has commas"
            remedy = "Export the file again as it comes, or save it as CSV with commas"
            raise UnreadableError(name, reason, row=4, remedy=remedy)


def _first_choice(contests: Sequence[str]) -> int:
    return next((place for place, text in enumerate(contests) if text), len(contests))


def _fact_places(name: str, fields: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, field in enumerate(fields):
        if field in KNOWN and field in places:
            raise UnreadableError(name, f"has the column {field} twice", row=4, remedy="Export it again")
        if field in KNOWN:
            places[field] = place
    for field in REQUIRED:
        if field not in places and not (field == "ImprintedId" and UNIQUE in places):
            shown = ", ".join(text for text in fields[:10] if text) or "nothing"
            remedy = f"The row has: {shown}. Export the cast vote records with all columns"
            raise UnreadableError(name, f"the required column {field} is missing", row=4, remedy=remedy)
    return places


def _blocks(
    name: str, contests: Sequence[str], choices: Sequence[str], start: int, width: int
) -> tuple[Block, ...]:
    places: dict[str, list[int]] = defaultdict(list)
    for place in range(start, width):
        title = contests[place] if place < len(contests) else ""
        label = choices[place] if place < len(choices) else ""
        if not title and not label:
            continue
        if not title or not label:
            missing = "contest in row 2" if not title else "choice in row 3"
            reason = f"column {place + 1} ('{title or label}') has no {missing}"
            raise UnreadableError(name, reason, row=3 if title else 2, remedy="Export it again")
        places[title].append(place)
    return tuple(_block(name, title, found, choices) for title, found in places.items())


def _block(name: str, title: str, places: Sequence[int], choices: Sequence[str]) -> Block:
    labels = [choices[place] for place in places]
    if found := _VOTE_FOR.match(title):
        _check_different(name, title, labels)
        return Block(CardContest(found[1], labels, _number(name, title, found[2])), tuple(places))
    if found := _RANKED.match(title):
        seats, ranks = _number(name, title, found[2]), _number(name, title, found[3])
        names = _ranked_choices(name, title, labels, ranks)
        return Block(CardContest(found[1], names, seats, ranks), tuple(places))
    reason = f"invalid contest name: '{title}' does not say how many votes a voter has"
    remedy = ("Contest names should read like 'Mayor (Vote For=1)' or "
              "'Mayor (Number of positions=1, Number of ranks=3)'")  # fmt: skip
    raise UnreadableError(name, reason, row=2, remedy=remedy)


def _number(name: str, title: str, digits: str) -> int:
    number = int(digits)
    if 1 <= number <= MOST_VOTE_FOR:
        return number
    raise UnreadableError(name, f"'{title}' says {number}, which no contest has", row=2,
                          remedy="Correct the number, or export it again")  # fmt: skip


def _check_different(name: str, title: str, labels: Sequence[str]) -> None:
    twice = next((label for place, label in enumerate(labels) if label in labels[:place]), None)
    if twice is not None:
        reason = f"the choice '{twice}' stands twice in '{title}'"
        raise UnreadableError(name, reason, row=3, remedy="Give each choice its own name")


def _ranked_choices(name: str, title: str, labels: Sequence[str], ranks: int) -> list[str]:
    """The choices of a ranked contest, whose columns read A(1), B(1), A(2), B(2) and so on."""
    found = [_RANK.match(label) for label in labels]
    pairs = [(match[1], int(match[2])) for match in found if match]
    names = [choice for choice, rank in pairs if rank == 1]
    wanted = [(choice, rank) for rank in range(1, ranks + 1) for choice in names]
    if not names or len(pairs) != len(labels) or pairs != wanted:
        given = next((label for label, pair, want in zip(labels, [*pairs, *[None] * len(labels)], wanted,
                      strict=False) if pair != want), labels[-1])  # fmt: skip
        reason = f"the choices of '{title}' are not the same names in the same order for ranks 1 to {ranks}"
        remedy = f"Look at '{given}'; columns should read A(1), B(1), A(2), B(2) and so on"
        raise UnreadableError(name, reason, row=3, remedy=remedy)
    _check_different(name, title, names)
    return names
