"""Guesses at what the columns of a table hold, tested by arithmetic where that is possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tallyproof.election.contest import party_code
from tallyproof.election.returns import Measure, Mode
from tallyproof.formats import words
from tallyproof.formats.shape import Column

_TOTAL = re.compile(
    r"(grand )?tot(al)?s?( (votes?|named|cast|counted|all))*|(all |total )?votes?( cast| total| counted)?"
)
_NO_CHOICE = re.compile(
    r"\b(fips|geoid|codes?|ids?|num|number|no|index|year|date|pct|percent|percentage|share|rate|ratio|margin"
    r"|swing|diff|difference|change|precincts?|districts?|expected|exp|est|estimated|population|pop|area"
    r"|income|turnout|lat|lon|latitude|longitude|rank|order)\b"
)
_WRITE_IN_ENDING = re.compile(r" (wi|writein|write in)$")
_PARTIES = {
    "dem": "Democratic", "democratic": "Democratic", "democrat": "Democratic", "rep": "Republican",
    "republican": "Republican", "gop": "Republican", "lib": "Libertarian", "libertarian": "Libertarian",
    "grn": "Green", "green": "Green",
}  # fmt: skip
LONGEST_AFFIX = 3
MOST_DROPPED = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A column of votes, as drafted."""

    column: str
    name: str
    party: str = ""
    measure: str = ""
    mode: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of votes for one contest with the column of their total, and how well they add up.

    ``affix`` is what all their names begin or end with; ``exact`` and ``within`` count rows in which
    the choices make the total exactly, or stay within it.
    """

    affix: str
    members: tuple[tuple[Column, str], ...]
    total: Column | None
    rows: int = 0
    exact: int = 0
    within: int = 0
    share: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether the choices stay within the total nearly everywhere and make up most of it."""
        least = 0.85 if self.is_of_ballots else 0.5
        return len(self.members) > 1 and self.within >= 0.95 * self.rows and self.share >= least

    @property
    def is_of_ballots(self) -> bool:
        """Whether ballots cast stand in for a total of the votes."""
        return self.total is not None and words.unit_measure(self.total.plain) is Measure.BALLOTS_CAST


# ---- the columns of a wide table


def groups(columns: Sequence[Column]) -> list[Group]:
    """The groups of choices that add up, the best first."""
    counts = [column for column in columns if column.is_count]
    found = [group for affix in _affixes(counts) for group in _tested(affix, counts) if group.is_sound]
    order = {column.name: place for place, column in enumerate(columns)}

    def rank(group: Group) -> tuple[bool, int, int, int]:
        first = min(order[column.name] for column, _ in group.members)
        return group.exact < 0.99 * group.rows, -len(group.members), -len(group.affix), first

    return _distinct(sorted(found, key=rank))


def _distinct(found: Iterable[Group]) -> list[Group]:
    """Groups without those whose columns all stand in a better one."""
    kept: list[Group] = []
    for group in found:
        names = {column.name for column, _ in group.members}
        if not any(names <= {column.name for column, _ in better.members} for better in kept):
            kept.append(group)
    return kept


def _affixes(counts: Iterable[Column]) -> list[tuple[str, str]]:
    """The word groups with which names begin or end: ("", "canvass") for trump_canvass; ("", "") for none."""
    found: dict[tuple[str, str], None] = {("", ""): None}
    for column in counts:
        for length in range(1, min(LONGEST_AFFIX, len(column.tokens) - 1) + 1):
            found["", " ".join(column.tokens[-length:])] = None
            found[" ".join(column.tokens[:length]), ""] = None
    return list(found)


def _stem(column: Column, affix: tuple[str, str]) -> str:
    """What is left of a name without the affix; nothing where it does not have it."""
    begin, end = affix
    plain = column.plain
    if begin:
        return plain.removeprefix(f"{begin} ") if plain.startswith(f"{begin} ") else ""
    if end:
        return plain.removesuffix(f" {end}") if plain.endswith(f" {end}") else ""
    return plain


def _tested(affix: tuple[str, str], counts: Sequence[Column]) -> Iterator[Group]:
    """For each column that may be a total, the columns that add up to it best."""
    stems = {column.name: stem for column in counts if (stem := _stem(column, affix))}
    named = [column for column in counts if column.name in stems]
    possible = set(stems.values())
    for total in named:
        is_ballots = not any(affix) and words.unit_measure(total.plain) is Measure.BALLOTS_CAST
        if not is_total(stems[total.name]) and not is_ballots:
            continue
        able = [each for each in named if each is not total and _can_be_choice(stems[each.name], possible)]
        members = [(each, stems[each.name]) for each in able if _stays_within(each, total)]
        group = _added_up(" ".join(filter(None, affix)), members, total)
        while not group.is_sound and len(members) > 2 and len(able) - len(members) < MOST_DROPPED:
            members.remove(min(members, key=lambda member: _sum(member[0])))
            group = _added_up(group.affix, members, total)
        yield group


def _sum(column: Column) -> int:
    return sum(each or 0 for each in column.numbers)


def is_total(stem: str) -> bool:
    """Whether the words announce the votes of a contest as a whole."""
    return bool(_TOTAL.fullmatch(stem)) or words.choice_measure(stem) is Measure.TOTAL_VOTES


def _can_be_choice(stem: str, stems: set[str]) -> bool:
    if _NO_CHOICE.search(stem) or is_total(stem) or words.unit_measure(stem):
        return False
    if words.choice_measure(stem) in {Measure.OVERVOTES, Measure.UNDERVOTES}:
        return False
    return mode_of(stem, stems) is None


def mode_of(stem: str, stems: set[str]) -> tuple[str, str] | None:
    """The choice and the way of voting that a name joins, such as ("trump", "absentee"), if it does."""
    if _is_mode(stem):
        return "", stem
    tokens = stem.split()
    for length in range(1, len(tokens)):
        choice, mode = " ".join(tokens[:-length]), " ".join(tokens[-length:])
        if choice in stems and _is_mode(mode):
            return choice, mode
    return None


def _is_mode(text: str) -> bool:
    return words.mode(text) not in {Mode.OTHER, Mode.TOTAL}


def _stays_within(column: Column, total: Column) -> bool:
    pairs = [(part, whole) for part, whole in zip(column.numbers, total.numbers, strict=True)
             if part is not None and whole is not None]  # fmt: skip
    return bool(pairs) and sum(part <= whole for part, whole in pairs) >= 0.98 * len(pairs)


def _added_up(affix: str, members: Sequence[tuple[Column, str]], total: Column) -> Group:
    rows = exact = within = votes = stated = 0
    for place, whole in enumerate(total.numbers):
        parts = [column.numbers[place] for column, _ in members]
        if whole is None or not whole or all(part is None for part in parts):
            continue
        added = sum(part or 0 for part in parts)
        rows, exact, within = rows + 1, exact + (added == whole), within + (added <= whole)
        votes, stated = votes + added, stated + whole
    return Group(affix, tuple(members), total, rows, exact, within, votes / stated if stated else 0.0)


def ways(columns: Sequence[Column], members: Iterable[tuple[Column, str]]) -> list[str]:
    """The columns that hold the choices' votes by one way of voting."""
    stems = {stem for _, stem in members}
    found = ((column.name, mode_of(column.plain, stems)) for column in columns if column.is_count)
    return [name for name, parts in found if parts and parts[0]]


def untested(columns: Sequence[Column]) -> Group:
    """All columns of counts that may be choices, where no column gives a total to test them against.

    None where the table counts ballots, which is what it is about then.
    """
    counts = [column for column in columns if column.is_count]
    if any(words.unit_measure(column.plain) is Measure.BALLOTS_CAST for column in counts):
        return Group("", (), None)
    stems = {column.plain for column in counts}
    members = tuple((each, each.plain) for each in counts if _can_be_choice(each.plain, stems))
    return Group("", members, None)


# ---- names


def drafted(column: Column, stem: str) -> Choice:
    """A choice's name, party and measure as its column's header gives them."""
    upper = [part for part in column.parts[:-1] if part]
    written = column.parts[-1] or (upper.pop() if upper else "")
    if len(written.split()) == 1 and (stem in _PARTIES or "_" in written or written.islower()):
        return _from_stem(column, stem)
    name = re.sub(r"\s*\n\s*", " / ", written.strip())
    name, party = _party_in(name)
    party = party or next((party_code(part) for part in upper if _is_party(part)), "")
    return Choice(column.name, name, party)


def _from_stem(column: Column, stem: str) -> Choice:
    if stem in _PARTIES:
        return Choice(column.name, _PARTIES[stem], party_code(stem))
    if stem == "unnamed":
        return Choice(column.name, "Unnamed", measure=Measure.WRITE_IN.value)
    plain, write_in = _WRITE_IN_ENDING.sub("", stem), bool(_WRITE_IN_ENDING.search(stem))
    name = re.sub(r"\bMc([a-z])", lambda found: f"Mc{found.group(1).upper()}", plain.title())
    return Choice(column.name, name + (" (write-in)" if write_in else ""))


def _party_in(name: str) -> tuple[str, str]:
    """A name and the party that it carries in brackets, such as "Ann Adams (DEM)"."""
    found = re.search(r"\s*[(\[]([A-Za-z]{1,4})\.?[)\]]$", name)
    if found and _is_party(found.group(1)):
        return name[: found.start()], party_code(found.group(1))
    return name, ""


def _is_party(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{1,4}|Dem|Rep|Lib|Grn|Ind", text)) and text not in {"W", "I"}
