"""A layout written as a mapping file, which reads back as the same layout."""

from __future__ import annotations

from typing import Any

import tomlkit

from tallyproof.election.canvass import Status
from tallyproof.formats.layout import ChoiceColumn, Condition, CountColumn, Layout
from tallyproof.formats.mapping import Mapping


def written(layout: Layout, given: Mapping | None = None) -> str:
    """The layout as TOML, with what ``given`` says of the source."""
    parts: dict[str, Any] = {
        "table": _table(layout),
        "columns": _columns(layout),
        "constants": _constants(layout),
        "source": _source(given) if given else {},
        "modes": dict(layout.modes),
        "choices": [_choice(each) for each in layout.choices],
        "counts": [_count(each) for each in layout.counts],
        "where": [_condition(each) for each in layout.where],
    }
    return tomlkit.dumps({name: part for name, part in parts.items() if part})


def _filled(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value not in ("", (), [], None, False)}


def _one_or_more(values: tuple[Any, ...]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _table(layout: Layout) -> dict[str, Any]:
    rows = layout.header_rows
    return _filled(
        {
            "sheet": layout.sheet,
            "header_row": "" if rows == (1,) else _one_or_more(rows),
            "fill_right": layout.fill_right,
            "fill_down": list(layout.fill_down),
            "parts": layout.in_parts,
            "blank_unit": layout.blank_unit,
        }
    )


def _columns(layout: Layout) -> dict[str, Any]:
    texts = {word: _one_or_more(names) for word, names in layout.texts.items() if names}
    return _filled({**texts, "votes": layout.votes})


def _constants(layout: Layout) -> dict[str, Any]:
    seats = layout.constants.get("vote_for", "")
    texts = {word: text for word, text in layout.constants.items() if word != "vote_for"}
    return _filled({**texts, "vote_for": int(seats) if seats.isdecimal() else seats})


def _source(given: Mapping) -> dict[str, Any]:
    status = "" if given.status is Status.UNKNOWN else given.status.value
    return _filled({"election": given.election, "status": status, "as_of": given.as_of})


def _choice(each: ChoiceColumn) -> dict[str, Any]:
    name = "" if each.name == each.column else each.name
    return _filled(
        {
            "column": each.column,
            "name": name,
            "party": each.party,
            "measure": each.measure,
            "mode": each.mode,
        }
    )


def _count(each: CountColumn) -> dict[str, Any]:
    of = "contest" if each.of_contest else ""
    return _filled(
        {
            "column": each.column,
            "measure": each.measure.value,
            "detail": each.detail,
            "mode": each.mode,
            "of": of,
        }
    )


def _condition(each: Condition) -> dict[str, Any]:
    keys: dict[str, Any] = {"column": each.column}
    if each.filled is not None:
        keys["filled"] = each.filled
    elif each.allowed:
        keys["is"] = list(each.allowed)
    else:
        keys["is_not"] = list(each.refused)
    return keys | ({"reason": each.reason} if each.reason else {})
