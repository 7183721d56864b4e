"""Manifest, cast vote records and reports side by side: by batch, and by contest with bound and phantoms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tallyproof.audit.batch_lines import BatchLine
from tallyproof.audit.card_counts import CountedCards, contest_totals
from tallyproof.audit.card_facts import dense

MANIFEST, REPORTED = "manifest", "reported ballots"


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One contest: cards that bear it, the bound on such cards, and phantoms.

    ``bound_by`` names where the bound comes from, empty where there is none. ``phantoms`` are cards that may
    bear the contest and have no cast vote record: each stands in an audit as a card without a vote,
    and if it is not found it counts against every winner (Bañuelos and Stark 2012). It can take one vote off
    a lead, and no more: an overstatement of one vote. ``margin`` is that of the cards themselves
    until returns are beside them.
    """

    contest: str
    vote_for: int | None
    ranks: int
    cards: int
    bound: int | None
    bound_by: str
    phantoms: int | None
    margin: int | None

    @property
    def margin_left(self) -> int | None:
        """The margin if every phantom were a vote against the lead; None where it is not known."""
        if self.margin is None or self.phantoms is None:
            return None
        return self.margin - self.phantoms


@dataclass(frozen=True, slots=True)
class JurisdictionLine:
    """Sums of one jurisdiction; ``listed`` is None without a manifest.

    ``ballots`` is the least number of ballots that these cards come from: for each unit and ballot type as
    many as bear the contest that stands on most of them. ``repeated`` cards repeat one before, ``same_runs``
    stand in a stretch with the same votes as another. ``rejected`` and ``manifest_rejected`` are rows of the
    two that could not be read, and may be what is missing.
    """

    jurisdiction: str
    files: tuple[str, ...]
    manifest: str
    cards: int
    ballots: int
    listed: int | None
    expected: int | None
    missing: int
    over: int
    batches: int
    batches_listed: int | None
    repeated: int
    same_runs: int
    rejected: int
    manifest_rejected: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All of it: by jurisdiction, by batch, by contest."""

    jurisdictions: tuple[JurisdictionLine, ...]
    batches: tuple[BatchLine, ...]
    contests: tuple[ContestLine, ...]

    @property
    def differing(self) -> tuple[BatchLine, ...]:
        """Batches whose cards are not as many as the manifest lists."""
        return tuple(line for line in self.batches if line.listed is not None and (line.missing or line.over))

    @property
    def unlisted(self) -> tuple[BatchLine, ...]:
        """Batches of cards that the manifest of their jurisdiction does not list."""
        return tuple(line for line in self.batches if line.listed is None and line.listed_file)


def reconcile(counted: Sequence[CountedCards], reported: Mapping[str, int] | None = None) -> Reconciliation:
    """Put the counted cards of a case beside its manifests; ``reported`` gives ballots by contest name.

    The bound of a contest is its cards and every listed card without a record, for any of these may bear
    it, yet never more than all cards listed. Where a jurisdiction has no manifest, the bound is what was
    reported for the contest, if anything.
    """
    jurisdictions = tuple(_jurisdiction(each) for each in counted)
    batches = tuple(line for each in counted for line in each.batches)
    return Reconciliation(jurisdictions, batches, tuple(_contests(counted, reported or {})))


def _jurisdiction(each: CountedCards) -> JurisdictionLine:
    manifest = each.manifest
    return JurisdictionLine(
        each.jurisdiction, each.files, manifest.file if manifest else "", each.cards,
        sum(least_ballots(each).values()), manifest.cards if manifest else None,
        sum(line.expected for line in each.batches) if manifest else None,
        sum(line.missing for line in each.batches),
        sum(line.over for line in each.batches) if manifest else 0,
        len(each.found), len(manifest.batches) if manifest else None,
        sum(pair.cards for pair in each.repeats), sum(run.cards for run in each.runs), each.rejected,
        len(manifest.rejections) if manifest else 0,
    )  # fmt: skip


def _contests(counted: Sequence[CountedCards], reported: Mapping[str, int]) -> Iterable[ContestLine]:
    limits = [_limit(each) for each in counted]
    for contest in contest_totals(counted).values():
        cards = int(contest.cards.sum())
        told = reported.get(contest.name)
        if (listed := _listed(contest.name, counted, limits)) is not None:
            bound, phantoms, bound_by = *listed, MANIFEST
        elif told is not None:
            bound, phantoms, bound_by = told, max(0, told - cards), REPORTED
        else:
            bound, phantoms, bound_by = None, None, ""
        yield ContestLine(
            contest.name, contest.vote_for, contest.ranks, cards, bound, bound_by, phantoms, contest.margin
        )  # fmt: skip


def _limit(each: CountedCards) -> tuple[int, int] | None:
    """Cards missing in all batches and cards expected in all; None without a manifest."""
    if each.manifest is None:
        return None
    return sum(line.missing for line in each.batches), sum(line.expected for line in each.batches)


def _listed(
    name: str, counted: Sequence[CountedCards], limits: Sequence[tuple[int, int] | None]
) -> tuple[int, int] | None:
    """Bound and phantoms by the manifests of all jurisdictions that have the contest; None where one lacks.

    A record too many in one batch stands for no card of another: phantoms are the missing cards themselves.
    """
    bound = phantoms = 0
    for each, limit in zip(counted, limits, strict=True):
        if name in each.contests:
            if limit is None:
                return None
            missing, expected = limit
            bound += min(int(each.contests[name].cards.sum()) + missing, expected)
            phantoms += missing
    return bound, phantoms


def least_ballots(each: CountedCards) -> dict[str, int]:
    """By unit the least number of ballots that its cards come from.

    A ballot has each contest on one card only, so a unit's ballots of one type are at least as many as the
    cards of its most frequent contest; this counts no ballot twice that has several cards.
    """
    kinds = each.groups.select("unit", "style")
    kind, number = dense(
        kinds.select(pl.struct(pl.all()).rank("dense")).to_series().cast(pl.Int64).to_numpy()
    )
    most = np.zeros(number, np.int64)
    for contest in each.contests.values():
        cards = np.bincount(kind, contest.cards, minlength=number).astype(np.int64)
        most = np.maximum(most, cards)
    of_kind = pl.DataFrame({"kind": np.arange(number), "ballots": most})
    units = kinds.with_columns(kind=pl.Series(kind)).unique("kind").join(of_kind, on="kind")
    return dict(units.group_by("unit").agg(pl.col("ballots").sum()).sort("unit").iter_rows())
