"""What cards say beside what was reported: one row for each contest, unit, way of voting and item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tallyproof.audit.card_counts import CountedCards
from tallyproof.audit.card_facts import Numbers
from tallyproof.audit.card_votes import GroupedContest
from tallyproof.checks.card_contests import CardContests, jurisdiction_key
from tallyproof.checks.material import Material
from tallyproof.election import voting_modes
from tallyproof.election.cast_vote_record import is_write_in
from tallyproof.election.contest import choice_ids
from tallyproof.election.evidence import slug
from tallyproof.election.jurisdiction import place_key
from tallyproof.election.returns import VOTES, Level, Measure, Mode, UnitKind, countable, is_measure

WRITE_INS, OVERVOTES, UNDERVOTES = "write-ins", "overvotes", "undervotes"
"""Items beside the choices; all write-ins of a contest are one item."""
CELL = ("contest", "item", "unit_key", "mode_key")
_COUNTED = (*VOTES, Measure.OVERVOTES, Measure.UNDERVOTES)


@dataclass(frozen=True, slots=True)
class Beside:
    """Cards of one jurisdiction beside one snapshot.

    ``cells`` has ``CELL``, ``counted`` (by the cards), ``other`` (another reading of the same), ``reported``
    (null where not known), unit, mode, file, row, column and ``matched`` (whether the unit is known to both).
    ``rows`` are the reported rows behind it, ``names`` the contests on cards by their ids, and ``units`` the
    keys of units on cards under which the two meet, empty where units were not told apart.
    """

    jurisdiction: str
    snapshot: str
    cells: pl.DataFrame
    rows: pl.DataFrame
    names: Mapping[str, str]
    units: Mapping[str, str]

    @property
    def by_unit(self) -> bool:
        """Whether units were told apart."""
        return bool(self.units)


def beside(material: Material, contests: CardContests) -> list[Beside]:
    """Every jurisdiction's cards beside every snapshot that reports one of their contests for it."""
    found = []
    for counted in material.card_counts:
        rows = of_jurisdiction(material, counted, material.returns.filter(countable()))
        names = {contests.ids[name]: name for name in counted.contests if name in contests.in_returns}
        rows = rows.filter(pl.col("contest").cast(pl.String).is_in(list(names)) & is_measure(*_COUNTED))
        for snapshot in rows["snapshot"].unique(maintain_order=True).cast(pl.String):
            here = rows.filter(pl.col("snapshot") == snapshot)
            found.append(_beside(counted, snapshot, here, names))
    return found


def of_jurisdiction(material: Material, counted: CountedCards, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that speak of the place whose cards these are; all where there is but one place."""
    counties = {str(name): jurisdiction_key(str(name)) for name in rows["county"].unique()}
    own = jurisdiction_key(counted.jurisdiction)
    same = [name for name, key in counties.items() if own and key == own]
    if same:
        return rows.filter(pl.col("county").cast(pl.String).is_in(same))
    is_whole = not own or len([name for name in counties if name]) <= 1
    return rows if is_whole and len(material.card_counts) == 1 else rows.clear()


def _beside(counted: CountedCards, snapshot: str, rows: pl.DataFrame, names: Mapping[str, str]) -> Beside:
    finest = _finest(rows)
    units = unit_keys(counted, finest)
    modes = _mode_keys(counted, finest)
    reported = _reported(finest, counted, names, units, modes)
    cards = _counted(counted, names, units, modes)
    cells = cards.join(reported, on=list(CELL), how="full", coalesce=True, maintain_order="left_right")
    known = set(reported["unit_key"].unique()) & set(cards["unit_key"].unique())
    judged = cells.with_columns(
        pl.col("counted", "other").fill_null(0), matched=pl.col("unit_key").is_in(list(known))
    )
    return Beside(counted.jurisdiction, snapshot, judged, finest, names, units)


def _finest(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows at the finest level of each contest, so that levels never meet."""
    rank = pl.col("level").replace_strict(
        {Level.STATE.value: 0, Level.COUNTY.value: 1, Level.UNIT.value: 2}, return_dtype=pl.Int8
    )
    return rows.filter(rank == rank.max().over("contest"))


# ---- units


def unit_names(portion: str) -> tuple[str, ...]:
    """The names under which returns may know a precinct portion: whole, without its bracket, the bracket.

    Dominion writes "Ward 1 (2)" or "1260303104-51 (104-51)".
    """
    before, _, inside = portion.partition("(")
    return portion, before.strip(), inside.rpartition(")")[0].strip()


def unit_keys(counted: CountedCards, rows: pl.DataFrame) -> dict[str, str]:
    """For each unit on cards the key under which returns know it, by the wording that fits most cards.

    Empty where no unit is known to both.
    """
    places = rows.filter(
        (pl.col("level") == Level.UNIT.value) & (pl.col("unit_kind") == UnitKind.PLACE.value)
    )
    names = [*places["unit"].unique(), *places["unit_id"].unique()]
    known = {place_key(str(name)) for name in names} - {""}
    cards = dict(counted.groups.group_by("unit").agg(pl.col("cards").sum()).iter_rows())
    if not known or not any(cards):
        return {}
    keys = [{unit: place_key(unit_names(unit)[form]) for unit in cards} for form in range(3)]
    weights = [sum(n for unit, n in cards.items() if key[unit] in known) for key in keys]
    best = max(range(3), key=lambda form: weights[form])
    return {unit: key or "-" for unit, key in keys[best].items()} if weights[best] else {}


def unit_column(rows: pl.DataFrame, units: Mapping[str, str]) -> pl.Expr:
    """The key of a row's unit: by its name, or by its official id where cards use that."""
    if not units:
        return pl.lit("")
    wanted = set(units.values())
    found = {}
    for name, unit_id in rows.select(pl.col("unit", "unit_id").cast(pl.String)).unique().iter_rows():
        by_id = place_key(unit_id)
        found[(name, unit_id)] = by_id if by_id in wanted else place_key(name)
    table = [f"{name}\x1f{unit_id}" for name, unit_id in found]
    text = pl.concat_str(pl.col("unit", "unit_id").cast(pl.String), separator="\x1f")
    return text.replace_strict(table, list(found.values()), return_dtype=pl.String)


# ---- ways of voting


def _family(mode: Mode) -> str:
    """Mail and absentee are one: offices use the words for each other."""
    return Mode.ABSENTEE.value if mode is Mode.ABSENTEE_MAIL else mode.value


def _mode_keys(counted: CountedCards, rows: pl.DataFrame) -> dict[str, str]:
    """For each mode on cards its key, where cards and returns tell the same ways of voting apart."""
    cards = {mode: _family(voting_modes.mode(mode)) for mode in counted.groups["mode"].unique() if mode}
    named = counted.groups["mode"].str.len_chars().min() or 0
    split = rows.filter((pl.col("mode") != Mode.TOTAL.value) & (pl.col("votes") > 0))
    told = {_family(Mode(mode)) for mode in split["mode"].unique()}
    has_all = named and len(cards) > 1 and set(cards.values()) == told and Mode.OTHER.value not in told
    return cards if has_all else {}


def by_mode(rows: pl.DataFrame, modes: Mapping[str, str]) -> pl.DataFrame:
    """Rows by way of voting where both tell them apart; else stated totals, or the sum of the ways."""
    is_total = pl.col("mode") == Mode.TOTAL.value
    if modes:
        return rows.filter(~is_total).with_columns(
            mode_key=pl.col("mode").cast(pl.String).replace(Mode.ABSENTEE_MAIL.value, Mode.ABSENTEE.value)
        )
    has_total = is_total.any().over("contest", "unit", "unit_id", "choice_id", "measure", "county")
    return rows.filter(is_total | ~has_total).with_columns(mode_key=pl.lit(""))


# ---- both sides


def _reported(
    rows: pl.DataFrame, counted: CountedCards, names: Mapping[str, str], units: Mapping[str, str],
    modes: Mapping[str, str],
) -> pl.DataFrame:  # fmt: skip
    found = items_of(rows, counted, names)
    key = ["contest", "choice_id", "choice", "measure"]
    texts = by_mode(rows, modes).with_columns(unit_key=unit_column(rows, units)).with_columns(
        pl.col(key).cast(pl.String)
    )  # fmt: skip
    known = texts.join(found, on=key, how="inner", maintain_order="left")
    unknown = pl.col("votes").is_null().any()
    return known.group_by(*CELL, maintain_order=True).agg(
        pl.when(unknown).then(None).otherwise(pl.col("votes").sum()).alias("reported"),
        pl.col("unit", "county", "file", "column").cast(pl.String).first(), pl.col("row").min(),
    )  # fmt: skip


def items_of(rows: pl.DataFrame, counted: CountedCards, names: Mapping[str, str]) -> pl.DataFrame:
    """Which item each choice of the returns is; choices that cards do not know are left out."""
    key = ["contest", "choice_id", "choice", "measure"]
    found: list[tuple[str, ...]] = []
    for contest, choices in (
        rows.select(pl.col(key).cast(pl.String))
        .unique(maintain_order=True)
        .group_by("contest", maintain_order=True)
    ):
        known = counted.contests[names[str(contest[0])]]
        found += _contest_items(choices, known)
    schema = dict.fromkeys([*key, "item"], pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


def _contest_items(choices: pl.DataFrame, contest: GroupedContest) -> Iterable[tuple[str, ...]]:
    on_cards = [name for name in contest.votes if not is_write_in(name)]
    by_name = {slug(name): name for name in on_cards}
    by_id = {key: name for name, key in choice_ids(on_cards).items()}
    for row in choices.iter_rows():
        _, choice_id, choice, measure = row
        if measure in {OVERVOTES, UNDERVOTES}:
            item = measure if contest.has_undervotes else ""
        elif measure == Measure.WRITE_IN.value or is_write_in(choice):
            item = WRITE_INS
        else:
            item = by_name.get(slug(choice), "") or by_id.get(choice_id, "")
        if item:
            yield (*row, item)


def _counted(
    counted: CountedCards, names: Mapping[str, str], units: Mapping[str, str], modes: Mapping[str, str]
) -> pl.DataFrame:
    kinds = counted.groups.select(
        unit_name="unit", unit_key=pl.col("unit").replace_strict(units, default="") if units else pl.lit(""),
        mode_key=pl.col("mode").replace_strict(modes, default="") if modes else pl.lit(""),
    )  # fmt: skip
    places = kinds.group_by("unit_key", "mode_key", maintain_order=True).agg(pl.col("unit_name").first())
    numbered = kinds.join(
        places.with_row_index("place"), on=["unit_key", "mode_key"], how="left", maintain_order="left"
    )
    place = numbered["place"].cast(pl.Int64).to_numpy()
    frames = []
    for contest_id, name in names.items():
        contest = counted.contests[name]
        borne = np.bincount(place, contest.cards, minlength=places.height) > 0
        for item, (votes, other) in _by_item(contest).items():
            frames.append(places.with_columns(
                pl.lit(contest_id).alias("contest"), pl.lit(item).alias("item"),
                _summed("counted", votes, place, places.height),
                _summed("other", other, place, places.height),
            ).filter(pl.Series(borne)))  # fmt: skip
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict.fromkeys(CELL, pl.String))


def _summed(name: str, votes: Numbers, place: Numbers, places: int) -> pl.Series:
    return pl.Series(name, np.bincount(place, votes, minlength=places).astype(np.int64))


def _by_item(contest: GroupedContest) -> dict[str, tuple[Numbers, Numbers]]:
    """Each item's votes by group, with the other reading that offices use: overvotes in votes."""
    items: dict[str, tuple[Numbers, Numbers]] = {}
    for choice, votes in contest.votes.items():
        item = WRITE_INS if is_write_in(choice) else choice
        sums = items[item][0] + votes if item in items else votes
        items[item] = (sums, sums)
    if contest.has_undervotes:
        items[OVERVOTES] = (contest.overvotes, contest.overvotes * (contest.vote_for or 1))
        items[UNDERVOTES] = (contest.undervotes, contest.undervotes)
    return items
