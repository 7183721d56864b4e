"""A mapping as the fields of a form, and the mapping that filled-in fields make."""

from __future__ import annotations

import re
from collections.abc import Mapping as Named
from typing import TYPE_CHECKING

from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from tallyproof.formats.layout import ChoiceColumn, CountColumn, Layout

Fields = dict[str, str]

WORDS = (
    "state", "county", "unit", "unit_id", "office", "district", "choice", "party", "mode", "write_in",
    "measure", "vote_for",
)  # fmt: skip
"""What a column's words can say."""

CONSTANT = ("state", "county", "unit", "office", "district", "party", "mode", "vote_for")
"""What can be the same for all rows."""

PLACES = range(1, 10)
"""Columns whose words are joined to one."""

CHOICE, VOTES, MODE = "choice", "votes", "mode"
"""Uses of a column of numbers: one choice's votes, the row's choice's votes, its votes by one way."""

CHOICES = (CHOICE, "choice:write_in", "choice:other")


def fields_of(mapping: str) -> Fields:
    """The mapping's text as filled-in fields; a mapping that cannot be read gives none."""
    from tallyproof.formats.mapping import read_mapping

    if not mapping:
        return {"header": "1"}
    try:
        layout = read_mapping(mapping).layout
    except RequestError:
        return {"header": "1"}
    return {**_table_fields(layout), **_text_fields(layout), **_number_fields(layout)}


def _table_fields(layout: Layout) -> Fields:
    rows = layout.header_rows
    shown = str(rows[0]) if len(rows) == 1 else f"{rows[0]}-{rows[-1]}"
    flags = {"fill_right": layout.fill_right, "parts": layout.in_parts}
    return {
        "sheet": layout.sheet,
        "header": shown,
        "blank_unit": layout.blank_unit,
        **{name: "on" for name, is_set in flags.items() if is_set},
    }


def _text_fields(layout: Layout) -> Fields:
    fields = {f"same.{word}": text for word, text in layout.constants.items()}
    for word, names in layout.texts.items():
        for place, name in enumerate(names, 1):
            fields[f"column{place}.{word}"] = name
            if name in layout.fill_down:
                fields[f"down{place}.{word}"] = "on"
    return fields


def _number_fields(layout: Layout) -> Fields:
    fields: Fields = {}
    if layout.votes:
        fields[f"use.{layout.votes}"] = VOTES
    for column, mode in layout.modes.items():
        fields |= {f"use.{column}": MODE, f"mode.{column}": mode}
    for choice in layout.choices:
        fields |= _choice_fields(choice)
    for count in layout.counts:
        fields |= _count_fields(count)
    return fields


def _choice_fields(each: ChoiceColumn) -> Fields:
    use = f"{CHOICE}:{each.measure}" if each.measure else CHOICE
    return {
        f"use.{each.column}": use,
        f"name.{each.column}": each.name,
        f"party.{each.column}": each.party,
        f"mode.{each.column}": each.mode,
    }


def _count_fields(each: CountColumn) -> Fields:
    of = f"{each.measure.value}:contest" if each.of_contest else each.measure.value
    return {
        f"use.{each.column}": of,
        f"name.{each.column}": each.detail,
        f"mode.{each.column}": each.mode,
    }


def mapping_of(fields: Named[str, str], given: str = "") -> str:
    """The mapping that the fields make, as text; conditions and source are those of ``given``.

    Raises RequestError for a header row that is no number; the mapping itself is checked when it is read.
    """
    from tallyproof.formats.layout import Layout
    from tallyproof.formats.mapping import read_mapping
    from tallyproof.formats.mapping_writing import written

    base = _readable(given)
    before = read_mapping(given) if base else None
    uses = [(key.removeprefix("use."), use) for key, use in fields.items() if key.startswith("use.") and use]
    layout = Layout(
        texts=_texts(fields), constants=_constants(fields),
        votes=next((column for column, use in uses if use == VOTES), ""),
        modes={column: fields.get(f"mode.{column}", "") for column, use in uses if use == MODE},
        choices=tuple(_choice(fields, column, use) for column, use in uses if _is_choice(use)),
        counts=tuple(_count(fields, column, use) for column, use in uses if _is_count(use)),
        where=before.layout.where if before else (), sheet=fields.get("sheet", "").strip(),
        header_rows=_header(fields.get("header", "")), fill_right=bool(fields.get("fill_right")),
        fill_down=_fill_down(fields), in_parts=bool(fields.get("parts")),
        blank_unit=fields.get("blank_unit", "").strip(),
    )  # fmt: skip
    return written(layout, before)


def _readable(mapping: str) -> bool:
    from tallyproof.formats.mapping import read_mapping

    try:
        return bool(mapping and read_mapping(mapping))
    except RequestError:
        return False


def _header(text: str) -> tuple[int, ...]:
    found = re.fullmatch(r"\s*(\d{1,4})\s*(?:[-–,]\s*(\d{1,4}))?\s*", text or "1")
    if not found:
        raise RequestError(f"'{text[:40]}' is no header row. Write a row number like 1, or two like 10-11.")
    first = int(found[1])
    last = int(found[2] or first)
    if not 0 < first <= last <= first + 20:
        raise RequestError(
            f"The header cannot fill rows {text}. Write a row number like 1, or two like 10-11."
        )
    return tuple(range(first, last + 1))


def _texts(fields: Named[str, str]) -> dict[str, tuple[str, ...]]:
    found = {word: _columns(fields, word) for word in WORDS}
    return {word: names for word, names in found.items() if names}


def _columns(fields: Named[str, str], word: str) -> tuple[str, ...]:
    named = (fields.get(f"column{place}.{word}", "") for place in PLACES)
    return tuple(filter(None, named))


def _constants(fields: Named[str, str]) -> dict[str, str]:
    said = ((word, fields.get(f"same.{word}", "").strip()) for word in CONSTANT)
    found = {word: text for word, text in said if text}
    seats = found.get("vote_for", "")
    if seats and not seats.isdecimal():
        raise RequestError(f"'{seats[:40]}' cannot be how many votes each voter has. Write a number like 1.")
    return found


def _fill_down(fields: Named[str, str]) -> tuple[str, ...]:
    """The columns whose blank cells mean the cell above; one that no word names cannot be one."""
    asked = ((word, place) for word in WORDS for place in PLACES if fields.get(f"down{place}.{word}"))
    named = (fields.get(f"column{place}.{word}", "") for word, place in asked)
    return tuple(dict.fromkeys(filter(None, named)))


def _is_choice(use: str) -> bool:
    return use.partition(":")[0] == CHOICE


def _is_count(use: str) -> bool:
    return use not in {VOTES, MODE} and not _is_choice(use)


def _choice(fields: Named[str, str], column: str, use: str) -> ChoiceColumn:
    from tallyproof.formats.layout import ChoiceColumn

    name, party, mode = (fields.get(f"{key}.{column}", "").strip() for key in ("name", "party", "mode"))
    return ChoiceColumn(column, name or column, party, use.partition(":")[2], mode)


def _count(fields: Named[str, str], column: str, use: str) -> CountColumn:
    from tallyproof.election.returns import Measure
    from tallyproof.formats.layout import CountColumn

    measure, _, of = use.partition(":")
    if measure not in Measure._value2member_map_:
        raise RequestError(f"'{measure[:40]}' is nothing that a column can hold. Choose one of the list.")
    detail, mode = (fields.get(f"{key}.{column}", "").strip() for key in ("name", "mode"))
    return CountColumn(column, Measure(measure), detail, mode, of == "contest")


def kept(fields: Named[str, str]) -> Fields:
    """The fields that a mapping knows, as far as they are filled in."""
    known = {"sheet", "header", "fill_right", "parts", "blank_unit"}
    begin = ("column", "same.", "down", "use.", "name.", "party.", "mode.")
    return {
        key: text[:500] for key, text in fields.items() if (key in known or key.startswith(begin)) and text
    }
