"""The TOML of a mapping file: every key known, every value of its type, faults told with their line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from tallyproof.election.canvass import Status
from tallyproof.election.returns import CONTEST_MEASURES, Measure, Mode
from tallyproof.errors import RequestError
from tallyproof.formats import words
from tallyproof.formats.layout import TEXTS, ChoiceColumn, Condition, CountColumn, Layout

LARGEST = 1 << 20
Key = tuple[str | int, ...]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Text:
    """A mapping file as written: its name for the user and its text."""

    name: str
    text: str

    def fault(self, key: Key, reason: str, remedy: str = "") -> RequestError:
        """The sentence for a fault at this key: file, line where it can be told, what to do."""
        line = self.line(key)
        place = f"{self.name}, line {line}" if line else self.name
        named = ".".join(str(part) for part in key if isinstance(part, str))
        ends = remedy if remedy.endswith("?") else f"{remedy}."
        return RequestError(f"{place}: {named}: {reason}." + (f" {ends}" if remedy else ""))

    def line(self, key: Key) -> int | None:
        """The line on which the key is written, or its table begins; None where neither is found."""
        table, place = str(key[0]), key[1] if len(key) > 1 and isinstance(key[1], int) else None
        wanted = next((part for part in reversed(key[1:]) if isinstance(part, str)), "")
        seen, start = -1, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line):
                seen += found.group(1) == table
                inside = found.group(1) == table and place in {None, seen}
                if start and not inside:
                    break
                start = number if inside else start
            elif start and re.match(rf"\s*[\"']?{re.escape(wanted)}[\"']?\s*=", line) and wanted:
                return number
        return start


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a mapping file says."""

    layout: Layout
    election: date | None
    status: Status
    as_of: datetime | None


def load(source: Path | str) -> Text:
    """The mapping file's text; raises RequestError where it cannot be read."""
    if isinstance(source, str):
        return Text("the mapping", source)
    try:
        if source.stat().st_size > LARGEST:
            raise RequestError(
                f"{source.name} is too large for a mapping. Give the mapping file, not the table."
            )
        return Text(source.name, source.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise RequestError(
            f"{source}: cannot be opened ({fault.strerror}). Check the name and folder."
        ) from None
    except UnicodeDecodeError:
        raise RequestError(f"{source.name} is not UTF-8 text. Save it as UTF-8.") from None


def parse(text: Text) -> Parsed:
    """Read the TOML strictly."""
    try:
        data = tomllib.loads(text.text)
    except tomllib.TOMLDecodeError as fault:
        raise RequestError(f"{text.name} is not TOML: {fault}. Look at this line.") from None
    _known(text, (), data, _TABLES)
    for name, kind in _TABLES.items():
        if not isinstance(data.get(name, kind()), kind):
            written = f"[[{name}]]" if kind is list else f"[{name}]"
            raise text.fault((name,), "is not a table", f"Write it as {written}")
    source = _source(text, data.get("source", {}))
    return Parsed(_layout(text, data), *source)


_TABLES: dict[str, type] = {
    "table": dict, "columns": dict, "constants": dict, "modes": dict, "source": dict,
    "choices": list, "counts": list, "where": list,
}  # fmt: skip


def _layout(text: Text, data: dict[str, Any]) -> Layout:
    columns, constants = data.get("columns", {}), _constants(text, data.get("constants", {}))
    votes = columns.get("votes", "")
    if not isinstance(votes, str):
        raise text.fault(("columns", "votes"), "is not the name of one column", 'Write votes = "Votes"')
    table = _Keys(
        text,
        ("table",),
        data.get("table", {}),
        ("sheet", "header_row", "fill_right", "fill_down", "parts", "blank_unit"),
    )
    found = Layout(
        texts=_texts(text, columns), constants=constants, votes=votes,
        modes=_modes(text, data.get("modes", {})), choices=_each(text, "choices", data, _choice),
        counts=_each(text, "counts", data, _count), where=_each(text, "where", data, _condition),
        sheet=table.text("sheet"), header_rows=_header_rows(table), fill_right=table.flag("fill_right"),
        fill_down=table.names("fill_down"), in_parts=table.flag("parts"), blank_unit=table.text("blank_unit"),
    )  # fmt: skip
    _check_whole(text, found)
    return found


# ---- values


@dataclass(frozen=True, slots=True)
class _Keys:
    """A TOML table whose keys are known, read key by key with its type checked."""

    text_: Text
    path: Key
    data: Mapping[str, Any]
    known: tuple[str, ...]

    def __post_init__(self) -> None:
        _known(self.text_, self.path, self.data, self.known)

    def _get(self, key: str, kind: type[Value], default: Value, said: str) -> Value:
        value = self.data.get(key, default)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise self.text_.fault((*self.path, key), f"is not {said}")
        return value

    def text(self, key: str) -> str:
        return self._get(key, str, "", "a text in quotation marks")

    def flag(self, key: str) -> bool:
        return self._get(key, bool, False, "true or false")

    def needed(self, key: str) -> str:
        if not (value := self.text(key).strip()):
            raise self.text_.fault((*self.path, key), "is missing", f'Write {key} = "…"')
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) and name.strip() for name in names):
            raise self.text_.fault(
                (*self.path, key), "is neither a name nor a list of names in quotation marks"
            )
        return tuple(names)


def _known(
    text: Text, path: Key, data: Mapping[str, Any], known: Mapping[str, Any] | tuple[str, ...]
) -> None:
    for key in data:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(known)}"
            raise text.fault((*path, key), "is not a key of a mapping", remedy)


def _each(
    text: Text, name: str, data: dict[str, Any], make: Callable[[Text, Key, Any], Value]
) -> tuple[Value, ...]:
    made = []
    for place, each in enumerate(data.get(name, [])):
        if not isinstance(each, dict):
            raise text.fault((name, place), "is not a table", f"Write each as [[{name}]]")
        made.append(make(text, (name, place), each))
    return tuple(made)


# ---- the parts of a mapping


def _texts(text: Text, columns: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    keys = _Keys(text, ("columns",), columns, (*TEXTS, "votes"))
    return {word: names for word in TEXTS if (names := keys.names(word))}


def _constants(text: Text, data: dict[str, Any]) -> dict[str, str]:
    known = ("state", "county", "unit", "office", "district", "party", "mode", "vote_for")
    keys = _Keys(text, ("constants",), data, known)
    found = {word: keys.text(word) for word in known[:-1] if word in data}
    if "mode" in found:
        _check_mode(text, ("constants", "mode"), found["mode"])
    seats = data.get("vote_for")
    if seats is not None:
        if type(seats) is not int or not 0 < seats < 256:
            raise text.fault(("constants", "vote_for"), "is not a whole number from 1 to 255")
        found["vote_for"] = str(seats)
    return found


def _header_rows(table: _Keys) -> tuple[int, ...]:
    value = table.data.get("header_row", 1)
    rows = value if isinstance(value, list) else [value]
    whole = all(type(row) is int and 0 < row < 1000 for row in rows)
    if not rows or not whole or rows != list(range(rows[0], rows[0] + len(rows))):
        reason = "is not a row number, nor a list of rows that follow each other"
        raise table.text_.fault(
            ("table", "header_row"), reason, "Write header_row = 1 or header_row = [10, 11]"
        )
    return tuple(rows)


def _modes(text: Text, data: dict[str, Any]) -> dict[str, str]:
    for column, wording in data.items():
        if not isinstance(wording, str):
            raise text.fault(("modes", column), "is not a way of voting in quotation marks")
        _check_mode(text, ("modes", column), wording)
    return dict(data)


def _check_mode(text: Text, key: Key, wording: str) -> None:
    if words.mode(wording) is Mode.OTHER and wording.strip().casefold() != Mode.OTHER:
        modes = ", ".join(mode.value for mode in Mode)
        raise text.fault(key, f"'{wording}' is no known way of voting", f"Use one of: {modes}")


def _choice(text: Text, path: Key, data: dict[str, Any]) -> ChoiceColumn:
    keys = _Keys(text, path, data, ("column", "name", "party", "measure", "mode"))
    measure = keys.text("measure")
    if measure:
        _measure(text, path, measure, CONTEST_MEASURES)
    if mode := keys.text("mode"):
        _check_mode(text, (*path, "mode"), mode)
    column = keys.needed("column")
    return ChoiceColumn(column, keys.text("name") or column, keys.text("party"), measure, mode)


def _count(text: Text, path: Key, data: dict[str, Any]) -> CountColumn:
    keys = _Keys(text, path, data, ("column", "measure", "detail", "mode", "of"))
    if mode := keys.text("mode"):
        _check_mode(text, (*path, "mode"), mode)
    measure = _measure(text, path, keys.needed("measure"), frozenset(Measure))
    if (of := keys.text("of") or "unit") not in {"unit", "contest"}:
        raise text.fault(
            (*path, "of"), "is neither a unit nor a contest", 'Write of = "unit" or of = "contest"'
        )
    return CountColumn(keys.needed("column"), measure, keys.text("detail"), mode, of == "contest")


def _measure(text: Text, path: Key, value: str, allowed: frozenset[Measure]) -> Measure:
    names = [measure.value for measure in Measure if measure in allowed]
    if value not in names:
        raise text.fault((*path, "measure"), f"'{value}' is no measure", f"Use one of: {', '.join(names)}")
    return Measure(value)


def _condition(text: Text, path: Key, data: dict[str, Any]) -> Condition:
    keys = _Keys(text, path, data, ("column", "is", "is_not", "filled", "reason"))
    if sum(key in data for key in ("is", "is_not", "filled")) != 1:
        raise text.fault(path, "does not say which rows are read", "Write one of: is, is_not, filled")
    filled = keys.flag("filled") if "filled" in data else None
    allowed, refused = (_values(keys, key) for key in ("is", "is_not"))
    return Condition(keys.needed("column"), allowed, refused, filled, keys.text("reason"))


def _values(keys: _Keys, key: str) -> tuple[str, ...]:
    value = keys.data.get(key, [])
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in values):
        raise keys.text_.fault((*keys.path, key), "is neither a text nor a list of texts")
    return tuple(str(each).strip() for each in values)


def _source(text: Text, data: dict[str, Any]) -> tuple[date | None, Status, datetime | None]:
    keys = _Keys(text, ("source",), data, ("election", "status", "as_of"))
    election, as_of, status = data.get("election"), data.get("as_of"), keys.text("status")
    if election is not None and (not isinstance(election, date) or isinstance(election, datetime)):
        raise text.fault(("source", "election"), "is not a day", "Write election = 2016-11-08")
    if as_of is not None and (not isinstance(as_of, datetime) or as_of.tzinfo is None):
        remedy = "Write as_of = 2016-11-28T17:00:00-06:00"
        raise text.fault(("source", "as_of"), "is not a time with its zone", remedy)
    if status and status not in Status._value2member_map_:
        remedy = f"Use one of: {', '.join(each.value for each in Status)}"
        raise text.fault(("source", "status"), f"'{status}' is no status", remedy)
    return election, Status(status or Status.UNKNOWN), as_of


# ---- the mapping as a whole


def _check_whole(text: Text, found: Layout) -> None:
    """That the parts fit together: votes in one way only, a contest for them, nothing said twice."""
    if found.choices and not found.is_wide:
        raise text.fault(("choices", 0), "votes stand in [[choices]] or in long rows, not in both")
    if not (found.choices or found.counts or not found.is_wide):
        remedy = "Add columns.votes, or [[choices]] for one column per choice, or [[counts]]"
        raise text.fault(("columns",), "names no column that holds numbers", remedy)
    for word in found.constants:
        if word in found.texts:
            raise text.fault(("constants", word), "stands in [columns] as well", "Take one of them out")
    _check_contest(text, found)
    _check_twice(text, found)


def _check_contest(text: Text, found: Layout) -> None:
    has_office = bool(found.texts.get("office") or found.constants.get("office", "").strip())
    counts_votes = found.choices or not found.is_wide
    counts_votes = counts_votes or any(each.measure in CONTEST_MEASURES for each in found.counts)
    if counts_votes and not has_office:
        raise text.fault(
            ("constants", "office"), "is missing", 'Name the contest, such as office = "President"'
        )
    if not found.is_wide and "choice" not in found.texts:
        raise text.fault(
            ("columns", "choice"), "is missing", "Name the column that holds candidates or answers"
        )


def _check_twice(text: Text, found: Layout) -> None:
    named = [(("choices", place, "column"), each.column) for place, each in enumerate(found.choices)]
    named += [(("counts", place, "column"), each.column) for place, each in enumerate(found.counts)]
    seen = set[str]()
    for key, column in named:
        if column in seen:
            raise text.fault(key, f"'{column}' is read twice", "Take one of them out")
        seen.add(column)
