"""How a table is laid out, which column holds what, and the returns read by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from tallyproof.election.evidence import Rejection
from tallyproof.election.returns import CONTEST_MEASURES, Measure
from tallyproof.formats import tables
from tallyproof.formats.intake import Document
from tallyproof.formats.tables import ROW, SHOWN, Table

JOINT = " / "
"""Stands between the parts of a column's name where the header fills several rows."""

UNNAMED = "Unnamed contest"
"""Stands in a drafted mapping where nothing names the contest; previewed so, never imported."""

PLACE = ("state", "county", "unit", "unit_id")
TEXTS = (*PLACE, "office", "district", "choice", "party", "write_in", "measure", "vote_for", "mode")
_NAMES = {
    Measure.TOTAL_VOTES: "Total votes",
    Measure.OVERVOTES: "Over votes",
    Measure.UNDERVOTES: "Under votes",
}
_OF_CONTEST = ("office", "district", "choice", "party", "write_in", "vote_for")


@dataclass(frozen=True, slots=True)
class ChoiceColumn:
    """A column that holds one choice's votes; an empty measure is read from the name."""

    column: str
    name: str
    party: str = ""
    measure: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class CountColumn:
    """A column that counts something else, such as ballots cast; ``detail`` says which device.

    ``of_contest``: ballots that hold this contest, which differ from contest to contest in one unit.
    """

    column: str
    measure: Measure
    detail: str = ""
    mode: str = ""
    of_contest: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet to be read: one of ``allowed``, none of ``refused``, filled or blank."""

    column: str
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    filled: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table holds what.

    ``texts`` gives for each of ``TEXTS`` the columns whose words make it up, ``constants`` a word for
    all rows. Votes stand in ``votes`` (with ``modes`` beside it) in long tables and in ``choices`` in
    wide ones. ``fill_right`` reads a blank in an upper header row as its left neighbour, ``fill_down``
    a blank cell of these columns as the one above. ``in_parts``: rows of one place are parts of it;
    ``blank_unit``: rows without a unit are this unit, and no totals.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    votes: str = ""
    modes: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[ChoiceColumn, ...] = ()
    counts: tuple[CountColumn, ...] = ()
    where: tuple[Condition, ...] = ()
    sheet: str = ""
    header_rows: tuple[int, ...] = (1,)
    fill_right: bool = False
    fill_down: tuple[str, ...] = ()
    in_parts: bool = False
    blank_unit: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether each row holds all numbers of a place, so that none is repeated on other rows."""
        return not self.votes and not self.modes


def named_columns(layout: Layout) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every column that the layout names, each with the key under which a mapping file names it."""
    for word, names in layout.texts.items():
        yield from ((("columns", word), name) for name in names)
    if layout.votes:
        yield ("columns", "votes"), layout.votes
    yield from ((("modes", name), name) for name in layout.modes)
    yield from ((("choices", place, "column"), each.column) for place, each in enumerate(layout.choices))
    yield from ((("counts", place, "column"), each.column) for place, each in enumerate(layout.counts))
    yield from ((("where", place, "column"), each.column) for place, each in enumerate(layout.where))
    yield from ((("table", "fill_down"), name) for name in layout.fill_down)


# ---- column names


def column_names(document: Document, layout: Layout) -> tuple[str, ...]:
    """The table's column names; parts from several header rows are joined.

    Raises UnreadableError where the header rows are missing.
    """
    last = layout.header_rows[-1]
    rows = tables.head(document, last, layout.sheet)
    if len(rows) < last:
        return ()
    return join_header([rows[number - 1] for number in layout.header_rows], fill_right=layout.fill_right)


def join_header(rows: Sequence[Sequence[str]], *, fill_right: bool = False) -> tuple[str, ...]:
    """One name per column from one or more header rows.

    >>> join_header([["", "REP"], ["Ward", "Trump"]])
    ('Ward', 'REP / Trump')
    """
    width = max((len(row) for row in rows), default=0)
    padded = [[*(" ".join(cell.split()) for cell in row), *[""] * (width - len(row))] for row in rows]
    if fill_right:
        padded = [*(_filled_right(row) for row in padded[:-1]), *padded[-1:]]
    columns = zip(*padded, strict=True)
    return tables.unique_names([JOINT.join(dict.fromkeys(filter(None, parts))) for parts in columns])


def _filled_right(row: Sequence[str]) -> list[str]:
    filled, last = list[str](), ""
    for cell in row:
        last = cell or last
        filled.append(last)
    return filled


def find_column(wanted: str, header: Sequence[str]) -> str | None:
    """The header's own spelling of a column: the whole name, else the one name with this part."""
    plain = " ".join(wanted.split()).casefold()
    for name in header:
        if name == wanted or name.casefold() == plain:
            return name
    partly = [name for name in header if plain in name.casefold().split(JOINT)]
    return partly[0] if len(partly) == 1 else None


# ---- rows


@dataclass(frozen=True, slots=True)
class Rows:
    """A table read by a layout: its long rows of text, and the rows that are left out with a reason."""

    long: pl.DataFrame
    table: Table
    rejections: tuple[Rejection, ...]


def read_rows(document: Document, layout: Layout, header: Sequence[str]) -> Rows:
    """Read the table with these column names; those that the layout names must be among them."""
    table = tables.read(document, header_row=layout.header_rows[-1], sheet=layout.sheet, names=header)
    filled = _filled_down(table.cells, layout, header)
    cells, left_out = _left_out(document, filled, table.cells, layout, header)
    long = _long(cells, layout, header)
    return Rows(long, table, (*table.rejections, *left_out))


def _at(name: str, header: Sequence[str]) -> pl.Expr:
    return pl.col(find_column(name, header) or name)


def _filled_down(cells: pl.DataFrame, layout: Layout, header: Sequence[str]) -> pl.DataFrame:
    filled = [_at(name, header) for name in layout.fill_down]
    return cells.with_columns(
        pl.when(text.str.strip_chars() != "").then(text).forward_fill().fill_null("") for text in filled
    )


def _left_out(
    document: Document, cells: pl.DataFrame, as_given: pl.DataFrame, layout: Layout, header: Sequence[str]
) -> tuple[pl.DataFrame, list[Rejection]]:
    """The rows to be read, and a rejection for each that the layout leaves out."""
    numbers = [_at(name, header).str.strip_chars() == "" for name in _number_columns(layout)]
    is_alone = pl.sum_horizontal(pl.all().exclude(ROW).str.strip_chars() != "") < 2
    told = pl.lit("is a heading or a note: it holds no numbers")
    reasons = [pl.when(pl.all_horizontal(*numbers, "_alone")).then(told)]
    for condition in layout.where:
        column = find_column(condition.column, header) or condition.column
        reasons.append(pl.when(~_meets(pl.col(column), condition)).then(_told(column, condition)))
    marked = cells.with_columns(as_given.select(_alone=is_alone))
    judged = marked.with_columns(_reason=pl.coalesce(reasons)).drop("_alone")
    refused = judged.filter(pl.col("_reason").is_not_null())
    rejections = [
        Rejection(document.name, row[ROW], row["_reason"], ",".join(row[name] for name in header)[:SHOWN])
        for row in refused.iter_rows(named=True)
    ]
    return judged.filter(pl.col("_reason").is_null()).drop("_reason"), rejections


def _number_columns(layout: Layout) -> list[str]:
    names = [each.column for each in layout.choices] + [each.column for each in layout.counts]
    return [*names, *layout.modes, *([layout.votes] if layout.votes else [])]


def _meets(text: pl.Expr, condition: Condition) -> pl.Expr:
    plain = text.str.strip_chars()
    if condition.filled is not None:
        return (plain != "") == condition.filled
    if condition.allowed:
        return plain.is_in(condition.allowed)
    return ~plain.is_in(condition.refused)


def _told(column: str, condition: Condition) -> pl.Expr:
    if condition.reason:
        return pl.lit(condition.reason)
    return pl.format("is left out by the mapping: " + column.replace("{}", "") + " is '{}'", pl.col(column))


# ---- one row per number


def _long(cells: pl.DataFrame, layout: Layout, header: Sequence[str]) -> pl.DataFrame:
    numbers = (_at(name, header).alias(f"#{name}") for name in _number_columns(layout))
    base = cells.select(ROW, *_texts(layout, header), *numbers)
    parts = [_choice_rows(base, each) for each in layout.choices]
    if layout.votes:
        parts.append(_vote_rows(base, layout.votes, None))
    parts += [_vote_rows(base, column, mode) for column, mode in layout.modes.items()]
    parts += [_count_rows(base, each, once=not layout.is_wide) for each in layout.counts]
    return pl.concat(parts, how="diagonal")


def _texts(layout: Layout, header: Sequence[str]) -> list[pl.Expr]:
    found = {word: joined([_at(name, header) for name in names]) for word, names in layout.texts.items()}
    if layout.blank_unit and "unit" in found:
        is_blank = found["unit"].str.strip_chars() == ""
        found["unit"] = pl.when(is_blank).then(pl.lit(layout.blank_unit)).otherwise(found["unit"])
    texts = [text.alias(word) for word, text in found.items()]
    return [*texts, *(pl.lit(text).alias(word) for word, text in layout.constants.items())]


def joined(columns: Sequence[pl.Expr]) -> pl.Expr:
    """The columns' texts in one; a part with which the next one begins is not said twice."""
    whole = columns[-1]
    for column in reversed(columns[:-1]):
        says_it = whole.str.to_lowercase().str.starts_with(column.str.to_lowercase().str.strip_chars())
        both = pl.concat_str(column, whole, separator=" ").str.replace_all(r"\s+", " ").str.strip_chars()
        whole = pl.when(says_it).then(whole).otherwise(both)
    return whole


def _numbers(base: pl.DataFrame, column: str) -> pl.DataFrame:
    kept = [name for name in base.columns if not name.startswith("#")]
    return base.select(*kept, votes=pl.col(f"#{column}"), column=pl.lit(column))


def _vote_rows(base: pl.DataFrame, column: str, mode: str | None) -> pl.DataFrame:
    rows = _numbers(base, column)
    return rows if mode is None else rows.with_columns(mode=pl.lit(mode))


def _choice_rows(base: pl.DataFrame, choice: ChoiceColumn) -> pl.DataFrame:
    rows = _numbers(base, choice.column)
    stated = {"choice": choice.name, "party": choice.party, "measure": choice.measure}
    rows = rows.with_columns(pl.lit(text).alias(word) for word, text in stated.items())
    return rows.with_columns(mode=pl.lit(choice.mode)) if choice.mode else rows


def _count_rows(base: pl.DataFrame, count: CountColumn, *, once: bool) -> pl.DataFrame:
    """A count of the contest or unit; in a long table it is repeated on each row and taken ``once``."""
    of_contest = count.of_contest or count.measure in CONTEST_MEASURES
    rows = _numbers(base, count.column)
    emptied = ("choice", "party", "write_in") if of_contest else _OF_CONTEST
    rows = rows.with_columns(pl.lit("").alias(word) for word in emptied if word in rows.columns)
    rows = rows.with_columns(
        choice=pl.lit(count.detail or _NAMES.get(count.measure, "")),
        measure=pl.lit(count.measure.value), mode=pl.lit(count.mode),
    )  # fmt: skip
    if not once:
        return rows
    keys = [word for word in (*PLACE, "office", "district", "choice") if word in rows.columns]
    filled = rows.filter(pl.col("votes").str.strip_chars() != "")
    return filled.unique([*keys, "votes"], keep="first", maintain_order=True)
