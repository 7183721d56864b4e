"""Tallies of cast vote records beside the totals reported, by contest, choice, unit and way of voting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from tallyproof.checks.card_cells import OVERVOTES, UNDERVOTES, WRITE_INS, Beside, beside
from tallyproof.checks.card_contests import NO_CARDS, CardContests, Stake, card_contests, opening, place_of
from tallyproof.checks.card_unmet import not_compared, other_county
from tallyproof.checks.check import Missing, Outcome, check
from tallyproof.checks.material import Material
from tallyproof.checks.wording import count, topic
from tallyproof.election.canvass import Status
from tallyproof.election.evidence import Finding, Severity, Source
from tallyproof.election.returns import VOTES, is_measure

MANY = 5
"""Where a contest differs in more units than this, one finding tells of all: a batch has cards of many."""
_PLACE = ("item", "unit_key", "mode_key")
NAMED = 4
"""Differences spelled out in a message."""


@check(
    "B14", "Cards beside the totals",
    question="Do the cast vote records add up to the totals that were reported?",
    formula="d = tally(cards) - reported, by choice, unit and way of voting; adds up when every d = 0",
    severity=Severity.WARNING,
    needs=("cast vote records", "votes by choice of the same contests, for the same places"),
    benign=(
        "ballots were adjudicated or cured after one of the two was made",
        "cards of small groups were left out or merged to protect the secrecy of the vote",
        "some ballots were counted by hand and have no cast vote record",
        "a batch was loaded twice, or not yet, into one of the two",
        "write-in votes for persons who did not register are marks on cards and no votes",
    ),
    record="the results by tabulator and batch from the election management system, beside its tapes",
    holder="the county clerk or board of elections",
)  # fmt: skip
def cards_beside_totals(material: Material) -> Outcome:
    """A warning that two sources disagree; for information where only units or ways of voting differ.

    What met nothing on the other side is told too, for it was not compared.
    """
    if not material.card_counts:
        return Missing(NO_CARDS)
    contests = card_contests(material)
    pairs = beside(material, contests)
    if not material.returns.select(is_measure(*VOTES).any()).item():
        return Missing("reported votes by choice of a contest that stands on the cards, for the same place")
    found = [finding for pair in pairs for finding in _findings(material, contests, pair)]
    return [*found, *not_compared(material, contests, pairs)]


def _findings(material: Material, contests: CardContests, pair: Beside) -> Iterator[Finding]:
    names = {contests.ids[name]: name for name in contests.ids}
    known = _known(pair.cells)
    differ = (pl.col("counted") != pl.col("reported")).any().over("contest")
    for (contest,), cells in known.filter(differ).group_by("contest", maintain_order=True):
        totals = _differences(cells.filter("complete"), ["item"])
        places = _differences(cells.filter("matched"), _PLACE)
        loose = _differences(cells.filter(pl.col("matched") & ~pl.col("complete")), _PLACE)
        told = _Told(material, contests.stake(names[str(contest)], None), pair)
        if totals.height and pair.by_unit and _explains(places, totals):
            yield from told.by_unit(places)
        elif totals.height:
            yield told.whole(totals, places)
        elif loose.height:
            yield from told.by_unit(loose)
        elif places.height:
            yield told.only_places(places)


def _known(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells of items that are reported for their contest, those of unknown numbers left out.

    A place without a row of its own counts as 0 where the item has rows elsewhere. ``complete`` tells that
    no number of the item is unknown, so that its sums can be held against each other too.
    """
    item, has_row = ("contest", "item"), pl.col("row").is_not_null()
    unknown = has_row & pl.col("reported").is_null()
    marked = cells.with_columns(unknown=unknown, complete=~unknown.any().over(item))
    known = marked.filter(has_row.any().over(item) & ~pl.col("unknown"))
    return known.with_columns(pl.col("reported").fill_null(0))


def _differences(cells: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Sums that differ, with d = cards - reported.

    Overvotes may be reported in ballots or in votes. Marks for write-ins are votes only where the law
    counts them, so cards may have more of them.
    """
    sums = cells.group_by(by, maintain_order=True).agg(
        pl.col("counted", "other", "reported").sum(), pl.col("unit", "unit_name").drop_nulls().first(),
        pl.col("file", "row", "column").drop_nulls().first(),
    )  # fmt: skip
    one, other = pl.col("counted") - pl.col("reported"), pl.col("other") - pl.col("reported")
    d = pl.when(other.abs() < one.abs()).then(other).otherwise(one)
    more_write_ins = (pl.col("item") == WRITE_INS) & (d > 0)
    return sums.with_columns(d=pl.when(more_write_ins).then(0).otherwise(d)).filter(pl.col("d") != 0)


def _explains(places: pl.DataFrame, totals: pl.DataFrame) -> bool:
    """Whether the differences of places add up to those of the whole, for the items that have a whole."""
    places = places.filter(pl.col("item").is_in(totals["item"].implode()))
    parts = dict(places.group_by("item").agg(pl.col("d").sum()).filter(pl.col("d") != 0).iter_rows())
    return parts == dict(totals.select("item", "d").iter_rows())


@dataclass(frozen=True, slots=True)
class _Told:
    """Findings of one contest in one pair of cards and snapshot."""

    material: Material
    stake: Stake
    pair: Beside

    def by_unit(self, places: pl.DataFrame) -> Iterator[Finding]:
        """One finding for each unit, or one for all where there are many."""
        units = places["unit_key"].n_unique()
        if units > MANY:
            yield self.whole(_differences_of(places), places)
            return
        for _, rows in places.group_by("unit_key", maintain_order=True):
            unit = rows["unit"].drop_nulls().first() or rows["unit_name"].drop_nulls().first() or ""
            yield self._finding(str(unit), rows, "", at_stake(rows))

    def whole(self, totals: pl.DataFrame, places: pl.DataFrame) -> Finding:
        """One finding for the jurisdiction, with the units that differ most."""
        units = places["unit_key"].n_unique() if self.pair.by_unit else 0
        more = f" {count(units, 'unit')} differ{'s' if units == 1 else ''}{_most(places)}." if units else ""
        stake = max(at_stake(totals), at_stake(places)) if units else at_stake(totals)
        return self._finding("", totals, more, stake)

    def only_places(self, places: pl.DataFrame) -> Finding:
        """For information: the sums agree, but not every unit or way of voting."""
        units = places["unit_key"].n_unique() if self.pair.by_unit else 0
        what = count(units, "unit") if units else "ways of voting"
        agree = f" The sums agree; only {what} differ{'s' if units == 1 else ''}{_most(places)}."
        found = self._finding("", places, agree, 0)
        return replace(found, severity=Severity.INFO)

    def _finding(self, unit: str, rows: pl.DataFrame, more: str, votes: int) -> Finding:
        source = self.material.source(self.pair.snapshot)
        first = rows.filter(pl.col("row").is_not_null()).head(1).to_dicts() or [{}]
        cell, place = first[0], place_of(self.pair.jurisdiction, unit)
        return Finding(
            "B14", self._severity(), self.stake.contest, place,
            f"{opening(place)}: cast vote records and {source}{self._county()} "
            f"disagree on {self.stake.name}: {_spelled(rows)}.{more}",
            numbers=_numbers(rows), votes_at_stake=votes, margin=self.stake.margin,
            source=Source(cell.get("file") or source, cell.get("row"), cell.get("column") or None,
                          self.pair.snapshot),
            also=tuple(Source(file) for file in self._files()),
            topic=topic("places" if not votes else "", self.material.tag(self.pair.snapshot)),
        )  # fmt: skip

    def _county(self) -> str:
        county = other_county(self.pair.jurisdiction, self.pair.rows)
        return f", which speaks of {county}," if county else ""

    def _severity(self) -> Severity:
        """A count that is not complete differs from the cards by its nature."""
        snapshot = self.material.snapshots.get(self.pair.snapshot)
        is_partial = snapshot is not None and snapshot.status is Status.UNOFFICIAL_PARTIAL
        return Severity.INFO if is_partial else Severity.WARNING

    def _files(self) -> tuple[str, ...]:
        counted = self.material.card_counts
        return next(each.files for each in counted if each.jurisdiction == self.pair.jurisdiction)


def _differences_of(places: pl.DataFrame) -> pl.DataFrame:
    return places.group_by("item", maintain_order=True).agg(
        pl.col("counted", "other", "reported", "d").sum(), pl.col("file", "row", "column").first()
    )


def at_stake(rows: pl.DataFrame) -> int:
    """The most that a lead of one choice over another can change if these differences are settled.

    Every cell may be settled in favour of the cards or of the report, so gains of one choice and losses of
    another add up: the largest sum of d above 0 and the largest of -d, of two choices. Where only over- or
    undervotes differ, each may have been a vote.
    """
    up, down = pl.col("d").clip(lower_bound=0).sum(), (-pl.col("d")).clip(lower_bound=0).sum()
    sums = rows.group_by("item").agg(up.alias("up"), down.alias("down"))
    choices = sums.filter(~pl.col("item").is_in([OVERVOTES, UNDERVOTES]))
    ups, downs = (list[int](choices[name]) for name in ("up", "down"))
    if not ups:
        return max([0, *list[int](sums["up"]), *list[int](sums["down"])])
    both = [one + other for i, one in enumerate(ups) for j, other in enumerate(downs) if i != j]
    return max([*ups, *downs, *both])


def _most(places: pl.DataFrame) -> str:
    """Which unit differs most; nothing where units are not told apart."""
    named = places.with_columns(name=pl.coalesce("unit", "unit_name")).filter(pl.col("name") != "")
    units = named.group_by("name", maintain_order=True).agg(pl.col("d").abs().sum())
    return (
        f", most in {units.sort('d', descending=True, maintain_order=True)['name'][0]}"
        if units.height
        else ""
    )


def _spelled(rows: pl.DataFrame) -> str:
    ordered = rows.sort(pl.col("d").abs(), descending=True, maintain_order=True)
    parts = [
        f"{_item(row)} {_read(row):,} on cards, {row['reported']:,} reported ({row['d']:+,})"
        for row in ordered.head(NAMED).iter_rows(named=True)
    ]
    rest = rows.height - len(parts)
    return "; ".join(parts) + (f"; and {rest:,} more" if rest else "")


def _item(row: Mapping[str, Any]) -> str:
    mode = row.get("mode_key") or ""
    return f"{row['item']} by {mode}" if mode else str(row["item"])


def _read(row: Mapping[str, Any]) -> int:
    """The reading of the cards by which d was taken."""
    return int(row["reported"] + row["d"])


def _numbers(rows: pl.DataFrame) -> dict[str, int]:
    sums = rows.group_by("item", maintain_order=True).agg(pl.col("d").sum())
    ordered = sums.sort(pl.col("d").abs(), descending=True, maintain_order=True)
    return {str(item): int(d) for item, d in ordered.head(20).iter_rows()}
