"""Which columns of a table name the place: state, county, municipality, unit and its identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tallyproof.election.jurisdiction import POSTAL, STATES
from tallyproof.election.returns import UnitKind
from tallyproof.formats import words
from tallyproof.formats.shape import Column

_STATE = re.compile(r"(state|st)( (po|postal|code|abbr|abbreviation|name))?|postal")
_COUNTY = re.compile(r"(county|parish)( name)?")
_TOWN = re.compile(r"(municipality|municipal|jurisdiction|town|township|city|mcd|city town)( name)?")
_UNIT = re.compile(r"(precinct|ward|reporting unit|unit|voting district|vtd|polling place)( name)?")
_UNIT_WORD = re.compile(r"\b(ward|wd|precinct|pct|district|town|city|village)\b|\d", re.IGNORECASE)
_ID = re.compile(r"(ru|unit|precinct|reporting unit|ward|vtd) id|precinct (code|number)|hindi|geoid")
_CODE = re.compile(r"(.* )?(fips|code|id)")


@dataclass(frozen=True, slots=True)
class Places:
    """Column names for each word of a place, and what was doubtful in finding them.

    ``blank_unit`` is what a row without a unit is called, where it is no total.
    """

    texts: dict[str, list[str]]
    fill_down: tuple[str, ...] = ()
    blank_unit: str = ""
    doubts: dict[str, str] = field(default_factory=dict)


def find(columns: Sequence[Column]) -> Places:
    """Find the place columns by their names, else by what they hold."""
    texts: dict[str, list[str]] = {}
    doubts: dict[str, str] = {}
    if state := _state(columns):
        texts["state"] = [state.name]
    county, unit, town = (_named(columns, pattern) for pattern in (_COUNTY, _UNIT, _TOWN))
    if not texts and not (county or unit or town or _named(columns, _ID)):
        county, unit = _by_content(columns)
        told = "unsure: the header does not say what this column holds"
        doubts |= {word: told for word, found in (("county", county), ("unit", unit)) if found}
    if county:
        texts["county"] = [county.name]
    _add_unit(texts, doubts, county, unit, town)
    _add_id(texts, doubts, columns)
    has_gaps = county and unit and 0 < len(county.filled) < len(county.cells) and county.cells[0]
    fill_down = (county.name,) if county and has_gaps else ()
    return Places(texts, fill_down, _blank_unit(columns, texts), doubts)


def _named(columns: Iterable[Column], pattern: re.Pattern[str]) -> Column | None:
    return next((column for column in columns if pattern.fullmatch(column.plain) and column.filled), None)


def _state(columns: Iterable[Column]) -> Column | None:
    """A column named for states that holds postal codes or names of states."""
    for column in columns:
        if _STATE.fullmatch(column.plain) and column.filled:
            known = sum(cell.upper() in STATES or cell.casefold() in POSTAL for cell in column.filled)
            if known >= 0.9 * len(column.filled):
                return column
    return None


def _by_content(columns: Sequence[Column]) -> tuple[Column | None, Column | None]:
    """County and unit among the first text columns: the unit is the one with more different texts."""
    texts = [column for column in columns if column.filled and not column.is_count][:2]
    if len(texts) < 2:
        alone = texts[0] if texts else None
        return (None, alone) if alone and _names_units(alone) else (alone, None)
    county, unit = sorted(texts, key=lambda column: column.distinct)
    return county, unit


def _names_units(column: Column) -> bool:
    return sum(bool(_UNIT_WORD.search(cell)) for cell in column.filled) > 0.5 * len(column.filled)


def _add_unit(
    texts: dict[str, list[str]], doubts: dict[str, str], county: Column | None, unit: Column | None,
    town: Column | None,
) -> None:  # fmt: skip
    if unit and town and _adds_words(town, unit, county):
        texts["unit"] = [town.name, unit.name]
    elif unit or town:
        texts["unit"] = [column.name for column in (unit or town,) if column]
    if town and not unit and not county:
        doubts["unit"] = (
            "unsure: there is no county, so places of one name in two counties cannot be told apart"
        )


def _adds_words(town: Column, unit: Column, county: Column | None) -> bool:
    """Whether the town says what the unit's name does not say, and is not the county again."""
    pairs = [(a.casefold(), b.casefold()) for a, b in zip(town.cells, unit.cells, strict=True) if a and b]
    if not pairs or sum(a in b for a, b in pairs) > 0.5 * len(pairs):
        return False
    if county is None:
        return True
    same = [a.casefold() in b.casefold() for a, b in zip(town.cells, county.cells, strict=True) if a and b]
    return sum(same) < 0.9 * len(same)


def _add_id(texts: dict[str, list[str]], doubts: dict[str, str], columns: Sequence[Column]) -> None:
    """An identifier beside the unit's name, or in its place where the table names no place at all."""
    identifier = _named(columns, _ID)
    if identifier is None and not texts:
        identifier = next(
            (column for column in columns if _CODE.fullmatch(column.plain) and column.filled), None
        )
    if identifier is None:
        return
    if "unit" in texts:
        texts["unit_id"] = [identifier.name]
    elif not texts.get("county"):
        texts["unit"], texts["unit_id"] = [identifier.name], [identifier.name]
        doubts["unit"] = "unsure: the table names places by their code only"


def _blank_unit(columns: Sequence[Column], texts: dict[str, list[str]]) -> str:
    """A name for rows without a unit, where no county could be meant and they are too many for a total."""
    units = [column.cells for column in columns if column.name in texts.get("unit", [])]
    blank = sum(not any(place) for place in zip(*units, strict=True)) if units else 0
    return "(no name)" if blank > 1 and "county" not in texts else ""


def varies(columns: Sequence[Column], found: Places, count: Column) -> bool:
    """Whether a count has more than one value in many a place, so that it is none of the place as a whole."""
    values: dict[tuple[str, ...], set[str]] = {}
    for place, value in zip(_places(columns, found), count.cells, strict=True):
        if value:
            values.setdefault(place, set()).add(value)
    return sum(len(each) > 1 for each in values.values()) > 0.02 * len(values)


def shared(columns: Sequence[Column], found: Places, office: str = "") -> int:
    """How many rows share their place, and the office where one is named, with a row above."""
    chosen = [
        place for place in _places(columns, found, office)
        if not any(words.unit_kind(cell, "")[0] is UnitKind.TOTAL for cell in place if cell)
    ]  # fmt: skip
    return len(chosen) - len(set(chosen))


def _places(columns: Sequence[Column], found: Places, more: str = "") -> list[tuple[str, ...]]:
    """Each row's place, and the cell of one more column."""
    named = [name for word in ("state", "county", "unit", "unit_id") for name in found.texts.get(word, [])]
    chosen = [
        _filled_down(each) if each.name in found.fill_down else each.cells
        for each in columns if each.name in [*named, more]
    ]  # fmt: skip
    return list(zip(*chosen, strict=True))


def _filled_down(column: Column) -> tuple[str, ...]:
    filled, last = list[str](), ""
    for cell in column.cells:
        last = cell or last
        filled.append(last)
    return tuple(filled)
