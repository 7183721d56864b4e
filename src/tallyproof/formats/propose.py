"""A draft of a mapping for any table, with what it is unsure of said in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tallyproof.election.returns import CONTEST_MEASURES, Measure, Mode
from tallyproof.errors import UnreadableError
from tallyproof.formats import guesses, places, words
from tallyproof.formats.draft import Draft, written
from tallyproof.formats.guesses import Choice, Group
from tallyproof.formats.intake import Document
from tallyproof.formats.shape import Column, Shape, look_at, split_name

_LONG = {
    "office": re.compile(r"(office|contest|race|question)( (name|title|text))?"),
    "choice": re.compile(
        r"(candidate|choice|option|selection|contestant)s?( (name|text|on ballot))?|name on ballot"
    ),
    "party": re.compile(r"party( (name|code|affiliation|abbreviation))?"),
    "district": re.compile(r"district( name)?"),
    "mode": re.compile(r"(mode|vote type|voting method|vote method|count type|how cast|method)"),
}
_VOTES = re.compile(r"(total )?votes?( (count|total|cast|received))?|count|total")


def propose(document: Document) -> str:
    """A mapping for the document's table, as TOML text with comments.

    Raises UnreadableError where the document holds no table of votes or counts.
    """
    shape = look_at(document)
    draft = _long_draft(shape) or _wide_draft(shape)
    if not draft.votes and not draft.modes and not draft.choices and not draft.counts:
        raise UnreadableError(
            document.name, "has no columns that look like votes or ballots", remedy="Write a mapping by hand"
        )
    return written(document, draft)


# ---- what the table holds


def _long_draft(shape: Shape) -> Draft | None:
    """The draft of a table with one row per choice; None where no column holds choices."""
    long = _long_columns(shape.columns, tuple(_LONG))
    counts = [column for column in shape.columns if column.is_count]
    votes = next((column.name for column in counts if _VOTES.fullmatch(column.plain)), "")
    modes = {each.name: words.mode(each.plain).value for each in counts if _is_way(each)}
    if "choice" not in long or not (votes or modes):
        return None
    rest = [column for column in counts if column.name != votes]
    found = places.find(_without(shape, long))
    several = [each.name for each in rest if places.varies(shape.columns, found, each)]
    of_unit = [replace(each, of="contest") if each.column in several else each for each in _unit_counts(rest)]
    return Draft(shape, found, long, votes, modes, None, (), (), (*_of_contest(None, rest), *of_unit))


def _long_columns(columns: Sequence[Column], wanted: Sequence[str]) -> dict[str, str]:
    """The first column named for each of these words."""
    found = dict[str, str]()
    for word in wanted:
        named = (each.name for each in columns if _LONG[word].fullmatch(each.plain) and each.filled)
        if name := next(named, ""):
            found[word] = name
    return found


def _is_way(column: Column) -> bool:
    return words.mode(column.plain) not in {Mode.OTHER, Mode.TOTAL}


def _without(shape: Shape, long: dict[str, str]) -> list[Column]:
    return [column for column in shape.columns if column.name not in long.values()]


def _wide_draft(shape: Shape) -> Draft:
    """The draft of a table with one column per choice."""
    texts = [column for column in shape.columns if not column.is_count]
    long = _long_columns(texts, ("office", "district", "mode"))
    found = places.find(_without(shape, long))
    used = {name for names in found.texts.values() for name in names}
    free = [
        column for column in shape.columns if column.name not in used and column.name not in long.values()
    ]
    if shape.fill_right:
        choices, totals = _by_way(free)
        return Draft(shape, found, long, "", {}, None, (), choices, (*totals, *_unit_counts(free)))
    sound = guesses.groups(free)
    group = sound[0] if sound else guesses.untested(free)
    choices = tuple(guesses.drafted(column, stem) for column, stem in group.members)
    counts = (*_of_contest(group, free), *_unit_counts(free))
    return Draft(shape, found, long, "", {}, group, tuple(sound[1:]), choices, counts)


def _by_way(columns: Iterable[Column]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Choices and totals of a table whose names stand over their ways of voting."""
    choices, totals = list[Choice](), list[Choice]()
    for column in columns:
        upper, lower = split_name(column)
        name, mode = (upper, words.mode(lower)) if upper else (lower, Mode.TOTAL)
        if not column.is_count or not name or mode is Mode.OTHER:
            continue
        if guesses.is_total(name.casefold()):
            totals.append(Choice(column.name, "", measure=Measure.TOTAL_VOTES.value, mode=mode.value))
        elif upper:
            drafted = guesses.drafted(Column(column.name, (name,), column.cells), name.casefold())
            choices.append(replace(drafted, mode=mode.value))
    return tuple(choices), tuple(totals)


def _of_contest(group: Group | None, columns: Sequence[Column]) -> tuple[Choice, ...]:
    """The contest's total, overvotes and undervotes."""
    stated = group.total if group and not group.is_of_ballots else None
    counts = [Choice(stated.name, "", measure=Measure.TOTAL_VOTES.value)] if stated else []
    for column in columns:
        measure = words.choice_measure(column.plain)
        if column.is_count and measure in {Measure.OVERVOTES, Measure.UNDERVOTES}:
            counts.append(Choice(column.name, "", measure=measure.value))
    return tuple(counts)


def _unit_counts(columns: Iterable[Column]) -> tuple[Choice, ...]:
    """Columns that count ballots, voters or registration; the first of each kind."""
    found: dict[str, Choice] = {}
    for column in columns:
        measure = words.unit_measure(column.plain) if column.is_count else None
        if measure and measure not in CONTEST_MEASURES:
            detail = column.plain.removesuffix(" ballots") if measure is Measure.BALLOTS_BY_DEVICE else ""
            found.setdefault(f"{measure}{detail}", Choice(column.name, detail, measure=measure.value))
    return tuple(found.values())
