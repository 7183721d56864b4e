"""A rule file read and validated; a fault is named with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from tallyproof.errors import RequestError
from tallyproof.recount import expression
from tallyproof.recount.office import VOCABULARY
from tallyproof.recount.rule import EVENTS, Moment, Scoped, StateRules, Told

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")
_EXPRESSIONS = {"when": False, "refund_when": False}
_MONEY = ("fixed", "per_precinct", "per_ballot", "per_area", "cap")


def load(text: str, file: str) -> StateRules:
    """Read the text of a rule file.

    Raises RequestError naming file, line and what is wrong.
    """
    lines = _Lines(text)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RequestError(f"{file}: {fault}.") from None
    try:
        rules = msgspec.convert(content, StateRules)
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
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        inside = f"{place}.{field.encode_name}"
        if field.name in _EXPRESSIONS and found:
            yield from _expression_faults(found, inside)
        elif field.name in _MONEY and found and not re.fullmatch(r"\d+(\.\d{1,2})?", found):
            yield inside, f"'{found}' is no amount in dollars, such as 25 or 0.25"
        else:
            yield from _faults(found, inside)


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
    if moment.count is not None and (moment.count < 0 or moment.ordinal is not None):
        yield place, "a moment has a count from 0 up, or an ordinal with a weekday"
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
        while place not in self._known:
            place = re.sub(r"(\.[^.\[]+|\[\d+\])$", "", place)
        return self._known[place]
