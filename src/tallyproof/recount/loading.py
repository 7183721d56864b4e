"""A rule file read and validated; a fault is named with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeVar

import msgspec

from tallyproof.election.jurisdiction import STATES
from tallyproof.errors import RequestError
from tallyproof.recount import expression
from tallyproof.recount.office import VOCABULARY
from tallyproof.recount.rule import EVENTS, Moment, Scoped, StateRules, Told, Unit

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")
_EXPRESSIONS = ("when", "refund_when")
MOST = 10_000
"""The most days or hours that a moment is counted."""
T = TypeVar("T", bound=msgspec.Struct)
_MONEY = ("fixed", "per_precinct", "per_ballot", "per_area", "cap")


def load(text: str, file: str) -> StateRules:
    """Read the text of a state's rule file.

    Raises RequestError naming file, line and what is wrong.
    """
    return read(text, file, StateRules)


def read(text: str, file: str, kind: type[T]) -> T:
    """Read the text of a file of rules as an object of its type.

    Raises RequestError naming file, line and what is wrong.
    """
    lines = _Lines(text)
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise RequestError(f"{file}: this is nested too deeply.") from None
    except ValueError as fault:  # TOMLDecodeError, and numbers of thousands of digits
        raise RequestError(f"{file}: {fault}.") from None
    try:
        rules = msgspec.convert(content, kind)
    except msgspec.ValidationError as fault:
        message, _, place = str(fault).partition(" - at `$")
        where = lines.of(place.strip("`"))
        raise RequestError(f"{file}, line {where}: {message}.") from None
    for place, problem in _faults(rules, ""):
        raise RequestError(f"{file}, line {lines.of(place)}: {problem}.")
    return rules


def _faults(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """What the types cannot say: expressions, scopes, events, amounts, moments, names of fields."""
    if isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _faults(each, f"{place}[{number}]")
        return
    if not isinstance(value, msgspec.Struct):
        return
    if isinstance(value, Scoped):
        for word in (*value.scope, *value.excluding):
            if word not in VOCABULARY:
                yield f"{place}.scope", f"'{word}' names no contests; words: {', '.join(sorted(VOCABULARY))}"
    if isinstance(value, Told):
        unknown = [name for name in value.memory if name not in value.__struct_fields__]
        if unknown:
            yield f"{place}.memory", f"'{unknown[0]}' is no field here"
    if isinstance(value, Moment):
        yield from moment_faults(value, place)
    if isinstance(value, StateRules):
        yield from _state_faults(value)
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        inside = f"{place}.{field.encode_name}"
        if field.name in _EXPRESSIONS and found:
            yield from _expression_faults(found, inside)
        elif field.name in _MONEY and found and not re.fullmatch(r"\d+(\.\d{1,2})?", found):
            yield inside, f"'{found}' is no amount in dollars, such as 25 or 0.25"
        else:
            yield from _faults(found, inside)


def _state_faults(rules: StateRules) -> Iterator[tuple[str, str]]:
    """A state that is none, versions that overlap or end before they begin."""
    if STATES.get(rules.state) is None:
        yield ".state", f"'{rules.state}' is no state"
    versions = sorted(enumerate(rules.laws), key=lambda each: each[1].effective_from)
    for place, law in versions:
        if law.effective_to is not None and law.effective_to < law.effective_from:
            yield f".law[{place}].effective_to", "this version ends before it begins"
    for (_, older), (place, newer) in pairwise(versions):
        if older.effective_to is None or older.effective_to >= newer.effective_from:
            day = f"{newer.effective_from:%Y-%m-%d}"
            yield f".law[{place}].effective_from", f"on {day} an older version still holds"


def _expression_faults(text: str, place: str) -> Iterator[tuple[str, str]]:
    try:
        expression.parse(text)
    except ValueError as fault:
        yield place, str(fault)


def moment_faults(moment: Moment, place: str) -> Iterator[tuple[str, str]]:
    """What the types cannot say of a moment: place and fault. Moments inside it are not looked at."""
    event = moment.after or moment.before
    if event is not None and event not in EVENTS:
        yield place, f"'{event}' is no act; acts: {', '.join(EVENTS)}"
    choosing = bool(moment.later_of or moment.earlier_of)
    if choosing == (event is not None):
        yield place, "a moment is counted after or before an act, or is the later or earlier of others"
    if moment.after and moment.before:
        yield place, "a moment is counted either after or before an act"
    if (moment.count is None) != (moment.unit is None):
        yield place, "'count' and 'unit' belong together"
    if (moment.ordinal is None) != (moment.weekday is None):
        yield place, "'ordinal' and 'weekday' belong together"
    if moment.count is not None and (not 0 <= moment.count <= MOST or moment.ordinal is not None):
        yield place, f"a moment has a count from 0 to {MOST:,}, or an ordinal with a weekday"
    if moment.unit is Unit.HOURS and (moment.rolls or moment.rolls_from or moment.at is not None):
        yield place, "'rolls' and 'at' are for days: hours end at their minute"
    if moment.unit is Unit.HOURS and moment.before and moment.skips:
        yield place, "hours with days that do not count are counted after an act"
    if moment.later_of and moment.earlier_of:
        yield place, "a moment is the later or the earlier of others, not both"
    if moment.ordinal is not None and not 1 <= moment.ordinal <= 6:
        yield place, "'ordinal' is from 1 to 6"


class _Lines:
    """Where the tables and keys of a TOML file stand."""

    def __init__(self, text: str) -> None:
        self._known: dict[str, int] = {"": 1}
        counts: dict[str, int] = {}
        prefix = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                prefix = self._enter(header.group(2), header.group(1) == "[[", counts)
                self._known.setdefault(prefix, number)
            elif key := _KEY.match(line):
                self._known.setdefault(f"{prefix}.{key.group(1)}", number)

    @staticmethod
    def _enter(name: str, repeated: bool, counts: dict[str, int]) -> str:
        place = ""
        *parents, last = name.split(".")
        for parent in parents:
            place += f".{parent}"
            if place in counts:
                place += f"[{counts[place] - 1}]"
        place += f".{last}"
        if not repeated:
            return place
        counts[place] = counts.get(place, 0) + 1
        for inner in [known for known in counts if known.startswith(f"{place}[{counts[place] - 1}]")]:
            del counts[inner]
        return f"{place}[{counts[place] - 1}]"

    def of(self, place: str) -> int:
        """The line of a place such as ``.law[1].test[0].when``, or of the nearest that contains it."""
        while place and place not in self._known:
            place = re.sub(r"(\.[^.\[]*|\[[^\[]*\]|.)$", "", place, flags=re.DOTALL)
        return self._known[place]
