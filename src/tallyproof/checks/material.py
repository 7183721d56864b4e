"""What a check may look at: returns under check, earlier versions, the election before, file remarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

import polars as pl

from tallyproof.audit.card_counts import CountedCards, count_case
from tallyproof.checks import joining
from tallyproof.election import returns
from tallyproof.election.canvass import Snapshot
from tallyproof.election.card_part import CaseCards
from tallyproof.election.evidence import Rejection, Remark
from tallyproof.election.returns import VOTES, Measure, is_measure
from tallyproof.tracking.standing import Standing, standings

_T = TypeVar("_T")

SUM_KEY = ("snapshot", "state", "county", "unit", "level", "contest")
"""What identifies a row of ``Material.sums``: one contest in one unit as one snapshot tells it."""


@dataclass(frozen=True)
class Material:
    """Everything the checks work on, derived tables made once and on demand.

    ``returns`` has ``returns.SCHEMA`` and a ``snapshot`` column: the newest snapshot of each source.
    ``earlier`` holds older snapshots of the same sources, newest first, as (snapshot, table).
    ``previous`` is a returns table (with ``snapshot``) of an election before this one, or None.
    ``cards`` are cast vote records and manifests, None where there are none.
    """

    returns: pl.DataFrame
    snapshots: Mapping[str, Snapshot]
    earlier: tuple[tuple[Snapshot, pl.DataFrame], ...] = ()
    previous: pl.DataFrame | None = None
    rejections: tuple[Rejection, ...] = ()
    remarks: tuple[Remark, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    cards: CaseCards | None = None
    _made: dict[Callable[[Material], object], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, make: Callable[[Material], _T]) -> _T:
        """What a module of the checks makes of this material, made when the first of them asks."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("_T", self._made[make])

    @cached_property
    def totals(self) -> pl.DataFrame:
        """One row per snapshot, unit (at every level), contest, choice and measure; modes resolved."""
        return returns.resolve_modes(self.returns, ["snapshot"])

    @cached_property
    def leaves(self) -> pl.DataFrame:
        """``totals`` at the finest level given, safe to add up over units."""
        return returns.finest(self.totals, ["snapshot"])

    @cached_property
    def sums(self) -> pl.DataFrame:
        """One row per snapshot, unit and contest with its accounting numbers, null where unknown.

        Columns: ``SUM_KEY``; ``votes`` (S, over all choices, else the stated total), ``choices_votes``,
        ``stated`` (stated total), ``overvotes``, ``undervotes``, ``vote_for``; ``ballots``,
        ``registered``, ``voters`` with ``*_snapshot``, ``*_file`` and ``*_row`` telling where each
        stands (the same snapshot where it has them, else another source) and ``*_exact`` whether it is the
        contest's own; ``unit_kind``, ``file``, ``row``.
        """
        return joining.with_unit_counts(_contest_sums(self.totals), self.unit_counts)

    @cached_property
    def unit_counts(self) -> pl.DataFrame:
        """Ballots, voters and registration by snapshot and unit, counties summed from their units."""
        measures = is_measure(Measure.BALLOTS_CAST, Measure.REGISTERED, Measure.VOTERS)
        return joining.unit_counts(self.totals.filter(measures))

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Where each contest stands, by the most complete snapshot that gives votes or a margin."""
        return standings(self.totals, self.leaves, self.snapshots)

    def margin(self, contest: str) -> int | None:
        """The contest's margin in votes; None where no snapshot tells it."""
        standing = self.standings.get(contest)
        return standing.margin if standing else None

    def source(self, snapshot: str) -> str:
        """The snapshot's source as a user named it."""
        known = self.snapshots.get(snapshot)
        return known.source if known else snapshot

    def source_id(self, snapshot: str) -> str:
        """The key of the snapshot's source, which stays the same when a newer version comes."""
        known = self.snapshots.get(snapshot)
        return known.source_id if known else snapshot

    @cached_property
    def before(self) -> Material | None:
        """The election before as material of its own, or None."""
        return None if self.previous is None else Material(self.previous, {})

    @cached_property
    def card_counts(self) -> tuple[CountedCards, ...]:
        """The cards of each jurisdiction, counted; the cards are read when this is first asked for."""
        return () if self.cards is None else count_case(self.cards)

    @cached_property
    def top_contests(self) -> dict[str, str]:
        """By state the contest that heads the ballot: President, else the one with most votes."""
        is_president = (pl.col("office") == "President").any().cast(pl.Int8).alias("first")
        contests = self.sums.group_by("state", "contest").agg(is_president, pl.col("votes").sum())
        ordered = contests.sort("first", "votes", "contest", descending=[False, False, True])
        return {str(state): str(contest) for state, contest in ordered.select("state", "contest").rows()}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of the returns under check, in the order in which each was first imported."""
        place = {name: number for number, name in enumerate(self.snapshots)}
        first: dict[str, tuple[int, int]] = {}
        for name in self.returns["snapshot"].unique().cast(pl.String):
            source, known = self.source_id(name), self.snapshots.get(name)
            versions = [older.sequence for older, _ in self.earlier if older.source_id == source]
            order = (min([known.sequence if known else 0, *versions]), place.get(name, 0))
            first[source] = min(order, first.get(source, order))
        return tuple(sorted(first, key=lambda source: (first[source], source)))

    def tag(self, snapshot: str) -> str:
        """Nothing for the source that came first, else its key: keeps findings of two sources apart.

        It names the source and not the snapshot, so that a finding keeps its id when a new version comes.
        """
        return self.source_tag(self.source_id(snapshot))

    def source_tag(self, source: str) -> str:
        """``tag`` for a source by its key."""
        return "" if source == self.sources[0] else source


def _contest_sums(totals: pl.DataFrame) -> pl.DataFrame:
    """S, stated total, over- and undervotes of every contest in every unit."""
    rows = totals.filter(pl.col("contest") != "")
    chosen, keys = is_measure(*VOTES), list(SUM_KEY)
    voted = is_measure(*VOTES, Measure.TOTAL_VOTES)

    def number(measure: Measure) -> pl.Expr:
        return pl.col("votes").filter(is_measure(measure)).first().alias(measure.value)

    unknown = pl.col("votes").filter(chosen).is_null().any() | ~chosen.any()
    summed = rows.group_by(keys, maintain_order=True).agg(
        pl.when(unknown).then(None).otherwise(pl.col("votes").filter(chosen).sum()).alias("choices_votes"),
        number(Measure.OVERVOTES), number(Measure.UNDERVOTES), number(Measure.TOTAL_VOTES).alias("stated"),
        pl.col("vote_for", "unit_id").max(), pl.col("unit_kind", "office").first(),
        pl.col("file").filter(voted).first(), pl.col("row").filter(voted).min(),
    )  # fmt: skip
    has_votes = pl.col("choices_votes").is_not_null() | pl.col("stated").is_not_null()
    return summed.filter(has_votes).with_columns(votes=pl.coalesce("choices_votes", "stated"))
