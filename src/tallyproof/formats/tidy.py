"""From long rows of text to the returns table: numbers parsed, words classified, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from tallyproof.election import returns
from tallyproof.election.canvass import Status
from tallyproof.election.contest import choice_ids, contest_id, district, office, party_code
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.jurisdiction import county_name, state_code
from tallyproof.election.returns import CONTEST_MEASURES, Level, Measure, Note
from tallyproof.formats import words
from tallyproof.formats.overlap import mark_overlaps
from tallyproof.formats.tables import ROW, SHOWN

TEXT = ("state", "county", "unit", "unit_id", "office", "district", "choice", "party", "write_in", "measure",
        "mode", "vote_for", "column")  # fmt: skip
"""Text columns an importer may give; those it lacks are taken as empty. ``votes`` and ``_row`` are required."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an importer read from one document.

    ``frame`` has ``returns.SCHEMA``; ``read`` and ``stored`` count source rows, so that
    ``read == stored + len(rows with a rejection)``.
    """

    frame: pl.DataFrame
    read: int
    stored: int
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document beside its rows.

    ``has_units`` is False where the table has no column for units, so that a blank unit is no total.
    """

    file: str
    read: int
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    state: str = ""
    election: date | None = None
    status: Status = Status.UNKNOWN
    as_of: datetime | None = None
    raw: Callable[[int], str] = field(default=lambda row: "")


def assemble(long: pl.DataFrame, about: About) -> Reading:
    """Build the returns table from long text rows: one row per number, with ``_row`` and ``votes``.

    Every source row is stored or rejected with a reason. Blank cells beside filled ones of the same
    row (modes that were not used) are left out; a row of blanks only keeps one unknown number.
    """
    complete = _with_text_columns(long, about.state)
    numbered = _parse_votes(complete)
    named = _classify_units(_classify_contests(numbered))
    kept, rejections = _reject(named, about)
    frame = returns.conform(_finish(kept, about.file))
    frame = _mark_repeats(mark_overlaps(frame))
    return Reading(
        frame, about.read, frame["row"].n_unique(), (*about.rejections, *rejections), about.remarks,
        about.election, about.status, about.as_of,
    )  # fmt: skip


def _with_text_columns(long: pl.DataFrame, state: str) -> pl.DataFrame:
    missing = [pl.lit("").alias(name) for name in TEXT if name not in long.columns]
    filled = long.with_columns(missing).with_columns(pl.col(TEXT).fill_null("").cast(pl.Categorical))
    if state:
        given = pl.when(pl.col("state") == "").then(pl.lit(state)).otherwise(pl.col("state").cast(pl.String))
        filled = filled.with_columns(state=given.cast(pl.Categorical))
    return filled.select(ROW, "votes", *TEXT)


_COMMAS = r"^[+-]?\d{1,3}(,\d{3})+$"
_DECIMAL = r"^[+-]?\d+\.0+$"
_IN_BRACKETS = r"^\(\d+\)$"
_SUPPRESSED = r"^(\*+|<\s*\d+|(?i:suppressed|redacted|hidden|withheld))$"
_BLANK = r"^(|-+|–|—|(?i:na|n/a|nan|null|none|\.))$"


def _parse_votes(frame: pl.DataFrame) -> pl.DataFrame:
    """Votes as integers with a note on the cell; null where unknown."""
    text = pl.col("votes").str.strip_chars()
    plain = text.cast(pl.Int64, strict=False)
    quick = frame.with_columns(raw=text, number=plain)
    if not quick["number"].has_nulls():
        return quick.with_columns(note=pl.lit("")).drop("votes")
    raw = pl.col("raw")
    has_commas, is_decimal = raw.str.contains(_COMMAS), raw.str.contains(_DECIMAL)
    repaired = raw.str.replace_all(",", "").str.replace(r"\.0+$", "").str.replace(r"^\((\d+)\)$", "-$1")
    readable = has_commas | is_decimal | raw.str.contains(_IN_BRACKETS)
    note = (
        pl.when(pl.col("number").is_not_null()).then(pl.lit(Note.PLAIN.value))
        .when(has_commas).then(pl.lit(Note.COMMA.value))
        .when(readable).then(pl.lit(Note.DECIMAL.value))
        .when(raw.str.contains(_SUPPRESSED)).then(pl.lit(Note.SUPPRESSED.value))
        .when(raw.str.contains(_BLANK)).then(pl.lit(Note.BLANK.value))
        .otherwise(pl.lit(Note.UNREADABLE.value))
    )  # fmt: skip
    number = pl.coalesce("number", pl.when(readable).then(repaired.cast(pl.Int64, strict=False)))
    return _drop_unused_blanks(quick.with_columns(number=number, note=note).drop("votes"))


def _drop_unused_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out blank cells of rows that hold a number; of all-blank rows keep each column's choice once."""
    is_blank = pl.col("note") == Note.BLANK.value
    has_number = (~is_blank).any().over(ROW, "choice", "measure")
    first_blank = pl.int_range(pl.len()).over(ROW, "choice", "measure") == 0
    return frame.filter(~is_blank | (~has_number & first_blank))


def _distinct(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The distinct combinations of these text columns; columns that never vary cost nothing."""
    varying = _varying(frame, keys)
    if not varying:
        return frame.select(keys).head(1)
    return frame.select(keys).unique(varying, keep="first", maintain_order=True)


def _varying(frame: pl.DataFrame, keys: list[str]) -> list[str]:
    if not frame.height:
        return []
    same = frame.select((pl.col(name) == pl.col(name).first()).all() for name in keys).row(0)
    return [name for name, constant in zip(keys, same, strict=True) if not constant]


def _lookup(
    frame: pl.DataFrame, keys: list[str], rows: Iterable[dict[str, object]], schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    """Add the looked-up columns to each row, joining only on the keys that vary."""
    table = pl.DataFrame(list(rows), schema={**dict.fromkeys(keys, pl.Categorical()), **schema}, orient="row")
    varying = _varying(frame, keys)
    if varying:
        return frame.join(table.drop(set(keys) - set(varying)), on=varying, how="left", maintain_order="left")
    first = table.row(0, named=True) if table.height else dict.fromkeys(schema)
    return frame.with_columns(pl.lit(first[name], dtype=kind).alias(name) for name, kind in schema.items())


_CAT = pl.Categorical()
_CONTEST_IN = ["state", "office", "district", "choice", "party", "measure", "vote_for", "write_in"]
_CONTEST_OUT: dict[str, pl.DataType] = {
    "state_code": _CAT, "contest": _CAT, "office_name": _CAT, "district_name": _CAT, "seats": pl.UInt8(),
    "choice_name": _CAT, "party_name": _CAT, "kind": _CAT, "fault": _CAT,
}  # fmt: skip


def _classify_contests(frame: pl.DataFrame) -> pl.DataFrame:
    """Add contest, choice, party and measure, working once per distinct wording."""
    distinct = _distinct(frame, _CONTEST_IN)
    found = [{**row, **_contest_words(row)} for row in distinct.iter_rows(named=True)]
    joined = _lookup(frame, _CONTEST_IN, found, _CONTEST_OUT)
    return _lookup(joined, ["contest", "choice_name"], _choice_keys(found), {"choice_key": _CAT})


def _contest_words(row: dict[str, str]) -> dict[str, object]:
    stated, where = row["measure"].strip(), state_code(row["state"])
    choice_text = " ".join(row["choice"].split())
    measure = _measure(stated, row["office"], choice_text)
    base = {
        "state_code": where,
        "kind": measure,
        "choice_name": choice_text,
        "party_name": party_code(row["party"]),
    }
    if measure is None:
        return {**base, "fault": f"has a measure '{stated}' that Tallyproof does not know"}
    if measure not in CONTEST_MEASURES and (words.unit_measure(row["office"]) or not row["office"].strip()):
        return {
            **base,
            "contest": "",
            "office_name": "",
            "district_name": "",
            "choice_name": _detail(measure, choice_text),
        }
    return {**base, **_contest(where, row), "fault": _fault(row, measure, choice_text)}


def _measure(stated: str, office_text: str, choice_text: str) -> str | None:
    if stated:
        return stated if stated in Measure._value2member_map_ else None
    if words.is_straight_party(office_text):
        return Measure.STRAIGHT_PARTY.value
    if not choice_text or choice_text.casefold() == office_text.strip().casefold():
        found = words.unit_measure(office_text)
        return (found or words.choice_measure(choice_text) or Measure.CHOICE).value
    return (words.choice_measure(choice_text) or Measure.CHOICE).value


def _detail(measure: str, choice_text: str) -> str:
    return choice_text if measure == Measure.BALLOTS_BY_DEVICE else ""


def _contest(where: str, row: dict[str, str]) -> dict[str, object]:
    read = office(row["office"])
    district_name = district(row["district"]) or read.district
    stated = row["vote_for"].strip()
    seats = int(stated) if stated.isdigit() and 0 < int(stated) < 256 else read.vote_for
    return {
        "contest": contest_id(where, read.name, district_name), "office_name": read.name,
        "district_name": district_name, "seats": seats,
    }  # fmt: skip


def _fault(row: dict[str, str], measure: str, choice_text: str) -> str:
    if words.is_percentage(row["office"]) or words.is_percentage(choice_text):
        return "is a share, not a count"
    if not row["office"].strip():
        return "names no office"
    return "names no choice" if measure == Measure.CHOICE and not choice_text else ""


def _choice_keys(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """A key per choice and contest under which other sources' spellings meet."""
    named: dict[object, dict[str, str]] = {}
    for row in found:
        named.setdefault(row.get("contest"), {})[str(row["choice_name"])] = str(row["kind"])
    keyed: list[dict[str, object]] = []
    for contest, choices in named.items():
        ids = choice_ids(
            name for name, kind in choices.items() if kind in {Measure.CHOICE, Measure.STRAIGHT_PARTY}
        )
        for name, kind in choices.items():
            keyed.append(
                {"contest": contest, "choice_name": name, "choice_key": ids.get(name, _pseudo_id(kind, name))}
            )
    return keyed


def _pseudo_id(kind: str, name: str) -> str:
    """Pseudo-candidates meet under their measure, whatever they are called."""
    if kind in {Measure.ELECTORS, Measure.ELECTORS_CAST, Measure.MARGIN}:
        return next(iter(choice_ids([name]).values()), "") if name else ""
    return name.casefold() if kind == Measure.BALLOTS_BY_DEVICE else kind.replace("_", "-")


def _classify_units(frame: pl.DataFrame) -> pl.DataFrame:
    """Add county, unit kind and level, and the mode, working once per distinct wording."""
    keys = ["county", "unit"]
    distinct = _distinct(frame, keys)
    units = [{**row, **_unit_words(row["county"], row["unit"])} for row in distinct.iter_rows(named=True)]
    out: dict[str, pl.DataType] = {"county_name": _CAT, "unit_name": _CAT, "unit_kind": _CAT, "level": _CAT}
    modes = [{"mode": text, "mode_name": words.mode(text).value} for text in frame["mode"].unique()]
    return _lookup(_lookup(frame, keys, units, out), ["mode"], modes, {"mode_name": _CAT})


def _unit_words(county: str, unit: str) -> dict[str, str]:
    kind, level = words.unit_kind(unit, county)
    return {
        "county_name": "" if level is Level.STATE else county_name(county),
        "unit_name": " ".join(unit.split()) if level is Level.UNIT else "",
        "unit_kind": kind.value,
        "level": level.value,
    }


def _reject(frame: pl.DataFrame, about: About) -> tuple[pl.DataFrame, list[Rejection]]:
    """Split off rows none of whose cells can be stored; an unreadable cell in a good row stays unknown."""
    unreadable = (pl.col("note") == Note.UNREADABLE.value).all().over(ROW)
    reason = (
        pl.when(pl.col("fault").is_not_null() & (pl.col("fault") != "")).then(pl.col("fault").cast(pl.String))
        .when(unreadable).then(pl.format("has '{}' in {} where a number is expected", "raw", pl.col("column").cast(pl.String)))
    )  # fmt: skip
    judged = frame.with_columns(reason=reason)
    bad = judged.filter(pl.col("reason").is_not_null())
    if not bad.height:
        return judged, []
    good = judged.filter(pl.col("reason").is_null())
    lost = bad.join(good.select(ROW).unique(), on=ROW, how="anti").unique(
        ROW, keep="first", maintain_order=True
    )
    shown = (
        Rejection(about.file, row[ROW], row["reason"], _shown(row))
        for row in lost.sort(ROW).iter_rows(named=True)
    )
    return good, list(shown)


def _shown(row: dict[str, object]) -> str:
    cells = (row[name] for name in ("county", "unit", "office", "district", "choice", "party", "raw"))
    return ",".join(str(cell) for cell in cells)[:SHOWN]


def _finish(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    return frame.select(
        pl.lit(file).alias("file"), pl.col(ROW).alias("row"), "column", pl.col("state_code").alias("state"),
        pl.col("county_name").alias("county"), pl.col("unit_name").alias("unit"), "unit_id", "level", "unit_kind",
        "contest", pl.col("office_name").alias("office"), pl.col("district_name").alias("district"),
        pl.col("seats").alias("vote_for"), pl.col("choice_name").alias("choice"),
        pl.col("choice_key").alias("choice_id"), pl.col("party_name").alias("party"), pl.col("kind").alias("measure"),
        pl.col("mode_name").alias("mode"), pl.col("mode").alias("mode_raw"), pl.col("number").alias("votes"), "note",
    )  # fmt: skip


def _mark_repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """Mark later copies of rows where a unit's contest stands twice with the same numbers throughout.

    Where any number of the unit's contest differs between the copies, both are kept: they are parts
    of a split precinct that lost their names, and leaving one out would lose votes.
    """
    key = [*returns.CELL_KEY, "choice", "mode_raw", "unit_id"]
    block = [*returns.UNIT_KEY, "unit_id", "contest"]
    groups = frame.group_by(key).agg(copies=pl.len(), values=pl.col("votes").n_unique())
    doubled = groups.filter(pl.col("copies") > 1)
    if not doubled.height:
        return frame
    differing = doubled.filter(pl.col("values") > 1).select(block).unique()
    same = doubled.select(key).join(differing, on=block, how="anti")
    places = frame.select(key).with_row_index("_place").join(same, on=key, how="semi")
    later = places.filter(pl.int_range(pl.len()).over(key) > 0)["_place"].to_list()
    is_later = pl.int_range(pl.len(), dtype=pl.UInt32).is_in(later)
    note = pl.when(is_later).then(pl.lit(Note.REPEATED.value)).otherwise(pl.col("note").cast(pl.String))
    return frame.with_columns(note=note.cast(returns.SCHEMA["note"]))
