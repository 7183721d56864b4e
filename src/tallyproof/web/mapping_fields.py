"""A mapping as the rows of a form: where the words stand, and what each column of numbers holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tallyproof.election.returns import Measure, Mode
from tallyproof.services.drafts import DraftFile, Seen
from tallyproof.services.mapping_form import CHOICES, CONSTANT, MODE, PLACES, VOTES, WORDS, Fields, fields_of
from tallyproof.web.measures import measure_words, mode_words

MOST_COLUMNS = 150
"""Columns that the form lists; a wider table is mapped as text."""

Option = tuple[str, str, bool]
"""A value, its words, and whether it is chosen."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of the columns whose words are joined: the first is 1."""

    number: int
    columns: list[Option]
    is_down: bool


@dataclass(frozen=True, slots=True)
class WordRow:
    """What a row's words say, and the columns where they stand, or the same word for all rows."""

    word: str
    label: str
    places: list[Place]
    same: str | None


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the table, what stands in it, and what it holds."""

    name: str
    sample: str
    uses: list[Option]
    choice: str
    party: str
    modes: list[Option]


@dataclass(frozen=True, slots=True)
class MappingForm:
    """The form by which a table of unknown layout is read."""

    fields: Fields
    sheets: list[Option]
    words: list[WordRow]
    columns: list[ColumnRow]
    left_out: int
    raw: list[tuple[int, tuple[str, ...]]]
    text: str

    @classmethod
    def of(cls, file: DraftFile, seen: Seen) -> MappingForm:
        """The form of a file: as it was typed, else as its mapping says."""
        fields = file.typed or fields_of(file.mapping)
        columns = [*seen.columns, *_gone(fields, seen.columns)]
        return cls(
            fields, _options([(each, each) for each in seen.sheets], fields.get("sheet", "")),
            [_word(fields, word, columns) for word in WORDS],
            [_column(fields, name, _sample(seen, place, fields)) for place, name in
             enumerate(columns[:MOST_COLUMNS])],
            max(0, len(columns) - MOST_COLUMNS), list(enumerate(seen.raw, 1)), file.mapping,
        )  # fmt: skip


def _gone(fields: Fields, columns: Iterable[str]) -> list[str]:
    """Columns that were chosen and that the table, by the header row said now, does not have."""
    named = [key.partition(".")[2] for key in fields if key.startswith("use.")]
    named += [text for key, text in fields.items() if key.startswith("column")]
    known = set(columns)
    return [each for each in dict.fromkeys(named) if each not in known]


def _options(pairs: Iterable[tuple[str, str]], chosen: str) -> list[Option]:
    return [(value, words, value == chosen) for value, words in pairs]


def _word(fields: Fields, word: str, columns: list[str]) -> WordRow:
    pairs = [(name, name) for name in columns]
    last = max((place for place in PLACES if fields.get(f"column{place}.{word}")), default=0)
    shown = max(1, last + 1 if word == "unit" else last)
    places = [
        Place(place, _options(pairs, fields.get(f"column{place}.{word}", "")),
              bool(fields.get(f"down{place}.{word}")))
        for place in range(1, shown + 1)
    ]  # fmt: skip
    same = fields.get(f"same.{word}", "") if word in CONSTANT else None
    return WordRow(word, word_label(word), places, same)


def word_label(word: str) -> str:
    """What a column's words say, as the form names it."""
    return {
        "state": _("State"), "county": _("County"), "unit": _("Precinct or ward"),
        "unit_id": _("Its number or code"), "office": _("Contest"), "district": _("District"),
        "choice": _("Choice"), "party": _("Party"), "mode": _("Way of voting"),
        "write_in": _("Whether it is a write-in"), "measure": _("What the number counts"),
        "vote_for": _("Votes that each voter has"),
    }[word]  # fmt: skip


def _column(fields: Fields, name: str, sample: str) -> ColumnRow:
    use, mode = fields.get(f"use.{name}", ""), fields.get(f"mode.{name}", "")
    modes = [(each.value, mode_words(each.value)) for each in Mode if each is not Mode.TOTAL]
    if mode and mode not in dict(modes):
        modes.append((mode, mode))
    return ColumnRow(
        name, sample, _options(_uses(use), use), fields.get(f"name.{name}", ""),
        fields.get(f"party.{name}", ""), _options(modes, mode),
    )  # fmt: skip


def _uses(chosen: str) -> list[tuple[str, str]]:
    write_ins, others = CHOICES[1:]
    known = [
        (CHOICES[0], _("votes of one choice")), (write_ins, _("votes of write-ins")),
        (others, _("votes of other choices")), (VOTES, _("votes of the choice in the row")),
        (MODE, _("its votes by one way of voting")),
    ]  # fmt: skip
    votes = {Measure.CHOICE, Measure.WRITE_IN, Measure.OTHER}
    known += [(each.value, measure_words(each.value)) for each in Measure if each not in votes]
    if chosen and chosen not in dict(known):
        measure, _colon, of = chosen.partition(":")
        words = measure_words(of or measure) if {of, measure} & {*Measure} else chosen
        known.append((chosen, f"{words} ({of or measure})"))
    return known


def _sample(seen: Seen, place: int, fields: Fields) -> str:
    """The first cells below the header."""
    header = fields.get("header", "1").replace("–", "-").replace(",", "-").rpartition("-")[2].strip()
    start = int(header) if header.isascii() and header.isdecimal() else 1
    cells = (row[place] for row in seen.raw[start : start + 3] if place < len(row))
    return ", ".join(filter(None, cells))[:60]
